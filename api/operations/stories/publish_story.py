"""Publishes a reading: story, verdict, claims, entities, documents and events, in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from api.operations.language_models.wanted_opinions import second_opinion_due
from api.operations.stories.edition import Edition
from api.operations.stories.identify_story import Identity, Relation, identify_story
from api.operations.stories.indexnow import note_for_search
from api.operations.stories.render_story import Rendered, render_story, served_verdict
from api.operations.stories.revisit_stories import AFTER
from api.operations.stories.verdict_changes import is_unchanged, reason_of
from api.rendering.verdicts import claim_texts, entity_key
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.log.events import NewEvent
from api.storage.stories import (
    aliases,
    claims,
    entities,
    inputs,
    near_copies,
    revisits,
    sources,
    stories,
    verdicts,
)
from api.storage.stories.rulings import list_rulings
from api.storage.stories.stories import StoryColumns, StoryState
from api.storage.stories.story_search import refresh_search
from api.storage.stories.verdicts import VerdictRecord
from api.web.slugs import slug
from api.web.urls import url_key
from schemas.assessments import Assessment, EntityMention
from schemas.enums import AliasKind, InputKind, SecondOpinionState, StoryStatus, VerdictReason
from schemas.event_data import EventSpin, StoryEventData
from schemas.events import EventType
from schemas.verdicts import Verdict

EVENT_ENTITIES = 20  # most salient names in an event
EVENT_NAME = 150  # characters; longer ones are not names, and an event stays below 20 kB


class StaleEdition(Exception):
    """A ruling or a newer reading has been stored since the judgement; the text must be judged again."""


class Published(Struct, kw_only=True, frozen=True):
    """`events` must be appended as the transaction's last statement, `rendered` cached after its commit.

    `rendered` is None if nothing visible has changed. `verdict_is_new`: this reading made a version.
    `second_opinion` says whether the model is to be asked about it.
    """

    story_id: str
    verdict_id: str
    events: list[NewEvent]
    rendered: Rendered | None
    verdict_is_new: bool = False
    second_opinion: SecondOpinionState | None = None


async def publish_story(
    connection: Connection,
    runtime: Runtime,
    edition: Edition,
    *,
    may_ask: bool = False,
    second_opinion: SecondOpinionState | None = None,
) -> Published:
    """Publish one reading. An unchanged reading only updates the time of the last check.

    `may_ask`: the caller queues the second opinion on a new version that needs one. `second_opinion`: why it has
    none, if the caller has asked already. Raises StaleEdition.
    """
    now = runtime.clock.now()
    identity = await identify_story(connection, edition)
    story, edition = identity.story, identity.edition
    if story is not None and identity.relation is Relation.COPY:
        return await _publish_copy(connection, runtime, edition, story, now)
    if story is not None and story.status == StoryStatus.RETRACTED:
        return Published(story_id=story.id, verdict_id=story.verdict_id, events=[], rendered=None)
    await _check_current(connection, edition, story)
    if story is not None and identity.relation is Relation.SAME:
        current = await verdicts.get_verdict(connection, story.verdict_id)
        if current is not None and await is_unchanged(connection, current, edition):
            if current.served is not None:
                await _store_input(connection, edition, story.id)
            elif edition.opt_outs is not None and edition.again is None:
                await inputs.note_opt_outs(connection, story.id, edition.opt_outs)
            if edition.again is not None:
                return Published(story_id=story.id, verdict_id=story.verdict_id, events=[], rendered=None)
            await stories.touch_checked(connection, story.id, now)
            found = await stories.note_page_found(connection, story.id, now)
            changed = await _add_aliases(connection, edition, story.id, now)
            rendered = None
            if changed or found:
                await stories.bump_row_version(connection, story.id, now)
                rendered = await render_story(connection, runtime, story.id)
            return Published(story_id=story.id, verdict_id=story.verdict_id, events=[], rendered=rendered)
    return await _publish_version(
        connection, runtime, edition, identity, now, may_ask=may_ask, second_opinion=second_opinion
    )


async def _check_current(connection: Connection, edition: Edition, story: StoryState | None) -> None:
    """Raises StaleEdition. Rulings lock the story's row too, so none can be added until the commit."""
    if await list_rulings(connection, edition.article.text_sha256) != edition.rulings:
        raise StaleEdition
    if edition.again is not None and (story is None or story.input_digest != edition.again.input_digest):
        raise StaleEdition


async def _publish_copy(
    connection: Connection, runtime: Runtime, edition: Edition, story: StoryState, now: datetime
) -> Published:
    """Add a near-copy on another site as an alias of the story."""
    changed = await _add_aliases(connection, edition, story.id, now, canonical=AliasKind.SYNDICATED)
    rendered = None
    if changed and story.status != StoryStatus.RETRACTED:
        await stories.bump_row_version(connection, story.id, now)
        rendered = await render_story(connection, runtime, story.id)
    return Published(story_id=story.id, verdict_id=story.verdict_id, events=[], rendered=rendered)


async def _publish_version(
    connection: Connection,
    runtime: Runtime,
    edition: Edition,
    identity: Identity,
    now: datetime,
    *,
    may_ask: bool,
    second_opinion: SecondOpinionState | None,
) -> Published:
    """Write a new story, or its next version."""
    clock, assessment, article = runtime.clock, edition.assessment, edition.article
    story = identity.story
    story_id = story.id if story else clock.new_id("sty")
    reason, version, current = VerdictReason.INITIAL, 1, None
    if story is not None:
        current = await verdicts.get_verdict(connection, story.verdict_id)
        assert current is not None, "a story's current verdict is never deleted"
        reason, version = reason_of(current, edition), story.version + 1
    record = _verdict_record(runtime, edition, story_id, version, reason, now)
    columns = await _columns(connection, runtime, edition, story, record, now)
    if story is None:
        await stories.insert_story(connection, columns, slug(article.title, story_id), now)
        if edition.kind is InputKind.URL and runtime.settings.story_revisits:
            await revisits.insert_revisit(connection, story_id, now + AFTER[0])
    else:
        if edition.again is None:
            await stories.note_page_found(connection, story_id, now)
        if identity.relation is Relation.ORIGINAL:
            await aliases.demote_canonical(connection, story_id)
        checked_at = edition.again.checked_at if edition.again else now
        await stories.update_story(connection, columns, checked_at, now)
    await _store_input(connection, edition, story_id)
    await verdicts.insert_verdict(connection, record)
    await _add_aliases(connection, edition, story_id, now)
    await near_copies.replace_signature(connection, story_id, edition.signature, edition.bands)
    # entities first: claims and documents show their ids
    await _write_entities(connection, runtime, story_id, columns.listed_at, assessment, now)
    verdict = await _write_claims(connection, runtime, record, columns)
    # lists show the served deck, whose quotes are within the budget
    if verdict.deck != columns.deck:
        await stories.set_deck(connection, story_id, verdict.deck)
    await refresh_search(connection, story_id, summary=verdict.summary or "")
    if may_ask and not edition.by_model:
        second_opinion = await second_opinion_due(
            connection, runtime.settings, story_id, assessment, article.language
        )
    if second_opinion is not None:
        await stories.set_second_opinion(connection, story_id, second_opinion)
    rendered = await render_story(connection, runtime, story_id)
    events = []
    # a second opinion that leaves the published part as it was tells subscribers nothing
    if current is None or current.assessment != record.assessment:
        events = _events(runtime, edition, story, columns, verdict)
    if events:
        await note_for_search(connection, runtime, story_id)
    return Published(
        story_id=story_id,
        verdict_id=record.id,
        events=events,
        rendered=rendered,
        verdict_is_new=True,
        second_opinion=second_opinion,
    )


async def _store_input(connection: Connection, edition: Edition, story_id: str) -> None:
    article, again = edition.article, edition.again
    is_stored = again is not None and again.input_digest == article.digest
    await inputs.insert_input(
        connection,
        story_id=story_id,
        digest=article.digest,
        kind=edition.kind,
        article=msgspec.json.encode(article).decode(),
        words=article.words,
        characters=len(article.text),
        text_sha256=article.text_sha256,
        extractor=article.extractor,
        flags=article.flags,
        fetched_at=edition.fetched_at,
        opt_outs=None if is_stored else edition.opt_outs,  # a later reading of the page knows better
    )


def _verdict_record(
    runtime: Runtime, edition: Edition, story_id: str, version: int, reason: VerdictReason, now: datetime
) -> VerdictRecord:
    assessment = edition.assessment
    return VerdictRecord(
        id=runtime.clock.new_id("vrd"),
        story_id=story_id,
        version=version,
        reason=reason,
        engine_name=assessment.engine.name,
        engine_version=assessment.engine.version,
        engine_digest=assessment.engine.digest,
        taxonomy_version=assessment.taxonomy_version,
        input_digest=assessment.input_digest,
        text_sha256=assessment.text_sha256,
        assessment=msgspec.json.encode(assessment).decode(),
        created_at=now,
        rulings=msgspec.json.encode(edition.rulings).decode(),
        second=None if edition.second is None else msgspec.json.encode(edition.second).decode(),
        agreement=None if edition.agreement is None else msgspec.json.encode(edition.agreement).decode(),
    )


async def _columns(
    connection: Connection,
    runtime: Runtime,
    edition: Edition,
    story: StoryState | None,
    record: VerdictRecord,
    now: datetime,
) -> StoryColumns:
    article, assessment = edition.article, edition.assessment
    spin, integrity = assessment.spin, assessment.integrity
    source_id, source_type = await _source(connection, runtime, edition, now)
    return StoryColumns(
        id=record.story_id,
        canonical_key=url_key(edition.url),
        canonical_hint_key=url_key(edition.hint) if edition.hint else None,
        url=edition.url,
        source_id=source_id,
        source_type=source_type,
        source_domain=edition.domain,
        status=assessment.status,
        title=article.title,
        author=article.author,
        author_organization=article.author_organization,
        published_at=article.published_at,
        # the list position is fixed, unless the page now states when it was published
        listed_at=article.published_at or (story.listed_at if story else now),
        language=article.language,
        vertical=assessment.vertical,
        categories=assessment.categories,
        input_digest=article.digest,
        verdict_id=record.id,
        version=record.version,
        primary_type=spin.primary if spin else None,
        secondary_type=spin.secondary if spin else None,
        tactic=spin.tactic if spin else None,
        score=spin.score if spin else None,
        band=spin.band if spin else None,
        stance=spin.stance if spin else None,
        evidence_strength=integrity.evidence_strength if integrity else None,
        satire=spin.satire if spin else None,
        happening=assessment.happening.kind if assessment.happening else None,
        deck=assessment.deck,
    )


async def _source(
    connection: Connection, runtime: Runtime, edition: Edition, now: datetime
) -> tuple[str, str]:
    if edition.source is not None:
        return edition.source.id, edition.source.type
    assert edition.new_source is not None, "an edition has a source or the makings of one"
    new = edition.new_source
    source_id = await sources.upsert_source(connection, new, runtime.clock.new_id("src"), now)
    return source_id, new.type


async def _add_aliases(
    connection: Connection,
    edition: Edition,
    story_id: str,
    now: datetime,
    *,
    canonical: AliasKind = AliasKind.CANONICAL,
) -> bool:
    """Add all URLs of this reading as aliases; returns whether any is new."""
    before = await aliases.list_aliases(connection, story_id)
    named = [(edition.url, canonical), (edition.submitted_url, AliasKind.SUBMITTED)]
    named += [(url, AliasKind.REDIRECT) for url in edition.redirects]
    seen: set[str] = set()
    for url, kind in named:
        key = url_key(url)
        if key not in seen:
            seen.add(key)
            await aliases.add_alias(connection, key=key, url=url, story_id=story_id, kind=kind, at=now)
    return await aliases.list_aliases(connection, story_id) != before


async def _write_claims(
    connection: Connection, runtime: Runtime, record: VerdictRecord, columns: StoryColumns
) -> Verdict:
    """Store claims, with the existing id of the same sentence if there is one; returns the verdict as served."""
    known = await claims.list_claim_ids(connection, record.story_id)
    assessment = msgspec.json.decode(record.assessment, type=Assessment)
    keys = [key for key, _ in claim_texts(assessment)]
    new = {key: (runtime.clock.new_id("clm"), record.created_at) for key in keys if key not in known}
    verdict = await served_verdict(connection, record, new)
    await claims.replace_claims(
        connection,
        record.story_id,
        columns.listed_at,
        list(zip(keys, verdict.claims, strict=True)),
    )
    return verdict


async def _write_entities(
    connection: Connection,
    runtime: Runtime,
    story_id: str,
    listed_at: datetime,
    assessment: Assessment,
    now: datetime,
) -> None:
    rows: dict[tuple[str, str], tuple[str, str, str, str, float]] = {}
    for entity in assessment.entities or ():
        key = (entity.type.value, entity_key(entity.name))
        rows.setdefault(key, (runtime.clock.new_id("ent"), *key, entity.name, entity.salience))
    await entities.replace_story_entities(connection, story_id, listed_at, list(rows.values()), now)


def _names(entities: Sequence[EntityMention]) -> list[str]:
    return [entity.name for entity in entities if len(entity.name) <= EVENT_NAME][:EVENT_ENTITIES]


def _events(
    runtime: Runtime, edition: Edition, story: StoryState | None, columns: StoryColumns, verdict: Verdict
) -> list[NewEvent]:
    """`story.published` for the first scored version, `verdict.revised` for later ones."""
    was_scored = story is not None and story.status == StoryStatus.SCORED
    if not was_scored and columns.status != StoryStatus.SCORED:
        return []
    spin, publisher = verdict.spin, edition.source or edition.new_source
    assert publisher is not None, "an edition has a source or the makings of one"
    data = StoryEventData(
        story_id=columns.id,
        verdict_id=columns.verdict_id,
        url=columns.url,
        title=columns.title,
        source_id=columns.source_id,
        source=publisher.name,
        source_type=columns.source_type,
        vertical=columns.vertical,
        language=columns.language,
        published_at=columns.published_at,
        status=columns.status,
        version=columns.version,
        reason=verdict.reason,
        spin=None
        if spin is None
        else EventSpin(
            primary=spin.primary,
            secondary=spin.secondary,
            tactic=spin.tactic,
            score=spin.score,
            band=spin.band,
            stance=spin.stance,
            satire=spin.satire,
        ),
        happening=columns.happening,
        entities=_names(edition.assessment.entities or []),
    )
    event_type = EventType.VERDICT_REVISED if was_scored else EventType.STORY_PUBLISHED
    return [
        NewEvent(
            id=runtime.clock.new_id("evt"),
            type=event_type,
            account_id=None,
            story_id=columns.id,
            data=msgspec.to_builtins(data, builtin_types=(datetime,)),
        )
    ]

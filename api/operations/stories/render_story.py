"""Renders a story and its verdicts from their rows, at publication and whenever the stored bytes are stale.

A story is read far more often than it changes, so the publishing transaction renders all forms (10 ms beside the
100 ms of the analysis) and stores their bytes with an ETag. Three joins at read time cost about 380 µs of CPU,
bytes from memory about 40. A cache filled on a miss would have its misses together, after a deployment or a
change. gzip makes 161 KB of a sample story's forms 29.6 KB, br at level 5 27.4 KB, in 1.7 ms each.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from api.analysis.content.grounding import Grounding
from api.analysis.text.article import Article
from api.analysis.text.indefinite_article import indefinite_article
from api.cache.documents import put_cached
from api.engines import method_of
from api.errors import NotFound
from api.operations.stories.resolve_story import NO_SECOND, NO_STORY, NO_VERDICT
from api.rendering.documents import RenderedDocument, ShownRows, make_document
from api.rendering.forms import OBJECT_FORMS, Form
from api.rendering.passages import build_passages
from api.rendering.plain_wording.replacements import LANGUAGES, build_plain_wording, find_replacements
from api.rendering.quotes import within_budget, within_rest
from api.rendering.represent import represent_story, represent_verdict
from api.rendering.score_explanations import build_explanation
from api.rendering.sentences import without_second_sentence
from api.rendering.stories import build_story
from api.rendering.subject import Subject
from api.rendering.verdicts import build_verdict, entity_key
from api.runtime.broadcast_invalidation import announce
from api.runtime.runtime import Runtime
from api.storage.analyses import appeals
from api.storage.database.pool import Connection
from api.storage.stories import aliases, claims, documents, entities, inputs, stories, verdicts
from api.storage.stories.inputs import Page
from api.storage.stories.stories import StoryRecord
from api.storage.stories.verdicts import VerdictRecord
from schemas.agreements import Agreement
from schemas.assessments import Assessment
from schemas.plain_wording import PlainWording
from schemas.verdicts import Verdict
from schemas.wire import encode_json

EXPLANATION = "explanation"  # of the score, as JSON
SECOND_OPINION = "second_opinion"  # the other judge's assessment, as JSON
PASSAGES = "passages"  # positions of the quoted passages, as JSON
PLAIN = "plain"  # plain wordings for loaded terms, as JSON


class Rendered(Struct, kw_only=True, frozen=True):
    """A story's documents by form, and the JSON of its current verdict."""

    story_id: str
    verdict_id: str
    story: dict[Form, RenderedDocument]
    verdict: RenderedDocument


async def render_story(
    connection: Connection, runtime: Runtime, story_id: str, forms: Sequence[Form] = OBJECT_FORMS
) -> Rendered:
    """Render and store a story's forms and its current verdict's JSON. Raises NotFound."""
    record = await stories.get_story(connection, story_id)
    if record is None:
        raise NotFound(NO_STORY)
    row = await verdicts.get_verdict(connection, record.verdict_id)
    read = await inputs.get_input(connection, story_id, record.input_digest)
    if row is None or read is None:
        raise NotFound(NO_STORY)
    verdict = await served_verdict(connection, row)
    story = build_story(
        record.facts,
        source=record.source,
        aliases=await aliases.list_aliases(connection, story_id),
        read=read,
        verdict=verdict,
        replies=await appeals.list_replies(connection, story_id),
        base_url=runtime.base_url,
    )
    rendered = Rendered(
        story_id=story_id,
        verdict_id=row.id,
        story={
            form: make_document(
                represent_story(form, story, runtime.site),
                version=documents.shown_version(record.row_version, record.source_version),
                renderer=runtime.renderer,
                last_modified=max(record.facts.updated_at, record.source_updated_at),
                shows=ShownRows(object_id=story_id, story_id=story_id, source_id=record.source.id),
            )
            for form in forms
        },
        verdict=_verdict_document(encode_json(verdict), row, record, runtime),
    )
    await documents.put_documents(
        connection,
        [
            *((story_id, form, document) for form, document in rendered.story.items()),
            (row.id, Form.JSON, rendered.verdict),
        ],
    )
    return rendered


async def render_verdict(
    connection: Connection, runtime: Runtime, verdict_id: str, form: str = Form.JSON
) -> RenderedDocument:
    """Render and store one form of a verdict. Raises NotFound, also for a second opinion that it lacks."""
    row = await verdicts.get_verdict(connection, verdict_id)
    if row is None:
        raise NotFound(NO_VERDICT)
    record, page = await _read_version(connection, row)
    verdict = await _served(connection, row, record, page, {})
    if form == EXPLANATION:
        body = encode_json(build_explanation(verdict))
    elif form == PASSAGES:
        body = encode_json(build_passages(verdict, page.characters, page.long))
    elif form == PLAIN:
        body = encode_json(await _plain_wording(connection, row, verdict))
    elif form == SECOND_OPINION:
        body = encode_json(_second_opinion(row, verdict, record, page))
    else:
        body = represent_verdict(Form(form), verdict, _subject(record, page), runtime.site)
    document = _verdict_document(body, row, record, runtime)
    await documents.put_documents(connection, [(verdict_id, form, document)])
    return document


async def served_verdict(
    connection: Connection, row: VerdictRecord, new_claims: Mapping[bytes, tuple[str, datetime]] = {}
) -> Verdict:
    """The verdict as served: with claim ids, and quotes within the story's budget.

    `new_claims` are ids and times, by sentence key, of claims not stored yet. Raises NotFound.
    """
    return await _served(connection, row, *await _read_version(connection, row), new_claims)


async def subject_of_version(connection: Connection, row: VerdictRecord) -> Subject:
    """The story as it was read for this version. Raises NotFound."""
    return _subject(*await _read_version(connection, row))


async def _read_version(connection: Connection, row: VerdictRecord) -> tuple[StoryRecord, Page]:
    record = await stories.get_story(connection, row.story_id)
    page = await inputs.get_page(connection, row.story_id, row.input_digest)
    if record is None or page is None:
        raise NotFound(NO_VERDICT)
    return record, page


async def _served(
    connection: Connection,
    row: VerdictRecord,
    record: StoryRecord,
    page: Page,
    new_claims: Mapping[bytes, tuple[str, datetime]],
) -> Verdict:
    if row.served is not None:
        return msgspec.json.decode(row.served, type=Verdict)
    assert page.text is not None, "only an imported verdict is without its text"
    assessment = msgspec.json.decode(row.assessment, type=Assessment)
    named = [(entity.type.value, entity_key(entity.name)) for entity in assessment.entities or ()]
    verdict = _built(
        row,
        record,
        page,
        assessment,
        verdict_id=row.id,
        claim_ids={**await claims.list_claim_ids(connection, row.story_id), **new_claims},
        entity_ids=await entities.find_entity_ids(connection, named),
        agreement=None if row.agreement is None else msgspec.json.decode(row.agreement, type=Agreement),
    )
    return within_budget(verdict, page.text)


def _built(
    row: VerdictRecord, record: StoryRecord, page: Page, assessment: Assessment, **own: Any
) -> Verdict:
    """The verdict of one of the row's assessments, unlimited. `own` are arguments of `build_verdict`."""
    return build_verdict(
        assessment,
        story_id=row.story_id,
        source_id=record.source.id,
        version=row.version,
        reason=row.reason,
        url=record.facts.url,
        title=page.title or record.facts.title,
        human_reviewed=row.rulings != "[]",
        at=row.created_at,
        method=method_of(assessment.engine.name, assessment.model),
        **own,
    )


def _second_opinion(row: VerdictRecord, verdict: Verdict, record: StoryRecord, page: Page) -> Verdict:
    """The other judge's verdict, within what the published one leaves of the quote budget. Raises NotFound."""
    if row.second is None or page.text is None:
        state = record.facts.second_opinion if record.verdict_id == row.id else None
        raise NotFound(NO_SECOND if state is None else f"{NO_SECOND} {without_second_sentence(state)}")
    assessment = msgspec.json.decode(row.second, type=Assessment)
    other = _built(row, record, page, assessment, verdict_id=None, claim_ids={}, entity_ids={})
    return within_rest(other, verdict, page.text)


async def _plain_wording(connection: Connection, row: VerdictRecord, verdict: Verdict) -> PlainWording:
    """Made of the served verdict and the stored text, so that verdicts of every engine have it."""
    stored = await inputs.get_article(connection, row.story_id, row.input_digest)
    if stored is None:
        return build_plain_wording(verdict, [])
    article = msgspec.json.decode(stored, type=Article)
    if article.language not in LANGUAGES:
        return build_plain_wording(verdict, [])
    ungrounded = Grounding(article).ungrounded
    return build_plain_wording(
        verdict, find_replacements(verdict, article.text, ungrounded, indefinite_article)
    )


def _subject(record: StoryRecord, page: Page) -> Subject:
    """A verdict is immutable, so it shows the facts of its own reading, and no state that changes."""
    facts = msgspec.structs.replace(
        record.facts,
        title=page.title or record.facts.title,
        author=page.author,
        author_organization=page.author_organization,
        published_at=page.published_at,
        language=page.language,
        second_opinion=None,
    )
    return Subject(facts=facts, source=record.source)


def _verdict_document(
    body: bytes, row: VerdictRecord, record: StoryRecord, runtime: Runtime
) -> RenderedDocument:
    return make_document(
        body,
        version=documents.shown_version(row.version, record.source_version),
        renderer=runtime.renderer,
        last_modified=max(row.created_at, record.source_updated_at),
        shows=ShownRows(object_id=row.id, story_id=row.story_id, source_id=record.source.id),
    )


async def cache_rendered(runtime: Runtime, rendered: Rendered | None) -> None:
    """Put the documents into Valkey and announce the change, after the commit.

    If this is lost, documents are read from the database.
    """
    if rendered is not None:
        for form, document in rendered.story.items():
            await put_cached(runtime.cache, rendered.story_id, form, document)
        await put_cached(runtime.cache, rendered.verdict_id, Form.JSON, rendered.verdict)
        await announce(runtime)

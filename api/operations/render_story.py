"""Renders a story and its verdicts from their rows: at publication, and again where the bytes are stale."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec import Struct

from api.analysis.article import Article
from api.errors import NotFound
from api.operations.runtime import Runtime
from api.rendering.documents import RenderedDocument, render_json
from api.rendering.quotes import within_budget
from api.rendering.score_explanations import build_explanation
from api.rendering.stories import build_story
from api.rendering.verdicts import build_verdict
from api.storage import aliases, appeals, claims, documents, inputs, stories, verdicts
from api.storage.pool import Connection
from api.storage.verdicts import VerdictRecord
from schemas.assessments import Assessment
from schemas.verdicts import Verdict

JSON = "json"
EXPLANATION = "explanation"  # of a verdict's score, as JSON


class Rendered(Struct, kw_only=True, frozen=True):
    """A story's two documents, its own and that of its current verdict."""

    story_id: str
    verdict_id: str
    story: RenderedDocument
    verdict: RenderedDocument


async def render_story(connection: Connection, runtime: Runtime, story_id: str) -> Rendered:
    """Render and store the story's document and that of its current verdict. Raises NotFound."""
    record = await stories.get_story(connection, story_id)
    if record is None:
        raise NotFound("There is no such story.")
    row = await verdicts.get_verdict(connection, record.verdict_id)
    read = await inputs.get_input(connection, story_id, record.input_digest)
    if row is None or read is None:
        raise NotFound("There is no such story.")
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
        story=render_json(
            story,
            version=documents.shown_version(record.row_version, record.source_version),
            renderer=runtime.renderer,
            last_modified=max(record.facts.updated_at, record.source_updated_at),
        ),
        verdict=render_json(
            verdict,
            version=documents.shown_version(row.version, record.source_version),
            renderer=runtime.renderer,
            last_modified=max(row.created_at, record.source_updated_at),
        ),
    )
    await documents.put_document(connection, story_id, JSON, rendered.story)
    await documents.put_document(connection, row.id, JSON, rendered.verdict)
    return rendered


async def render_verdict(
    connection: Connection, runtime: Runtime, verdict_id: str, form: str = JSON
) -> RenderedDocument:
    """Render and store one form of a verdict. Raises NotFound."""
    row = await verdicts.get_verdict(connection, verdict_id)
    record = None if row is None else await stories.get_story(connection, row.story_id)
    if row is None or record is None:
        raise NotFound("There is no such verdict.")
    verdict = await served_verdict(connection, row)
    document = render_json(
        build_explanation(verdict) if form == EXPLANATION else verdict,
        version=documents.shown_version(row.version, record.source_version),
        renderer=runtime.renderer,
        last_modified=max(row.created_at, record.source_updated_at),
    )
    await documents.put_document(connection, verdict_id, form, document)
    return document


async def served_verdict(
    connection: Connection, row: VerdictRecord, new_claims: Mapping[bytes, tuple[str, datetime]] = {}
) -> Verdict:
    """The verdict of a row as it is served: with its claims' ids, its quotes within the story's budget.

    `new_claims`: ids and times of claims that are not stored yet, by sentence key.
    """
    record = await stories.get_story(connection, row.story_id)
    article = await inputs.get_article(connection, row.story_id, row.input_digest)
    if record is None or article is None:
        raise NotFound("There is no such verdict.")
    read = msgspec.json.decode(article, type=Article)
    verdict = build_verdict(
        msgspec.json.decode(row.assessment, type=Assessment),
        verdict_id=row.id,
        story_id=row.story_id,
        source_id=record.source.id,
        version=row.version,
        reason=row.reason,
        url=record.facts.url,
        title=read.title or record.facts.title,
        human_reviewed=row.rulings != "[]",
        claim_ids={**await claims.list_claim_ids(connection, row.story_id), **new_claims},
        at=row.created_at,
    )
    return within_budget(verdict, read.text)

"""Judges a story's stored text again, with the current engine and rulings."""

import msgspec

from api.analysis.text.article import Article, SourceFacts
from api.jobs.judge_article import judge_article
from api.jobs.worker_context import Run, WorkerContext
from api.operations.stories.edition import Again, Edition
from api.storage.analyses.analysis_jobs import JobState
from api.storage.stories.inputs import get_stored_input
from api.storage.stories.rulings import list_rulings


async def analyze_stored(context: WorkerContext, job: JobState, run: Run) -> Edition:
    """The edition of the stored text; no page is fetched. Raises ProcessCrashed and ProcessTimeout.

    If an operator has corrected the source, the corrected one is used, which changes the article record.
    """
    assert job.story_id is not None, "a job of kind stored names its story"
    async with context.runtime.pool.connection() as connection:
        stored = await get_stored_input(connection, job.story_id)
        article = msgspec.json.decode(stored.article, type=Article)
        rulings = await list_rulings(connection, article.text_sha256)
    if stored.source_corrected:
        facts = SourceFacts(name=stored.source.name, type=stored.source.type, host=article.source.host)
        article = msgspec.structs.replace(article, source=facts)
    reading = await judge_article(context, run, job.id, article, rulings)
    return Edition(
        kind=stored.kind,
        url=stored.url,
        # only the key is stored, and publication needs no more
        hint=f"https://{stored.canonical_hint_key}" if stored.canonical_hint_key else None,
        submitted_url=stored.url,
        fetched_url=stored.url,
        redirects=[],
        article=reading.article,
        assessment=reading.assessment,
        source=stored.source,
        new_source=None,
        domain=stored.source.domain,
        signature=reading.signature,
        bands=reading.bands,
        fetched_at=stored.fetched_at,
        rulings=rulings,
        proposed=context.engine.propose is not None,
        again=Again(story_id=job.story_id, input_digest=stored.digest, checked_at=stored.checked_at),
    )

"""Judges a story's stored text again, with the current engine and rulings."""

import msgspec
from msgspec import Struct

from api.analysis.text.article import Article, SourceFacts
from api.analysis.text.rulings import Ruling
from api.errors import TextNotHeld
from api.jobs.judge_article import held_proposal, judge_article, judge_by_both
from api.jobs.worker_context import Run, WorkerContext
from api.operations.analyses.second_opinions import NO_TEXT
from api.operations.stories.edition import Again, Edition
from api.pages.reader import Reading
from api.runtime.runtime import Runtime
from api.storage.analyses.analysis_jobs import JobState
from api.storage.stories.inputs import StoredInput, get_stored_input
from api.storage.stories.rulings import list_rulings


class StoredText(Struct, kw_only=True, frozen=True):
    """A story's stored input, its article record as it is judged now, and the rulings on its text."""

    story_id: str
    stored: StoredInput
    article: Article
    rulings: list[Ruling]

    def edition(self, reading: Reading, *, proposed: bool) -> Edition:
        """The edition of a reading of this text; no page was fetched."""
        stored = self.stored
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
            rulings=self.rulings,
            proposed=proposed,
            again=Again(story_id=self.story_id, input_digest=stored.digest, checked_at=stored.checked_at),
            second=reading.second,
            agreement=reading.agreement,
            opt_outs=stored.opt_outs,
        )


async def load_stored_text(runtime: Runtime, story_id: str) -> StoredText:
    """The stored text of a story. Raises TextNotHeld.

    If an operator has corrected the source, the corrected one is used, which changes the article record.
    """
    async with runtime.pool.connection() as connection:
        stored = await get_stored_input(connection, story_id)
        if stored.article is None:
            raise TextNotHeld(NO_TEXT)
        article = msgspec.json.decode(stored.article, type=Article)
        rulings = await list_rulings(connection, article.text_sha256)
    if stored.source_corrected:
        facts = SourceFacts(name=stored.source.name, type=stored.source.type, host=article.source.host)
        article = msgspec.structs.replace(article, source=facts)
    return StoredText(story_id=story_id, stored=stored, article=article, rulings=rulings)


async def analyze_stored(context: WorkerContext, job: JobState, run: Run) -> Edition:
    """The edition of the stored text. Raises TextNotHeld, ProcessCrashed and ProcessTimeout."""
    assert job.story_id is not None, "a job of kind stored names its story"
    text = await load_stored_text(context.runtime, job.story_id)
    held = await held_proposal(context, text.article)
    if held is None:
        reading = await judge_article(context, run, job.id, text.article, text.rulings)
    else:
        reading, _ = await judge_by_both(context, run, text.article, text.rulings, held)
    return text.edition(reading, proposed=held is not None or context.engine.propose is not None)

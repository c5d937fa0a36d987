"""Analyses a submitted text or HTML page; the verdict belongs to its analysis alone."""

import msgspec

from api.analysis.text.article import Article, SourceFacts
from api.engines import method_of
from api.jobs.judge_article import judge_article
from api.jobs.worker_context import Run, WorkerContext
from api.pages.extracted import Extracted
from api.pages.reader import Reading, article_of_page, article_of_text, extract_page
from api.rendering.verdicts import build_verdict
from api.storage.analyses.analysis_jobs import JobState
from schemas.analyses import AnalysisSubmission
from schemas.enums import SourceType, VerdictReason
from schemas.verdicts import Verdict


async def analyze_draft(context: WorkerContext, job: JobState, run: Run) -> Verdict:
    """The draft's verdict. Raises PageTooLarge, ProcessCrashed and ProcessTimeout."""
    assert job.draft is not None, "a draft's job holds it"
    submission = msgspec.json.decode(job.draft, type=AnalysisSubmission)
    reading = await _read(context, job.id, submission, run)
    return build_verdict(
        reading.assessment,
        verdict_id=None,
        story_id=None,
        source_id=None,
        version=None,
        reason=VerdictReason.INITIAL,
        url=None,
        title=reading.article.title,
        claim_ids={},
        entity_ids={},
        at=context.runtime.clock.now(),
        method=method_of(reading.assessment.engine.name),
    )


async def _read(context: WorkerContext, job_id: str, submission: AnalysisSubmission, run: Run) -> Reading:
    source, source_type = submission.source, submission.source_type
    article: Article
    if submission.text is not None:
        article = await run(article_of_text, submission.title, submission.text, source, source_type)
        return await judge_article(context, run, job_id, article, ())
    assert submission.html is not None, "a draft is text or html"
    page = submission.html.encode()
    extracted: Extracted = await run(extract_page, page, None, "utf-8")
    facts = SourceFacts(name=source or extracted.site_name, type=source_type or SourceType.OTHER, host=None)
    article = await run(article_of_page, extracted, None, facts, submission.title)
    return await judge_article(context, run, job_id, article, ())

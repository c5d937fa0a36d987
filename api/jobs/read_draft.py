"""From a submitted text or page to its verdict, which belongs to its analysis alone."""

import msgspec

from api.analysis.article import Article, SourceFacts
from api.analysis.articles import article_from_page, article_from_text
from api.analysis.extraction import extract
from api.analysis.reader import assess
from api.jobs.bench import Bench
from api.rendering.verdicts import build_verdict
from api.storage.analysis_jobs import JobState
from schemas.analyses import AnalysisSubmission
from schemas.enums import SourceType, VerdictReason
from schemas.verdicts import Verdict


async def read_draft(bench: Bench, job: JobState) -> Verdict:
    """Judge the draft. Raises PageTooLarge of extraction, ProcessCrashed and ProcessTimeout."""
    assert job.draft is not None, "a draft's job holds it"
    submission = msgspec.json.decode(job.draft, type=AnalysisSubmission)
    article = await _article(bench, submission)
    reading = await bench.processes.run(assess, article, bench.runtime.taxonomy)
    return build_verdict(
        reading.assessment,
        verdict_id=None,
        story_id=None,
        source_id=None,
        version=None,
        reason=VerdictReason.INITIAL,
        url=None,
        title=article.title,
        claim_ids={},
        at=bench.runtime.clock.now(),
    )


async def _article(bench: Bench, submission: AnalysisSubmission) -> Article:
    if submission.text is not None:
        return article_from_text(
            submission.title, submission.text, submission.source, submission.source_type
        )
    assert submission.html is not None, "a draft is text or html"
    # a lone surrogate can be written in JSON; bytes cannot hold it
    page = submission.html.encode("utf-8", "replace")
    extracted = await bench.processes.run(extract, page, url=None, declared_charset="utf-8")
    facts = SourceFacts(
        name=submission.source or extracted.site_name,
        type=submission.source_type or SourceType.OTHER,
        host=None,
    )
    return article_from_page(extracted, url=None, source=facts, title=submission.title)

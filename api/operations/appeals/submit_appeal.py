"""Accepts an appeal against a story's current verdict, after checking its citations.

A cited passage must be in the text, because a dispute about missing words cannot be decided. The appeal does
not repeat it, or appeals would serve more of a text than its quotes may.
"""

from collections.abc import Iterator

import msgspec

from api.analysis.text.article import Article
from api.errors import CitationMismatch, Conflict, InvalidRequest, NotFound, QuotaExceeded
from api.operations.stories.resolve_story import NO_VERDICT, gone
from api.runtime.runtime import Runtime
from api.storage.analyses import appeals
from api.storage.database.pool import Connection
from api.storage.stories.inputs import get_article
from api.storage.stories.verdicts import get_verdict
from schemas.appeals import AppealCase, AppealSubmission
from schemas.assessments import Assessment
from schemas.enums import StoryStatus
from schemas.problems import FieldError
from schemas.spans import Range

RETRY_AFTER_S = 3_600  # decisions are made by people


async def submit_appeal(
    connection: Connection, runtime: Runtime, verdict_id: str, submission: AppealSubmission, account_id: str
) -> AppealCase:
    """The open appeal, in the caller's transaction.

    Raises NotFound; Gone if the story is retracted; Conflict if the verdict is not current or judges nothing;
    InvalidRequest without a citation; CitationMismatch for a wrong one; QuotaExceeded if the account has too
    many undecided appeals.
    """
    _check_form(submission)
    appealed = await appeals.get_appealed(connection, verdict_id)
    if appealed is None:
        raise NotFound(NO_VERDICT)
    if appealed.status is StoryStatus.RETRACTED:
        raise await gone(connection, appealed.story_id)
    if appealed.current_id != verdict_id:
        raise Conflict(f"The story has a newer verdict, {appealed.current_id}; appeal against that one.")
    if appealed.status is StoryStatus.NOT_SCORABLE:
        raise Conflict("The story could not be judged, so there is no finding to appeal against.")
    await _check_citations(connection, verdict_id, submission)
    most = runtime.settings.max_open_appeals
    if await appeals.count_open_appeals(connection, account_id) >= most:
        raise QuotaExceeded(
            f"The account has {most} undecided appeals, the most it may have.",
            policies=["open-appeals"],
            retry_after=RETRY_AFTER_S,
        )
    appeal_id = runtime.clock.new_id("apl")
    await appeals.insert_appeal(
        connection,
        appeal_id=appeal_id,
        account_id=account_id,
        story_id=appealed.story_id,
        verdict_id=verdict_id,
        findings=list(dict.fromkeys(submission.findings)),
        passages=[Range(start=span.start, end=span.end) for span in submission.spans],
        statement=submission.statement,
        reply=submission.reply,
        reply_by=submission.reply_by,
        at=runtime.clock.now(),
    )
    case = await appeals.get_case(connection, appeal_id)
    assert case is not None, "it was inserted above"
    return case


def _check_form(submission: AppealSubmission) -> None:
    if not submission.spans and not submission.findings:
        raise _refusal("#", "missing", "Cite at least one of spans and findings.")
    if submission.reply_by is not None and submission.reply is None:
        raise _refusal("#/reply_by", "without_reply", "reply_by needs a reply.")


async def _check_citations(connection: Connection, verdict_id: str, submission: AppealSubmission) -> None:
    record = await get_verdict(connection, verdict_id)
    assert record is not None, "verdicts are never deleted"
    stored = await get_article(connection, record.story_id, record.input_digest)
    if stored is None and submission.spans:
        raise Conflict("The text of this imported verdict is not stored here. Cite findings instead.")
    text = "" if stored is None else msgspec.json.decode(stored, type=Article).text
    known = {finding.id for finding in msgspec.json.decode(record.assessment, type=Assessment).findings}
    errors = [*_wrong_spans(text, submission), *_wrong_findings(known, submission)]
    if errors:
        raise CitationMismatch(
            f"{errors[0].pointer}: {errors[0].detail} Offsets count code points of the text that the verdict's "
            "text_sha256 names.",
            errors=errors,
        )


def _wrong_spans(text: str, submission: AppealSubmission) -> Iterator[FieldError]:
    """Errors do not repeat the actual words, because the text is not served."""
    for number, span in enumerate(submission.spans):
        if span.end > len(text) or span.start >= span.end:
            yield _error(f"#/spans/{number}", "out_of_range", "The range is outside the text.")
        elif text[span.start : span.end] != span.quote:
            yield _error(f"#/spans/{number}/quote", "not_the_text", "The text has other words at this range.")


def _wrong_findings(known: set[str], submission: AppealSubmission) -> Iterator[FieldError]:
    for number, finding in enumerate(submission.findings):
        if finding not in known:
            yield _error(f"#/findings/{number}", "unknown", "The verdict has no such finding.")


def _error(pointer: str, code: str, detail: str) -> FieldError:
    return FieldError(pointer=pointer, parameter=None, code=code, detail=detail)


def _refusal(pointer: str, code: str, detail: str) -> InvalidRequest:
    return InvalidRequest(f"{pointer}: {detail}", errors=[_error(pointer, code, detail)])

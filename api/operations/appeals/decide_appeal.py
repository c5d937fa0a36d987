"""Decides an appeal, once: if upheld, it creates rulings and a new verdict.

The appeal's reply is shown once the appeal is decided, whatever the outcome: shown at once, any key could write
beside any story; shown only after success, it would be no right of reply. The decision may withhold a reply
that must not be shown.
"""

import msgspec
from msgspec import Struct

from api.analysis.text.rulings import Ruling
from api.errors import CitationMismatch, Conflict, NotFound
from api.operations.analyses.rescore_story import queue_rescoring
from api.operations.stories.render_story import Rendered, render_story
from api.runtime.runtime import Runtime
from api.storage.analyses import appeals
from api.storage.database.pool import Connection
from api.storage.log.audit_log import Origin, append_audit
from api.storage.log.events import NewEvent, append_events
from api.storage.stories import stories
from api.storage.stories.rulings import insert_rulings
from api.storage.stories.verdicts import get_verdict
from schemas.appeals import AppealCase, AppealDecision
from schemas.assessments import Assessment, Finding
from schemas.enums import AblationKind, AppealStatus, StoryStatus
from schemas.events import EventType
from schemas.ids import is_id
from schemas.problems import FieldError

NO_APPEAL = "There is no such appeal."


class Decided(Struct, kw_only=True, frozen=True):
    """`rendered` is the story with its new reply, if any."""

    case: AppealCase
    rendered: Rendered | None


async def decide_appeal(
    connection: Connection, runtime: Runtime, appeal_id: str, decision: AppealDecision, *, origin: Origin
) -> Decided:
    """Decide as the last statement of the caller's transaction.

    The story's row is locked before rulings are written, so a publication sees them or is judged again by the
    job queued here. Raises NotFound; Conflict for a decided appeal, or `dismiss` without being upheld;
    CitationMismatch if no finding that affects the score is dismissed.
    """
    open_case = await appeals.get_case(connection, appeal_id) if is_id("apl", appeal_id) else None
    if open_case is None:
        raise NotFound(NO_APPEAL)
    story = await stories.lock_story(connection, open_case.story_id)
    status, now = AppealStatus(decision.outcome), runtime.clock.now()
    if decision.dismiss is not None and status is not AppealStatus.UPHELD:
        raise Conflict("A rejected appeal cannot dismiss findings.")
    shown = await appeals.close_appeal(
        connection,
        appeal_id,
        status,
        explanation=decision.explanation,
        show_reply=decision.show_reply,
        at=now,
    )
    if shown is None:
        raise Conflict("The appeal was already decided; a decision is final.")
    if status is AppealStatus.UPHELD:
        await insert_rulings(connection, await _rulings(connection, open_case, decision))
        await queue_rescoring(connection, runtime, story.id)
    rendered = None
    if shown and story.status != StoryStatus.RETRACTED:
        await stories.bump_row_version(connection, story.id, now)
        rendered = await render_story(connection, runtime, story.id)
    case = await appeals.get_case(connection, appeal_id)
    assert case is not None, "appeals are never deleted"
    before, after = appeals.public(open_case), appeals.public(case)
    await append_audit(connection, origin, "appeal.decided", case.id, before=before, after=after, at=now)
    await append_events(connection, [_event(runtime, case)], now)
    return Decided(case=case, rendered=rendered)


async def _rulings(connection: Connection, case: AppealCase, decision: AppealDecision) -> list[Ruling]:
    """A ruling for each dismissed finding, on the text of the appealed verdict."""
    record = await get_verdict(connection, case.verdict_id)
    assert record is not None, "verdicts are never deleted"
    assessment = msgspec.json.decode(record.assessment, type=Assessment)
    scored = {finding.id: finding for finding in _scored_findings(assessment)}
    named = decision.dismiss
    chosen = list(dict.fromkeys(named)) if named else [f.id for f in scored.values() if _cited(f, case)]
    errors = [
        FieldError(pointer=f"#/dismiss/{number}", parameter=None, code="unknown", detail="It does not count.")
        for number, finding_id in enumerate(chosen)
        if finding_id not in scored
    ]
    if errors or not chosen:
        raise CitationMismatch(
            "To uphold the appeal, name in dismiss findings of the verdict that count; "
            f"they are {', '.join(scored) or 'none'}.",
            errors=errors,
        )
    places = {
        (rule, finding.spans[0].start, finding.spans[-1].end)
        for finding in (scored[finding_id] for finding_id in chosen)
        for rule in finding.all_rules
    }
    return [
        Ruling(text_sha256=assessment.text_sha256, rule=rule, start=start, end=end, note=case.id)
        for rule, start, end in sorted(places)
    ]


def _scored_findings(said: Assessment) -> list[Finding]:
    """The findings that affect the score: those with an ablation of their own."""
    if said.ablations is None:  # a verdict older than ablations
        return [finding for finding in said.findings if finding.points]
    single = {a.finding_ids[0] for a in said.ablations if a.kind is AblationKind.FINDING}
    return [finding for finding in said.findings if finding.id in single]


def _cited(finding: Finding, case: AppealCase) -> bool:
    return finding.id in case.findings or any(
        span.start < passage.end and passage.start < span.end
        for span in finding.spans
        for passage in case.passages
    )


def _event(runtime: Runtime, case: AppealCase) -> NewEvent:
    return NewEvent(
        id=runtime.clock.new_id("evt"),
        type=EventType.APPEAL_DECIDED,
        account_id=None,
        story_id=case.story_id,
        data={
            "appeal_id": case.id,
            "story_id": case.story_id,
            "verdict_id": case.verdict_id,
            "outcome": case.status,
            "explanation": case.explanation,
        },
    )

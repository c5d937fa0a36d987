"""Appeals: objections to a verdict, their outcome, and the reply shown with the story.

Cited words are not repeated here, because a story has a quote budget.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from schemas.enums import AppealStatus
from schemas.plain_text import Line, Paragraph, Paragraphs
from schemas.spans import Offset, Range
from schemas.times import Time

FindingId = Annotated[str, Meta(pattern="^f[1-9][0-9]{0,3}(?![\\s\\S])")]


class CitedSpan(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Characters [start, end) of the analysed text, which must equal `quote`. Split longer passages."""

    start: Offset
    end: Offset
    quote: Annotated[str, Meta(min_length=1, max_length=300)]


class AppealSubmission(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An appeal against a story's current verdict; it must cite at least one passage or finding.

    `statement` says what is wrong; only the operators and the appellant can read it. `reply` is plain text shown
    with the story once the appeal is decided, signed with `reply_by` if given.
    """

    spans: Annotated[list[CitedSpan], Meta(max_length=20)] = []
    findings: Annotated[list[FindingId], Meta(max_length=50)] = []
    statement: Paragraphs
    reply: Paragraph | None = None
    reply_by: Line | None = None


class AppealDecision(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The decision on an appeal. `explanation` is public.

    If the appeal is upheld, the findings in `dismiss` no longer count; by default these are the cited findings
    and those that overlap a cited passage. `show_reply` false withholds an unacceptable reply.
    """

    outcome: Literal["upheld", "rejected"]
    explanation: Paragraph
    dismiss: Annotated[list[FindingId], Meta(min_length=1, max_length=50)] | None = None
    show_reply: bool = True


class Dismissal(Struct, kw_only=True, frozen=True):
    """The findings of `rule` at characters [start, end) of this text do not count."""

    rule: str
    start: int
    end: int


class Reply(Struct, kw_only=True, frozen=True):
    """A reply to a verdict: untrusted plain text, to be escaped when shown."""

    appeal_id: str
    verdict_id: str
    text: str
    by: str | None
    shown_since: Time


class Appeal(Struct, kw_only=True, frozen=True):
    """The public part of an appeal. `passages` and `findings` are those it cites of verdict `verdict_id`.

    If upheld, `dismissed` lists what no longer counts, and the new version of the verdict has the reason
    `appeal_upheld`.
    """

    object: Literal["appeal"] = "appeal"
    id: str
    story_id: str
    verdict_id: str
    status: AppealStatus
    passages: list[Range]
    findings: list[str]
    dismissed: list[Dismissal]
    explanation: str | None
    reply: Reply | None
    created_at: Time
    decided_at: Time | None


class AppealCase(Appeal, kw_only=True, frozen=True):
    """An appeal as its appellant and the operators see it. The reply is in `proposed_...` until it is shown."""

    account_id: str
    statement: str
    proposed_reply: str | None
    proposed_reply_by: str | None

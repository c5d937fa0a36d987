"""Appeals: what somebody holds against a verdict, what came of it, and the reply that stands beside the story.

Cited words are not repeated here: how much of a story is served is limited, and who cites them has them.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from schemas.enums import AppealStatus
from schemas.plain_text import Line, Paragraph, Paragraphs
from schemas.spans import Offset, Range

FindingId = Annotated[str, Meta(pattern="^f[1-9][0-9]{0,3}(?![\\s\\S])")]


class CitedSpan(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Characters [start, end) of the analysed text, which must be `quote`; a longer passage is several spans."""

    start: Offset
    end: Offset
    quote: Annotated[str, Meta(min_length=1, max_length=300)]


class AppealSubmission(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """An appeal against a story's current verdict; it cites at least one passage or finding.

    `statement` says what is wrong; only the service's operators and the appellant read it. `reply` is a right of
    reply: plain text that is shown beside the story once the appeal is decided, signed with `reply_by` if given.
    """

    spans: Annotated[list[CitedSpan], Meta(max_length=20)] = []
    findings: Annotated[list[FindingId], Meta(max_length=50)] = []
    statement: Paragraphs
    reply: Paragraph | None = None
    reply_by: Line | None = None


class AppealDecision(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How an appeal ends. `explanation` is public.

    `dismiss` names the findings that count no more when it is upheld: those cited, and those that touch a cited
    passage, unless others are given. `show_reply` false withholds a reply that may not be shown.
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
    """What the other side says of a verdict: plain text of a stranger, to be escaped wherever it is shown."""

    appeal_id: str
    verdict_id: str
    text: str
    by: str | None
    shown_since: datetime


class Appeal(Struct, kw_only=True, frozen=True):
    """What everybody may know of an appeal. `passages` and `findings` are what it cites of verdict `verdict_id`.

    Upheld, `dismissed` says what counts no more, and a new version of the verdict has the reason `appeal_upheld`.
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
    created_at: datetime
    decided_at: datetime | None


class AppealCase(Appeal, kw_only=True, frozen=True):
    """An appeal as its appellant and the operators see it. The reply is `proposed_...` until it is shown."""

    account_id: str
    statement: str
    proposed_reply: str | None
    proposed_reply_by: str | None

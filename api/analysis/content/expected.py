"""What of the expected items a text lacks, and the omissions and questions that follow.

An item is searched for in the whole text, title included; any of its wordings counts as present, so errors favour
the text. A text that is too short or truncated lacks nothing, and plain news is asked one thing at most.
"""

from dataclasses import dataclass
from typing import Final

from api.analysis.content.expected_table import BY_KIND, BY_TYPE, ITEMS
from api.analysis.content.grounding import Grounding
from api.analysis.content.missing_evidence import can_omit
from api.analysis.content.searchable import searchable
from api.analysis.content.subjects import about, subject_name
from api.analysis.text.document import Document
from schemas.assessments import Happening, Omission, Question, Spin
from schemas.enums import HappeningKind, SpinType, Stance

MAX_OMISSIONS: Final = 4
MAX_QUESTIONS: Final = 5
MOST_OF_PLAIN_NEWS: Final = 1


@dataclass(frozen=True, slots=True)
class AbsentItem:
    """An expected item that the text lacks.

    `lacks` is an indirect question about the subject of the news ("how many of Corvell's staff that is"), to
    follow "does not say". `looked_for` says what was searched for; `question` asks for it.
    """

    code: str
    lacks: str
    looked_for: str
    question: str


def is_plain(spin: Spin) -> bool:
    """Whether the text neither frames nor takes a stance."""
    return spin.primary is SpinType.NONE and spin.stance is Stance.NEUTRAL


def asked_and_absent(document: Document, kind: HappeningKind, stance: Stance) -> tuple[int, int]:
    """How many items are asked of news of this kind, and how many of them the text lacks."""
    text = document.once(searchable)
    codes = BY_KIND[kind].asks if can_omit(document) else ()
    asked = [code for code in codes if ITEMS[code].is_asked(text, stance, kind)]
    return len(asked), sum(not ITEMS[code].is_in(text) for code in asked)


def absent_items(document: Document, happening: Happening | None, spin: Spin) -> list[AbsentItem]:
    """The expected items that the text lacks, the weightiest first: those of the kind, then of the type."""
    if not can_omit(document) or spin.satire:
        return []
    kind = happening.kind if happening else None
    codes = list(BY_KIND[kind].asks) if kind else []
    if not is_plain(spin):
        codes += BY_TYPE[spin.primary].asks
    text, subject = document.once(searchable), subject_name(document, happening)
    absent = [
        AbsentItem(
            code=code,
            lacks=about(ITEMS[code].lacks, subject),
            looked_for=ITEMS[code].looked_for,
            question=about(ITEMS[code].question, subject),
        )
        for code in dict.fromkeys(codes)
        if ITEMS[code].is_asked(text, spin.stance, kind) and not ITEMS[code].is_in(text)
    ]
    return absent[:MOST_OF_PLAIN_NEWS] if is_plain(spin) else absent


def left_out(absent: list[AbsentItem], grounding: Grounding) -> list[Omission]:
    """The story's omissions, at most four: what the account of the news lacks."""
    omissions = [
        Omission(item=a.code, text=f"Does not say {a.lacks}.", looked_for=a.looked_for, claims=[])
        for a in absent
    ]
    return [o for o in omissions if not grounding.ungrounded(o.text)][:MAX_OMISSIONS]


def questions_raised(
    absent: list[AbsentItem], happening: Happening | None, grounding: Grounding
) -> list[Question]:
    """At most five questions about the news."""
    spans = happening.spans if happening else []
    questions = [Question(question=a.question, claim=None, item=a.code, spans=spans) for a in absent]
    return [q for q in questions if not grounding.ungrounded(q.question)][:MAX_QUESTIONS]

"""What of the expected items a text lacks, and the omissions and questions that follow.

An item is searched for in the whole text, title included; any of its wordings counts as present, so errors favour
the text. A text that is too short or truncated lacks nothing, and plain news is asked one thing at most.
"""

from collections.abc import Sequence
from typing import Final

from api.analysis.content.absent_item import AbsentItem
from api.analysis.content.expected_table import BY_KIND, BY_TYPE, ITEMS
from api.analysis.content.grounding import Grounding
from api.analysis.content.missing_evidence import can_omit
from api.analysis.content.open_points import loaded_points, open_points, unanswered_questions
from api.analysis.content.searchable import searchable
from api.analysis.content.subjects import about, offer_name, subject_name
from api.analysis.text.document import Document
from api.analysis.text.spans import spans
from schemas.assessments import Happening, Omission, Question, Spin
from schemas.enums import HappeningKind, SpinType, Stance

MAX_OMISSIONS: Final = 4
MAX_QUESTIONS: Final = 5
MAX_OF_PLAIN_NEWS: Final = 1
MAX_OF_KIND: Final = 2  # before what the text itself leaves open
_ENLARGE: Final = frozenset({SpinType.HYPE, SpinType.STAMPEDE})
MAX_OPEN: Final = 2  # before the rest


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
    """What the text lacks, the weightiest first.

    Questions that are asked in it come before the items of the kind of news; of a framed text, what its own
    assertions leave open, and the items of the type follow.
    """
    if not can_omit(document) or spin.satire:
        return []
    row = BY_KIND[happening.kind] if happening else None
    used_to_sell = row is not None and row.adverse and spin.primary in _ENLARGE  # others' bad news
    of_kind = _lacking(document, happening, spin, row.asks if row and not used_to_sell else [])
    if is_plain(spin):
        return of_kind[:MAX_OF_PLAIN_NEWS]
    of_type = _lacking(document, happening, spin, BY_TYPE[spin.primary].asks)
    if spin.primary is SpinType.NONE:
        absent = [*of_kind, *of_type]
    else:
        points = open_points(document, spin)
        absent = [
            *unanswered_questions(document),
            *of_kind[:MAX_OF_KIND],
            *points[:MAX_OPEN],
            *of_kind[MAX_OF_KIND:],
            *of_type,
            *points[MAX_OPEN:],
            *(p for p in loaded_points(document, spin) if p.place not in {q.place for q in points}),
        ]
    return list({item.lacks: item for item in absent}.values())


def _lacking(
    document: Document, happening: Happening | None, spin: Spin, codes: Sequence[str]
) -> list[AbsentItem]:
    """The items among these that make sense of the text, and that it lacks."""
    kind, subject = happening.kind if happening else None, subject_name(document, happening)
    text, offer = document.once(searchable), offer_name(document, happening)
    return [
        AbsentItem(
            code=code,
            lacks=about(item.lacks, subject, offer),
            looked_for=item.looked_for,
            question=about(item.question, subject, offer),
        )
        for code in codes
        if (item := ITEMS[code]).is_asked(text, spin.stance, kind)
        and item.is_told(text)
        and not item.is_in(text)
    ]


def left_out(absent: list[AbsentItem], grounding: Grounding) -> list[Omission]:
    """The story's omissions, at most four: what the account of the news lacks."""
    omissions = [Omission(item=a.code, text=a.omission, looked_for=a.looked_for, claims=[]) for a in absent]
    return [o for o in omissions if not grounding.ungrounded(o.text)][:MAX_OMISSIONS]


def questions_raised(
    document: Document, absent: list[AbsentItem], happening: Happening | None, grounding: Grounding
) -> list[Question]:
    """At most five questions, each about the sentence that leaves it open, or about the news."""
    of_news = happening.spans if happening else []
    questions = [
        Question(
            question=a.question,
            claim=None,
            item=a.code,
            spans=spans(document.text, *a.place) if a.place else of_news,
        )
        for a in absent
    ]
    return [q for q in questions if not grounding.ungrounded(q.question)][:MAX_QUESTIONS]

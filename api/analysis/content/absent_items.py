"""Finds the expected items that a text lacks, and makes omissions and questions of them.

An item is searched for in the whole text, title included; any of its wordings counts as present, so errors favour
the text. A text that is too short or truncated lacks nothing, and plain news is asked one thing at most.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from api.analysis.content.absent_item import QUIBBLES, SOURCES, AbsentItem
from api.analysis.content.expected_table import BY_KIND, ITEMS, TOLD, Item
from api.analysis.content.grounding import Grounding
from api.analysis.content.missing_evidence import can_omit
from api.analysis.content.offers import offer_of
from api.analysis.content.open_points import open_points, unanswered_questions
from api.analysis.content.searchable import searchable
from api.analysis.content.stakes import NO_PARTIES, Parties
from api.analysis.content.subjects import about, subject_name
from api.analysis.content.unheard import leaver
from api.analysis.content.unsourced import gives_figures, listed, unsourced_figures
from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from api.analysis.text.spans import spans
from schemas.assessments import Happening, Omission, Question, Spin
from schemas.enums import HappeningKind, SourceType, SpinType, Stance

MAX_OMISSIONS: Final = 4
MAX_QUESTIONS: Final = 5
MAX_OF_PLAIN_NEWS: Final = 1
MAX_EXPECTED: Final = 2  # before what the text's own words leave open
MAX_OPEN: Final = 1
MAX_CHOSEN: Final = 3  # of these, after the questions that the news itself raises
# Chances that a reader misses an item, from which it is told; of plain news the second. Chosen on train2
# with heads that had not seen the publisher.
LEAST_CHANCE, LEAST_OF_PLAIN = 0.1, 0.2
LEAST_ALONE: Final = 0.075  # for the only item of a framed text
OF_KIND: Final = 0.3  # chance of the first item of adverse news that too few readers missed to be learned
ASKED: Final = 1.3  # factor of the chance, since the text calls for the item
_TELLERS: Final = "its author, or those whom it quotes,"
_STAKE, _FIGURES, _MEASURED = "author_stake", "figures", "claim_measured"
OF_NAMED: Final = 0.45  # chance of an item about a party, or figures, that the text names
UNNAMED: Final = 0.75  # factor of the chance of an interest whose bearer is not named
_RELAYS: Final = frozenset(
    {HappeningKind.SURVEY_OR_REPORT, HappeningKind.EARNINGS}
)  # one source for all figures
_EXCUSES: Final = frozenset({SpinType.CUSHION, SpinType.SHIELD, SpinType.FOG})
_SELL_NOTHING: Final = frozenset({SourceType.COMMUNITY, SourceType.GOVERNMENT, SourceType.RESEARCH})
# Items that ask the same in other words, of which one is told.
_ALIKE: Final = (
    words("method figure_sources claim_measured"),
    words("evidence claim_shown figures"),
    words("objections reply drawbacks other_side counter_examples"),
    words("measured_effect outcome example effect"),
    words("price total_cost cost_of_advice"),
    words("independent_test outside_check"),
)
# What is told of a framed text that lacks nothing else: those who would see it otherwise.
_OUTSIDE, _AFFECTED, _DRAWBACKS = "outside_view", "affected_view", "drawbacks"
_NO_CLAIMS: Final[Mapping[str, AbsentItem]] = {}
# What readers miss of claims, by the point that names the claim.
_OF_CLAIMS: Final = {
    "shown": ("evidence", "figures", "example", "cases", "measured_effect"),
    "measured": ("method", "figure_sources"),
}


def is_plain(spin: Spin) -> bool:
    """Whether the text neither frames nor takes a stance."""
    return spin.primary is SpinType.NONE and spin.stance is Stance.NEUTRAL


def asked_and_absent(document: Document, kind: HappeningKind, stance: Stance) -> tuple[int, int]:
    """How many items are asked of news of this kind, and how many of them the text lacks."""
    text = document.once(searchable)
    codes = BY_KIND[kind].asks if can_omit(document) else ()
    asked = [code for code in codes if ITEMS[code].is_asked(text, stance, kind)]
    return len(asked), sum(not ITEMS[code].is_in(text) for code in asked)


def absent_items(
    document: Document,
    happening: Happening | None,
    spin: Spin,
    of_claims: Mapping[str, AbsentItem] = _NO_CLAIMS,
    parties: Parties = NO_PARTIES,
    spare: Sequence[AbsentItem] = (),
    main: Sequence[AbsentItem] = (),
) -> list[AbsentItem]:
    """What the text lacks, the weightiest first: the likeliest to be missed by readers of such a text.

    Questions that are asked in a framed text, and the `main` ones of its news, come before them, its other open
    points after them. `of_claims` is
    what its central claims leave open. Of `spare` one is told if there is nothing else.
    """
    if not can_omit(document) or spin.satire:
        return []
    chances = _chances(document, happening, spin, of_claims, parties)
    ranked = sorted(chances, key=lambda item: -chances[item])
    if is_plain(spin):
        return [item for item in ranked if chances[item] >= LEAST_OF_PLAIN][:MAX_OF_PLAIN_NEWS]
    expected = _distinct([item for item in ranked if chances[item] >= LEAST_CHANCE] or ranked[:1])
    opened = open_points(document, spin, happening, parties.teller)
    weighty = [point for point in opened if point.code not in QUIBBLES]
    known = [*main, *expected]
    chosen = [*main, *expected[:MAX_EXPECTED], *(weighty if known else opened)[:MAX_OPEN]]
    found = [*unanswered_questions(document), *_distinct(chosen)[:MAX_CHOSEN]]
    return found or list(spare[:1]) or _last(document, happening, spin, parties)


def _distinct(ranked: Sequence[AbsentItem]) -> list[AbsentItem]:
    """The items without those that ask the same as one before them."""
    groups = [next((n for n, alike in enumerate(_ALIKE) if i.code in alike), i.code) for i in ranked]
    return [item for place, item in enumerate(ranked) if groups[place] not in groups[:place]]


def _last(document: Document, happening: Happening | None, spin: Spin, parties: Parties) -> list[AbsentItem]:
    """What may be told of a text with a type that speaks for one party or quotes nobody, or names no drawback."""
    if spin.primary is SpinType.NONE:
        return []
    quotes = any(q.statement for q in document.quotations) or any(
        s.attributed_to is not None for s in document.body_sentences()
    )
    excuses = spin.primary in _EXCUSES
    own = parties.teller is not None  # whose statements are its own
    codes = [_AFFECTED if excuses else _OUTSIDE] if own or not quotes else []
    codes += [] if excuses else [_DRAWBACKS]
    text, kind = document.once(searchable), happening.kind if happening else None
    untold = (c for c in codes if TOLD[c].is_asked(text, spin.stance, kind) and not TOLD[c].is_in(text))
    found = (_absent(code, TOLD[code], document, happening, parties) for code in untold)
    return [item for item in found if item is not None][:1]


def _chances(
    document: Document,
    happening: Happening | None,
    spin: Spin,
    of_claims: Mapping[str, AbsentItem],
    parties: Parties,
) -> dict[AbsentItem, float]:
    """Items that the text lacks, with the chance that a reader misses them.

    They are asked of such news, or the text itself calls for them: of 24 others of published stories, by heads
    that had not seen the publisher, a reader missed three.
    """
    kind, text = happening.kind if happening else None, document.once(searchable)
    row = BY_KIND[kind] if kind else None
    of_kind, usual = (row.asks, row.missed) if row else ([], {})
    missed, sells_nothing = document.missed(), document.article.source.type in _SELL_NOTHING
    rare = {c: OF_KIND - 0.02 * n for n, c in enumerate(of_kind) if row and row.adverse and c not in missed}

    def chance_of(code: str) -> float:
        by_kind = usual.get(code, 0.0)
        return (missed.get(code, by_kind) + by_kind) / 2

    chances = {item: ASKED * max(map(chance_of, _OF_CLAIMS[point])) for point, item in of_claims.items()}
    for code, item in TOLD.items():
        chance = max(rare.get(code, 0.0), ASKED * chance_of(code))
        named = parties.of_item(code)
        if named is not None or (code == SOURCES and not is_plain(spin)):
            chance = max(chance, OF_NAMED)
        elif code == _STAKE:
            chance *= UNNAMED
        called_for = row is None or code in usual or code in of_kind or item.told_if
        if chance < LEAST_ALONE or not called_for or (code == _STAKE and sells_nothing):
            continue
        is_told = item.is_told(text) or (code == _STAKE and named is not None)
        if not item.is_asked(text, spin.stance, kind) or not is_told or _is_in(document, code, item, kind):
            continue
        if (absent := _absent(code, item, document, happening, parties)) is not None:
            chances[absent] = chance
    if any(item.code == SOURCES for item in chances):  # which says the same of more figures
        return {item: chance for item, chance in chances.items() if item.code != _MEASURED}
    return chances


def _is_in(document: Document, code: str, item: Item, kind: HappeningKind | None) -> bool:
    """Whether the text says it; of figures, whether each has a source, and whether there is any."""
    if code == SOURCES:
        return kind in _RELAYS or not document.once(unsourced_figures)
    if code == _FIGURES and gives_figures(document):
        return True
    return item.is_in(document.once(searchable))


def _absent(
    code: str, item: Item, document: Document, happening: Happening | None, parties: Parties
) -> AbsentItem | None:
    """The item in words about the subject, a party or figures of the text; None if it needs what is missing."""
    subject, offer = subject_name(document, happening), offer_of(document, happening)
    unsourced = document.once(unsourced_figures) if code == SOURCES else []
    values = {
        "{offer}": offer,
        "{teller}": parties.of_item(_STAKE) or _TELLERS,
        "{criticised}": parties.criticised,
        "{leaver}": document.once(leaver),
        "{matter}": BY_KIND[happening.kind].matter if happening else "it",
        "{figures}": listed([figure for figure, _ in unsourced]),
        "{come}": "come" if len(unsourced) > 1 else "comes",
    }
    if any(slot in item.lacks and not value for slot, value in values.items()):
        return None

    def worded(template: str) -> str:
        for slot, value in values.items():
            template = template.replace(slot, value or slot)
        return about(template, subject, offer)

    first = unsourced[0][1] if unsourced else None
    return AbsentItem(
        code=code,
        lacks=worded(item.lacks),
        looked_for=item.looked_for,
        question=worded(item.question),
        verb=item.verb,
        place=(first.start, first.end) if first else None,
    )


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

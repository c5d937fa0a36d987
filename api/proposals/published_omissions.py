"""The omissions of a judgement as they are published: those that fit the news, and that the text has in no words.

The second call reads the omissions as `omission_checks.py` leaves them, and its answers depend on their words. A
verdict has fewer: a text answers an item in more ways than the table's patterns know, an item may presuppose an
event that did not happen, and the subject of the news is not always who makes its claims.
"""

import re
from typing import Final

from msgspec.structs import replace

from api.analysis.content.expected_table import BY_KIND, ITEMS, at_word
from api.analysis.content.searchable import searchable
from api.analysis.content.subjects import about, offer_name, subject_name
from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from api.proposals.answers import OTHER
from api.proposals.common_words import is_common
from api.proposals.drops import DropReason
from schemas.assessments import Happening, Omission
from schemas.enums import HappeningKind, SourceType

_COST: Final = [
    r"№ (?:a|per|for each|for every) "
    r"(?:person|head|month|year|week|day|user|seat|piece|call|visit|child|unit|copy)\b",
    r"(?:fees?|charges?|contributions?|deposits?|fares?|bills?) (?:of|is|at|to|was|comes to|stands at) [№¤]",
]
_FAILURE: Final = [
    r"(?:show|ha[sd]|have|with|bring|see)\w* (?:no|little|hardly any) (?:[\w№]+ )?"
    r"(?:activity|effect|response|results?|benefits?|improvements?|gains?)\b",
    r"only (?:at|under|while|after|where|with)\b",
    r"(?:did|does) not (?:work|help|hold|start|respond|last|survive|reach)\b",
]
# Ways of answering an item besides those of the table, on which the requests depend.
_TOLD: Final = {
    code: at_word(patterns)
    for code, patterns in {
        "objections": [
            r"(?:rais|voic|express|ha[sd]|have)\w* (?:[\w№]+ ){0,2}"
            r"(?:questions?|doubts?|reservations?|misgivings)\b",
            r"(?:petition|protest|resist|question)(?:s|ed|ing|ers)\b",
            r"(?:some|many|others|several) (?:[\w№]+ ){0,3}(?:have asked|ask|object|fear|say that)\b",
        ],
        "total_cost": _COST,
        "price": _COST,
        "limits": _FAILURE,
        "drawbacks": _FAILURE,
        "other_side": [
            r"(?:company|firm|importer|maker|manufacturer|producer|operator|owner|retailer|airline|bank|defendant"
            r"|ministry|council|authority|landlord|employer|supplier) (?:[\w№]+ ){0,2}"
            r"(?:told|said|says|states?|stated|explain\w*|admit\w*|confirm\w*|acknowledg\w+|wrote|writes)\b",
            r"(?:those|others|some) (?:who |would |have |will )*(?:say|argue|claim|believe|think|object|hold)\b",
        ],
        "alternatives": [r"(?:can|could|may) (?:[\w№]+ )?(?:switch|turn|move|change) to\b"],
        "example": [r"(?:one|another) (?:[\w№]+ ){0,4}(?:company|firm|organi[sz]ation|team)\b[^.!?]{0,80}№"],
    }.items()
}
# Of these the text may answer a half; then the other half is asked, in these words.
_HALVES: Final = {
    "privacy": (
        at_word(
            [
                r"(?:scans?|scann\w+|records?|recorded|collects?|collected|stores|stored|films?|tracks|logs) "
                r"(?:[\w№]+ ){0,5}"
                r"(?:faces?|fingers?|fingerprints?|voices?|locations?|names?|address\w*|e-?mails?|photos?)\b"
            ]
        ),
        "who sees the data that it collects",
    )
}

# Items that presuppose an event: told only of news of a kind for which the table asks them.
_OF_EVENT: Final = words(
    "jobs_count share_of_staff where_cut severance savings executives end_reason new_date first_date delay_cause "
    "delay_cost data_taken admission appeal victims_share firm_fee deal_price deal_financing valuation "
    "funding_terms old_new_price why_change"
)
# Items that say "it" of the event, and the event by its kind; else of whatever the text reports.
_OF_IT: Final = {
    "own_part": "which decisions of those in charge led to",
    "cause": "what caused",
}
_EVENTS: Final = {
    HappeningKind.JOB_CUTS: "the job cuts",
    HappeningKind.CLOSURE: "the closure",
    HappeningKind.DELAY_OR_CANCELLATION: "the delay",
    HappeningKind.INCIDENT: "the incident",
    HappeningKind.RECALL: "the recall",
    HappeningKind.LAWSUIT_OR_FINE: "the case",
    HappeningKind.EARNINGS: "these results",
    HappeningKind.PRICE_CHANGE: "the new price",
}
_ANY_EVENT: Final = "the trouble that it reports"
# The subject of such news is what is judged or portrayed, and not who says so.
_OF_OTHERS: Final = frozenset({HappeningKind.REVIEW_OR_DEAL, HappeningKind.PROFILE_OR_INTERVIEW})
_REPORTERS: Final = frozenset({SourceType.MEDIA, SourceType.NEWSLETTER})
_ARTICLE: Final = re.compile(r"^(?:the|an?) ", re.IGNORECASE)


def published_omission(
    document: Document, happening: Happening | None, omission: Omission
) -> Omission | DropReason:
    """The omission in words that fit the news, or why it is not published."""
    if omission.item == OTHER:
        return omission
    item, text = ITEMS[omission.item], document.once(searchable)
    told = _TOLD.get(omission.item)
    if told is not None and told.search(text):
        return DropReason.IN_TEXT
    kind = happening.kind if happening else None
    if omission.item in _OF_EVENT and kind is not None and omission.item not in BY_KIND[kind].asks:
        return DropReason.NO_SUCH_EVENT
    lacks = item.lacks
    if omission.item in _OF_IT:
        lacks = f"{_OF_IT[omission.item]} {_EVENTS.get(kind, _ANY_EVENT) if kind else _ANY_EVENT}"
    if omission.item in _HALVES and _HALVES[omission.item][0].search(text):
        lacks = _HALVES[omission.item][1]
    subject = _who_claims(document, happening)
    return replace(omission, text=f"Does not say {about(lacks, subject, offer_name(document, happening))}.")


def _who_claims(document: Document, happening: Happening | None) -> str | None:
    """The subject of the news, if the claims are its own: an organisation by name, which does not only report."""
    name = subject_name(document, happening)
    if happening is None or name is None or happening.kind in _OF_OTHERS:
        return None
    bare = _ARTICLE.sub("", name)
    if is_common(bare.split()[0].lower()):
        return None  # "Researchers at the Fenn Institute"
    source = document.article.source
    publisher = (source.name or "").casefold()
    reports = source.type in _REPORTERS and bare.casefold() in publisher
    return None if reports else name

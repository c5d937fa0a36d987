"""The questions that the news itself raises, in words of the text ("how many of the 520 employees lose ...").

`main_questions.json` has them by what happens and by type, the weightiest first, each with its reason. They come
before what readers of such news often miss. An answer is searched for in the whole text, in wide forms, so that
errors favour the text; a question whose words the text does not give is not asked.
"""

import re
from collections import Counter
from typing import Final

from api.analysis.content.absent_item import AbsentItem
from api.analysis.content.expected_table import Item, at_word
from api.analysis.content.offers import offer_of
from api.analysis.content.searchable import search_form, searchable
from api.analysis.content.subjects import about, possessive, subject_name
from api.analysis.text.data_files import data_file
from api.analysis.text.document import Document
from schemas.assessments import Happening, Spin
from schemas.enums import HappeningKind, SpinType

MOST: Final = 2
LEAST_NAMED: Final = 2  # times that a text names whom or what a question is about
_STAFF: Final = re.compile(
    r"\b((?:[Ss]ome |[Aa]bout |[Rr]oughly |[Aa]round |[Mm]ore than |[Nn]early )?[1-9][\d,]{1,9} "
    r"(?:people who work(?:ed)? (?:at|in|for) [^.,;:()“”]{2,30}|employees|workers|staff))\b"
)
_HARM: Final = re.compile(
    r" ((?:outage|interruption|delay|breach|failure|recall|crash|accident|shortage|disruption|shutdown|"
    r"postponement|cancellation|explosion|spill|leak|error|death)s?|losses)(?=\W)"
)
_AFFECTED: Final = re.compile(
    r" ((?:customer|user|passenger|resident|student|recipient|individual|client|tenant|traveller|commuter|"
    r"employee|shopper|household|developer|donor|pensioner|borrower|policyholder|subscriber|player|account|package|project)s"
    r"|patients|members|people|families)(?=\W)"
)
_EFFORT: Final = re.compile(
    r" (program|programme|initiative|campaign|summit|webinar|workshop|curriculum|scholarship|project|"
    r"donation|course)(?:s|'s)?(?=\W)"
)
_OF_KIND: Final = {
    HappeningKind.DELAY_OR_CANCELLATION: "the delay",
    HappeningKind.INCIDENT: "the incident",
    HappeningKind.APOLOGY_OR_CORRECTION: "the fault",
}


class MainQuestion(Item, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    """A question asked of texts of `types` (() for any) whose title or news holds `in_news`, if that is given."""

    types: tuple[SpinType, ...] = ()
    in_news: str | None = None


MAIN_QUESTIONS: Final = data_file("content/questions/main_questions.json", dict[str, MainQuestion])
_IN_NEWS: Final = {code: at_word([one.in_news]) for code, one in MAIN_QUESTIONS.items() if one.in_news}


def main_questions(
    document: Document, happening: Happening | None, spin: Spin, teller: str | None = None
) -> list[AbsentItem]:
    """At most two questions that a text with a type leaves open; [] for any other, and if nothing is told.

    `teller` is the party for which the text speaks, named where the news has no subject. An unsure kind of news
    suffices, since the questions name words that the text must have.
    """
    if happening is None or spin.primary is SpinType.NONE:
        return []
    text = document.once(searchable)
    asked = (
        _worded(code, one, document, happening, teller)
        for code, one in MAIN_QUESTIONS.items()
        if (not one.types or spin.primary in one.types)
        and one.is_asked(text, spin.stance, happening.kind)
        and one.is_told(text)
        and (code not in _IN_NEWS or _IN_NEWS[code].search(_news(document, happening)))
        and not one.is_in(text)
    )
    return [item for item in asked if item is not None][:MOST]


def _news(document: Document, happening: Happening) -> str:
    """Title and news in searchable form."""
    told = [document.article.title, *(document.text[s.start : s.end] for s in happening.spans)]
    return search_form(" ".join(told).lower())


def _worded(
    code: str, one: MainQuestion, document: Document, happening: Happening, teller: str | None
) -> AbsentItem | None:
    """The question in words of the text; None if it has none for a slot."""
    subject, offer = subject_name(document, happening) or teller, offer_of(document, happening)
    text = document.once(searchable)
    values = {
        "{offer}": offer,
        "{subject's}": possessive(subject) if subject else None,
        "{staff}": _staff(document) or "{subject's|the} staff",
        "{harm}": _most_named(_HARM, text, "the ") or _OF_KIND.get(happening.kind),
        "{affected}": _most_named(_AFFECTED, text),
        "{effort}": _most_named(_EFFORT, text, "the "),
    }
    if any(slot in one.lacks and value is None for slot, value in values.items()):
        return None

    def filled(template: str) -> str:
        for slot, value in values.items():
            template = template.replace(slot, value or slot)
        return about(template, subject, offer)

    return AbsentItem(
        code=code,
        lacks=filled(one.lacks),
        looked_for=one.looked_for,
        question=filled(one.question),
        verb=one.verb,
    )


def _staff(document: Document) -> str | None:
    """Those who work there, as counted by the text: "the 520 people who work at the site"."""
    found = _STAFF.search(document.text, document.article.body_start)
    return f"the {found[1][:1].lower()}{found[1][1:]}" if found else None


def _most_named(pattern: re.Pattern[str], text: str, article: str = "") -> str | None:
    """The word that a text names most often, if more than once, in its usual number."""
    named: Counter[str] = Counter(pattern.findall(text))
    stems = Counter(word.rstrip("s") for word in named.elements()).most_common(1)
    if not stems or stems[0][1] < LEAST_NAMED:
        return None
    return article + max((w for w in named if w.rstrip("s") == stems[0][0]), key=lambda word: named[word])

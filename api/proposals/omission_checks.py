"""Checks that what an answer calls left out is left out.

An item of the question table is absent if neither the table's patterns nor the answer's phrasings find it.
At least three distinct phrasings are needed, one of them about the item, or a phrasing that nobody would write
would prove an absence.
"""

import re
from typing import Final

from api.analysis.content.expected_table import ITEMS, PARTIES
from api.analysis.content.missing_evidence import can_omit
from api.analysis.content.searchable import search_form, searchable
from api.analysis.content.subjects import about, offer_name, subject_name
from api.analysis.text.document import DOCUMENT_VOICE, Document
from api.proposals.answers import OTHER, ProposedOmission
from api.proposals.drops import DropReason
from api.proposals.numbered_text import one_line
from api.proposals.quotes import QuoteFinder
from api.proposals.sentence_checks import SentenceCheck
from api.proposals.stems import stems
from schemas.assessments import Happening, Omission

MIN_PHRASINGS: Final = 3
MAX_PHRASING: Final = 80  # characters
MAX_PHRASINGS: Final = 12  # searched for
BEGINNING: Final = "Does not "
MAX_TEXT: Final = 200  # characters of an omission of its own
_SLOT: Final = re.compile(r"\{[^{}]*\}")
_QUOTED: Final = re.compile(r"[“\"][^“”\"]{0,400}(?:[”\"]|$)")


def open_items(document: Document) -> list[str]:
    """The items of the question table of which the text has no trace, in the table's order."""
    text = document.once(searchable)
    return [code for code, item in ITEMS.items() if not item.is_in(text)] if can_omit(document) else []


def open_parties(document: Document) -> list[str]:
    """The parties that no speaker of the text belongs to, in the table's order."""
    return [code for code in PARTIES if checked_party(document, code) is None]


def checked_omission(
    document: Document,
    happening: Happening | None,
    proposed: ProposedOmission,
    finder: QuoteFinder,
    sentences: SentenceCheck,
) -> Omission | DropReason:
    """The omission in the table's words, or in the answer's for `other`."""
    if not can_omit(document):
        return DropReason.TOO_SHORT_TO_OMIT
    if proposed.item != OTHER and proposed.item not in ITEMS:
        return DropReason.UNKNOWN_ITEM
    item = ITEMS.get(proposed.item)
    text = document.once(searchable)
    if item is not None and item.is_in(text):
        return DropReason.IN_TEXT
    phrasings = _distinct(proposed.looked_for)
    if len(phrasings) < MIN_PHRASINGS:
        return DropReason.FEW_PHRASINGS
    if any(finder.first(phrasing) for phrasing in phrasings):
        return DropReason.IN_TEXT
    if item is not None:
        topic = stems(_SLOT.sub(" ", f"{item.looked_for} {item.lacks} {item.question}"))
        if not any(item.is_in(search_form(p.lower())) or stems(p) & topic for p in phrasings):
            return DropReason.UNRELATED_PHRASINGS
        subject, offer = subject_name(document, happening), offer_name(document, happening)
        told = f"Does not say {about(item.lacks, subject, offer)}."
        fault = sentences.fault(told, MAX_TEXT)
        return fault or Omission(item=proposed.item, text=told, looked_for=item.looked_for, claims=[])
    if not proposed.text.startswith(BEGINNING):
        return DropReason.MALFORMED
    if not any(stems(p) & stems(proposed.text) for p in phrasings):
        return DropReason.UNRELATED_PHRASINGS
    looked_for = ", ".join(phrasings[:MIN_PHRASINGS])
    faults = (
        sentences.fault(proposed.text, MAX_TEXT),
        *(sentences.fault(f"of {p}", MAX_PHRASING) for p in phrasings),  # no request
    )
    fault = next((fault for fault in faults if fault is not None), None)
    return fault or Omission(item=OTHER, text=proposed.text, looked_for=looked_for, claims=[])


def checked_party(document: Document, code: str) -> DropReason | None:
    """Why a party of the table does not count as missing; None if it does."""
    if not can_omit(document):
        return DropReason.TOO_SHORT_TO_OMIT
    if code not in PARTIES:
        return DropReason.UNKNOWN_ITEM
    return DropReason.IN_TEXT if PARTIES[code].is_in(document.once(_introductions)) else None


def _introductions(document: Document) -> str:
    """The unquoted words of all sentences with a speaker, in searchable form: more than the speakers' names."""
    quoted = {document.sentence_at(q.start).index for q in document.quotations}
    quoted |= {document.sentence_at(max(q.end - 1, q.start)).index for q in document.quotations}
    spoken = (
        sentence
        for sentence in document.sentences
        if sentence.index in quoted
        or sentence.attributed_to is not None
        or document.main_voice(sentence) != DOCUMENT_VOICE
    )
    words = " ".join(f"{s.attributed_to or ''} {s.voice} {_QUOTED.sub(' ', s.text)}" for s in spoken)
    return search_form(" ".join(words.lower().split()))


def _distinct(phrasings: list[str]) -> list[str]:
    """Phrasings that differ in a content word, in the given order."""
    found: dict[frozenset[str], str] = {}
    for phrasing in phrasings[:MAX_PHRASINGS]:
        short = one_line(phrasing)
        if (key := stems(short)) and len(short) <= MAX_PHRASING:
            found.setdefault(key, short)
    return list(found.values())

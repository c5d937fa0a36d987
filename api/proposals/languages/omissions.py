"""Checks what an answer calls left out of a text that was not parsed.

The patterns of the question table are English, so the answer's own phrasings alone are searched for: at least
three that differ. An omission has a sentence of its own in the language of the prose; where that is the text's
language, one of the phrasings must share a word with it, or a phrasing that nobody would write would prove an
absence.
"""

from typing import Final

from api.analysis.content.expected_table import ITEMS
from api.analysis.content.missing_evidence import can_omit
from api.analysis.content.subjects import about
from api.proposals.answers import OTHER, ProposedOmission
from api.proposals.drops import DropReason
from api.proposals.languages.codes import ENGLISH
from api.proposals.languages.language import language_named
from api.proposals.languages.unparsed_text import UnparsedText
from api.proposals.languages.written_sentences import WrittenSentences
from api.proposals.numbered_text import one_line
from api.proposals.omission_checks import MAX_PHRASING, MAX_PHRASINGS, MAX_TEXT, MIN_PHRASINGS
from api.proposals.quotes import QuoteFinder
from schemas.assessments import Omission

_BEGINNING: Final = "Does not say"
_BEFORE: Final = "a "  # a phrasing is no request, though it may begin as one


def open_items(document: UnparsedText) -> list[str]:
    """All items of the question table: nothing is known of any."""
    return list(ITEMS) if can_omit(document) else []


def beginning_of(prose: str) -> str:
    """The words with which a sentence on what is left out begins, in the language of a code."""
    return _BEGINNING if prose == ENGLISH else language_named(prose).lacks


def checked_omission(
    document: UnparsedText,
    proposed: ProposedOmission,
    finder: QuoteFinder,
    sentences: WrittenSentences,
    phrases: WrittenSentences,
) -> Omission | DropReason:
    """The omission in the answer's words; in the table's, which are English, if it gives none for an item.

    `sentences` checks the language of the prose, `phrases` that of the text.
    """
    if not can_omit(document):
        return DropReason.TOO_SHORT_TO_OMIT
    item = ITEMS.get(proposed.item)
    if item is None and proposed.item != OTHER:
        return DropReason.UNKNOWN_ITEM
    phrasings = _distinct(document, proposed.looked_for)
    if len(phrasings) < MIN_PHRASINGS:
        return DropReason.FEW_PHRASINGS
    if any(finder.first(phrasing) for phrasing in phrasings):
        return DropReason.IN_TEXT
    looked_for = ", ".join(phrasings[:MIN_PHRASINGS])
    faults = [phrases.fault(f"{_BEFORE}{phrasing}", MAX_PHRASING) for phrasing in phrasings]
    if item is not None and not proposed.text:
        text = f"{_BEGINNING} {about(item.lacks, None)}."
    else:
        text = proposed.text
        beginning = beginning_of(sentences.language)
        if not text.startswith(beginning) or text[len(beginning) :][:1].isalnum():
            return DropReason.MALFORMED
        told = document.language.stems(text)
        if sentences.language == phrases.language and not any(
            document.language.stems(phrasing) & told for phrasing in phrasings
        ):
            return DropReason.UNRELATED_PHRASINGS
        faults.append(sentences.fault(text, MAX_TEXT))
    fault = next((fault for fault in faults if fault is not None), None)
    return fault or Omission(item=proposed.item, text=text, looked_for=looked_for, claims=[])


def _distinct(document: UnparsedText, phrasings: list[str]) -> list[str]:
    """Phrasings that differ in a content word, in the given order."""
    found: dict[frozenset[str], str] = {}
    for phrasing in phrasings[:MAX_PHRASINGS]:
        short = one_line(phrasing)
        if (key := document.language.stems(short)) and len(short) <= MAX_PHRASING:
            found.setdefault(key, short)
    return list(found.values())

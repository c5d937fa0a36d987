"""Determines the evidence that claims lack: what their own words leave open, and checklist items.

A checklist is put to the clause that is named, if that has its wording, and never to a denial; an item is absent
if the whole text lacks it. A text that is too short or truncated lacks nothing.
"""

import re

import msgspec

from api.analysis.claims.claims import ARGUMENTS, CentralClaim
from api.analysis.content.checklists import ITEMS, OF_KINDS, Search, checklists_for
from api.analysis.content.claim_points import is_borne_out, is_contestable, is_deed, steers, strengths
from api.analysis.content.key_phrases import KeyPhrases
from api.analysis.content.open_points import points_of
from api.analysis.content.questions.bare_claims import LACKS, PLAN, form_of, is_aside, says_more
from api.analysis.text.document import Document, Text
from schemas.assessments import Happening, MissingEvidence, Spin
from schemas.enums import ClaimKind, ClaimSupport, InputFlag, SpinType

MIN_WORDS = 120  # a scorable text (80 words) and two more sentences
# Of a plain report, only what is measured or ranked is asked for its measure.
_IS_ONLY = re.compile(
    r"\b(?:the|its|an?) (?:[\w-]+ )?(?:only|first)\b", re.IGNORECASE
)  # seldom a boast in a plain report
ASKED_OF_PLAIN = frozenset({"survey", "trial", "performance", "adoption", "superlative"})
MAX_TIMES = 2  # claims of which the same is told
MOST = 2  # items per claim, from the start of the list
_PLAIN = re.compile(
    r"\b(?:declin|refus)(?:es?|ed|ing) (?:to|comment)\b|\bonly (?:official|authori[sz]ed)\b|"
    r"\b(?:is|are) available (?:on|at|from)\b",
    re.IGNORECASE,
)
_NO_THESIS = re.compile(r"[?:|“”\"]|^\W*(?:why|how|what|when|where|who)\b", re.IGNORECASE)
MAX_THESIS = 25  # words
MAX_THESES = 3  # claims of an argument that may state its thesis
_COUNTED = frozenset({ClaimKind.MARKET, ClaimKind.FINANCIAL})  # kinds of which a figure is the proof
_OWN_PROOF = frozenset({ClaimKind.SCIENTIFIC, ClaimKind.LEGAL, ClaimKind.FINANCIAL})  # kinds of it
MAX_WHEN_SHOWN = 1  # for a claim that the text shows


def can_omit(document: Text) -> bool:
    """Whether the text is long enough and complete, so that an absence is an omission."""
    return document.article.words >= MIN_WORDS and InputFlag.TRUNCATED not in document.article.flags


def missing_evidence(
    document: Document,
    claims: tuple[CentralClaim, ...],
    phrases: KeyPhrases,
    spin: Spin,
    happening: Happening | None = None,
) -> list[list[MissingEvidence]]:
    """For each claim, in order, the evidence that the text lacks, each checklist item once.

    A claim of a framed text that lacks nothing else lacks what its kind of claim rests on, if it steers, is
    contestable, and no sentence about the same thing has a figure or a source. The first claim of a framed
    argument is its thesis, which wants evidence as a whole.
    """
    if not can_omit(document):
        return [[] for _ in claims]
    search = Search(document)
    asked: set[str] = set()
    found: list[list[MissingEvidence]] = []
    for central in claims:
        lacking = [
            one
            for one in _lacking(document, central, phrases.of_claim(central.claim.number), search, spin)
            if not {one.text, one.item} & asked
        ]
        if not lacking and spin.primary is not SpinType.NONE and _is_bare(document, central):
            lacking = _for_bare(central)
        lacking = [one for one in lacking if sum(one.text == m.text for ms in found for m in ms) < MAX_TIMES]
        asked |= {one.text for one in lacking} | {one.item for one in lacking if one.item in ITEMS}
        found.append(lacking)
    if spin.primary is not SpinType.NONE and not any(found):
        asserted = (place for place, central in enumerate(claims) if _is_unshown(document, central))
        for place in list(asserted)[:1]:
            found[place] = _for_bare(claims[place])
    argues = happening is not None and happening.kind in ARGUMENTS
    if argues and spin.primary is not SpinType.NONE and not any(found):
        theses = (
            (place, _for_thesis(document, central)) for place, central in enumerate(claims[:MAX_THESES])
        )
        for place, lacking in [(place, lacking) for place, lacking in theses if lacking][:1]:
            found[place] = lacking
    return found


def _for_bare(central: CentralClaim) -> list[MissingEvidence]:
    """What a bare claim lacks: the proof that is usual for its kind, else that for what it says."""
    bare, said = OF_KINDS[central.claim.kind], central.sentence.text
    lacks, looked_for = bare.lacks, bare.looked_for
    form = None if central.claim.kind in _OWN_PROOF else form_of(said)
    if form is not None:
        lacks, looked_for = LACKS[form]
    told_so = form == PLAN or (form is None and central.claim.kind is ClaimKind.OPERATIONAL)
    if told_so and says_more(said):
        return []
    return [MissingEvidence(item="evidence", text=lacks, looked_for=looked_for)]


def _for_thesis(document: Document, central: CentralClaim) -> list[MissingEvidence]:
    """What a thesis that is only asserted lacks."""
    sentence, words = central.sentence, " ".join(central.sentence.text.split()).rstrip(".!")
    asserted = central.claim.support is ClaimSupport.ASSERTED and not sentence.numbers
    if (
        not asserted
        or is_deed(document, sentence)
        or _NO_THESIS.search(words)
        or len(words.split()) > MAX_THESIS
    ):
        return []
    text = "Names no figure, study or witness for this view."
    return [MissingEvidence(item="evidence", text=text, looked_for="a figure, a study or a named witness")]


def _is_unshown(document: Document, central: CentralClaim) -> bool:
    """Whether the text only asserts how things are or will be, in words that want a proof, and shows nothing."""
    sentence = central.sentence
    return (
        central.claim.support is ClaimSupport.ASSERTED
        and not sentence.numbers
        and form_of(sentence.text) is not None
        and not (_PLAIN.search(sentence.text) or is_aside(sentence.text))
        and not is_deed(document, sentence)
        and is_contestable(document, sentence)
        and not is_borne_out(document, sentence)
    )


def _is_bare(document: Document, central: CentralClaim) -> bool:
    """Whether the text only asserts a contestable claim, and nothing in it bears the claim out."""
    sentence = central.sentence
    return (
        central.claim.support is ClaimSupport.ASSERTED
        and not (sentence.numbers and central.claim.kind in _COUNTED)
        and not is_aside(sentence.text)
        and steers(document, sentence, strengths(document)[sentence.index])
        and is_contestable(document, sentence)
        and not is_borne_out(document, sentence)
    )


def _lacking(
    document: Document, central: CentralClaim, core: str | None, search: Search, spin: Spin
) -> list[MissingEvidence]:
    """The evidence that a claim with this main clause lacks: first what its own words leave open.

    A plain deed, notice or refusal lacks none.
    """
    claim, sentence = central.claim, central.sentence
    if _PLAIN.search(sentence.text):
        return []
    found: list[MissingEvidence] = []
    if claim.support is ClaimSupport.ASSERTED:
        found = [
            MissingEvidence(item=point.code, text=point.omission, looked_for=point.looked_for)
            for point in points_of(document, sentence, spin)
        ]
    is_whole = document.is_finite(sentence) and not sentence.negated
    if core is not None and is_whole and not found and not sentence.text.rstrip().endswith(":"):
        named, plain = msgspec.structs.replace(claim, text=core), spin.primary is SpinType.NONE
        fitting = [
            c
            for c in checklists_for(claim)
            if c.fits(named) and not (plain and (c.code not in ASKED_OF_PLAIN or _IS_ONLY.search(core)))
        ]
        found += [
            MissingEvidence(
                item=item,
                text=f"Does not say {ITEMS[item].lacks}.",
                looked_for=ITEMS[item].looked_for,
            )
            for item in dict.fromkeys(item for checklist in fitting for item in checklist.items)
            if not (ITEMS[item].figure and sentence.numbers) and not search.has(item)
        ]
    return found[: MAX_WHEN_SHOWN if claim.support is ClaimSupport.SHOWN else MOST]

"""Measures without a definition or a base.

Looks for: own indices and adjusted figures, "measurable results", and a percentage of improvement in a sentence
without a base of comparison. Why: the number impresses and cannot be checked. Source: guidance on alternative
performance measures (ESMA, 2015); "hidden trade-off" and "no proof" in the sins of greenwashing (TerraChoice,
2010). Limits: of the context only the sentence before is searched for the base.
"""

import re
from collections.abc import Iterator

from api.analysis.framing.detector import Detector, Hit
from api.analysis.framing.patterns import first_of, lexical, sentences_with
from api.analysis.text.document import Text
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    measurable; measurably; meaningful; meaningfully; tangible; demonstrable; quantifiable; adjusted
    underlying; run-rate; run rate; like-for-like; on a comparable; comparable basis; comparable scope
    re-presented; represented as; rebased; restated; normalised; constant basis; quality index; score rose
    our index; satisfaction score; planet score; impact score; trust score; health score; effective rate
    effective latency; effective depth; engaged value; weighted; engagement; positive touchpoints
    touchpoints; positive outcomes; outcomes improv*; better outcomes; improved outcomes; performance gain*
    performance improvement*; productivity gain*; representative workloads; typical workloads
    real-world importance; where it counts; what matters; what counts; majority of; most of those
    most users; most customers; nearly all; almost all; the bulk of; industry average; leading indicator*
    strong results; impressive results; great results; high single digits; double-digit; high teens
    in the region of; record levels; positive trend; broadly neutral; broad-based; lift; uplift; value-per
    return on; roi; trending in the right; trending upward*; proprietary index; proprietary metric*
    internal metric*; internal benchmark*; internal testing; internal tests; in our tests; key metrics
    key indicators; satisfaction rate*; success rate of; approval rating*; adjusted basis; pro forma
    on an adjusted; on an underlying; constant currency; excluding certain; before exceptional
    normalised basis; normalized; improved significantly; significant improvement*; marked improvement*
    substantial improvement*; notable improvement*; strong engagement; strong momentum; strong demand
    solid progress; good progress; significant progress; continued progress; strong progress
    percent of respondents say; more efficient; most of our; a majority of; majority of our
    vast majority of
    """)
)
BASES = Lexicon(
    phrases("""
    than; compared; from; versus; vs; against; relative to; year-on-year; year over year; year-over-year
    baseline; of the; between; previous; last year; a year; earlier; before; out of; of all; since
    annually; interest
    """)
)
_PERCENT = r"\d+(?:\.\d+)?\s?(?:%|percent|per cent)"
_ROUNDED = r"(?:up to |over |more than |nearly |almost |about )?"
# Improvements only: "a rate of 4.7 percent" is a plain figure.
IMPROVEMENT = re.compile(
    rf"(?<![\w.]){_PERCENT}\s(?:faster|better|more|higher|increase|improvement|growth|reduction|lower|less|fewer|"
    r"boost|gain|lift|savings|efficien\w+)"
    r"|\b(?:increase|improvement|gain|growth|reduction|decrease|saving|uplift|boost)s?\s"
    rf"of\s{_ROUNDED}{_PERCENT}"
    r"|\b(?:improv|boost|accelerat|speed|reduc|sav|lower|enhanc)\w{0,6}\b(?: [\w'-]{1,24}){0,6} "
    rf"by\s{_ROUNDED}{_PERCENT}"
)


def _without_base(document: Text) -> Iterator[Hit]:
    based = sentences_with(document, BASES)
    for match in IMPROVEMENT.finditer(document.folded):
        index = document.sentence_at(match.start()).index
        if based.isdisjoint((index - 1, index)):
            yield Hit(match.start(), match.end())


DETECTOR = Detector(
    code="undefined_metrics",
    type=SpinType.FOG,
    tactic="undefined_metrics",
    label="Measure without a base",
    explanation="“{words}” gives a measure without saying how or against what.",
    finds=(
        "Customers report 40% faster results and measurable lift.",
        "Our Planet Score rose again, with meaningful gains on representative workloads.",
    ),
    passes=(
        "Sales rose from 400 to 520 between May and June.",
        "The new lamp lasts 9 percent longer than the old one in the Tarn test.",
        "The actuary used a discount rate of 4.7 percent and wage growth near 3 percent.",
        "Rainfall fell by 12 percent in June.",
    ),
    find=first_of(_without_base, lexical(TERMS)),
)

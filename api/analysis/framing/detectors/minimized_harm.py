"""Harm made small: "a limited number", "out of an abundance of caution", "no evidence of misuse".

Why: the reader measures the harm by the adverb, not by a count. Source: minimisation in Benoit (1995) and in Da
San Martino and others (2019). Limits: an exact count beside the phrase would make it fair; that is not checked.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.lexicons import BAD_NEWS
from api.analysis.framing.patterns import first_of, lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

ALONE = Lexicon(
    phrases("""
    abundance of caution; isolated incident*; isolated matter; isolated case*; no evidence that
    no evidence of; no indication that; no reason to believe; no action is required; no action required
    nothing you need to do; do not need to do anything; minimal disruption*; minor inconvenience
    any inconvenience; slight inconvenience; limited number of; small number of; very small number
    tiny fraction; small fraction of; small subset; limited subset; rare circumstances; rare cases
    extremely rare; in rare; vast majority of; great majority of; not as dramatic; not as bad as
    no need to panic; not cause for concern; not a cause for concern; will see little change
    little or no difference; only a handful of; nothing will change; nothing changes for; small change to
    tiny schedule; modest actuarial; service campaign; not going anywhere; isn't going anywhere; bittersweet
    no hard feelings; less than the price of; only affected; affected only; only a small; a small percentage
    small percentage of; fewer than one percent; less than one percent; less than 1%; no material impact
    immaterial; no lasting; no significant impact; not expected to have; remain unaffected
    remains unaffected; unaffected by; business as usual; nothing to worry; no cause for; rest assured
    minimal impact; minimal risk; temporary inconvenience; apologise for any; apologize for any
    any confusion; may have been inconvenienced
    """)
)
BESIDE = Lexicon(
    phrases("""
    merely; slightly; minor; brief; briefly; isolated; unaffected; not affected; swiftly; promptly
    proactive*; precaution*; voluntar*; as usual; fully resolved; accidentally; inadvertent*; limited impact
    limited disruption; limited effect; quickly contained; fully contained; was contained
    """)
)

DETECTOR = Detector(
    code="minimized_harm",
    type=SpinType.CUSHION,
    tactic="temporary_headwinds",
    label="Harm made small",
    explanation="“{words}” makes it sound small or ordinary.",
    charge="“{words}” keeps the size of the harm down.",
    finds=(
        "Out of an abundance of caution we informed a limited number of members.",
        "The leak was quickly contained and only some addresses were exposed.",
    ),
    passes=(
        "The leak exposed 41,200 addresses between 3 and 9 March.",
        "Only members vote in the assembly.",
    ),
    find=first_of(lexical(ALONE), lexical(BESIDE, near=BAD_NEWS, reach=1)),
)

"""Access, equality and belonging as the reason for the thing.

Why: a product's reach is presented as justice. Source: "woke-washing" and diversity rhetoric (Vredenburg and
others, 2020). Limits: news about discrimination uses these words for its subject.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    inclusi*; diversity; diverse perspectives; diverse voices; diverse backgrounds; diverse communit*
    diverse talent; diverse team*; diverse and; equity; equitabl*; equality; equal access; equal opportunit*
    equal footing; underrepresented; under-represented; underserved; minority communit*; people of color
    belonging; breaking down barriers; break down barriers; removing barriers; every voice; all voices
    heard and; no one left behind; nobody is left behind; leave no one; left behind by
    regardless of background; regardless of where; regardless of their; from all backgrounds
    whatever their background; all walks of life; digital divide; bridge the gap; bridging the gap
    close the gap; closing the gap; opportunity for all; first-generation; empower women
    empower communities; empower people; respect for; accessib*; disabilit*; full spectrum of; mother tongue
    low-resource languages; global south
    """)
)

DETECTOR = Detector(
    code="inclusion_framing",
    type=SpinType.HALO,
    tactic="inclusion_framing",
    label="Inclusion as the reason",
    explanation="“{words}” stresses access, fairness or inclusion.",
    finds=(
        "Merrow's card is about inclusion: no one left behind, whatever their background.",
        "We are breaking down barriers for underserved communities.",
    ),
    passes=(
        "Merrow's card has a fee of 2 percent.",
        "The fence keeps deer out of the orchard.",
    ),
    find=lexical(TERMS),
)

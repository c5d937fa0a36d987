"""The organisation's purpose, values and beliefs put before the news.

Looks for: "our mission", "we believe", "it's who we are", "our commitment". Why: intentions are judged instead
of acts. Source: bolstering in Benoit (1995); mission statements as legitimation (Swales and Rogers, 1995).
Limits: a critic who quotes a mission is recognised only by voice.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    our mission; its mission; their mission; the mission; this mission; a mission; mission to
    mission-driven; on a mission; our purpose; higher purpose; sense of purpose; purpose-driven
    with purpose; a calling; it's a calling; our values; core values; our principles; guiding principles
    guided by; we believe; we're committed; we are committed; committed to; our commitment; commitment to
    dedicated to; dedication; devoted to; devotion; our promise; our vow; pledge*; it's who we are
    it is who we are; who we are; reason we exist; exists to; heart of everything; core to our; in our dna
    our dna; company's dna; embedded in our; at our core; we stand for; stand for; what matters most
    matters most; our duty; duty to; conscience; passion for; passionate about; our journey; higher calling
    greater than; bigger than ourselves; right thing; doing the right thing; do the right thing
    right side of; hold ourselves; hold ourselves to; strive*; strives to; our people; we owe; trust of
    earn your trust; earn the trust; our legacy; culture of; achieving our mission; in pursuit of
    long-term vision; true to; a simple promise; inspiring; moral duty; moral obligation
    """)
)

DETECTOR = Detector(
    code="mission_first_framing",
    type=SpinType.HALO,
    tactic="mission_first_framing",
    label="Purpose in front",
    explanation="“{words}” appeals to purpose and values.",
    finds=(
        "Our mission has never changed: it is the reason we exist.",
        "We believe in doing the right thing, and we are committed to our patients.",
    ),
    passes=(
        "The probe's mass is 400 kilograms.",
        "Dorrance bought 41 homes for 312 million.",
    ),
    find=lexical(TERMS),
)

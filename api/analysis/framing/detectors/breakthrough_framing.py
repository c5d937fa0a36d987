"""A step presented as a leap: breakthrough, world's first, unprecedented, historic.

Why: a first needs no comparison. Source: exaggeration in Da San Martino and others (2019); words of hype in
Vinkers and others (2015). Limits: some firsts are real; the claims check whether the text shows it.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    breakthrough*; groundbreaking; ground-breaking; world's first; world first; world-first; first-ever
    first ever; never before; never-before-seen; unprecedented; historic; history-making; make history
    making history; landmark; milestone*; major leap; giant leap; leap forward; huge leap; quantum leap
    step change; step-change; paradigm shift; holy grail; surpass*; outperform*; beat* the state
    human-level; superhuman; humanlike; human-like; smashes; smashed; shatter*; record-breaking
    record growth; record revenue; record year; all-time high; largest-ever; biggest-ever; fastest-ever
    most advanced; most powerful; most capable; most ambitious; most innovative; most important
    most trusted; most exciting; world's most; world's largest; world's fastest; world's best
    the fastest; the greatest; the future of; jaw-dropping; mind-blowing; nothing short of
    hard to overstate; major coup; stunning result*; remarkable result*; solved the; cracked it
    cracked the; long-standing problem; decades-old; the best of; the only one; the only company
    the only platform; most comprehensive; most sophisticated
    """)
)

DETECTOR = Detector(
    code="breakthrough_framing",
    type=SpinType.HYPE,
    tactic="breakthrough_framing",
    label="A step told as a leap",
    explanation="“{words}” claims a first, a peak or a milestone.",
    finds=(
        "Veldane has built the world's first self-healing cable, a breakthrough for the sector.",
        "It is an unprecedented leap forward.",
    ),
    passes=(
        "Veldane has built a cable that mends cracks under 2 millimetres.",
        "The second test was slower than the first.",
    ),
    find=lexical(TERMS, whole_phrase=True),
)

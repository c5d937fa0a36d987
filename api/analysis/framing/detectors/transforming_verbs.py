"""Verbs that promise a changed world: transform, revolutionise, unlock, supercharge, empower.

Why: the verb asserts an effect that nobody has measured. Source: hype in research (Millar and others, 2019);
promissory language (Brown and Michael, 2003). Limits: "transform" is a technical term in mathematics and data
work; the noun and objects like "data" are excluded.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    transform the; transforms the; transforming the; transform how; transforms how; transforming how
    transform our; transforming our; transform your; transforming your; transform their; transforming their
    transformational; transformation of; revolutioni*; a revolution; the revolution; ai revolution; disrupt
    disrupts; disrupting; disruptive; redefin*; reimagin*; reinvent*; reinvigorat*; supercharg*; turbocharg*
    unlock; unlocks; unlocking; unleash*; empower*; catapult*; skyrocket*; ignit*; fuel innovation
    fueling innovation; drive innovation; driving innovation; push the boundaries; pushing the boundaries
    push the limits; pushing the limits; push the frontier*; pushing the frontier*; rewrit* the rules
    rewriting the; chang* everything; changes everything; change the game; game-chang*; game chang*
    game-changer*; bring* to life; harness the power; leverage the power; power of ai; unlock the power
    open up new; opens up new; opening new; opens new; pave the way; paves the way; paving the way
    take to the next level; next level; new heights; streamline your; enable you to; enables you to
    truly transformative; accelerating innovation; accelerate innovation; accelerate growth
    accelerate the adoption; elevate your; revolutionary new
    """)
)

DETECTOR = Detector(
    code="transforming_verbs",
    type=SpinType.HYPE,
    tactic="innovation_framing",
    label="Verbs of transformation",
    explanation="“{words}” claims a great effect.",
    finds=(
        "Orrinware will revolutionize the way farms plan their year.",
        "The app unlocks new value and supercharges every team.",
    ),
    passes=(
        "The function transforms a list into a string.",
        "Unlike its predecessor the app reads two formats.",
    ),
    find=lexical(TERMS, whole_phrase=True),
)

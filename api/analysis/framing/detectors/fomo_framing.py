"""Hurry: before it is too late, act now, do not miss, the window is closing.

Why: it takes away time to think. Source: scarcity and urgency in Cialdini (1984); urgency among dark patterns
(Mathur and others, 2019). Limits: real deadlines in urgent words are found too.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    before it's too late; before it is too late; too late; act now; act fast; act quickly; act today; hurry
    last chance; don't miss; do not miss; miss out; missing out; miss this; limited time; limited-time
    while supplies last; running out of time; running out of road; time is running out; clock is ticking
    ticking time bomb; ticking; window is closing; window of opportunity; now is the time; time is now
    the time to act; it's time to; time to act; don't wait; do not wait; can't wait for; cannot wait
    waste no time; no time to lose; no time to waste; cannot waste; wake-up call; wakeup call; wake up to
    buckle up; get ready for; get ready to; brace for; be prepared; already late; late to the; catch the
    missed the boat; the train has; early adopters; early adopter; first movers; first-mover; be early
    head start; competitive disadvantage; those who don't; those that don't; those who do not
    if you are not; if you're not; if you haven't; if we do not; if we don't; every day you wait; urgent*
    urgency; right now; this is the moment; moment of truth; now or never; once gone; sign up now
    sign up today; register now; join now; start now; get started today; don't be left; be left out
    be left behind; risk being; act decisively; move quickly; move fast; moving fast; moving so quickly
    fast-moving; selling fast; almost gone; only a few
    """)
)

DETECTOR = Detector(
    code="fomo_framing",
    type=SpinType.STAMPEDE,
    tactic="fomo_framing",
    label="Hurry",
    explanation="“{words}” presses for time.",
    finds=(
        "Act now, before it's too late: the window is closing.",
        "Shops that wait will miss out, and time is running out.",
    ),
    passes=(
        "The form can be sent at any time in the next two years.",
        "The vote is on 9 May.",
    ),
    find=lexical(TERMS),
)

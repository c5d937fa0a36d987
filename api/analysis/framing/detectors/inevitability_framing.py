"""The wanted presented as inevitable.

Looks for: inevitable, no turning back, here to stay, not optional, only a matter of time. Why: the unstoppable
needs no consent. Source: technological determinism as rhetoric (Smith and Marx, 1994); Wyatt (2008). Limits:
forecasts by a named source are found too; attribution lowers their weight.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    inevitab*; unavoidabl*; unstoppable; inexorabl*; irreversibl*; irresistibl*; no turning back
    no going back; no way back; no stopping; cannot be stopped; can't be stopped; here to stay
    matter of time; question of when; not if but when; not a question of if; not optional
    no longer optional; isn't optional; non-negotiable; no longer a question; no longer a choice
    whether we like it; whether you like it; like it or not; adapt or; evolve or; change or; will replace
    will be replaced; will need to; will never be the same; is changing everything; changing everything
    everything is changing; fundamentally chang*; fundamentally alter*; reshap* the; is reshaping
    are reshaping; reshaping how; upend*; tectonic; seismic; tsunami; wave of; tidal wave
    history does not wait; history will; wrong side of; path of least resistance; imperative; cannot ignore
    can't ignore; impossible to ignore; cannot afford; can't afford; must adapt; must embrace; must act
    must change; must prepare; need to adapt; need to prepare; need to act; need to embrace; no choice but
    no alternative; there is no version; for better or worse; already begun; will dominate; will take over
    takes over; taking over; eating the world; death of; obsolete; extinct; doomed; left with no
    sooner than; faster than expected; faster than any; much earlier than; ever more; ever-more
    death of the
    """)
)

DETECTOR = Detector(
    code="inevitability_framing",
    type=SpinType.STAMPEDE,
    tactic="inevitability_framing",
    label="What must come",
    explanation="“{words}” tells it as what must come.",
    finds=(
        "Automation is inevitable, and there is no turning back.",
        "It is only a matter of time: shops must adapt or disappear.",
    ),
    passes=(
        "Two of nine shops plan to buy the machine next year.",
        "The meeting lasted three hours.",
    ),
    find=lexical(TERMS),
)

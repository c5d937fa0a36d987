"""A retreat presented as a new beginning.

Looks for: "next chapter", "sharpen our focus", "non-core", "step back" beside an end, a sale, a closure or a
miss. Why: the reader looks at the plan and not at the failure. Source: transcendence and corrective action in
Benoit (1995); letters to shareholders (Clatworthy and Jones, 2003). Limits: a real change of strategy uses the
same words.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.lexicons import BAD_NEWS
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    next chapter; new chapter; next phase; new phase; next stage of; strategic review; strategic reset
    strategic shift; strategic decision; strategic alternative*; strategic realignment; pivot*; refocus*
    sharpen our focus; sharpening our focus; sharpens its focus; sharper focus; focus on our core
    core business; core priorities; non-core; key priorities; focusing our energy; focus our energy
    focus on what; focusing on what; double down on; doubling down on; putting all of our effort
    concentrate on; what we do best; reset; reinvent*; evolv* our; evolving our; important step
    full potential; refresh*; foundation for; foundation year; positions us; position us; positioned for
    well positioned; for the long term; long-term value; set us up; sets us up; stronger foundation
    wind down; winding down; sunset*; coming full circle; graduat* from; step back; explore new; fresh start
    turning the page; turn the page; a chance to; what we have learned; lessons we; come back stronger
    emerge stronger; stronger than ever; new direction; change of direction; change in direction
    shift our focus; shifting our focus; shift in focus; focus our efforts; focus our resources
    focusing our resources; focusing our efforts; prioritis* our; prioritiz* our; reprioriti*; recalibrat*
    course correct*; natural evolution; next step in our; transition to a new; opportunity to focus
    opportunity to reset; proud of what we; what we have built; what we built; what we accomplished
    chart a new; set the stage for; sets the stage for; better positions us; better position us
    """)
)

DETECTOR = Detector(
    code="strategic_reset",
    type=SpinType.CUSHION,
    tactic="strategic_reset",
    label="Retreat told as a new beginning",
    explanation="“{words}” tells it as a new start or a step ahead.",
    charge="“{words}” tells an end or a failure as the start of something.",
    finds=(
        "Shutting down Larkpad lets us sharpen our focus and begin our next chapter.",
        "After the shortfall, Dunmore calls the year a strategic reset.",
    ),
    passes=(
        "The author begins the next chapter with a map of the valley.",
        "Larkpad shuts down on 30 June because it ran out of money.",
    ),
    find=lexical(TERMS, near=BAD_NEWS, reach=2),
)

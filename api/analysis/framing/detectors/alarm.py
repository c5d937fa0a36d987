"""Alarm: catastrophe, extinction, nightmare, out of control.

Why: fear leaves no time for questions; alarm counts as the pressure of Stampede. Source: appeal to fear in Da
San Martino and others (2019). Limits: plain disaster reports share some words, so milder ones need company in a
sentence.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import crowded, first_of, lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

STRONG = Lexicon(
    phrases("""
    catastroph*; apocalyp*; armageddon; doomsday; doom; doomed; doomers; extinction; nightmare*; terrif*
    terror of; horrif*; frighten*; scary; scarily; scariest; scared; fearsome; chilling; alarming
    alarmingly; sounding the alarm; sounded the alarm; sound the alarm; dire; dire consequences
    grave threat; serious threat; urgent threat; looming threat; looming; ominous; sinister; insidious
    rampant; out of control; run amok; runaway; spiral*; time bomb; powder keg; perfect storm; pandora's box
    tsunami; onslaught; avalanche; plague; epidemic of; wreak*; havoc; chaos; mayhem; meltdown
    collapse of civili*; end of humanity; end humanity; destroy humanity; destroy us; wipe out; wiped out
    kill us; lives are at stake; at stake; weaponi*; killer robots; dystopia*; orwellian; surveillance state
    authoritarian; menace; lethal; devastat*; disastrous; unleash*; irreparabl*; point of no return
    dark side; darker; abyss; slippery slope; sleepwalk*; wake-up call; unprecedented threat
    never been more; more dangerous; most dangerous; dangerously; extremely dangerous; unprepared
    defenseless; helpless; under attack; war on; stark warning; grim; bleak; dark future; bloodbath
    existential threat; existential risk*; existential crisis; disaster for; recipe for disaster
    disaster waiting
    """)
)
MILD = Lexicon(
    phrases("""
    threat; threats; threaten*; danger*; risk; risks; risky; warn; warns; warned; warning*; fear; fears
    feared; worry; worries; worried; worrying; worrisome; concern*; crisis; crises; attack; attacks
    attackers; vulnerab*; harm*; destroy*; damag*; abuse*; exploit*; misuse*; breach*; hack*; steal*
    disinformation; misinformation; deepfake*; panic; severe; serious; critical; malicious
    losing control; lose control; uncontroll*; victims; kill*; death*
    """)
)


DETECTOR = Detector(
    code="alarm",
    type=SpinType.STAMPEDE,
    tactic="inevitability_framing",
    label="Alarm",
    explanation="“{words}” is worded for alarm.",
    finds=(
        "A terrifying catastrophe is looming over the valley.",
        "The experts warn that attackers exploit the threat, with dire consequences.",
    ),
    passes=(
        "The dam lost 3 centimetres of water in June.",
        "Two valves failed the test and were replaced.",
    ),
    find=first_of(lexical(STRONG), crowded(MILD)),
)

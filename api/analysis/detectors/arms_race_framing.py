"""A race that must not be lost.

Looks for: races, rivals, falling behind, dominance. Why: whoever asks for time takes the rival's side. Source:
Cave and O hEigeartaigh, "An AI Race for Strategic Advantage" (2018); appeal to fear in Da San Martino and
others (2019). Limits: sport and elections are races too; "race" counts beside technology, trade or states only.
"""

from api.analysis.detector import Detector
from api.analysis.lexicon import Lexicon, phrases
from api.analysis.patterns import first_of, lexical
from schemas.enums import SpinType

ALONE = Lexicon(
    phrases("""
    arms race; ai race; space race; tech race; global race; the race to; race for; race is on
    win the race; winning the race; lose the race; losing the race; in the race; racing to
    racing toward*; races to; race against; falling behind; fall behind; fallen behind; fell behind
    left behind; leave behind; lag behind; lagging; catch up; catching up; keep pace; keep up with
    stay ahead; staying ahead; get ahead of; ahead of the competition; ahead of china; beat china
    compete with china; superpower*; global leadership; global dominance; technological supremacy
    supremacy; strategic advantage; competitive edge; competitive advantage; battle for; battle over
    battleground; fight for; war for; war on; cold war; the stakes; winner-take*; winner takes; whoever
    first to market; outpac*; outcompet*; our rivals; rivals are; rival powers; competitors are
    clash of; titans; showdown; challeng* to; take on google; dethron*; front-runner; frontrunner
    sputnik moment; national champion; code red; ramp* up the pressure; heats up; heating up
    our adversaries; military dominance; market dominance
    """)
)
RACE = Lexicon(phrases("race; races; racing"))
FIELD = Lexicon(
    phrases("""
    ai; technolog*; comput*; chip*; china; nation*; countries; compan*; startups; industry; power
    market
    """)
)

DETECTOR = Detector(
    code="arms_race_framing",
    type=SpinType.STAMPEDE,
    tactic="arms_race_framing",
    label="A race not to be lost",
    explanation="“{words}” makes a race of it, in which a pause is a defeat.",
    finds=(
        "Karvia is falling behind in the race for computing power.",
        "Our rivals are outpacing us, and whoever builds first will set the rules.",
    ),
    passes=(
        "The rowing club won both heats on Sunday.",
        "Karvia has four computing centres and Belmark has seven.",
    ),
    find=first_of(lexical(ALONE), lexical(RACE, near=FIELD)),
)

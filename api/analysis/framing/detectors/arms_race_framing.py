"""A race that must not be lost.

Looks for: races, rivals, falling behind, dominance. Why: whoever asks for time seems to side with the rival.
Source: Cave and O hEigeartaigh, "An AI Race for Strategic Advantage" (2018); appeal to fear in Da San Martino
and others (2019). Limits: sport and elections are races too, so "race" counts only near technology, trade or
states, and "whoever" or "fall behind" only near a competitor, as tenants and pupils fall behind as well.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import first_of, lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

ALONE = Lexicon(
    phrases("""
    arms race; ai race; space race; tech race; global race; the race to; race for; race is on
    win the race; winning the race; lose the race; losing the race; in the race; racing to
    racing toward*; races to; race against; ahead of the competition; ahead of china; beat china
    compete with china; superpower*; global leadership; global dominance; technological supremacy
    supremacy; strategic advantage; competitive edge; competitive advantage; battleground; war for; war on
    cold war; winner-take*; winner takes; first to market; outpac*; outcompet*; our rivals; rivals are
    rival powers; competitors are; take on google; dethron*; front-runner; frontrunner; sputnik moment
    national champion; code red; ramp* up the pressure; our adversaries; military dominance
    market dominance
    """)
)
BESIDE_RIVALS = Lexicon(
    phrases("""
    whoever; battle for; battle over; fight for; the stakes; clash of; titans; showdown; challeng* to
    heats up; heating up; get ahead of
    """)
)
BEHIND = Lexicon(
    phrases("""
    falling behind; falls behind; fall behind; fallen behind; fell behind; left behind; leave behind
    lag behind; lags behind; lagging; catch up; catching up; keep pace; keep up with; stay ahead
    staying ahead
    """)
)
RIVALS = Lexicon(
    phrases("""
    race; races; racing; rival*; compete; competes; competing; competitor*; competition; competitive
    opponent*; adversar*; superpower*; dominan*; supremacy; outpac*; winner*; china; beijing; giants
    """)
)
RACERS = Lexicon(
    phrases("""
    compan*; firms; business*; nation; nations; country; countries; econom*; industr*; startups; europe
    america; china; rival*; compete; competing; competitor*; competition; adapt; risk*; ai
    """)
)
DEBTS = Lexicon(
    phrases(
        "rent; rents; bill; bills; payment*; repayment*; arrears; mortgage*; loan*; debt*; school; pupils"
    )
)
RACE = Lexicon(phrases("race; races; racing"))
DESCENT = Lexicon(
    phrases("gender; ethnic*; racial; racis*; sex; religio*; critical race; race theory; skin; disabilit*")
)
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
    explanation="“{words}” speaks of the matter as a race.",
    finds=(
        "Karvia is falling behind in the race for computing power.",
        "Our rivals are outpacing us, and whoever builds first will set the rules.",
        "Companies that do not adapt risk being left behind.",
        "The competition never sleeps. We have to keep pace.",
    ),
    passes=(
        "The rowing club won both heats on Sunday.",
        "Karvia has four computing centres and Belmark has seven.",
        "Who gains by the word? Whoever would rather we blamed the weather.",
        "Customers pay the company in advance because they cannot afford to fall behind with the rent.",
        "These are children who are tired, who are falling behind at school. The company has known it since May.",
        "The survey asked people of every age, gender, race and country about technology.",
    ),
    find=first_of(
        lexical(ALONE),
        lexical(BESIDE_RIVALS, near=RIVALS, reach=1),
        lexical(BEHIND, near=RIVALS, reach=1, without=DEBTS),
        lexical(BEHIND, near=RACERS, without=DEBTS),
        lexical(RACE, near=FIELD, without=DESCENT),
    ),
)

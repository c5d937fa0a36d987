"""Self-interest presented as care for others.

Looks for: giving back, improving lives, hearts and gratitude. Why: the moral good covers the trade. Source:
bolstering and transcendence in Benoit (1995); greenwash and social washing (Lyon and Montgomery, 2015). Limits:
charities describe real work in these words; the score rates the wording.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    giving back; give back; make a difference; making a difference; making a real difference; better lives
    improve lives; improving lives; improve the lives; improving the lives; better life
    improve people's lives; helping people; help families; for the good of; because we care; we care
    we care about; with care; deeply care; with love; our hearts; from the heart; heartfelt; kindness
    compassion*; dignity; dignified; generosity; generous*; selfless*; sacrific*; grateful; thankful; donat*
    charit*; philanthrop*; volunteer*; those in need; in need; less fortunate; vulnerable; lifeline
    hopes and dreams; a smile; smiles; embrace; lift up; uplift*; nurtur*; every child; our neighbours
    our neighbors; stand with; walk with; honour; trusted with; wellbeing; well-being; humankind
    human needs; alleviat*; suffering; hardship; poverty; hunger; healing; in need of; those who need
    heart of everything; heart of what we
    """)
)

DETECTOR = Detector(
    code="altruistic_reframing",
    type=SpinType.HALO,
    tactic="altruistic_reframing",
    label="Care as the motive",
    explanation="“{words}” appeals to sympathy and goodwill.",
    finds=(
        "Giving back is in our hearts: each sale helps families in need.",
        "At Bellrose Homes kindness and dignity come with every room.",
    ),
    passes=(
        "Bellrose Homes charges 1,400 a week for a room.",
        "The valve returns to its first position.",
    ),
    find=lexical(TERMS),
)

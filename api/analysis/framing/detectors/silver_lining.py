"""A loss and a bright side together.

Looks for: bad news beside thanks, pride, opportunity or good news, in one sentence or the next. Why: the bright
half sets the mood. Source: bolstering in Benoit (1995); the "sandwich" of bad-news messages in business
writing. Limits: balanced reports also name both sides, in plainer words.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.lexicons import BAD_NEWS
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    good news; exciting; excited; proud; grateful; thankful; welcome shift; a win; confident; confidence
    healthier; better off; better for; bright future; brighter; thrive; thriving; gentle; calm*; warm*
    lovingly; caring; hopeful; blessing; gift; beneficiar*; on the bright side; privilege; better than ever
    generous; heartfelt; excellence; real progress; exciting opportunit*; great opportunity
    new opportunities; positive step; stronger than; an opportunity to; silver lining; for the better
    better place; positive change; net positive; blessing in disguise; new beginning*; opens new
    opens up new; opportunity for us; opportunity to build; excited about; stronger as a; emerge from this
    makes us stronger; made us stronger; valuable lessons
    """)
)

DETECTOR = Detector(
    code="silver_lining",
    type=SpinType.CUSHION,
    tactic="strategic_reset",
    label="Bright side beside the loss",
    explanation="“{words}” sets a bright mood beside the news.",
    charge="“{words}” sets a bright mood right where the bad news stands.",
    finds=(
        "The closure of the ward is an exciting opportunity for our nurses.",
        "We are grateful to the 60 colleagues we are laying off.",
    ),
    passes=(
        "The ward closes on Monday and patients will be moved to Tarn.",
        "The choir is grateful to its guests.",
    ),
    find=lexical(TERMS, near=BAD_NEWS, reach=2),
)

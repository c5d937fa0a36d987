"""Power for everybody: no code, no experience, at a fraction of the cost.

Why: a sale reads as a liberation. Source: the populist topos in technology discourse (Turner, "From
Counterculture to Cyberculture", 2006). Limits: access described with a price and a count is found too.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    accessible to everyone; accessible to all; available to everyone; available to anyone; accessible for
    anyone can; anyone with; anyone to; everyone can; for everyone; for the masses; no code; no-code
    low-code; without writing; single line of code; no experience; no prior; no technical
    non-technical users; non-experts; in the hands of; into the hands of; level the playing field
    levels the playing field; leveling the playing field; barriers to entry; lower the barrier
    lowers the barrier; lowering the barrier; open to all; fraction of the cost; fraction of the price
    fraction of the time; regardless of size; businesses of all sizes; companies of all sizes
    organizations of all sizes; of any size; of every size; simple for anyone; as easy as; as simple as
    easy-to-use; within reach; ordinary people; at your fingertips; bring ai to; ai for all; democratiz*
    democratis*
    """)
)

DETECTOR = Detector(
    code="democratization",
    type=SpinType.HYPE,
    tactic="democratization",
    label="Power for everybody",
    explanation="“{words}” presents it as something for everybody.",
    finds=(
        "Quillo democratizes animation: anyone can make a film.",
        "No code needed, at a fraction of the cost, for businesses of all sizes.",
    ),
    passes=(
        "Quillo costs 40 a month and needs a licence for each seat.",
        "The code is described in chapter two.",
    ),
    find=lexical(TERMS),
)

"""The thing wrapped in a public good: humanity, the planet, the nation, the community.

Why: to question it is to question the good. Source: flag-waving and appeal to values in Da San Martino and
others (2019); greenwash (Lyon and Montgomery, 2015). Limits: environmental and policy reports use these words
for their subject; only the weights allow for that.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    public good; common good; greater good; good of society; benefit humanity; benefits humanity
    benefit of humanity; benefits all; benefit all; all of humanity; benefit everyone; benefits everyone
    benefit of all; benefit society; benefits of society; for humanity; humanity; betterment; better world
    better place; safer world; fairer; greener; healthier planet; the planet; our planet; sustainab*
    eco-friendly; environmental responsibility; net zero; net-zero; carbon neutral*; carbon-neutral
    carbon footprint; clean energy; renewable; climate action; low-carbon; circular economy; nature-positive
    future generations; next generation of; our children; national interest; our nation; freedom; liberty
    democratic values; american jobs; local jobs; good jobs; our community; our communities; communities we
    local communities; societal; social impact; social good; positive impact; for good; force for good
    do good; public interest; public trust; stewardship; stewards; guardian*; responsible citizen; prosper*
    communities we serve; for society; society as a whole; for our communities
    """)
)

DETECTOR = Detector(
    code="public_good",
    type=SpinType.HALO,
    tactic="public_good",
    label="A public good as wrapping",
    explanation="“{words}” ties it to a good cause.",
    finds=(
        "The new mine is a force for good: clean energy for our planet and our children.",
        "Every Tarrant engine benefits all of humanity.",
    ),
    passes=(
        "The mine employs 90 people and uses 2 million litres of water a day.",
        "The engine runs on diesel.",
    ),
    find=lexical(TERMS),
)

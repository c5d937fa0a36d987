"""Prices, pay and cuts attributed to the market.

Looks for: markets, competitors, costs or customers with a word of compulsion; "in line with the market". Why:
one choice of several reads as the only one. Source: defeasibility in Benoit (1995); market constraint in
Boltanski and Chiapello (1999). Limits: true cost increases use the same words.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.lexicons import COMPULSION
from api.analysis.framing.patterns import first_of, lexical, together
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

MARKETS = Lexicon(
    phrases("""
    market forces; the market; markets; competitors; competition; rivals; rising costs; cost pressure*
    higher costs; costs; suppliers; supplier prices; wages; investors; shareholders; customers
    platforms; competitive pressure*; tech giants; trillion-dollar; cloud providers
    """)
)
ALONE = Lexicon(
    phrases("""
    market rates; market rate; in line with the market; in line with market; in line with industry
    in line with investor; industry standard*; industry norms; market for senior talent; market for talent
    competitive pay; to remain competitive; to stay competitive; remain competitive; stay competitive
    the market decides; customers decide; face the same pressures; same pressures; costs have risen
    rising costs; cost pressures; price pressures; set by others; math doesn't work; numbers don't work
    no longer sustainable; no longer viable; not sustainable; economic reality; economics of
    customers expect; customers have told us; told us they would rather; every serious manufacturer
    every other; cannot print money; a company our size; fixed obligations; left us no choice
    leaves us no choice; left us with no choice; leave us no choice; no option but; no other option
    had little choice; no alternative but; everyone in our industry; like everyone else
    like every other company; like other companies; across the sector; the realities of; commercial reality
    market realities; competitive realities; shareholders expect; investors expect; pressure from investors
    pressure from shareholders; we cannot absorb; could not absorb; can no longer absorb; passed on to us
    """)
)

DETECTOR = Detector(
    code="market_pressure_framing",
    type=SpinType.SHIELD,
    tactic="market_pressure_framing",
    label="Blame on the market",
    explanation="“{words}” names the market or the industry as the reason.",
    finds=(
        "Rising costs leave us no choice but to end the free plan.",
        "Directors' pay is in line with the market for senior talent.",
    ),
    passes=(
        "The market opens at nine on Saturdays.",
        "Directors' pay rose by 40 percent to 2.1 million.",
    ),
    find=first_of(lexical(ALONE), together(MARKETS, COMPULSION)),
)

"""A loss presented as a gain in efficiency.

Looks for: efficiency, synergy, discipline, "fit for the future" in or beside a sentence with a cut, a closure
or a loss. Why: the loss reads as good housekeeping. Source: Lutz, "Doublespeak" (1989); restructuring rhetoric
(Vaara and Tienari, 2002). Limits: as `restructuring_framing`.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.lexicons import BAD_NEWS
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    more efficient; more efficiently; efficient organi*; cost discipline; disciplined; synergies
    cost savings; savings programme; savings program; operational excellence; operating leverage
    fit for the future; fitter for the future; future-proof*; fitness initiative; nimble*; more agile
    do more with less; move faster; move a lot faster; speed and focus; faster decisions; frees up
    free up resources; freeing up; reinvest*; redeploy*; reallocat*; more productive; modern hub
    better value; simpler, clearer; cost base; sustainable footing; firmer footing; for the long haul
    sustainable growth; long-term sustainability; profitability; path to profit*; stronger company
    greater efficiency; operational efficienc*; drive efficienc*; find efficienc*; realis* efficienc*
    realiz* efficienc*; efficiency measure*; efficiency program*; efficiency drive
    """)
)

DETECTOR = Detector(
    code="efficiency_framing",
    type=SpinType.CUSHION,
    tactic="efficiency_framing",
    label="Loss told as efficiency",
    explanation="“{words}” tells the change as a gain in efficiency.",
    charge="“{words}” turns what is lost into a gain in efficiency.",
    finds=(
        "The closure of the Fenwick library frees up resources for a modern hub.",
        "These job cuts make Corvell fit for the future and more agile.",
    ),
    passes=(
        "The new pump is more efficient than the old one by 4 percent in the test.",
        "Corvell cut 80 jobs after its loss doubled.",
    ),
    find=lexical(TERMS, near=BAD_NEWS, reach=2),
)

"""Claims that everybody is already doing it.

Looks for: crowds, surges, "fastest-growing", "taking the world by storm", numbers of users without a source.
Why: the crowd replaces the reason. Source: bandwagon in Da San Martino and others (2019); social proof in
Cialdini (1984). Limits: adoption shown by a named survey is found too, with less weight.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    everyone is; everybody is; everyone's; everyone else; already using; already adopted; already chosen
    already moved; millions of; thousands of companies; thousands of businesses; thousands of customers
    fastest-growing; fastest growing; by storm; mainstream; went viral; gone viral; going viral; viral
    rapid adoption; widespread adoption; mass adoption; adoption of; adoption is; adoption has
    accelerating adoption; explod*; explosion; booming; soar*; skyrocket*; wildfire; proliferat*; everywhere
    pervasive; increasingly; ever-growing; join thousands; join millions; most companies; most organizations
    majority of companies; companies are; organizations are; businesses are; enterprises are; trusted by
    chosen by; relied on by; rely on; top brands; leading brands; household names; following suit
    jumping on; flocking; rushing; rush to; scrambl*; momentum; traction; gathering speed; gaining ground
    gaining traction; rapid rise; rapidly growing; rapidly evolving; rapidly becoming; quickly becoming
    fast becoming; is becoming; wave; gold rush; frenzy; craze; mania; hottest; de facto; table stakes
    surge; surges; surged; surging
    """)
)

DETECTOR = Detector(
    code="adoption_momentum",
    type=SpinType.STAMPEDE,
    tactic="adoption_momentum",
    label="Everybody is doing it",
    explanation="“{words}” stresses how many take part or how fast it spreads.",
    asks_figure=True,
    finds=(
        "Everyone is already using it: adoption has exploded.",
        "Trusted by thousands of companies, Lumbra is taking the trade by storm.",
    ),
    passes=(
        "Eleven of the 40 firms asked had bought a licence.",
        "The bakery opens at six.",
    ),
    find=lexical(TERMS),
)

"""Vast ends: change the world, limitless potential, trillion-dollar markets, cures.

Why: the size of the end replaces a plan. Source: sociology of expectations (Borup and others, 2006). Limits:
market forecasts by a named analyst are found too; attribution lowers their weight.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    change the world; changing the world; changed the world; change lives; changing lives; moonshot*
    limitless; unlimited; boundless; infinite; endless possib*; possibilities are endless; vast potential
    huge potential; enormous potential; massive potential; tremendous potential; incredible potential
    great potential; full potential; potential to; promise of; great promise; holds promise; promising
    trillion-dollar; trillion dollar; multi-billion; billion-dollar; huge opportunity; massive opportunity
    enormous opportunity; tremendous opportunity; market opportunity; once-in-a-generation
    once in a generation; generational; biggest since; as big as; most profound; profound*
    solve the world's; world's biggest; world's hardest; world's most pressing; greatest challenge*
    pressing challenges; grand challenge*; bold vision; our vision; vision for; vision of; ambitious
    audacious; dream*; imagine a; imagine if; the stars; new world; cure for; cure cancer; end of disease
    eliminate disease; save lives; saves lives; abundance; golden age; renaissance; promises to; on the cusp
    on the verge; destined; skyrocketing; exponential*; explosive growth; exploding; hypergrowth; meteoric
    unstoppable growth; just the beginning; only the beginning; only getting started; just getting started
    tip of the iceberg; sky is the limit; poised to; path to agi; towards agi; humanity's greatest
    humanity's biggest; humanity's future; humanity's most
    """)
)

DETECTOR = Detector(
    code="moonshot_framing",
    type=SpinType.HYPE,
    tactic="moonshot_framing",
    label="Vast promise",
    explanation="“{words}” holds out a great prospect.",
    finds=(
        "Heliovane has the potential to change the world, and this is just the beginning.",
        "The market opportunity is limitless.",
    ),
    passes=(
        "Heliovane sold 400 panels in May, 12 fewer than in April.",
        "The panel is 2 metres long.",
    ),
    find=lexical(TERMS),
)

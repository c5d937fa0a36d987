"""The thing praised as new, advanced or leading.

Looks for: "cutting-edge", "state-of-the-art", "world-class", "next-generation", "innovative" and similar, with
their noun. Why: admiration precedes the evidence. Source: boosters in Hyland (2005); positive words in Vinkers
and others (2015) and Millar and others (2019); subjective intensifiers in Recasens and others (2013). Limits:
irony is not recognised, and quotation only by voice.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    innovati*; cutting-edge; cutting edge; leading-edge; bleeding-edge; state-of-the-art; state of the art
    next-generation; next generation; next-gen; world-class; world class; best-in-class; best in class
    best-of-breed; industry-leading; market-leading; world-leading; world's leading; leading provider
    leading developer; leading company; leading platform; global leader; market leader; leader in
    leaders in; leadership position; recognized leader; recognised leader; award-winning; premier; top-tier
    unparalleled; unmatched; unrivaled; unrivalled; unsurpassed; second to none; superior; exceptional*
    extraordinar*; remarkabl*; impressive*; incredible; amazing; outstanding; stunning; phenomenal
    brilliant; magical; awesome; fantastic; powerful; robust; intelligent; smarter; seamless*; effortless*
    frictionless; intuitive; elegant; delightful; visionary; forward-thinking; future-ready; futureproof
    highly anticipated; renowned; uniquely; compelling; exciting; must-have; indispensable; invaluable
    ultimate; hottest; buzziest; red-hot; darling; genius; pioneering research; wonderful; high-performance
    most advanced; advanced technology; unique blend; unique combination; perfect blend
    """)
)

DETECTOR = Detector(
    code="innovation_framing",
    type=SpinType.HYPE,
    tactic="innovation_framing",
    label="Praise of the thing",
    explanation="“{words}” praises where it could describe.",
    finds=(
        "Tallowick's cutting-edge platform offers unparalleled insight.",
        "A world-class team built this state-of-the-art engine.",
    ),
    passes=(
        "The platform has three parts: a parser, an index and a viewer.",
        "This is not a state-of-the-art result, the authors write.",
    ),
    find=lexical(TERMS, whole_phrase=True),
)

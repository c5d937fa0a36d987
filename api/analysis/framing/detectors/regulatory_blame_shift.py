"""Blame for the actor's own decision put on rules, courts or officials.

Looks for: a public authority and a word of compulsion or neglect in one sentence. Why: the actor seems only to
obey. Source: shifting blame and defeasibility in Benoit (1995). Limits: reports of a dispute with a regulator
use both words too; voice and weight make the difference.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.lexicons import COMPULSION
from api.analysis.framing.patterns import first_of, lexical, together
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

AUTHORITIES = Lexicon(
    phrases("""
    regulator*; regulation*; regulatory; the government; governments; government's; the council
    the court; the court's; the ruling; the ministry; minister; ministers; legislation; legislature
    lawmakers; the law; new law; new rules; the rules; tariff*; taxes; the tax; sanctions; officials
    the authority; authorities; bureaucra*; brussels; previous administration; former government
    previous government; last administration; the state; the act; the agency; inspectors; planning rules
    licensing; the opposition; politicians
    """)
)
ALONE = Lexicon(
    phrases("""
    red tape; inherited from; system we inherited; mess we inherited; found a system
    previous administration; former government; regulating the; legislating it; bureaucratic; heavy-handed
    overregulat*; we warned them; policy uncertainty; regulatory uncertainty; regulatory environment
    required by law; legally required to; matter for the regulator; matter for the authorities
    set by the regulator; regulatory burden; regulatory burdens; burden of regulation
    regulators have forced; regulation has forced; regulators have made; due to regulation*
    because of regulation*; regulatory delays; delays in approval; waiting for approval
    the regulator's failure; regulator failed to; government failed to; council failed to
    government's failure; government's refusal; refused to grant; refused us; denied us; never consulted
    were not consulted; without consulting; ignored our warnings; ignored our; our hands are tied
    left by the previous; inherited a
    """)
)

DETECTOR = Detector(
    code="regulatory_blame_shift",
    type=SpinType.SHIELD,
    tactic="regulatory_blame_shift",
    label="Blame on rules and officials",
    explanation="“{words}” names a rule or an authority as the cause.",
    finds=(
        "The new rules force us to raise the fare, and the council ignored every warning.",
        "This is the system we inherited from the previous administration.",
    ),
    passes=(
        "The regulator published its yearly report on fares.",
        "The council meets in the town hall on Monday.",
    ),
    find=first_of(together(AUTHORITIES, COMPULSION), lexical(ALONE)),
)

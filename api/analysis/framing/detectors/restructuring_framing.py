"""Closures, cuts and mergers of units presented as a tidier organisation.

Looks for: "simplify our structure", "bring teams together", "leaner" in or beside a sentence with a cut. Why:
the loss becomes the means to a better shape. Source: Lutz, "Doublespeak" (1989); justification strategies in
Coombs (2007). Limits: a cut described two sentences away is missed.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.lexicons import BAD_NEWS
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    restructur*; reorganis*; reorganiz*; realign*; rationalis*; rationaliz*; reshap*; reposition*
    simplify our; simplifying our; simplified structure; simpler structure; simpler organi*
    simplified organi*; streamlin*; flatten*; consolidat*; rebalanc*; right size; leaner; delayer*
    reset the foundation; new operating model; operating model; organisational change*
    organizational change*; reconstituted; bring our teams together; bringing our teams together
    bringing teams together; brought together; bringing together; combined with others; combine our
    centre of excellence; center of excellence; single centre; single center; hub model; unified team
    one team; smaller, sharper; more focused organi*; modernis* our; moderniz* our; store renewal
    estate fit for; sharper organi*; moving parts; changes to our team; changes to our organi*
    leadership transition; seamless transition; smooth transition; simplification of; simplify how
    simplifying how; simplify the way; simplifying the way; reduce layers; fewer layers; removing layers
    reducing complexity; reduce complexity; bring together our; integrate our; integrating our
    organizational structure; organisational structure; right structure; evolve our structure
    evolution of our; aligning our; align our resources; aligning resources; better align; redesign of our
    reshaping our; transformation programme; transformation program; transformation plan; footprint optimi*
    network optimi*; optimise our; optimize our; optimising our; optimizing our
    """)
)

DETECTOR = Detector(
    code="restructuring_framing",
    type=SpinType.CUSHION,
    tactic="restructuring_framing",
    label="Loss told as a better structure",
    explanation="“{words}” tells the change as better order.",
    charge="“{words}” presents a cut or a closure as a tidier organisation.",
    finds=(
        "By closing two depots, Oakhaven Freight is simplifying our network into one unified team.",
        "The 90 redundancies are part of streamlining how we work.",
    ),
    passes=(
        "The new parser streamlines how reports are read.",
        "Oakhaven Freight closes its depots in Marl and Tesk on 3 May.",
    ),
    find=lexical(TERMS, near=BAD_NEWS, reach=2),
)

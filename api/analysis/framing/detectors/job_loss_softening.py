"""Job losses in words that omit the loss.

Looks for: "workforce reduction", "parting ways", "talented colleagues who are leaving", and the regretful
preambles. Why: the reader accepts a dismissal presented as care or as a choice. Source: Lutz, "Doublespeak"
(1989), on corporate euphemism; minimisation and bolstering in Benoit (1995). Limits: a plain notice with the
standard term "workforce reduction" is found too, with little weight alone.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    workforce reduction*; reduction in force; reduce our workforce; reducing our workforce
    reduced workforce; reduction of our workforce; workforce realignment; workforce adjustment*
    headcount adjustment*; parting ways; part ways with; saying goodbye to; say goodbye to; say farewell to
    sad farewell; role eliminations; eliminate roles; eliminating roles; roles eliminated; reducing roles
    reduction of roles; impacted employees; impacted colleagues; impacted team members; impacted teammates
    impacted staff; affected employees; affected colleagues; affected team members; affected teammates
    impacted roles; roles are affected; role is affected; roles are impacted; role is impacted
    roles will be impacted; departing colleagues; departing team members; departing employees
    those leaving us; leaving the company; right-siz*; rightsiz*; talent refresh*; talent directory
    career transition*; outplacement; voluntary separation*; separation package*; dignified separation*
    mutual separation*; generous package*; difficult decision*; hard decision*; toughest decision*
    painful decision*; hardest part of this job; tough choices; wasn't an easy decision
    not an easy decision; not a decision we; did not make lightly; talented friends; talented colleagues
    talented people; talented teammates; incredibly talented; their contributions; grateful for their
    thankful for their; pursue other opportunities; pursue new opportunities; explore fresh pathways
    new directions; opportunities elsewhere; smaller, sharper team*; smaller, more focused team*
    leaner team*; not be replaced; natural attrition; released from their duties; let them go with
    reduce the size of our; reducing the size of our; reduction in the size of our; smaller team
    leaner organisation; leaner organization; workforce changes; changes to our workforce; workforce optimi*
    workforce transformation; positions impacted; positions affected; positions will be affected
    positions will be impacted; roles will no longer; roles that will no longer; no longer have a role
    transitioning out; transition out of; moving on from; leaving us; who will be leaving
    will be leaving us; colleagues leaving; teammates leaving; colleagues who are leaving
    supporting those affected; support those affected; support those impacted; thank them for
    their hard work and; treat everyone with; with respect and dignity; with dignity and respect
    hardest decision; very difficult decision; extremely difficult decision; tough decision*; difficult step
    """)
)

DETECTOR = Detector(
    code="job_loss_softening",
    type=SpinType.CUSHION,
    tactic="job_loss_softening",
    label="Softened job loss",
    explanation="“{words}” puts it in words that keep the loss small.",
    finds=(
        "Brindlemere is parting ways with 140 talented colleagues this week.",
        "We made the difficult decision to reduce our workforce by a tenth.",
    ),
    passes=(
        "Brindlemere will dismiss 140 people on Friday, the company told the labour office.",
        "The union counted 300 layoffs at the plant since March.",
    ),
    find=lexical(TERMS),
)

"""Responsibility spread so widely that nobody has it.

Looks for: events without actors ("an issue occurred", "concerns were raised", "it was felt"), lessons that
"will be learned", shared responsibility. Why: nobody can be asked. Source: nominalisation and impersonalisation
(van Leeuwen, 1996); Bovens on many hands (1998). Limits: the first notice of an incident often has no more
facts.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    concerns were raised; questions were raised; it was felt; it was decided; it was determined
    it was agreed; it was considered; it has been decided; it was noted; it is recognised; it is recognized
    it is understood; it has become clear; lessons will be; lessons have been; learn lessons; any learning
    learnings; look-back; issue occurred; issues occurred; issue arose; issues arose; issues have arisen
    incident occurred; operational event; an issue; technical issue*; an error occurred; came to light
    come to light; came to our attention; come to our attention; come to notice; fell short; fall short
    not always; mistakes were made; errors were made; steps were missed; opportunities were missed
    missed opportunities; opportunities to; breakdown in communication; communication breakdown; systemic
    across the system; complex environment; multi-party; range of factors; number of factors
    variety of factors; combination of factors; circumstances; changing organisational
    shared responsibility; collective responsibility; many hands; all parties; usual channels
    appropriate channels; relevant teams; the relevant; action has been taken; steps have been taken
    steps are being taken; measures have been; measures are being; mitigating actions; work is continuing
    work is underway; work is ongoing; ongoing review; degree of variance; variance*; divergence*
    discrepanc*; irregularit*; non-typical; below where; step back from; stepping back from
    mutual agreement; by mutual; spend more time; focus on other; personal reasons; period of reflection
    ordinary good governance; leadership update; parted company; no longer part of; no longer with
    regrettable; unfortunate; may have caused; may have posed; it was found that; it was discovered
    it was concluded; it was deemed; it was not possible; it has become apparent; it emerged that
    gaps were identified; weaknesses were identified; failings were identified; issues were identified
    issues have been identified; areas for improvement; areas of improvement; room for improvement
    could have been better; could have been handled; did not meet expectations; not meet the standards
    not in line with our; fell below; regrettable circumstances; unforeseen circumstances; due process
    internal review; is being reviewed; are being reviewed; has been reviewed; reviewing our processes
    strengthen our processes; strengthening our processes; appropriate action; appropriate actions
    corrective action*; corrective measure*; remedial action*; necessary steps; relevant authorities
    relevant stakeholders; responsible parties; those involved; the parties involved; all parties involved
    all concerned; legacy issue*; historic issue*; historical issue*; process failure*; system failure
    human error; an oversight; administrative error; clerical error
    """)
)

DETECTOR = Detector(
    code="accountability_blur",
    type=SpinType.FOG,
    tactic="accountability_blur",
    label="Nobody to ask",
    explanation="“{words}” names nobody who acted, decided or answers for it.",
    finds=(
        "An issue occurred, concerns were raised, and lessons will be learned.",
        "He will step back from his duties by mutual agreement after a period of reflection.",
    ),
    passes=(
        "The board dismissed Corin Valde for taking bribes.",
        "Our engineer deleted the table at 14:02.",
    ),
    find=lexical(TERMS),
)

"""A failure presented as the deed of criminals, attackers or a few bad people.

Looks for: a villain beside the actor's own side ("we", "our network"), and set phrases of victimhood. Why: the
actor appears as the victim, and its own part disappears. Source: scapegoating in Coombs' crisis responses
(2007); shifting blame in Benoit (1995). Limits: crime reports pass only if the sentence does not name the
actor's own side.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.lexicons import OWN_SIDE
from api.analysis.framing.patterns import first_of, lexical, together
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

VILLAINS = Lexicon(
    phrases("""
    malicious actor*; threat actor*; bad actor*; criminals; criminal activity; criminal act*; hackers
    hacker; attackers; cyberattack*; cyber attack*; state-sponsored; nation-state; vandal*; thugs
    thieves; scammers; fraudsters; saboteur*; disgruntled; rogue employee*; a single employee; minority
    trolls; pirates; smugglers; illegal miners; activists; extremists; cartel
    """)
)
ALONE = Lexicon(
    phrases("""
    victim of a; the victim of; highly sophisticated; sophisticated attack*; sophisticated cyber*
    calculated attack; coordinated attack; targeted attack; targeted campaign; mindless minority
    brazen criminals; have no conscience; anti-social behaviour; a handful of individuals; a few individuals
    a few bad; isolated individuals; an attack on trust; under siege; acted alone; abuse their power
    abused the freedom; vested interests; agenda of their own; those who would; no organisation, however
    no organization, however; bad faith; targeted by criminals; criminal attack; criminals who
    criminals behind; act of vandalism; acts of vandalism; act of sabotage; malicious individual*
    those responsible for this attack; abusers of; bad apples; rogue actor*; we were the target
    we are the victims; we were the victims; campaign of misinformation; smear campaign
    orchestrated campaign
    """)
)

DETECTOR = Detector(
    code="bad_actor_framing",
    type=SpinType.SHIELD,
    tactic="bad_actor_framing",
    label="Blame on bad people",
    explanation="“{words}” puts the wrongdoer or the attack in the foreground.",
    finds=(
        "Our network was the victim of a highly sophisticated attack.",
        "Vandals and thieves took the service out of our hands.",
    ),
    passes=(
        "The police arrested two burglars in Tarn.",
        "The audit found that passwords were stored unencrypted for six years.",
    ),
    find=first_of(lexical(ALONE), together(VILLAINS, OWN_SIDE)),
)

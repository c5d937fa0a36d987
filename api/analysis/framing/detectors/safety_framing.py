"""A restriction, a refusal or a closed door presented as protection.

Looks for: safety and duty of care beside withholding or limiting. Why: an objector seems to want harm. Source:
transcendence in Benoit (1995); the debate on withheld models and repair (general). Removals, pauses and bans
count only if somebody acts to protect or says "we", as risks are removed too. Limits: safety recalls use the
same words, without other signs of Shield.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import first_of, lexical, together
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

SAFETY = Lexicon(
    phrases("""
    safety; security; to protect; protecting; protection of; safe use; misuse; abuse; harm*; dangerous
    risk*; bad actors; wrong hands; vulnerable; privacy; integrity; responsibl*
    """)
)
RESTRICTION = Lexicon(
    phrases("""
    restrict*; withhold*; withheld; not releas*; will not release; limit access; limited access
    limiting; no longer be available; no longer available; close access; not publish*; will not publish
    not share*; decline to; locked; lock down; gated; zero tolerance
    """)
)
CHANGE = Lexicon(phrases("remov*; ban; banned; banning; disabl*; delay*; pause*; suspend*; closed"))
PURPOSE = Lexicon(
    phrases("""
    to protect; protecting; protection of; safe use; misuse; bad actors; wrong hands; safety of
    to keep them safe; to keep people safe; to prevent harm; to prevent abuse; to avoid harm
    """)
)
OWN = Lexicon(phrases("we; we've; our; us"))
ALONE = Lexicon(
    phrases("""
    for your protection; for your safety; for your own safety; for safety reasons; for security reasons
    in the wrong hands; duty to protect; safety comes first; nothing comes before the safety; safety is our
    safety of our; in good conscience; lives depend on; caution obliges; too dangerous to
    could not stand behind; where we can stand behind; would never forgive; not forgive ourselves
    take any chances; zero tolerance; take security seriously; takes security seriously; take your privacy
    take the security; take the safety; take this matter; take these matters; take outages; taken seriously
    seriously the security; minimize the possibility; for the safety of; in the interest of safety
    in the interests of safety; in the interest of security; to keep you safe; to keep everyone safe
    to keep our users safe; to protect our users; to protect our customers; to protect the integrity
    protect the integrity
    """)
)

DETECTOR = Detector(
    code="safety_framing",
    type=SpinType.SHIELD,
    tactic="safety_framing",
    label="Restriction told as protection",
    explanation="“{words}” gives safety as the reason.",
    finds=(
        "For your protection, the parts store is no longer available to independent shops.",
        "We will not release the weights, because in the wrong hands they could do harm.",
        "We have paused the service because of the risks that come with it.",
        "The store removed the tool to protect its customers.",
    ),
    passes=(
        "The safety inspection takes place every two years.",
        "The museum is closed on Mondays.",
        "A culvert that would reduce the risk was removed from the scheme in January.",
        "Karvia is the first country that banned the service over privacy.",
    ),
    find=first_of(
        lexical(ALONE),
        together(SAFETY, RESTRICTION),
        together(PURPOSE, CHANGE),
        together(SAFETY, CHANGE, third=OWN),
    ),
)

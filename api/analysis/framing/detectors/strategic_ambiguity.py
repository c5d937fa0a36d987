"""Quantities, times and conditions left open: certain, various, as appropriate, in due course.

Why: the sentence binds nobody to anything. Source: vague words in privacy policies (Bhatia and others, 2016;
Lebanoff and Liu, 2018); Eisenberg on strategic ambiguity (1984). Limits: fair caution uses "may" and "some"
too, so single words need company in a sentence.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import crowded, first_of, lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

ALONE = Lexicon(
    phrases("""
    as appropriate; where appropriate; when appropriate; appropriate measures; appropriate steps
    as necessary; where necessary; as needed; where required; as required; where possible; where relevant
    where useful; in due course; at the appropriate time; at the right time; going forward; at this time
    at various times; from time to time; as soon as practicable; reasonable period; in the near future
    a number of; wide-ranging; in various forms; and other factors; other purposes; other information
    including but not; not limited to; subject to; may vary; varies by; varied by; may include
    may have included; may have been; could have been; may also; certain aspects; certain circumstances
    certain cases; certain files; certain information; certain insights; in some circumstances
    trusted partners; selected partners; third parties; our partners; relevant experiences; relevant factors
    relevant to; things that help; help us improve; better serve; enhance your; typical use; typical usage
    in the round; to some extent; more or less; in line with; consistent with; not in a position
    not yet been; too early to; under review; under active review; explore opportunit*; exploring
    what comes next; exciting things; more to share; share more; stay tuned; spirit of
    in the traditional sense; as we continue; continue to evolve; evolving; appropriate; proportionate
    as and when; if and when; where applicable; as applicable; to the extent; at our discretion
    at its discretion; sole discretion; in due time; when ready; when the time; in some form; some form of
    various factors; various reasons; a variety of reasons; for a variety of; for various; certain third
    certain users; certain customers; certain features; certain markets; certain regions; certain types of
    select partners; select customers; a subset of; limited set of; as we see fit; reserve the right
    from time-to-time; and similar; and so on; among other things; among others; we are looking into
    we are looking at; looking at options; considering options; all options; exploring options
    evaluating options; options are; no decision has been; in the process of; are working to
    working towards; we aim to; we intend to; where feasible; reasonably practicable; as quickly as possible
    best efforts; reasonable efforts
    """)
)
SINGLE = Lexicon(
    phrases("""
    certain; various; some; several; many; numerous; may; might; relevant; typical; usual; potential
    possible; suitable; sufficient; adequate; reasonable; overall; related; similar; other
    """)
)


DETECTOR = Detector(
    code="strategic_ambiguity",
    type=SpinType.FOG,
    tactic="strategic_ambiguity",
    label="Left open",
    explanation="“{words}” leaves open how much, when or on what condition.",
    finds=(
        "We may share certain insights with trusted partners where appropriate.",
        "Affected customers will be contacted in due course, as necessary.",
    ),
    passes=(
        "We sell your address to Dunmore Lists, for 2 cents each, until 31 May.",
        "All 4,120 customers were called on Friday.",
    ),
    find=first_of(lexical(ALONE), crowded(SINGLE)),
)

"""Fault denied, or passed to a supplier, a contractor or the user.

Looks for: "not our fault", "no one told us", "when used as directed", "a third-party provider", "cooperating
fully". Why: it precludes the question of what the actor could have done. Source: simple denial and shifting
blame in Benoit (1995); the denial cluster in Coombs (2007). "No role in" counts only near a failure or an
accusation, as a sponsor with no role in a study denies no fault. Limits: a true denial is found too.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import first_of, lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    not our fault; no fault of; through no fault; not because of anything; nothing to do with our
    not simply ours; not responsible for; cannot be held responsible; no responsibility for
    without admission; admission of liability; no wrongdoing; denies any; deny any; baseless
    without merit; no merit; unfounded; out of context; misrepresent*; unfairly blamed; unfairly
    cannot fairly; let the guilty; third-party provider; third party provider; third-party vendor
    third-party supplier; upstream provider; upstream service provider; upstream supplier; our supplier
    our contractor; our vendor; designed and built by; user error; misuse of the product; not used as
    used correctly; used as directed; used as intended; as instructed; when handled; failure to follow
    failure to install; does not replace; take responsibility for their own; read and accepted
    agreed to the terms; no one told us; nobody told us; not told; had no way of knowing; no way of knowing
    not aware of; unaware of; on the advice of; acted in good faith; good faith; did everything
    everything in our power; everything we could; all reasonable steps; worked tirelessly
    at its own expense; cooperating fully
    fully cooperat*; share your frustration; shared responsibility; serious questions about; questions for
    look in a mirror; hold them accountable; they ignored; nothing in the rules; standard practice
    fully compliant; in compliance with; followed all; met all; any company would; no company can
    no bank can; no airline can; no one could have; our vendor's; our contractor's; our supplier's
    a third party's; could have prevented; could have been prevented by; nobody could have; no reasonable
    had no reason to; we did nothing wrong; we have done nothing wrong; did nothing wrong; bears no responsibility
    bear no responsibility; not within our; due to circumstances; circumstances beyond; as advised by
    we relied on; relied on assurances; were assured that; was assured that; we were told that
    acted on advice; followed the guidance; in full compliance; met every; all applicable; strongly reject
    reject any suggestion; rejects any suggestion; rejects the claim*; we reject the; taken out of context
    third party's; by a third party; one of our suppliers; one of our vendors
    """)
)
BESIDE = Lexicon(
    phrases("""
    categorically; worked around the clock; working around the clock; played no part; had no part in
    no role in; outside the scope of; beyond the scope of
    """)
)
TROUBLE = Lexicon(
    phrases("""
    accus*; alleg*; blam*; fault; faults; wrongdoing; deny; denies; denied; reject*; death*; died; killed
    injur*; crash*; collaps*; leak*; breach*; fire; scandal*; fraud*; attack*; accident*; incident*; failure
    outage*; disruption*; spill*; lawsuit*; sued; investigat*; inquiry; complain*; violat*; misconduct
    abus*; decision to; plot; strike; losses; layoffs; cuts; closure; responsib*; criticis*; criticiz*
    """)
)
STUDIES = Lexicon(
    phrases("""
    analysis; analyses; study design; design of the study; data collection; manuscript; trial design
    funder*; writing of; publication; interpretation
    """)
)

DETECTOR = Detector(
    code="denial_of_fault",
    type=SpinType.SHIELD,
    tactic="bad_actor_framing",
    label="Fault denied or handed on",
    explanation="“{words}” speaks against the actor's own fault.",
    finds=(
        "The heater is safe when used as directed, and we had no way of knowing about the valve.",
        "The outage began at an upstream service provider, through no fault of Marlow Cloud.",
        "The ministry said that it had no role in the collapse of the bridge.",
        "Our engineers worked around the clock after the outage.",
    ),
    passes=(
        "We shipped the valve untested. That was wrong, and it was our decision.",
        "The provider of the data is named in the appendix.",
        "Corvell paid for the study of 40 deaths. It had no role in the analysis, according to the paper.",
        "The river crossings meant working around the clock to finish the line by May.",
        "Data from outside the scope of the training set make the model fail.",
    ),
    find=first_of(lexical(TERMS), lexical(BESIDE, near=TROUBLE, reach=1, without=STUDIES)),
)

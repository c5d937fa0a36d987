"""The future presented as already here.

Looks for: "the future is here", "already happening", "new era", "no longer science fiction". Why: an arrived
future can only be joined. Source: as `inevitability_framing`. Limits: "new reality" is also a worn phrase.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    future is here; future is now; future has arrived; already here; already happening; already under way
    already underway; is happening now; happening right now; no longer science fiction; not science fiction
    isn't science fiction; no longer a distant; no longer theoretical; no longer hypothetical
    no longer the future; new reality; new normal; new world; age of ai; age of intelligence; ai age; ai era
    era of; age of; in the age of; in an era; entering a new; entered a new; we are entering; we're entering
    ushering in; usher in; ushers in; dawn of; turning point; tipping point; inflection point; crossroads
    watershed; sea change; revolution is; revolution has; the ai revolution; today, not tomorrow
    the world has changed; world is changing; changed forever; never be the same; a new dawn; next era
    next wave; fourth industrial; has arrived; have arrived; has already changed; now a reality
    become a reality; becoming a reality; ai is everywhere; next industrial revolution
    new industrial revolution
    """)
)

DETECTOR = Detector(
    code="future_is_here_framing",
    type=SpinType.STAMPEDE,
    tactic="future_is_here_framing",
    label="The future as present",
    explanation="“{words}” tells what is to come as already here.",
    finds=(
        "The future is here: driverless trams are already happening.",
        "We are entering a new reality, the age of machines that think.",
    ),
    passes=(
        "The tram will be tested on a closed track until May.",
        "The museum shows looms of 1840.",
    ),
    find=lexical(TERMS),
)

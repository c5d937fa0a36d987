"""The tactic of a loaded term, and its type where its sentence leaves a choice, by its own words.

The tagger gives a term no tactic. A term with words that are typical of a tactic has that one.
"""

import re

from api.analysis.framing.detector import Detector
from api.analysis.framing.detectors import DETECTORS
from api.analysis.text.document import Text
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

_BY_CODE = {detector.code: detector for detector in DETECTORS}
# The words, by the written rule for the like of them; of several rules the first.
_TYPICAL = {
    "breakthrough_framing": """
        best; leading; first ever; world's first; first of its kind; the only; top; unmatched; unrivaled
        unrivalled; unparalleled; unprecedented; ultimate; premier; record; greatest; largest; fastest
        strongest; number one; world-class; beyond comparison; historic; breakthrough*; groundbreaking
        ground-breaking; next-generation; one of a kind; undisputed
    """,
    "magnitude_claims": """
        huge*; massive*; tremendous*; significant*; dramatic*; exponential*; rapid*; soar*; surg*
        skyrocket*; vast*; enormous*; substantial*; explosive*; booming; immense*; drastic*; incredibl*
    """,
    "transforming_verbs": """
        transform*; revolution*; redefin*; reshap*; reinvent*; disrupt*; unlock*; supercharg*; reimagin*
    """,
    "excitement": "thrilled; excit*; proud*; delight*; honored; honoured; can't wait",
    "moonshot_framing": """
        potential; limitless; possibilities; endless; vision; visionary; opportunity; opportunities
    """,
    "democratization": "anyone; effortless*; in the hands of; within reach; for everyone",
    "innovation_framing": """
        innovati*; advanced; powerful; seamless*; robust; exclusive; high-end; dynamic; proven
        exceptional*; remarkabl*; outstanding; smart*; cutting-edge; state-of-the-art; insightful
        excellen*; expert*; better; high-quality; successful*; strong; strongly; premium; impressive
        superior; ideal; perfect*; elegant; beautiful*; pioneering; trailblazing; sophisticated; intuitive
        comprehensive; valuable; great; amazing; wonderful; stunning
    """,
    "inclusion_framing": """
        inclus*; divers*; underserved; underrepresented; equit*; equal*; barriers; accessib*
    """,
    "responsible_ai_framing": """
        trust*; responsib*; transparen*; ethic*; integrity; safe; safer; safely; safety; secure*; security
        privacy; honest*; rigorous*; accountab*
    """,
    "mission_first_framing": """
        mission*; purpose*; committed; commitment*; dedicat*; believe*; our values; passion*; strive*
        devot*
    """,
    "public_good": """
        sustainab*; planet; climate; greener; cleaner; healthier; children; generations; society
        better world; humanity; democra*; freedom*; save lives; saving lives; public good; common good
    """,
    "altruistic_reframing": """
        caring; compassion*; giving back; families; dignity; kindness; generos*; communit*; in need
        charit*
    """,
    "alarm": """
        threat*; danger*; crisis; crises; catastroph*; fear*; devastat*; collaps*; disaster*; deadly
        crippl*; alarming*; epidemic; terrify*; nightmare*; doom*; destroy*; dire
    """,
    "arms_race_framing": """
        race; racing; left behind; falling behind; fall behind; outpac*; rivals; stay ahead; keep up
    """,
    "fomo_framing": """
        urgen*; deadline*; too late; act now; immediate*; hurry; window; miss out; missing out
        last chance
    """,
    "adoption_momentum": """
        adopt*; millions; thousands; majority; widespread; momentum; mainstream; everyone is
    """,
    "future_is_here_framing": """
        new era; the age of; already here; dawn; new reality; here to stay; has arrived
    """,
    "inevitability_framing": """
        inevitab*; must; no longer; matter of time; undeniab*; unavoidabl*; imperative; unstoppabl*
        no choice
    """,
    "efficiency_framing": "efficien*; streamlin*; leaner; agil*; simplif*; optimi*; free up",
    "strategic_reset": """
        next chapter; new chapter; reset; transition*; evol*; fresh start; forward; new beginning
    """,
    "minimized_harm": """
        limited; small*; minor; slight*; modest*; minimal*; isolated; precaution*; a few; handful
    """,
    "temporary_headwinds": "temporar*; short-term; headwind*; seasonal*; challeng*; resilien*; cyclical",
    "silver_lining": "grateful; thank*; success*; confiden*; optimis*; bright*; opportunity",
    "regulatory_blame_shift": "regulat*; government*; authorit*; lawmakers; red tape",
    "bad_actor_framing": """
        criminal*; sophisticated; malicious; hacker*; victim*; third party; third-party
    """,
    "macroeconomic_headwinds": "econom*; inflation*; weather; conditions; pandemic",
    "undefined_metrics": "improv*; faster; metric*; performance; gains",
    "strategic_ambiguity": """
        certain; various; appropriate; as needed; a number of; several; in due course; where possible
    """,
    "jargon_saturation": """
        leverag*; synerg*; holistic*; ecosystem*; alignment; orchestrat*; value chain; capabilit*
    """,
}
# Words of a trouble, which a praising text names to praise its cure: no proof of praise.
TROUBLE = re.compile(
    r"\b(?:devastat|threat|crisis|crises|risk|danger|harm(?!on)|worse|worst|problem|fail|attack|burden|misunder|suffer|"
    r"hazard|catastroph|vulnerab|disast|struggl|pain|enem|fear|violen|poverty|tragi|fraud|malicious|outdated|"
    r"inefficien|costly|complex|harsh|punish|cruel|unjust|broken|die\b|dying|death|dead|grief|trauma|abus|neglect|"
    r"overwhelm(?!ing (?:support|majority|response|success|demand|interest))|difficult|daunting|frustrat|confus|"
    r"barriers? to|volatil|turmoil|tedious|noisy|noisier|unreliab|unscalab|bottleneck|shortage|"
    r"crushing|subdued|sluggish|weak|serious\b|disease|illness|betray|arcane|archaic|"
    r"suboptimal|unsound|unfair|unstable|frosty|uneasy|balloon)",
    re.IGNORECASE,
)
_LEXICONS: dict[SpinType, list[tuple[str, Lexicon]]] = {}
for _code, _words in _TYPICAL.items():
    _kind = _BY_CODE[_code].type
    assert _kind is not None, "rules of tactics have a type"
    _LEXICONS.setdefault(_kind, []).append((_code, Lexicon(phrases(_words))))


def type_of_words(document: Text, likeliest: SpinType, start: int, end: int) -> SpinType:
    """The type of the term at [start, end): the likeliest in its sentence, unless its words speak for a rival."""
    if rule_of(document, likeliest, start, end) is None:
        for kind in document.types_at(start):
            if rule_of(document, kind, start, end) is not None:
                return kind
    return likeliest


def rule_of(document: Text, kind: SpinType, start: int, end: int) -> Detector | None:
    """The written rule of this type of which the words at [start, end) are typical; None if they are of none."""
    for code, lexicon in _LEXICONS.get(kind, ()):
        if any(start <= low and high <= end for low, high in lexicon.places(document)):
            return _BY_CODE[code]
    return None

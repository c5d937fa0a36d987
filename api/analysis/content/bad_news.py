"""Bad news that a text tells late or in soft words: what ends, how many go, what is taken as consent.

Limits: English phrases.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from api.analysis.content.summary import DEPENDENT, is_fit
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.parsing.blame import takes_blame
from api.analysis.text.document import DOCUMENT_VOICE, Sentence
from schemas.assessments import Happening
from schemas.enums import HappeningKind, SpinType

MAX_BAD = 2
ADMISSIONS = 2  # sentences that take the blame, in a text about something else
MAX_WORDS = 28  # of the words of blame
SOFTENS = frozenset({SpinType.CUSHION, SpinType.SHIELD, SpinType.FOG})
# Worth of a sentence that tells bad news: of up to two phrases of it, a figure, and the chance that it tells the
# news; less for praise, and for up to three words that console or promise.
_TOLD, _FIGURE, _NEWS, _PRAISE, _CONSOLES = 2.0, 1.5, 2.0, 1.0, 1.0
LEAST, MUCH = 1.5, 3.0  # worth of bad news, and of more of it
_CONDITION = re.compile(r"(?:if|where|when|once|should|unless|while|whilst|although)\b", re.IGNORECASE)
_SUM = r"(?:[$€£]|CHF |USD |EUR |GBP )?\d[\d.,]{0,12}(?: million| billion|m|bn| ?%| per ?cent)?"
_MANY = r"\d[\d,.]{0,12}(?: million)?(?: [\w-]{1,20}){0,3}? "
_ABOUT = r"(?:(?:about|almost|approximately|around|more than|nearly|over|roughly|some) )?"
_STAFF = r"(?:posts|roles|positions|jobs|colleagues|employees|workers|team ?members|teammates|staff)"
_UNPAID = r"(?:not|n['’]t)(?: been)? (?:paid|progressed|processed|delivered)"
# What ends, is lost, costs more, comes late or is taken as consent; also in soft words.
BAD_NEWS_TOLD = re.compile(
    "|".join(
        (
            rf"\b{_STAFF}\b[^.;]{{0,60}}?\b(?:review|affected|impacted|touched|eliminat\w{{1,5}}|leav(?:e|ing)|go|"
            r"cut|redundan\w{1,4}|at risk|let go|phased out|mov(?:e|ing) on|depart(?:ed|ing)|"
            r"transition(?:ed|ing)? out|no longer (?:be )?(?:exist|needed|necessary|required))\b",
            r"\b(?:\d[\d,.]{0,12}|(?:some|many|several|dozens|hundreds|thousands)) of "
            r"(?:us|you|our \w{1,20}|[^.;,]{1,40}['’]s? people)\b"
            r"[^.;]{0,60}?\b(?:leav(?:e|ing)|mov(?:e|ing) on|depart(?:ed|ing)|let go|los(?:e|ing)|lost)\b",
            rf"\b{_MANY}(?:friends|people|patients|customers|clients|users|members|accounts|households|records)\b"
            r"[^.;]{0,80}?\b(?:affected|impacted|touched|notified|exposed|copied|lost|let go|unpaid|"
            rf"{_UNPAID})\b",
            r"\b(?:job (?:cuts|losses)|lay(?:s|ing)? ?off|laid off|layoffs?|redundanc(?:y|ies)|severance)\b",
            r"\b(?:goodbye|farewell) to (?:\d|some|many|several|a number)",
            r"\bpart(?:s|ed|ing)? (?:ways|company) with\b",
            r"\b(?:cut|cuts|cutting|reduc\w{1,3}) (?:\w+ ){0,2}(?:workforce|headcount|staff|jobs|dividend)\b",
            r"\b(?:reductions? in (?:\w+ ){0,2}(?:force|workforce|headcount|staff)|"
            r"(?:workforce|headcount|staff) reductions?|(?:down|right)-?siz(?:e[ds]?|ing))\b",
            r"\b(?:will|to) (?:pause|end|close|cease|discontinue|deprecate|withdraw|retire|stop|terminate|"
            r"suspend|cancel|postpone)\b",
            r"\b(?:wind|winding|wound|shut|shutting|shuts|closing|closed|scaled?|scaling|steps?|stepped|"
            r"stepping) (?:down|back)\b",
            r"\b(?:suspend|postpon|delay|cancell?|discontinu|deprecat|ceas|sunsett?)(?:ed|es|ing)\b",
            r"\b(?:be|is|are) leaving (?:the|his|her|our|(?-i:[A-Z]))",
            r"\bcompromise of (?:[\w.-]{1,20} ){0,4}(?:accounts?|credentials|data|hosts?|keys?|servers?)\b",
            r"\b(?:phas(?:e|ed|ing) out|no longer (?!(?:fit|limited|needed|necessary|have to)\b)|"
            r"end of life|resign(?:ed|s|ation)|withdr(?:ew|awn|awal of)|(?:was|were|been) compromised|"
            r"reverse (?:stock|share) split|"
            r"(?<!compared with a )(?<!compared to a )(?:net|operating) loss|lost|outages?|"
            r"bankruptcy|insolvency|breach(?:ed)?|stolen|unavailable|recall(?:ed|s)?|not in compliance|"
            r"noncompliance|delist(?:ed|ing)|redemptions|frozen|unpaid|embargo|fined|fine of|"
            r"(?:fell|falling) short|"
            rf"taken as acceptance|without notice|opt(?:ed)? out|after the due date|deduct\w{{0,5}}|{_UNPAID})\b",
            r"\bnot (?:enter service|open|ship|arrive|launch|be (?:ready|released|available)) (?:before|until)\b",
            r"\binstead of \d{1,2} [A-Z][a-z]{2}",
            r"\b(?:cop(?:y|ied)|stole|accessed|downloaded|obtained) (?:\w+ ){0,3}"
            r"(?:records|data|files|information|passwords)\b",
            rf"\b(?:prices?|charges?|fees?|costs?|bills?|fares?|premiums?|subscriptions?|tariffs?)\b[^.;]{{0,60}}?"
            rf"\b(?:rise[sn]?|rising|rose|increase[sd]?|go(?:es)? up) (?:from|to|by) {_SUM}",
            rf"\b(?:fell|falls?|dropped|declined|decreased|down) (?:by |to |from )?{_ABOUT}{_SUM}",
            rf"{_SUM} (?:charge|loss|write-?down|write-?off|impairment|penalty)\b",
            rf"\b(?:charge|loss|shortfall|deficit) of {_ABOUT}{_SUM}",
        )
    ),
    re.IGNORECASE,
)
# What falls to the good of all, and deals that are to be completed.
_NO_BAD = re.compile(
    r"\b(?:expenses?|costs?|debts?|loss(?:es)?|liabilit(?:y|ies)|emissions|vacanc(?:y|ies)|leverage|complaints|"
    r"injuries|defaults|unemployment|crime)(?: [\w-]{1,20}){0,3}? "
    r"(?:fell|falls?|dropped|declined|decreased|down)\b|"
    r"\b(?:acquisitions?|transactions?|deals?|offerings?|mergers?|sales?|contracts) "
    r"(?:[\w-]{1,20} ){0,3}?to close\b",
    re.IGNORECASE,
)
# Words of comfort, promise or background around bad news.
_COMFORT = re.compile(
    r"\b(?:support\w{0,5}|careers?|well-?being|thank\w{0,3}|grateful|hop(?:es?|ed|ing)|sorry|regret\w{0,5}|safe|"
    r"secure|no evidence|unaffected|(?:not|n['’]t) (?:affect|impact|interrupt)\w{0,3}|remains?|"
    r"continu(?:e[sd]?|ing)|benefits?|opportunit\w{1,3}|endeavou?r|protect\w{0,3}|at no (?:charge|cost)|"
    r"as (?:low|few|little|much) as|voluntary|believes?|confident|previously|in prior|expand\w{0,3}|remediate|"
    r"improve\w{0,4})\b",
    re.IGNORECASE,
)


def bad_news_sentences(document: EncodedDocument, kind: SpinType, news: Sequence[Sentence]) -> list[Sentence]:
    """At most two sentences that tell most of the bad news, the plainest first; one if `news` tells some itself.

    Of nearly equal ones the first of the text comes first: totals stand before their parts. [] if the text
    neither softens, excuses nor blurs.
    """
    if kind not in SOFTENS:
        return []
    tells = any(tells_bad_news(s.text) for s in news)
    worth = {
        s.index: _worth(document, s)
        for s in document.body_sentences()
        if tells_bad_news(s.text) and _is_tellable(s) and s not in news
    }
    least = MUCH if tells else LEAST
    best = sorted((i for i in worth if worth[i] >= least), key=lambda i: (-round(2 * worth[i]), i))
    return [document.sentences[index] for index in best[: MAX_BAD - tells]]


@lru_cache(512)  # asked repeatedly
def tells_bad_news(text: str | None) -> bool:
    """Whether the text tells bad news."""
    return text is not None and BAD_NEWS_TOLD.search(_NO_BAD.sub(" ", text)) is not None


def _is_tellable(sentence: Sentence) -> bool:
    """Whether the text itself tells it, not only if something else is so, and without the sentence before."""
    own = sentence.voice == DOCUMENT_VOICE and _CONDITION.match(sentence.text) is None
    return own and is_fit(sentence) and DEPENDENT.match(sentence.text) is None


def _worth(document: EncodedDocument, sentence: Sentence) -> float:
    """How plainly the sentence tells bad news."""
    mark = document.encoded.marks[sentence.index]
    praise = max(mark[COLUMN["hype"]], mark[COLUMN["halo"]], 0.0)
    return (
        _TOLD * min(len(BAD_NEWS_TOLD.findall(sentence.text)), 2)
        + _FIGURE * bool(sentence.numbers)
        + _NEWS * float(mark[COLUMN["news"]])
        - _PRAISE * float(praise)
        - _CONSOLES * min(len(_COMFORT.findall(sentence.text)), 3)
    )


def words_of_blame(document: EncodedDocument, happening: Happening | None) -> str | None:
    """The sentence that most plainly takes the blame, without its closing mark.

    None if a single one does in a text about something else, as then it is no admission.
    """
    places = document.once(takes_blame)
    admits = happening is not None and happening.kind is HappeningKind.APOLOGY_OR_CORRECTION
    if len(places) < (1 if admits else ADMISSIONS):
        return None
    marks = document.encoded.marks[:, COLUMN["owned"]]
    fit = [
        s
        for s in map(document.sentences.__getitem__, places)
        if s.voice == DOCUMENT_VOICE
        and s.role != "title"
        and len(s.text.split()) <= MAX_WORDS
        and '"' not in s.text
    ]
    best = max(fit, key=lambda s: (round(float(marks[s.index]), 4), -s.index), default=None)
    return None if best is None or "“" in best.text else " ".join(best.text.split()).rstrip(" .!")

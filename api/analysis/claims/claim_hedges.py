"""Finds the words that limit a claim, which a careful retelling would preserve.

Beyond `passages.HEDGES`, which the models were fitted with, these are expectations, intentions, and figures
that are a bound or an estimate. Limits: English only; a bound counts only before a figure ("about 40", not "a
book about pumps"), "should" only if it is no instruction.
"""

import re

from api.analysis.text.document import Sentence
from api.analysis.text.lexicon import words

_NUMBER = (
    r"(?=\s+(?:(?:a|an|the)\s+)?(?:further\s+)?(?:[$€£¥]?\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|half|third|quarter|dozens?|"
    r"hundreds?|thousands?|millions?|billions?|trillions?|twice|double|triple)\b))"
)
_HEDGE = re.compile(
    r"(?<!than )(?<!as )(?<!can )(?<!going to )\bexpect(?:s|ed|ing|ations?)?\b"
    r"|(?<!hard to )(?<!make )\bbelie(?:ves?|ved|ving)\b(?! in\b)(?! it or not)"
    r"|\bhop(?:e|es|ed|ing)\b(?= (?:to|that|it|they|we|he|she|for)\b)"
    r"|\b(?:aim(?:s|ed|ing)?|plan(?:s|ned|ning)?|intend(?:s|ing)?|seek(?:s|ing)?) to\b"
    r"|\b(?:projected|forecast|forecasted|slated) to\b"
    r"|\b(?:anticipat(?:e|es|ed|ing)|project that|estimate|maybe|nearly|almost|virtually|mostly|largely|usually|"
    r"typically|generally|often|sometimes|unless|chances are|subject to)\b"
    r"|\b(?:indicat(?:e|es|ing)|suggesting)\b|\bindicated\b(?= that\b)"
    r"|\bin (?:some|many|most) cases\b|\bin (?:my|our|his|her) (?:view|opinion|experience)\b"
    r"|\b(?:I|we) (?:think|guess|suspect)\b|\bpredict(?:s|ed|ing)?\b(?= (?:that|an?)\b)"
    r"|\bwould(?:n['’]t)?\b(?! (?:have )?liked?\b)"
    rf"|(?<!turned )\b(?:up to|as (?:much|many) as|at (?:least|most)|close to|about|around|some){_NUMBER}",
    re.IGNORECASE,
)
# These limit the precision of a figure, not the claim.
_BOUNDS = words("about around some roughly nearly almost virtually approximately") | {
    "up to",
    "as much as",
    "as many as",
    "at least",
    "at most",
    "close to",
}
# Expectations, not obligations.
_SHOULD = re.compile(
    r"(?<!you )(?<!we )(?<!one )\bshould\b(?= (?:also |soon |then |now )?(?:see|reach|take|help|make|allow|cut|"
    r"reduce|rise|fall|grow|improve|lower|raise|bring|save|last|arrive|come|work|result|lead|give|mean|let|get|"
    r"find|remain|stay|continue|cost|pay|produce|deliver|enable|end|become|be (?:able|ready|available|"
    r"complete\w*|enough|possible|higher|lower|small|limited|finished))\b)",
    re.IGNORECASE,
)
# After these, "about" and "around" introduce a subject.
_CONCERNS = re.compile(
    r"\b(?:books?|story|stories|articles?|talk\w*|questions?|sp(?:eak|oke)\w{0,3}|wrote|writ\w+|th(?:ink|ought)\w*|worr\w+|"
    r"concern\w*|information|data|details?|learn\w*|know\w*|complain\w*|ask\w*|told|tell\w*|hear\w*|more|"
    r"built|cent(?:er|re)d|organi[sz]ed|structured|refreshed|grouped|gathered) $",
    re.IGNORECASE,
)


def claim_hedges(text: str, sentence: Sentence) -> list[str]:
    """The words of a sentence of `text` that limit its claim, in order."""
    places = set(sentence.hedges)
    for match in _HEDGE.finditer(text, sentence.start, sentence.end):
        if match[0].lower() in ("about", "around") and _CONCERNS.search(text, sentence.start, match.start()):
            continue
        places.add(match.span())
    places |= {match.span() for match in _SHOULD.finditer(text, sentence.start, sentence.end)}
    return _without_overlaps(text, sorted(places))


def softens(hedges: list[str]) -> bool:
    """Whether one of these hedges weakens the claim itself, not only the precision of its figure."""
    return any(" ".join(hedge.lower().split()) not in _BOUNDS for hedge in hedges)


def _without_overlaps(text: str, places: list[tuple[int, int]]) -> list[str]:
    """The words at these places, without overlaps."""
    found: list[str] = []
    last = 0
    for start, end in places:
        if start >= last:
            found.append(text[start:end])
            last = end
    return found

"""Marks sentences in which the actor takes the blame: the opposite of The Shield.

"We screwed up", "this was our fault", "we should have told you sooner", "I take full responsibility". Not marked:
regret about an inconvenience, mistakes without an owner ("mistakes were made"), a denial ("not our fault"), a
supposed case ("if we got this wrong"), and an accusation ("critics say that we failed").

Only words of a first person count, quoted or not. Limits: a confession without them ("it took half an hour to
notice") is missed.
"""

import re

from api.analysis.text.document import Sentence, Text

_MUCH = r"(?: (?:also|all|both|just|so|very|quite|\w{3,12}ly)){0,2}"
_WE = rf"\b(?:we|i)(?: have| had|'ve|'d)?{_MUCH}"
_WE_ARE = rf"\b(?:we|i)(?: are| am|'re|'m)?{_MUCH}"
_FAILURE = r"(?:mistakes?|errors?|faults?|failures?|failings?|oversights?|shortcomings?|blunders?|missteps?)"
_DONE = (
    r"(?:been|done|told|caught|known|seen|made|given|taken|kept|thought|found|foreseen|written|said|put|let|"
    r"sent|"
    r"\w{3,}ed)\b"
)
_FAILED = (
    r"(?:failed|fell short|fallen short|screwed up|messed up|slipped up|blew it|dropped the ball|"
    r"missed the mark|"
    r"underestimated|misjudged|miscalculated|overlooked|overshot|neglected|mishandled|bungled|botched|"
    r"omitted|misled|"
    r"forgot to|(?<=we )broke (?!even|ground|through|down|into|out|away|up|off|free|\w+ records?)|"
    r"(?:got|gotten) (?:it|this|that|things|some things|so much)(?: \w+)? wrong|(?:were|was|been) wrong|"
    r"let (?:you|them|people|everyone|(?:our|my) \w+)(?: \w+){0,3} down|"
    r"(?:incorrectly|wrongly|mistakenly|naively) \w{3,}ed|"
    r"made (?:(?!no\b)[\w-]+ ){0,3}(?:mistakes?|errors?|missteps?|bad calls?|(?:poor|bad|wrong) \w+)|"
    r"(?:were|was|are|am)(?: not|n't) (?:\w+ )?(?:open|clear|honest|careful|transparent|prepared|fast|"
    r"quick) enough)"
)
_LACKED = (
    r"(?:(?:did|do|have|had|were|was|are)(?:n't| not)|never) (?:(?:been|yet|always|really|properly|fully|"
    r"clearly) )?"
    r"(?:(?:do|done|doing) (?:enough|(?:a|the) (?:\w+ )?(?:good|great|best) job)|live up to|lived up to|"
    r"(?:communicat|test|explain|prepar|plann|manag|fix)ed?\b|notice\b|catch\b|foresee\b|"
    r"(?:been able to )?(?:dedicate|devote|give)[nd]? enough|meet (?:your|our own|expectations)|act (?:fast|"
    r"quickly|soon))"
)
_SORRY = (
    r"(?:apologi[sz]e|sorry|an apology)\b"
    r"(?! (?:for|about) (?:any\b|the inconvenience|your)| to (?:hear|see|say)| in advance| if\b|,? but\b|, i\b)"
)
_TAKE = r"(?:take|took|accept|accepted|bear|own|assume)"
_WHAT = (
    r"(?:this|that|what|it|these|those|(?:our|my) (?:part|actions|\w*(?:mistake|error|failure)s?)|"
    r"the (?:error|mistake|outage|failure|incident|breach|delay|confusion))"
)
_ADMISSIONS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_WE} {_FAILED}",
        rf"\b(?:we|i)(?: have| had)?(?: also)? {_LACKED}",
        rf"\b(?:we|i|our \w{{2,20}}) (?:should|ought to)(?:n't| not| never)?(?: have|'ve)(?: not|"
        rf" never)?{_MUCH} {_DONE}",
        r"\b(?:we|i) could(?: have|'ve)(?: \w+)? (?:better|(?:been|done|made|communicated)(?: \w+)?"
        r" (?:better|clearer))\b",
        rf"{_WE} {_TAKE}(?: my| our)? (?:full|sole|complete|entire|personal|total) (?:responsibility|"
        rf"accountability)\b",
        rf"{_WE} {_TAKE}(?: the)? (?:responsibility for {_WHAT}|blame)\b",
        rf"\b(?:was|is|were|are|from|admit|acknowledge|own|for|to|of|by)(?: (?!not\b)\w+)? (?:our|"
        rf"my)(?: \w{{3,14}})? {_FAILURE}\b",
        r"\b(?:our|my)(?: own)? (?:failure to|mistake\b|bad(?=[ .!,;]*$|[.!]))",
        r"\b(?:fault|responsibility|blame|mistake|error) (?:is|was|lies|rests) (?:\w+ )?(?:ours|mine|"
        r"(?:with|on) (?:us|me))\b",
        r"\b(?:that|this|it|all)(?: one)?(?: is|'s| was)(?: \w+)? on (?:us|me)\b(?! to)",
        rf"{_WE_ARE} (?:to blame|at fault|guilty of)\b",
        r"\bonly ourselves to blame\b",
        r"\b(?:mistake|error|bug|failure|oversight|misconfiguration) on (?:our|my)(?: own)? (?:part|side|"
        r"end)\b",
        rf"{_WE_ARE}(?: want to| would like to|'d like to| must| can only| owe you(?: all)?)?{_MUCH} {_SORRY}",
        rf"^[\"“]?(?:\w+ )?{_SORRY}",
        r"\b(?:we|i)(?: \w+)? regret (?:our|my|not|having|that (?:we|i)|how we)\b",
    )
)
# a confession only beside a first person
_NEVER_AGAIN = re.compile(
    r"\b(?:should (?:never|not)|none of (?:this|that|it) should) have (?:happened|been \w{3,}ed)\b"
)
_FIRST_PERSON = re.compile(r"\b(?:we|i|ours?|my|mine|us|me|ourselves|sorry)\b")
# directly before an admission: a supposed case, an accusation
_SUPPOSED = re.compile(
    r"\b(?:if|whether|unless|because|never|not|say|says|said|claim|claims|claimed|argue|argues|argued|alleges?|"
    r"alleged|suggests?|suggested|accused|insist|insists|think|thinks|believes?|implied|implies)"
    r"(?: us| me)?(?: that)?,? ?\Z"
)
_DENIED = re.compile(r"\b(?:not|isn't|wasn't|never|nor|no|hardly|without|neither)(?: \w+){0,2} ?\Z")
_WINDOW = 40  # characters searched before an admission


def takes_blame(document: Text) -> list[int]:
    """The indices of the sentences in which the actor takes the blame."""
    return [sentence.index for sentence in document.sentences if _admits(document, sentence)]


def _admits(document: Text, sentence: Sentence) -> bool:
    low = document.folded[sentence.start : sentence.end]
    if not _FIRST_PERSON.search(low):
        return False
    if _NEVER_AGAIN.search(low):
        return True
    return any(
        (found := pattern.search(low)) and not _is_turned(low, found.start()) for pattern in _ADMISSIONS
    )


def _is_turned(low: str, start: int) -> bool:
    """Whether the words before an admission suppose it, deny it or charge the actor with it."""
    before = low[max(0, start - _WINDOW) : start]
    return _SUPPOSED.search(before) is not None or _DENIED.search(before) is not None

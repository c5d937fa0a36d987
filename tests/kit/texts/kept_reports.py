"""The words with which a text itself reports a statement, in the statement's sentence.

A sentence that keeps them whole ("An engineer told the inquiry that ...") charges nobody with the statement but
those whom the text charges. A report by "he" or "she" does not, unless it holds another by a noun or a name.
"""

import re

_VERBS = (
    r"sa(?:y|ys|id|ying)|t(?:ell|ells|old|elling)|writ(?:e|es|ing)|wrote|written|stat(?:e|es|ed|ing)|"
    r"claim(?:s|ed|ing)?|argu(?:e|es|ed|ing)|explain(?:s|ed)?|add(?:s|ed)|answer(?:s|ed)|repl(?:y|ies|ied)|"
    r"promise[sd]?|concede[sd]?|accept(?:s|ed)|admit(?:s|ted)?|ruled|calls?|called|describe[sd]?|reads|assure[sd]|"
    r"warn(?:s|ed)|noted|observed|submitted|recalled|calculate[sd]|dismiss(?:es|ed)|whisper(?:s|ed)|confirm(?:s|ed)"
)
_NOUNS = r"according to|opinion|words|claims|accusations?|allegations?|suggestions?|statement|correct, as"
_CUE = re.compile(rf"\b(?:{_VERBS}|{_NOUNS})\b", re.IGNORECASE)
_BY_PRONOUN = re.compile(
    rf"\b(?:s?he|it|they)(?: (?:ha[sd]|also|then|once|later|went on to|did)){{0,2}} (?:{_VERBS})\b|"
    rf"\b(?:{_VERBS}) (?:s?he|it|they)\b",
    re.IGNORECASE,
)
# of a sentence that tells something else: "posts stating that", "the firm, which wrote that", "what Orbit calls"
_EMBEDDED = re.compile(
    rf"\b(?:stating|saying|claiming|(?:who|which|whose|that|what)\b[^.;:]{{1,80}} (?:{_VERBS})|{_NOUNS})\b",
    re.IGNORECASE,
)
_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][”\"])) (?=[A-Z“\"])")
_WORD = re.compile(r"[\w’'%-]+")


def report_of(text: str, statement: str) -> str | None:
    """The part of the statement's sentence before or behind it that reports it; None if neither does."""
    start = text.index(statement)
    end = start + len(statement)
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end) if "\n" in text[end:] else len(text)
    opens = max((m.end() for m in _END.finditer(text, line, start)), default=line)
    closes = min((m.start() for m in _END.finditer(text, end, stop)), default=stop)
    for part in (text[opens:start], text[end:closes]):
        if _CUE.search(_BY_PRONOUN.sub("", part)):
            return part
    return None


def keeps(sentence: str, report: str | None) -> bool:
    """Whether the sentence has all words of the report, in order."""
    return report is not None and _plain(report) in _plain(sentence)


def is_party(voice: str, report: str | None, paragraph: str) -> bool:
    """Whether the voice may stand beside the report: a party to it, or the text where it tells something else."""
    if report is None or voice == "unnamed speaker":
        return report is not None
    if voice == "document":
        return _EMBEDDED.search(report) is not None
    last = _plain(voice.split()[-1])
    return last in _plain(report) or (_BY_PRONOUN.search(report) is not None and last in _plain(paragraph))


def describes(voice: str, report: str | None) -> bool:
    """Whether the voice is the report's own description of its speaker: "the head of sales argued"."""
    return report is not None and voice.split()[0].islower() and _plain(voice) in _plain(report)


def _plain(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "

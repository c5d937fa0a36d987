"""The words with which a text itself reports a statement, in the statement's sentence.

A sentence that keeps them whole ("An engineer told the inquiry that ...") charges nobody with the statement but
those whom the text charges. A report by "he" or "she" does not, unless it holds another by a noun or a name.
"""

import re

_VERBS = (
    r"sa(?:y|ys|id|ying)|t(?:ell|ells|old|elling)|writ(?:e|es|ing)|wrote|written|stat(?:e|es|ed|ing)|"
    r"claim(?:s|ed|ing)?|argu(?:e|es|ed|ing)|explain(?:s|ed)?|add(?:s|ed)|answer(?:s|ed)|repl(?:y|ies|ied)|"
    r"promise[sd]?|concede[sd]?|accept(?:s|ed)|admit(?:s|ted)?|ruled|calls?|called|describe[sd]?|reads|assure[sd]|"
    r"warn(?:s|ed)|noted|observed|submitted|recall(?:s|ed)|calculate[sd]|dismiss(?:es|ed)|whisper(?:s|ed)|"
    r"confirm(?:s|ed)|suggest(?:s|ed)|maintain(?:s|ed)|report(?:s|ed)|insist(?:s|ed)|shout(?:s|ed)"
)
_NOUNS = r"according to|opinion|words|claims|accusations?|allegations?|suggestions?|statement|correct, as"
_CUE = re.compile(rf"\b(?:{_VERBS}|{_NOUNS})\b", re.IGNORECASE)
_BY_PRONOUN = re.compile(
    rf"\b(?:s?he|it|they)(?: (?:ha[sd]|also|then|once|later|went on to|did)){{0,2}} (?:{_VERBS})\b|"
    rf"\b(?:{_VERBS}) (?:s?he|it|they)\b|\bin (?:his|her|its|their) (?:view|opinion|words)\b",
    re.IGNORECASE,
)
_BY_US = re.compile(rf"\b(?:we|I)(?: (?:have|had|also))? (?:{_VERBS})\b", re.IGNORECASE)
# "The inspector, who has had to live with the joke, wrote that" may be told as "The inspector wrote that"
_ASIDE = re.compile(r", (?:who|which|whose)\b[^.;:,]{1,200},")
# of a sentence that tells something else: "posts stating that", "the firm, which wrote that", "what Orbit calls"
_EMBEDDED = re.compile(
    rf"\b(?:stating|saying|claiming|(?:who|which|whose|that|what)\b[^.;:]{{0,80}} (?:{_VERBS})|{_NOUNS})\b",
    re.IGNORECASE,
)
_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][”\"])) (?=[A-Z“\"])")
_ARTICLES = ("a", "an", "the", "its", "his", "her", "their", "my")
_WORD = re.compile(r"[\w’'%-]+")


def report_of(text: str, statement: str) -> str | None:
    """The part of the statement's sentence before or behind it that reports it; None if neither does."""
    parts = _beside(text, statement)
    return next((part for part in parts if _CUE.search(_BY_PRONOUN.sub("", part))), None)


def retells(text: str, statement: str, passage: str) -> bool:
    """Whether the speaker of the passage retells there what somebody says: "Rex said, ‘It is sound’"."""
    parts = (part for part in _beside(text, statement) if keeps(passage, part))
    return statement in passage and any(map(_CUE.search, parts))


def _beside(text: str, statement: str) -> tuple[str, str]:
    """What the statement's sentence has before and behind it."""
    start = text.index(statement)
    end = start + len(statement)
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end) if "\n" in text[end:] else len(text)
    opens = max((m.end() for m in _END.finditer(text, line, start)), default=line)
    closes = min((m.start() for m in _END.finditer(text, end, stop)), default=stop)
    return text[opens:start], text[end:closes]


def keeps(sentence: str, report: str | None) -> bool:
    """Whether the sentence has all words of the report, in order."""
    return report is not None and any(
        _plain(part) in _plain(sentence) for part in (report, _ASIDE.sub("", report))
    )


def is_party(voice: str, report: str | None, paragraph: str) -> bool:
    """Whether the voice may stand beside the report: a party to it, or the text where it tells something else."""
    if report is None or voice == "unnamed speaker":
        return report is not None
    if voice == "document":
        return any(pattern.search(report) is not None for pattern in (_EMBEDDED, _BY_US))
    last = _plain(voice.split()[-1])
    return last in _plain(report) or (_BY_PRONOUN.search(report) is not None and last in _plain(paragraph))


def describes(voice: str, report: str | None) -> bool:
    """Whether the voice is the report's own description of its speaker: "the head of sales argued"."""
    return report is not None and voice.split()[0].islower() and _plain(voice) in _plain(report)


def is_embedded(claim: str, statement: str) -> bool:
    """Whether a claim quotes the statement as a part and reports nothing: "It has Falk, and he “leads” there"."""
    before = claim[: claim.index(statement)]
    marked = before.endswith(("“", '"')) and " that " not in before and not _CUE.search(claim)
    return marked and 2 * len(statement) < len(claim)


def stands_for(voice: str, speaker: str, text: str, statement: str) -> bool:
    """Whether the text reports by a pronoun, behind a description of a speaker whom it names elsewhere.

    "They carry a card. It says that ...", "a letter by a nurse named Ada Roe. It says": the description may stand
    in the paragraph before too, and its sentence may name the speaker.
    """
    at = text.index(statement)
    near = text[text.rfind("\n\n", 0, max(text.rfind("\n\n", 0, at), 0)) + 1 : at]
    described = voice.split()[0].lower() in _ARTICLES and _plain(voice) in _plain(near)
    own = text[text.rfind("\n\n", 0, at) + 1 :].split("\n\n")[0]
    beside = next((s for s in _END.split(near) if _plain(voice) in _plain(s)), "")
    apart = _plain(speaker) in _plain(beside) or _plain(speaker) not in _plain(own)
    return described and _BY_PRONOUN.search(own) is not None and apart


def _plain(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "

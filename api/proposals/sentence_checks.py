"""Checks sentences that a model wrote: nothing invented, no address, no request to the reader, not too long.

Limits: a request is found by its verb at the start of a clause, or by "you"; a wrong combination of right parts
passes if its parts are in the text; so does a name at the start of a sentence that is also a common word.
"""

import re
from collections.abc import Set
from typing import Final

from api.analysis.content.grounding import Grounding
from api.analysis.text.article import Article
from api.analysis.text.lexicon import words
from api.proposals.common_words import is_abstract, is_base_verb, is_common, is_english
from api.proposals.drops import DropReason
from api.proposals.numbered_text import one_line
from api.proposals.plain_writing import PlainWriting, addresses_machines, in_other_marks
from api.proposals.quotes import LEFT_OUT, QuoteFinder

_ADDRESS: Final = re.compile(
    r"[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:mailto|javascript|data|tel):\S|\S@\w|\]\s*\(|<\s*[/!a-z]|&#?\w+;"
    r"|\b\w[\w-]*(?:\.\w[\w-]*)*\.[a-z]{2,24}(?:[/:?#]\S|(?!\w)(?!\.\w))|\s\.[a-z]"
    r"|\b(?:dot|punto|punkt|point) (?:com|org|net|info|io|eu)\b",
    re.IGNORECASE,
)
_DOTTED: Final = re.compile(r"[\w.-]+")
# Words before a full stop without a space after it that are no address.
_ABBREVIATION: Final = re.compile(r"\b(?:\w\.){2,}|\b(?:\w{1,2}\.){1,3}\w{1,2}\b")
_QUOTED: Final = re.compile(r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»")
_READER: Final = re.compile(
    r"\b(?:you|your|yours|yourself|readers? (?:should|must|ought to|need to)"
    r"|readers? (?:is|are) (?:advised|urged|asked|invited|encouraged|warned|better off)"
    r"|(?:everyone|everybody|anyone|anybody|nobody|no one) should|one (?:should|must|ought to)"
    r"|(?:it is|it['’]s|it would be) (?:wise|wiser|best|better|advisable|smart|prudent|sensible|time) to)"
    r"\b",
    re.I,
)
# A model that speaks for itself.
_OWN_VOICE: Final = re.compile(
    r"\b(?:(?:[Ww]e|I) (?:cannot|can['’]t|won['’]t|will not|recommend|advise|suggest|urge|believe|think|judge"
    r"|rate)|I (?:am|was|do|did|have|must)|I['’](?:m|ll|d|ve)"
    r"|(?:[Oo]ur|[Mm]y) (?:advice|verdict|judge?ment|recommendation|view|opinion|instructions|prompt))\b"
)
_LOWER: Final = re.compile(r"(?<![\w'’.&-])[a-z]{2,}+(?![\w&])(?!['’]\w|\.\w)")
# A verb at the start of a sentence, before what it asks for; "Do the savings last?" asks.
_OPENING_VERB: Final = re.compile(
    r"(?:^|[.!?]\s+)([A-Z][a-z]+) (?:the|this|these|those|our|their|its|it|them|him|her|a|an|every|each|any|one"
    r"|some|nobody|nothing)\b"
)
_INVITES: Final = re.compile(
    r"(?:^|[.!?:;]\s+)(?:Buy|Sell|Visit|Choose|Join|Follow|Boycott|Distrust|Subscribe|Vote) "
    r"(?:(?:at|from|with|for|to|against) )?[A-Z]"
)
_ASKING: Final = words("do have be will can may must might shall could would should need dare")
_CLAUSE: Final = r"(?:^|[.!?:;–—]\s+|,\s+(?:and |then |so )|[\"“”‘’(]\s*)"
_REQUEST: Final = re.compile(
    rf"{_CLAUSE}(?:(?:please|kindly|hurry|boycott|beware)\b|(?:sell|buy|vote|run|act|join)(?=[,!.])"
    r"|consider \w+ing\b|(?:switch|turn|listen|subscribe|talk|write|go|stick) to (?:the|this|it|them|a|an)\b"
    r"|never (?:mind|forget|again)\b|(?:now |just |simply )*(?:click|subscribe|unsubscribe"
    r"|(?:don['’]t|do not)(?! (?:say|tell|give|show|name|mention))|let['’]s|ignore"
    r"|disregard|beware|never (?:trust|buy|believe|use|read)|always (?:trust|buy|believe|use|read|check)"
    r"|(?:act|buy|invest|vote|donate|sign up|log in|join) (?:now|today|here)"
    r"|(?:read|see|visit|follow|share|download|buy|contact|call|check|try|join|watch|sign|consider|note|remember"
    r"|trust|sell|vote|donate|invest|get|use|go|look|take|make|give|rate|score|tell|ask|stop|avoid|support)"
    r" (?:the|this|that|these|those|our|their|it|its|them|us|a|an|all|for|in|to|here|now|more|out|up|at|only"
    r"|every)))"
    r"\b",
    re.IGNORECASE,
)


# The first word of a sentence outside quotations, and endings without which it may be a common word.
FIRST: Final = re.compile(r"(?:^|[.!?:;]\s+)([A-Z][a-z]+)(?![\w.&'’-])")
_COMPOUND: Final = re.compile(
    r"(?:^|[.!?:;]\s+)(?:Self|Half|Well|Ill|Non|Over|Under|Pre|Post|Anti|First|Second|Third|High|Low|Long|Short)-[a-z]"
)
_ENDINGS: Final = (
    ("", ""),
    ("s", ""),
    ("es", ""),
    ("ies", "y"),
    ("d", ""),
    ("ed", ""),
    ("ing", ""),
    ("ing", "e"),
)
# Words about framing that may open a sentence; few stories from which `common` comes have them.
_OF_FRAMING: Final = words(
    "framing frame portray soften cast treat depict praise assert declare conceal hide blur deflect "
    "dodge inflate magnify amplify exaggerate overstate understate downplay minimise minimize flatter "
    "glorify elevate equate imply insinuate hint evoke invoke appeal contrast juxtapose repeat stress "
    "emphasise emphasize highlight foreground bury omit obscure vague loaded emotive euphemism "
    "metaphor superlative hyperbole passive agentless unattributed unsupported unqualified dismiss "
    "belittle excuse justify rationalise rationalize normalise normalize pressure hurry alarm "
    "frighten reassure soothe console label rename recast reframe relabel"
)


_TENS: Final = {
    word: str(10 * ten)
    for ten, word in enumerate(["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=3)
}
_TEN: Final = re.compile(rf"\b(?:{'|'.join(_TENS)})\b(?!-)", re.IGNORECASE)


_MAGNITUDES: Final = {
    "dozens": 24,
    "hundreds": 200,
    "thousands": 2_000,
    "millions": 2_000_000,
    "billions": 2 * 10**9,
}
_FIGURE: Final = re.compile(r"[0-9][0-9,]*")
MAX_DIGITS: Final = 15
_TWO_OF_TEXT: Final = re.compile(r"\b(the|these|those|both|its|their) two\b", re.IGNORECASE)
_PARTS_OF_NAME: Final = re.compile(r"[^\W_]+")
_NAME_OF_WORDS: Final = re.compile(r"\b[A-Z][\w'’-]*+(?: (?:(?:of|for|and|the|on) )?[A-Z][\w'’-]*+){1,5}")


class SentenceCheck:
    """The check against one article's text and record.

    `common` are words in lower case that are no names: a sentence may open with them, or with their inflections.
    """

    def __init__(self, article: Article, common: Set[str] = _OF_FRAMING) -> None:
        source = article.source
        self._grounding = Grounding(article)
        self._text = article.text.casefold()
        self._dotted = frozenset(word.strip(".-") for word in _DOTTED.findall(self._text))
        self._finder = QuoteFinder(article.text)
        record = [article.text, article.title, source.name or "", source.host or "", article.author or ""]
        self._writing = PlainWriting(article.text, [*record[1:], article.author_organization or ""])
        self._words = frozenset(_PARTS_OF_NAME.findall("\n".join(record).casefold()))
        self._sites = frozenset(
            filter(None, ((source.name or "").casefold(), (source.host or "").casefold()))
        )
        figures = (figure.replace(",", "") for figure in _FIGURE.findall(self._text))
        self._greatest = max((int(figure[:MAX_DIGITS]) for figure in figures), default=0)
        self._initials = _initials(article.text)
        self._common = common

    def fault(self, sentence: str, limit: int, *, lenient: bool = False) -> DropReason | None:
        """Why a sentence of at most `limit` characters cannot be published; None if it can.

        A sentence with control characters, or without letters, is malformed. The words between quotation marks
        may address the reader, as the text's own do. `lenient`: it may open with an abstract noun, have a name in
        the plural, and quote a word in another case; not for sentences on which requests depend.
        """
        if sentence != one_line(sentence) or not any(map(str.isalpha, sentence)):
            return DropReason.MALFORMED
        if len(sentence) > limit:
            return DropReason.TOO_LONG
        if self.has_address(sentence):
            return DropReason.CONTAINS_ADDRESS
        if not self._writing.has(sentence):
            return DropReason.MALFORMED
        if addresses_machines(sentence):
            return DropReason.ADDRESSES_MODEL
        bare = _QUOTED.sub("it", sentence)
        if _READER.search(bare) or _OWN_VOICE.search(bare) or _REQUEST.search(bare) or _is_request(bare):
            return DropReason.ADDRESSES_READER
        lower = _LOWER.findall(bare)
        if not all(map(self._is_known, lower)) or not all(map(self._has_magnitude, lower)):
            return DropReason.INVENTED
        uncapitalised = FIRST.sub(self._without_capital, sentence)
        if lenient:
            uncapitalised = FIRST.sub(_without_nouns_capital, uncapitalised)
            uncapitalised = _COMPOUND.sub(lambda first: first[0].lower(), uncapitalised)
        in_figures = _TEN.sub(self._in_figures, _TWO_OF_TEXT.sub(r"\1", uncapitalised))
        missing = self._grounding.ungrounded(in_figures)
        supported = all(self._is_supported(one) or (lenient and self._is_form(one)) for one in missing)
        if not supported:
            return DropReason.INVENTED
        return None if all(map(self._is_quote, in_other_marks(sentence))) else DropReason.INVENTED

    def _is_form(self, missing: str) -> bool:
        """Whether it is a quoted word in another case, or a name in the plural."""
        if any(map(str.isdigit, missing)) or " " in missing:
            return False
        if missing.islower():
            return self._finder.first(missing) is not None
        return missing.endswith("s") and missing[:-1].casefold() in self._words

    def _is_known(self, word: str) -> bool:
        """Whether a word in lower case is of the text or English: a name may lack its capital."""
        return word in self._words or is_english(word, self._common)

    def _has_magnitude(self, word: str) -> bool:
        """Whether the text has the word ("thousands"), the number that it tells of, or a larger one."""
        least = _MAGNITUDES.get(word)
        return least is None or not self._words.isdisjoint((word, word[:-1])) or self._greatest >= least

    def _is_supported(self, missing: str) -> bool:
        """Whether the record has a quote or name in another form than the sentence.

        A quote may begin with another case. A name may have other capitals ("Nasdaq" for NASDAQ), be joined to a
        common word ("Nasdaq-listed"), be part of the site's address, or be the initials of a name of the text.
        """
        if any(map(str.isdigit, missing)) or len(missing) < 2:
            return False
        if " " in missing.strip():
            return self._finder.first(missing) is not None
        if missing in self._initials:
            return True
        parts = [part for part in _PARTS_OF_NAME.findall(missing) if part[0].isupper()]
        return bool(parts) and all(part.casefold() in self._words for part in parts)

    def _is_quote(self, words: str) -> bool:
        return all(self._finder.first(part) is not None for part in LEFT_OUT.split(words) if part)

    def _without_capital(self, first: re.Match[str]) -> str:
        """The match with a common word in lower case, which is then no name."""
        word = first[1].lower()
        roots = {word.removesuffix(end) + start for end, start in _ENDINGS if word.endswith(end)}
        is_known = any(not roots.isdisjoint(known) for known in (_OF_FRAMING, self._common, self._words))
        return first[0][: first.start(1) - first.start()] + word if is_known or is_common(word) else first[0]

    def _in_figures(self, ten: re.Match[str]) -> str:
        """A number of tens in figures if the text does not have the word; smaller ones are equal to figures."""
        word = ten[0].lower()
        return ten[0] if word in self._text else _TENS[word]

    def has_address(self, sentence: str) -> bool:
        """A name with a dot ("Node.js") is no address if the text has it as a word, and no path follows."""
        for match in _ADDRESS.finditer(sentence):
            found = match.group().casefold()
            plain = _DOTTED.fullmatch(found) is not None and not found.startswith("www.")
            if not plain or not (
                _ABBREVIATION.fullmatch(found) or found in self._dotted or found in self._sites
            ):
                return True
        return False


def _without_nouns_capital(first: re.Match[str]) -> str:
    word = first[1].lower()
    return first[0][: first.start(1) - first.start()] + word if is_abstract(word) else first[0]


def _is_request(bare: str) -> bool:
    """Whether a sentence begins with the base form of a verb and what it asks for, or names."""
    if _INVITES.search(bare):
        return True
    found = (match[1].lower() for match in _OPENING_VERB.finditer(bare))
    return any(verb not in _ASKING and is_base_verb(verb) for verb in found)


def _initials(text: str) -> frozenset[str]:
    """The initials of all runs of two to six capitalised words: "FDA" for the Food and Drug Administration."""
    runs = _NAME_OF_WORDS.findall(text)
    return frozenset("".join(word[0] for word in run.split() if word[0].isupper()) for run in runs)

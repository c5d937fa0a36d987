"""An extractive summary: the sentence that tells the news, then other sentences of the text.

A sentence stands as the text has it, but for its dateline, bullet and connective. It is retold as a statement
(`news.py`) if it speaks as "we", makes a ceremony of its news, introduces a list, or is long.

The others are ranked by how central they are as claims, the title's words in them, and the lead, as news puts
the core first. (Without labels of claims one would rank them by LexRank; beside these it adds nothing: of the
sentences that it chose 46 in 100 were claims or news of a reader, of these 51.) Redundant ones are skipped
(maximal marginal relevance, Carbonell and Goldstein, 1998). Bylines, sentences about the text itself and the
"About X" box at the end are excluded; of the news sentence, only a dateline. Those come later that still say "we"
where the news does not. Those that are no main clause, or depend on one that is not told ("It also ...", "The
plan", "that moment"), are shown only if there is hardly another: they are avoided, not repaired.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from types import MappingProxyType

from api.analysis.content.statement_grammar import (
    GLUED,
    hanging,
    is_main_clause,
    names_told_before,
    unescaped,
)
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.corrected_negations import is_turned_round
from api.analysis.text.datelines import DATELINE
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence, Text
from api.analysis.text.stop_words import STOP_WORDS

SUMMARY_SENTENCES = 4
TLDR_SENTENCES = 3
FEWEST = 2  # sentences, for which also one that depends on another is shown
MAX_RANKED = 300  # sentences, from the start of the text
MIN_WORDS, MAX_WORDS = 6, 45  # of a sentence in the summary
TLDR_WORDS = 32  # of a point of the tldr
POINT_WORDS = 24  # above which a point is told in fewer words, if it can be
SAME = 0.5  # greatest share of common content words of distinct sentences
# In standard deviations of the claims' scores:
UNSCORED = -3.0  # of a sentence that can be no claim
LEAD_BONUS = 0.25
TITLE_BONUS = 1.0  # for all of the title's content words
DEPENDENT_PENALTY = 1.5
TELLING_PENALTY = 1.0  # for the writer's own story and feelings, and for words to the reader
SPUN_PENALTY, MAX_SPUN = 0.8, 1.5  # by how much a sentence steers, which is 0 to 3
# A sentence that needs the one before it to be understood.
DEPENDENT = re.compile(
    r"\W*(?:unlike|similarly|likewise|additionally|therefore|this|that(?!(?: is|['’]s) why)|these|"
    r"it(?! (?:has been|is|was) \w{4,15} that)|those|they|he|she|his|her|its|their|but|and|so|such|also|however|"
    r"moreover|furthermore|meanwhile|in addition|instead(?! of)|in response(?! to)|otherwise|"
    r"then|there|both|neither|others?|another|"
    r"for (?:example|instance)|as a (?:result|consequence)|in short)\b|[^,]{1,60}, however,|"
    r".{0,60}\b(?:the same|these|those|other)(?: \w+)?\.$"
    # "Mayor Roe said them four times": the plural is in another sentence
    r"|(?:[^\s,;]+ ){1,4}(?:said|says|told|did|does|made|called|calls|used|put|wrote|repeated|sold|gave|kept) "
    r"(?:them|so|this)\b",
    re.IGNORECASE,
)
_LATER = re.compile(r"(?:[\w-]{1,12} ){0,3}(?:hours|days|weeks|months|years) (?:later|earlier|before),", re.I)
# One that begins like these and does not.
_INDEPENDENT = re.compile(
    r"this (?:week|month|quarter|year|spring|summer|autumn|fall|winter)\b|"
    r"there (?:is|are|was|were|ha[sd]|have)\b",
    re.IGNORECASE,
)
_BOX = re.compile(
    r"^[ \t*#]*(?:About|ABOUT) (?:[Uu][Ss]|the [A-Z][^\n.!?]{1,60}|[A-Z0-9][^\n.!?]{0,60})[ \t*:]*$"
    r"|^About [A-Z][^\n.!?:]{1,60}: ",
    re.MULTILINE,
)
_BOX_FROM = 0.5  # of the text: a box about the publisher closes it
_BYLINE = re.compile(
    r"By [A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,3} ?, (?:an? |the )?(?:[\w-]+ ){0,3}"
    r"(?:reporter|writer|editor|correspondent|journalist|columnist|contributor|author)\b"
)
# Sentences about the text or to its reader.
ABOUT_TEXT = re.compile(
    r"\b(?:in this (?:\w+ )?(?:post|article|blog|guide|tutorial|issue|episode|series|section|video|newsletter|"
    r"release)|"
    r"(?:this|today['’]s) (?:blog ?post|post|article|guide|tutorial|episode)|"
    r"(?:issued|released|made) the following (?:\w+ )?statement|read on|keep reading|stay tuned|"
    r"check out|find out (?:more|how)|as (?:described|shown|discussed|mentioned) (?:above|below)|"
    r"(?:see|listed|shown|described) (?:below|above)|welcome to|let['’]s (?:take|look|dive|start|see)|"
    r"(?:we|I)['’]ll (?:cover|explore|look|dive|walk|discuss|show|share)|thank(?:s| you) (?:for|to)|"
    r"to thank (?:everyone|everybody|all|you|our|the))\b",
    re.IGNORECASE,
)
# One that only looks back, or that a page has beside its text.
LOOKS_BACK = re.compile(
    r"\b(?:it['’]s|it is) (?:finally )?time to (?:look|take|reflect|share|talk|recap)\b|"
    r"^(?:this|here|the following|below)(?:['’]s| is| are) (?:a|an|our|the) (?:\w+ ){0,2}"
    r"(?:summary|recap|round-?up|overview|list|transcript|look)\b|^posted (?:on|by)\b",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"\b(?:I|my|me|I['’](?:m|ve|d|ll)|[Yy]ou|[Yy]our|[Yy]ou['’](?:re|ve|ll)|"
    r"excited|thrilled|proud|pleased|delighted|glad|grateful|look(?:ing)? forward|"
    r"can be (?:found|viewed|read|downloaded|purchased)|available (?:here|at (?:http|www))|tickets)\b"
)
# A report whose speaker another sentence names, or none.
BY_PRONOUN = re.compile(
    r"\b(?:[Hh]e|[Ss]he|[Ii]t|[Tt]hey) (?:\w+ )?(?:sa(?:ys?|id)|tells?|told|writes?|wrote|states?|claim(?:s|ed)|"
    r"explain(?:s|ed)|announce[sd]|promise[sd]|recall(?:s|ed)|add(?:s|ed))\b|"
    r"^\W*(?:[\w’' ]{2,40} )?(?:are|were|was|is|been) told\b"
)
_CLOSED = re.compile(r"[.!]['\"”’)\]]*$")


_WORD = re.compile(r"[^\W\d_]{2,}")
_BULLET = re.compile(r"^[*•·–—-]\s+")
# A heading that stands before the sentence without a mark: "Summary The plant closed", "PUMPS FOR ALL The plant".
HEADING = re.compile(
    r"(?:Summary|Overview|Background|Abstract|Introduction|Context|TL;?DR):? (?=[A-Z“\"])|"
    r"(?:[A-Z]{2,20} ){2,10}(?=(?:The|An?|In|On|At|For|It|This|As|With|When|After) )|"
    r"(?:[A-Z][\w’'-]{2,20} ){2,6}(?=(?:The|An|It|This|These|When|While|As) [a-z])"
)
# A heading with a full stop: "Why we believe in pumps."
_ASKS = re.compile(r"(?:why|how) [^?]*$", re.IGNORECASE)
_SPACED = re.compile(r" (?=[,;.](?: |$))")
# A word that ties the sentence to the one before it, and without which it stays whole.
_CONNECTIVE = re.compile(
    r"(?:well|additionally|moreover|furthermore|in addition|meanwhile|incidentally|as a result|finally|overall|"
    r"of course|in short|in fact|indeed|in response|in particular|specifically|importantly|notably|"
    r"regrettably|unfortunately|fortunately|sadly|happily|also|now|however|and|but|so|"
    r"with that (?:said|in mind))(?:, | (?=(?:the|an?|our|we|it)\b))",
    re.IGNORECASE,
)
# A sentence that another would not repeat word for word: it speaks as "we", or makes a ceremony of its news.
_OWN_WORDS = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|us|[Oo]urselves)\b|"
    r"\b(?:excited|thrilled|pleased|proud|happy|delighted|glad|honou?red) to\b|[:!]\W*$"
)
_SPEAKS = re.compile(r"\b(?:I|my|me|[Ww]e|[Oo]ur|us|[Oo]urselves|[Yy]ou|[Yy]our)\b")
_OF_ONE = frozenset({"I", "my", "me"})
THAT_IS_WHY = re.compile(r"that(?: is|['’]s) why ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Summary:
    """`summary` in the order of the text, `tldr` the best first; None and [] if no sentence is suitable."""

    summary: str | None
    tldr: list[str]


def summarize(
    document: Document,
    news: Sequence[Sentence] = (),
    scores: Mapping[int, float] = MappingProxyType({}),
    bad: Sequence[Sentence] = (),
    spun: Mapping[int, float] = MappingProxyType({}),
    retell: Callable[[Sentence], str | None] = lambda _: None,
) -> Summary:
    """Summary and tldr of one document.

    `news` are the sentences that tell the news: a fragment and its continuation, or one. `scores` says how
    central a sentence is as a claim, `spun` how much it steers, by its index. `bad` must not be missing, as they
    tell bad news. `retell` gives a sentence as a statement, or None.
    """
    retell = cache(retell)
    titles = [s for s in document.sentences if s.role == "title"]
    first = [s for s in (*news[-1:], *bad) if _can_open(document, s)]
    ranked = [s for s in _ranked(document, scores, spun, titles) if s not in news]
    whole = news if first[:1] == list(news[-1:]) else ()

    def line(sentence: Sentence) -> str:
        return _told_line(sentence, whole, retell, MAX_WORDS)

    def point(sentence: Sentence) -> str:
        return _told_line(sentence, whole, retell, POINT_WORDS)

    known = {word for s in (*titles, *first) for word in document.content_words(s)}
    opens_as_we = any(_SPEAKS.search(line(s)) for s in first)

    def stands(sentence: Sentence, before: int) -> bool:
        """Whether it stands alone, or behind the news, which `before` sentences may follow."""
        follows = any(0 < sentence.index - one.index <= before for one in first)
        noun = names_told_before(document, sentence)
        depends = leans(document, sentence) or (noun is not None and noun not in known)
        return is_main_clause(document.tokens(sentence)) and (follows or not depends)

    def speaks(sentence: Sentence) -> bool:
        """Whether it says "I", or "we" without a figure, where the news does not."""
        said = _SPEAKS.findall(_shown_line(sentence, ()))
        tells = opens_as_we or not said or (sentence.numbers and not _OF_ONE.issuperset(said))
        return not tells and retell(sentence) is None

    def chosen(wanted: int, most_words: int, tell: Callable[[Sentence], str], before: int) -> list[Sentence]:
        stand = cache(lambda s: stands(s, before))
        plain = (s for s in ranked if stand(s) and not speaks(s))
        ours = (s for s in ranked if stand(s) and speaks(s))
        best = _diverse(document, chain(first, plain, ours), wanted, most_words, len(first), tell)
        if len(best) >= FEWEST:
            return best
        others = (s for s in ranked if s not in best)
        return _diverse(document, chain(best, others), FEWEST, most_words, len(best), tell)

    points = chosen(TLDR_SENTENCES, TLDR_WORDS, point, 0)
    in_order = sorted(chosen(SUMMARY_SENTENCES, MAX_WORDS, line, 1), key=lambda s: (s not in whole, s.start))
    return Summary(
        summary=" ".join(map(line, in_order)) or None,
        tldr=list(map(point, points)),
    )


def leans(document: Document, sentence: Sentence) -> bool:
    """Whether the sentence, without its connective, needs another to be understood."""
    return points_back(sentence) or bool(hanging(document, sentence))


def points_back(sentence: Sentence) -> bool:
    """Whether its first words, behind a connective, need the sentence before it."""
    shown = _shown_line(sentence, ())
    points = DEPENDENT.match(shown) is not None and _INDEPENDENT.match(shown) is None
    return points or _LATER.match(shown) is not None


def _can_open(document: Text, sentence: Sentence) -> bool:
    """Whether the sentence can stand first: no question, a title that states, others' words with a name."""
    if lacks_speaker(document, sentence):
        return False
    if sentence.text.rstrip().endswith("?"):
        return False
    return (
        document.is_finite(sentence) if sentence.role == "title" else _WORD.search(sentence.text) is not None
    )


def _told_line(
    sentence: Sentence,
    news: Sequence[Sentence],
    retell: Callable[[Sentence], str | None],
    most_words: int,
) -> str:
    """The sentence as a statement if it speaks of itself, introduces a list or is long; else as it is."""
    line = _shown_line(sentence, news)
    is_long = len(line.split()) > most_words
    if (is_long or _OWN_WORDS.search(sentence.text)) and (statement := retell(sentence)) is not None:
        return _from(f"{statement}.", 0)
    return line


def _shown_line(sentence: Sentence, news: Sequence[Sentence]) -> str:
    """The sentence in one line, without dateline, bullet and connective, closed by a mark."""
    parts = news if sentence in news else (sentence,)
    line = _SPACED.sub("", unescaped(flat_line(" ".join(part.text for part in parts))))
    glued = GLUED.search(line)
    if glued is not None and len(line[: glued.start()].split()) >= MIN_WORDS:
        line = line[: glued.start()]
    for pattern in (DATELINE, _BULLET, HEADING, _CONNECTIVE, THAT_IS_WHY):
        if (opening := pattern.match(line)) is not None and opening.end() < len(line):
            line = _from(line, opening.end())
    line = f"{line.rstrip(' :;,')}." if line[-1:] in ":;," else line
    return line if _CLOSED.search(line) or line[-1:] == "?" else f"{line}."


def _from(line: str, start: int) -> str:
    """The line from there on, with a capital."""
    return f"{line[start].upper()}{line[start + 1 :]}"


def _ranked(
    document: Text, scores: Mapping[int, float], spun: Mapping[int, float], titles: Sequence[Sentence]
) -> list[Sentence]:
    """Suitable sentences, the best first."""
    end = _box_start(document)
    title = frozenset(word for s in titles for word in document.content_words(s))

    def worth(sentence: Sentence) -> float:
        shared = len(title & set(document.content_words(sentence))) / max(1, len(title))
        return (
            scores.get(sentence.index, UNSCORED)
            + LEAD_BONUS * (sentence.role == "lead")
            + TITLE_BONUS * shared
            - DEPENDENT_PENALTY * (DEPENDENT.match(sentence.text) is not None)
            - SPUN_PENALTY * min(max(spun.get(sentence.index, 0.0), 0.0), MAX_SPUN)
            - TELLING_PENALTY * (_TELLING.search(sentence.text) is not None)
        )

    suitable = [
        s
        for s in document.body_sentences()
        if s.start < end and is_fit(s) and document.is_finite(s) and not _needs_neighbour(document, s)
    ][:MAX_RANKED]
    told = [s for s in suitable if not lacks_speaker(document, s)]
    return sorted(told, key=lambda s: (-round(worth(s), 8), s.start))


def _needs_neighbour(document: Text, sentence: Sentence) -> bool:
    """Whether a line break cut the sentence's beginning off, or the next sentence turns it round."""
    first = sentence.text.split(maxsplit=1)[0]
    before = document.sentences[max(sentence.index - 1, 0)]
    is_cut = first[:1].islower() and (first in STOP_WORDS or before.text.rstrip()[-1:] not in ".!?")
    return is_cut or is_turned_round(document, sentence)


def _box_start(document: Text) -> int:
    """The start of a box about the publisher, else the end of the text."""
    text = document.text
    box = _BOX.search(text, round(_BOX_FROM * len(text)))
    return box.start() if box else len(text)


def stands_alone(sentence: Sentence) -> bool:
    """Whether a sentence can be a point of the tldr: short, whole and independent."""
    short = len(sentence.text.split()) <= TLDR_WORDS
    return short and is_fit(sentence) and DEPENDENT.match(sentence.text) is None


def is_byline(text: str) -> bool:
    """Whether the sentence names the story's author."""
    return _BYLINE.match(text) is not None


def is_fit(sentence: Sentence) -> bool:
    """Whether a summary can show the sentence."""
    return (
        MIN_WORDS <= len(sentence.text.split()) <= MAX_WORDS
        and _CLOSED.search(sentence.text) is not None
        and not is_boilerplate(sentence.text)
        and not is_byline(sentence.text)
        and ABOUT_TEXT.search(sentence.text) is None
        and LOOKS_BACK.search(sentence.text) is None
        and _ASKS.match(sentence.text) is None
        and not sentence.text.startswith("(")
        and sentence.text.count("“") == sentence.text.count("”")
        and sentence.text.count('"') % 2 == 0
        and not is_bare_quotation(sentence)
        and not (sentence.text.startswith("'") and sentence.text.rstrip().endswith("'"))
    )


def is_bare_quotation(sentence: Sentence) -> bool:
    """Whether the sentence quotes somebody whom it does not name."""
    return sentence.voice != DOCUMENT_VOICE and (
        sentence.voice == UNNAMED_VOICE or sentence.voice.split()[-1] not in sentence.text
    )


def lacks_speaker(document: Text, sentence: Sentence) -> bool:
    """Whether somebody speaks in the sentence, quoted or reported, whom it does not name."""
    voice = document.main_voice(sentence)
    if voice not in (DOCUMENT_VOICE, UNNAMED_VOICE):
        return voice.split()[-1] not in sentence.text
    if voice == UNNAMED_VOICE and BY_PRONOUN.search(sentence.text) is not None:
        return True
    opening = document.quotation_at(sentence.start + 1, sentence.start + 2)
    if opening is not None and opening.speaker is None and opening.statement:
        return is_bare_quotation(sentence) or document.text[opening.end - 1] in ".!?"
    return is_bare_quotation(sentence)


def _diverse(
    document: Text,
    ranked: Iterable[Sentence],
    wanted: int,
    most_words: int,
    sure: int,
    tell: Callable[[Sentence], str],
) -> list[Sentence]:
    """The first sentences that repeat none before them; as told, all but the first `sure` are short enough."""
    chosen: list[Sentence] = []
    chosen_words: list[frozenset[str]] = []
    for place, sentence in enumerate(ranked):
        if len(chosen) == wanted:
            break
        if place >= sure and len(tell(sentence).split()) > most_words:
            continue
        content = frozenset(document.content_words(sentence))
        if all(
            len(content & other) <= SAME * max(1, min(len(content), len(other))) for other in chosen_words
        ):
            chosen.append(sentence)
            chosen_words.append(content)
    return chosen


def flat_line(text: str) -> str:
    """The text in one line."""
    return " ".join(text.split())

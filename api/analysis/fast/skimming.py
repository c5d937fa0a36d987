"""From an article record to a `Skimmed` text: sentences, words, quotations, who is said to speak; by characters.

What the parser would tell is guessed from forms: a name is a run of capitals inside a sentence, whoever stands
beside "said" speaks, a word of the lists below is a finite verb. Limits: a name that opens a sentence is missed,
pronouns name nobody, and outside the turns of an interview a speaker is found in his own sentence only.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from api.analysis.article import MAX_CHARACTERS, Article
from api.analysis.document import DOCUMENT_VOICE, LONG_WORD, Quotation, Sentence, Text
from api.analysis.features import Measure
from api.analysis.lexicon import words
from api.analysis.passages import HEDGES, NEGATIONS, numbers_in, role_at, voice_of_passage
from api.analysis.quotations import marked
from api.analysis.sentences import paragraphs, sentence_bounds
from api.analysis.speaker_names import can_speak, is_somebody
from api.analysis.term_runs import TaggedTerm
from api.analysis.turns import turns, with_turns
from schemas.enums import SpinType

_TOKEN = re.compile(r"[a-z]+(?:['’-][a-z]+)*|\d+(?:[.,]\d+)*|\w+|[^\w\s]")
_HEDGE_MODALS = frozenset({"may", "might", "could"})
_NAME = r"(?:[Tt]he |[Aa]n? )?[A-Z][\w.'’&-]{0,30}(?: (?:of |the |and |for )?[A-Z][\w.'’&-]{0,30}){0,5}"
_SAYING = (
    "said|says|told|added|adds|wrote|writes|argued|argues|warned|warns|claimed|claims|noted|notes|explained|"
    "explains|insisted|acknowledged|admitted|stated|states|believes"
)
_CUE = re.compile(rf"\b(?:{_SAYING}|[Aa]ccording)\b")
_SPEAKERS = (
    re.compile(rf"\b[Aa]ccording to (?P<name>{_NAME})"),
    re.compile(rf"(?P<name>{_NAME})(?:, [^,.;“”\"]{{2,80}},)? (?:also |has |have |had )?(?:{_SAYING})\b"),
    re.compile(rf"\b(?:said|says|wrote|added|explained) (?P<name>{_NAME})"),
)
# a capital that opens no sentence, and the words beside it that belong to the name; a date
_NAMED = re.compile(
    r"(?<=[\w,;:’'\")] )[A-Z][\w'’&-]{1,30}(?: (?:of |the |and )?[A-Z][\w'’&-]{0,30}){0,5}"
    r"|\b(?:19|20)\d\d\b"
)
_NOT = ("n't", "n’t")
_LONG = re.compile(rf"[^\W\d_]{{{LONG_WORD},}}")
_FINITE = words(
    "is are was were am be been has have had does do did will would can could may might must should "
    "shall isn't aren't wasn't weren't won't can't don't doesn't didn't it's that's there's we're "
    "they're you're i'm we've said says told made makes took takes came comes went goes gave gives got "
    "gets found finds became becomes began begins held holds kept keeps led leads left leaves lost "
    "loses met meets paid pays put ran runs saw sees sent sends set shows showed stood stands thought "
    "thinks won wins wrote writes rose rises fell falls grew grows know knows need needs want wants use "
    "uses work works help helps mean means say see think plan plans expect expects remain remains "
    "include includes provide provides offer offers allow allows let lets bring brings"
)
_EMPTY = words(
    "the a an and or but nor so yet if then than that this these those there here it its he she his her "
    "him they them their we our us you your i my me who whom whose which what when where why how to of "
    "in on at by for with from as into over under about after before between during through against is "
    "are was were be been being am has have had do does did will would can could may might must should "
    "shall not no only also just more most such own same other some any each all both few many much "
    "very too up out off down again further once said says"
)


@dataclass(frozen=True, kw_only=True)
class Skimmed(Text):
    """A text in words. A sentence's `first` and `last` count these.

    `words` are in lower case, numbers and marks among them, `places` the (start, end) of each.
    """

    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]

    @cached_property
    def tagged(self) -> list[TaggedTerm]:
        """The terms that the fast tagger finds, asked once."""
        from api.analysis.fast.terms import tagged_terms  # reads skimmed texts

        return tagged_terms(self)

    @cached_property
    def leanings(self) -> tuple[dict[SpinType, float], ...]:
        """How far each sentence leans to each type, by its words and those of the whole text."""
        from api.analysis.fast.terms import leanings  # reads skimmed texts
        from api.analysis.wording import wording  # reads texts

        return leanings(self, wording(), self.worded)

    def as_read(self, tagged: list[TaggedTerm], leanings: tuple[dict[SpinType, float], ...]) -> "Skimmed":
        """The same text as others read it: training sees it through models that do not know it."""
        other = replace(self)
        other.__dict__.update(tagged=tagged, leanings=leanings)
        return other

    def type_at(self, start: int) -> SpinType:
        """The one to which the term's sentence and the text lean most."""
        own = self.leanings[self.sentence_at(start).index]
        return max(own, key=lambda kind: (own[kind], kind))

    def names(self) -> list[tuple[int, int]]:
        return [match.span() for match in _NAMED.finditer(self.text, self.article.body_start, MAX_CHARACTERS)]

    def long_words(self) -> list[tuple[int, int]]:
        return [match.span() for match in _LONG.finditer(self.text, 0, MAX_CHARACTERS)]

    def content_words(self, sentence: Sentence) -> tuple[str, ...]:
        """Words that are on no list of function words, without a plural's s."""
        return tuple(
            word.removesuffix("s")
            for word in self.words[sentence.first : sentence.last]
            if word[0].isalnum() and len(word) > 1 and word not in _EMPTY
        )

    def is_finite(self, sentence: Sentence) -> bool:
        return self._finite[sentence.index]

    @cached_property
    def _finite(self) -> list[bool]:
        found = [word in _FINITE or (word.endswith("ed") and len(word) > 3) for word in self.words]
        return [any(found[s.first : s.last]) for s in self.sentences]

    def modified(self, start: int, end: int) -> tuple[int, int]:
        """As it is: what a word belongs to is not known here."""
        return start, end

    def relayed_voice(self, start: int, end: int) -> str:
        voice = self.voice_at(start, end)
        source = self.sentence_at(start).attributed_to
        if voice == DOCUMENT_VOICE and source and is_somebody(source) and can_speak(source):
            return source
        return voice

    def other_measures(self) -> list[Measure]:
        """None."""
        return []


def skim(article: Article) -> Skimmed:
    """Read one article without a parser. Never raises on any text; linear in the text."""
    text = article.text[:MAX_CHARACTERS]
    body_start = min(article.body_start, len(text))
    bounds, was_split = sentence_bounds(text, body_start)
    opens = [start for start, _ in bounds]
    blocks = paragraphs(text, body_start)
    marks = [_with_speaker(text, bounds, opens, q) for q in marked(text, blocks)]
    given = with_turns(text, marks, turns(text, blocks, body_start))
    bare = Skimmed(
        article=article, sentences=(), quotations=tuple(given), was_split=was_split, words=(), places=()
    )
    folded = bare.folded
    starts = [q.start for q in given]
    tokens: list[str] = []
    places: list[tuple[int, int]] = []
    sentences: list[Sentence] = []
    first_of_body = bisect_left(opens, body_start)
    for index, (start, end) in enumerate(bounds):
        first = len(tokens)
        for match in _TOKEN.finditer(folded, start, end):
            tokens.append(match.group())
            places.append(match.span())
        own = tokens[first:]
        voice, partly = voice_of_passage(given, starts, start, end)
        said_by = speaker_in(text, start, end) if voice == DOCUMENT_VOICE else None
        sentences.append(
            Sentence(
                index=index,
                start=start,
                end=end,
                text=text[start:end],
                role=role_at(index - first_of_body),
                voice=voice,
                attributed_to=said_by or partly,
                negated=any(word in NEGATIONS or word.endswith(_NOT) for word in own),
                hedges=tuple(
                    place
                    for word, place in zip(own, places[first:], strict=True)
                    if word in HEDGES or word in _HEDGE_MODALS
                ),
                numbers=tuple(numbers_in(text, start, end)),
                first=first,
                last=len(tokens),
            )
        )
    whole = replace(
        bare,
        sentences=tuple(sentences),
        words=tuple(tokens),
        places=tuple(places),
        _starts=opens,
    )
    whole.__dict__["folded"] = folded
    return whole


def speaker_in(text: str, start: int, end: int) -> str | None:
    """The name beside a verb of saying in text[start:end], if there is one."""
    if _CUE.search(text, start, end) is None:
        return None
    for pattern in _SPEAKERS:
        match = pattern.search(text, start, end)
        if match:
            return match["name"].rstrip(" .,'’&-")
    return None


def _with_speaker(
    text: str, bounds: Sequence[tuple[int, int]], opens: list[int], quotation: Quotation
) -> Quotation:
    """The quotation with the speaker whom the rest of its last sentence names."""
    if not quotation.statement:
        return quotation
    start, end = bounds[bisect_left(opens, quotation.end) - 1]
    for low, high in ((quotation.end, end), (start, min(quotation.start, end))):
        if low < high and (name := speaker_in(text, low, high)):
            return replace(quotation, speaker=name)
    return quotation

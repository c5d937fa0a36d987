"""Reads an article into a `Skimmed` text: sentences, words, quotations, speakers, by characters alone.

Forms replace the parse: a name is a run of capitals inside a sentence, the name beside "said" speaks, a word of
a list is a finite verb. Limits: names that open a sentence are missed, pronouns are not resolved, and outside
interview turns a speaker is found only in the sentence itself.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial

from api.analysis.engines.fast.skimmed import Skimmed
from api.analysis.engines.fast.terms import leanings, tagged_terms
from api.analysis.models.satire import satire_model
from api.analysis.models.wording import wording
from api.analysis.models.wording_measures import wording_measures, wording_result
from api.analysis.parsing.blocks import blocks as quoted_blocks
from api.analysis.parsing.quotations import quotations_in
from api.analysis.parsing.turns import turns, with_turns
from api.analysis.text.article import MAX_CHARACTERS, Article
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Quotation, Sentence
from api.analysis.text.features import measures
from api.analysis.text.passages import HEDGES, NEGATIONS, numbers_in, role_at, voice_of_passage
from api.analysis.text.sentences import paragraphs, sentence_bounds
from api.analysis.text.signals import Measure, TaggedTerm
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
_FIRST_PERSON = re.compile(r"\b(?:[Ww]e|I)\b")
_CONTRACTED_NOT = ("n't", "n’t")


class TaggedText(Skimmed):
    """A skimmed text with the results of the word models, each computed once."""

    @property
    def tagged(self) -> list[TaggedTerm]:
        """The terms that the fast tagger finds."""
        return self.once(_tagged)

    @property
    def leanings(self) -> tuple[dict[SpinType, float], ...]:
        """How much each sentence leans to each type, by its words and those of the whole text."""
        return self.once(_leanings)

    def with_outputs(
        self, tagged: list[TaggedTerm], leanings: tuple[dict[SpinType, float], ...]
    ) -> "TaggedText":
        """The same text with the results of other models."""
        return self.with_answers({_tagged: tagged, _leanings: leanings})

    def type_at(self, start: int) -> SpinType:
        """The type to which the term's sentence and the text lean most."""
        own = self.leanings[self.sentence_at(start).index]
        return max(own, key=lambda kind: (own[kind], kind))

    @property
    def known_words(self) -> frozenset[str]:
        """Those of the models of wording and of satire."""
        return _known_words()

    def sentence_weights(self) -> list[list[float]]:
        """How much it leans to its likeliest type."""
        return [[max(values.values()) for values in self.leanings]]

    def model_measures(self) -> list[Measure]:
        """Features and wording."""
        return measures(self) + wording_measures(self)


@cache
def _known_words() -> frozenset[str]:
    return frozenset(wording().terms) | satire_model().words.terms.keys()


def _tagged(text: TaggedText) -> list[TaggedTerm]:
    return tagged_terms(text, wording_result(text))


def _leanings(text: TaggedText) -> tuple[dict[SpinType, float], ...]:
    return leanings(text, wording(), wording_result(text))


def skim(article: Article) -> TaggedText:
    """Read one article without a parser. Never raises on any text; linear in the text."""
    text = article.text[:MAX_CHARACTERS]
    body_start = min(article.body_start, len(text))
    bounds, was_split = sentence_bounds(text, body_start)
    sentence_starts = [start for start, _ in bounds]
    blocks = paragraphs(text, body_start)
    marks = [_with_speaker(text, bounds, sentence_starts, q) for q in quotations_in(text, blocks)]
    unmarked = [
        *turns(text, blocks, body_start),
        *quoted_blocks(text, blocks, body_start, partial(_introduced, text)),
    ]
    quotations = with_turns(text, marks, sorted(unmarked, key=lambda q: q.start))
    draft = TaggedText(
        article=article,
        sentences=(),
        quotations=tuple(quotations),
        was_split=was_split,
        words=(),
        places=(),
    )
    folded = draft.folded
    starts = [q.start for q in quotations]
    tokens: list[str] = []
    places: list[tuple[int, int]] = []
    sentences: list[Sentence] = []
    first_of_body = bisect_left(sentence_starts, body_start)
    for index, (start, end) in enumerate(bounds):
        first = len(tokens)
        for match in _TOKEN.finditer(folded, start, end):
            tokens.append(match.group())
            places.append(match.span())
        sentence_words = tokens[first:]
        voice, partly = voice_of_passage(quotations, starts, start, end)
        speaker = speaker_in(text, start, end) if voice == DOCUMENT_VOICE else None
        sentences.append(
            Sentence(
                index=index,
                start=start,
                end=end,
                text=text[start:end],
                role=role_at(index - first_of_body),
                voice=voice,
                attributed_to=speaker or partly,
                negated=any(word in NEGATIONS or word.endswith(_CONTRACTED_NOT) for word in sentence_words),
                hedges=tuple(
                    place
                    for word, place in zip(sentence_words, places[first:], strict=True)
                    if word in HEDGES or word in _HEDGE_MODALS
                ),
                numbers=tuple(numbers_in(text, start, end)),
                first=first,
                last=len(tokens),
            )
        )
    skimmed = replace(
        draft,
        sentences=tuple(sentences),
        words=tuple(tokens),
        places=tuple(places),
        _starts=sentence_starts,
    )
    skimmed.__dict__["folded"] = folded
    return skimmed


def _introduced(text: str, start: int, end: int) -> str | None:
    """The speaker of the block behind a paragraph that ends with a colon."""
    if _CUE.search(text, start, end) is None or _FIRST_PERSON.search(text, start, end):
        return None
    return speaker_in(text, start, end) or UNNAMED_VOICE


def speaker_in(text: str, start: int, end: int) -> str | None:
    """The name beside a verb of saying in text[start:end], if any."""
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
    """The quotation with the speaker named in the rest of its last sentence."""
    if not quotation.statement:
        return quotation
    start, end = bounds[bisect_left(opens, quotation.end) - 1]
    for low, high in ((quotation.end, end), (start, min(quotation.start, end))):
        if low < high and (name := speaker_in(text, low, high)):
            return replace(quotation, speaker=name)
    return quotation

"""The analysed text that all detectors share: sentences, quotations, speakers and, if parsed, tokens.

`Text` is found by rules over characters; `Document` adds spaCy's parse. Detectors and measures use only methods
of `Text`. Results of models are abstract, so this module imports no model.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from api.analysis.text.article import Article
from api.analysis.text.disguises import folded
from api.analysis.text.signals import Measure, TaggedTerm
from schemas.enums import SpinType

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Answer = TypeVar("Answer")
LONG_WORD = 10  # letters
UNTAGGED = 0.08  # chance of a place of a written rule where the tagger finds nothing, in 200 labelled stories
_NAMED = frozenset({"PERSON", "ORG", "GPE", "NORP", "FAC", "LOC", "EVENT", "LAW", "DATE"})
_CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "NUM"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})  # tags of verbs that carry a tense
Role = Literal["title", "lead", "body"]
DOCUMENT_VOICE = "document"
UNNAMED_VOICE = "unnamed speaker"  # of a whole quoted statement


@dataclass(frozen=True, slots=True)
class Quotation:
    """Characters [start, end) between quotation marks; `speaker` is a name in the text, or None.

    `statement` is False for a few quoted words (a title, a term, irony), which are the document's own unless a
    speaker is found. `turn` is True for an interview turn with a label ("Roe: ...") instead of quotation marks.
    """

    start: int
    end: int
    speaker: str | None
    statement: bool = True
    turn: bool = False

    @property
    def voice(self) -> str:
        """The speaker; without one, `unnamed speaker` for a statement and `document` for a few quoted words."""
        return self.speaker or (UNNAMED_VOICE if self.statement else DOCUMENT_VOICE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: characters [start, end) of the text, tokens [first, last) of the parse.

    `role` is the title, the lead (the first two body sentences) or the body. `voice` is `document`, or the
    speaker whose quotation covers most of the sentence. `attributed_to` is the text's name or description of the
    source of an unquoted sentence ("according to ..."), or None. `hedges` and `numbers` are (start, end); bare
    calendar years are not numbers.
    """

    index: int
    start: int
    end: int
    text: str
    role: Role
    voice: str
    attributed_to: str | None
    negated: bool
    hedges: tuple[tuple[int, int], ...]
    numbers: tuple[tuple[int, int], ...]
    first: int = 0
    last: int = 0


@dataclass(frozen=True, kw_only=True)
class Text(ABC):
    """The article cut into sentences. All offsets are code points of `article.text`.

    `was_split`: a sentence over the length limit was cut.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    quotations: tuple[Quotation, ...]
    was_split: bool = False
    _starts: list[int] = field(default_factory=list, repr=False)
    _answers: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, make: Callable[[Self], Answer]) -> Answer:
        """Return `make(self)`, computed only once."""
        if make not in self._answers:
            self._answers[make] = make(self)
        answer: Answer = self._answers[make]
        return answer

    def with_answers(self, answers: Mapping[Callable[[Self], Any], Any]) -> Self:
        """A copy for which `once` returns these answers, so that training can substitute held-out models."""
        other = replace(self)
        other._answers.update(answers)
        return other

    @property
    def text(self) -> str:
        return self.article.text

    @cached_property
    def folded(self) -> str:
        """The text in lower case with the same offsets; characters whose lower case is longer stay.

        Look-alike letters within Latin words become Latin.
        """
        return folded(self.text)

    @property
    @abstractmethod
    def tagged(self) -> list[TaggedTerm]:
        """Loaded terms found by a tagger, in text order."""

    @cached_property
    def typed_terms(self) -> list[tuple[TaggedTerm, SpinType]]:
        """The tagged terms, each with its spin type."""
        return [(term, self.type_at(term.start)) for term in self.tagged]

    def chance(self, start: int, end: int) -> float:
        """The chance that a careful reader marks words of [start, end) as loaded, by the tagger."""
        near = [t.probability for t in self.tagged if t.start < end and start < t.end]
        return max(near, default=UNTAGGED)

    @abstractmethod
    def type_at(self, start: int) -> SpinType:
        """The spin type of a loaded term that starts at `start`; never `none`."""

    def types_at(self, start: int) -> list[SpinType]:
        """`type_at`, and the types that are nearly as likely there, the likeliest first."""
        return [self.type_at(start)]

    def may_steer_by(self, kind: SpinType, start: int) -> bool:
        """Whether the sentence at `start` may steer by this type; otherwise its findings are dropped."""
        return True

    def strength(self, kind: SpinType, start: int) -> float | None:
        """How strongly the sentence at `start` steers by this type, from 0 to 3; None without a model of it."""
        return None

    @cached_property
    def likely_types(self) -> list[SpinType]:
        """The six types by a model of the whole text, the likeliest first; [] without one."""
        return []

    @abstractmethod
    def names(self) -> list[tuple[int, int]]:
        """The (start, end) of names and dates."""

    @abstractmethod
    def long_words(self) -> list[tuple[int, int]]:
        """The (start, end) of words of at least LONG_WORD letters."""

    @abstractmethod
    def content_words(self, sentence: Sentence) -> tuple[str, ...]:
        """Lower-case content words in sentence order, with repetitions, without stop words."""

    @abstractmethod
    def is_finite(self, sentence: Sentence) -> bool:
        """Whether a verb of the sentence carries a tense."""

    @abstractmethod
    def modified(self, start: int, end: int) -> tuple[int, int]:
        """[start, end) extended to the word that its last word modifies, if that follows within four words."""

    @abstractmethod
    def relayed_voice(self, start: int, end: int) -> str:
        """The source of the statement that [start, end) is part of, quoted or not; else `document`."""

    @abstractmethod
    def main_voice(self, sentence: Sentence) -> str:
        """The speaker, quoted or reported, of the sentence's main statement; else `document`."""

    @property
    @abstractmethod
    def known_words(self) -> frozenset[str]:
        """The words and pairs for which the models of this kind of text have weights."""

    @property
    def estimate(self) -> float | None:
        """The score by a model of the whole text, which the parts of the score explain; None without one."""
        return None

    @property
    def page_likeness(self) -> float | None:
        """Above 0 if the text reads like a page, not like a story, by a model; None without one."""
        return None

    def sentence_weights(self) -> list[list[float]]:
        """What each sentence may weigh in the score, by each model that tells: one value a sentence."""
        return []

    def missed(self) -> dict[str, float]:
        """The chance that a reader misses each item or party in the text, by a model; {} without one."""
        return {}

    @abstractmethod
    def model_measures(self) -> list[Measure]:
        """The measures on which score, type and stance rest, beside findings."""

    @cached_property
    def _quotation_starts(self) -> list[int]:
        return [q.start for q in self.quotations]

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that contains or last precedes `offset`. Raises IndexError on an empty document."""
        starts = self._starts or [s.start for s in self.sentences]
        return self.sentences[max(bisect_right(starts, offset) - 1, 0)]

    def quotation_at(self, start: int, end: int) -> Quotation | None:
        """The quotation that covers most of [start, end), if any."""
        at = bisect_right(self._quotation_starts, (start + max(end - 1, start)) // 2) - 1
        if at < 0:
            return None
        quotation = self.quotations[at]
        inside = min(end, quotation.end) - max(start, quotation.start)
        return quotation if inside > 0 and 2 * inside > end - start else None

    def voice_at(self, start: int, end: int) -> str:
        """The voice of [start, end): `document`, or the speaker of the quotation around it."""
        quotation = self.quotation_at(start, end)
        return quotation.voice if quotation else DOCUMENT_VOICE

    def body_sentences(self) -> Iterator[Sentence]:
        """All sentences except the title."""
        return (s for s in self.sentences if s.role != "title")

    @property
    def lead_end(self) -> int:
        """The end of title and lead."""
        return max((s.end for s in self.sentences if s.role != "body"), default=self.article.body_start)


@dataclass(frozen=True, kw_only=True)
class Document(Text):
    """The parsed article; `doc` is spaCy's parse.

    The parse covers every analysed character, white space included, so `token.idx` is an offset into the text.
    """

    doc: "Doc"

    @cached_property
    def all_tokens(self) -> "list[Token]":
        """The tokens of `doc`, cached: spaCy creates a new object at each access."""
        return list(self.doc)

    def tokens(self, sentence: Sentence) -> "list[Token]":
        """The sentence's tokens."""
        return self.all_tokens[sentence.first : sentence.last]

    @cached_property
    def _token_starts(self) -> list[int]:
        return [token.idx for token in self.all_tokens]

    def token_at(self, offset: int) -> int:
        """The number of the token that contains or last precedes `offset`."""
        return max(bisect_right(self._token_starts, offset) - 1, 0)

    def names(self) -> list[tuple[int, int]]:
        return [(e.start_char, e.end_char) for e in self.doc.ents if e.label_ in _NAMED]

    def long_words(self) -> list[tuple[int, int]]:
        return [
            (t.idx, t.idx + len(t.text)) for t in self.all_tokens if len(t.text) >= LONG_WORD and t.is_alpha
        ]

    def content_words(self, sentence: Sentence) -> tuple[str, ...]:
        """Lemmas of nouns, names, verbs, adjectives and numerals."""
        return self._content_words[sentence.index]

    @cached_property
    def _content_words(self) -> list[tuple[str, ...]]:
        """Those of each sentence, which several parts of a verdict ask for."""
        return [
            tuple(
                token.lemma_.lower()
                for token in self.tokens(sentence)
                if token.pos_ in _CONTENT
                and not token.is_stop
                and token.text[:1].isalnum()
                and len(token.text) > 1
            )
            for sentence in self.sentences
        ]

    def is_finite(self, sentence: Sentence) -> bool:
        return sentence.index in self._finite

    @cached_property
    def _finite(self) -> frozenset[int]:
        """The numbers of the sentences with a finite verb."""
        tags = ((s.index, token.tag_) for s in self.sentences for token in self.tokens(s))
        return frozenset(number for number, tag in tags if tag in _FINITE)

    def modified(self, start: int, end: int) -> tuple[int, int]:
        at = self.token_at(end - 1)
        token = self.doc[at]
        head = token.head
        if token.dep_ in ("amod", "advmod", "compound", "nmod") and 0 < head.i - token.i <= 3:
            stretch = self.doc[token.i : head.i + 1]
            if not any((t.is_punct and t.text != "-") or t.is_space for t in stretch):
                return start, max(end, head.idx + len(head.text))
        return start, end

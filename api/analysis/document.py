"""A text read once: sentences, tokens, quotations and their speakers, shared by all detectors."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from spacy.tokens import Doc
from spacy.tokens import Span as Tokens

from api.analysis.article import Article
from api.analysis.disguises import undisguised

if TYPE_CHECKING:
    from api.analysis.encoder import Encoded
    from api.analysis.term_tagger import TaggedTerm

Role = Literal["title", "lead", "body"]
DOCUMENT_VOICE = "document"
UNNAMED_VOICE = "unnamed speaker"  # a whole statement in quotation marks whose speaker the text does not give

# One character for one: typographic apostrophes and white space, so that a phrase is found however it is set.
_FOLD = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00a0": " ", "\n": " ", "\t": " ", "\u2011": "-"})


@dataclass(frozen=True, slots=True)
class Quotation:
    """Characters [start, end) between quotation marks; `speaker` is a name of the text, or None.

    `statement` is False for a few words only set in quotation marks (a title, a term, irony): those are the
    document's own choice unless a speaker is found.
    """

    start: int
    end: int
    speaker: str | None
    statement: bool = True

    @property
    def voice(self) -> str:
        """The speaker; `unnamed speaker` for a statement without one; `document` for mere marked words."""
        return self.speaker or (UNNAMED_VOICE if self.statement else DOCUMENT_VOICE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, characters [start, end) of the text, tokens [first, last) of the parse.

    `role`: the title, the lead (the first two body sentences), or the body. `voice`: `document`, or the
    speaker in whose quotation most of the sentence stands. `attributed_to`: the source that an unquoted
    sentence reports ("according to ...", "... said that"), a name or description of the text, or None.
    `hedges`, `numbers`: (start, end) places in the text; numbers leave bare calendar years out.
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


@dataclass(frozen=True)
class Document:
    """The parsed article. Offsets everywhere are code points of `article.text`; `doc` is spaCy's parse of it.

    The parse covers the analysed characters of the text, token by token, white space included, so
    `token.idx` is an offset into the text. `was_split` tells that a sentence over the limit was cut.
    """

    article: Article
    doc: Doc
    sentences: tuple[Sentence, ...]
    quotations: tuple[Quotation, ...]
    was_split: bool = False
    _starts: list[int] = field(default_factory=list, repr=False)

    @property
    def text(self) -> str:
        return self.article.text

    @cached_property
    def folded(self) -> str:
        """The text in lower case with the same offsets (characters that would change length stay).

        Letters that only look Latin, in the middle of Latin words, are read as what they look like.
        """
        text = undisguised(self.text)
        low = text.lower()
        if len(low) != len(text):
            low = "".join(low if len(low := c.lower()) == 1 else c for c in text)
        return low.translate(_FOLD)

    @cached_property
    def encoded(self) -> "Encoded":
        """What the sentence encoder says, asked once."""
        from api.analysis.encoder import encode  # reads documents

        return encode(self)

    @cached_property
    def tagged(self) -> "list[TaggedTerm]":
        """The terms that the tagger finds, asked once."""
        from api.analysis.term_tagger import tagged_terms  # reads documents

        return tagged_terms(self, self.encoded)

    def as_read(self, encoded: "Encoded", tagged: "list[TaggedTerm]") -> "Document":
        """The same document as others read it: training sees it through models that do not know it."""
        other = replace(self)
        other.__dict__.update(encoded=encoded, tagged=tagged)
        return other

    @cached_property
    def _quotation_starts(self) -> list[int]:
        return [q.start for q in self.quotations]

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that holds or last precedes `offset`. Raises IndexError on an empty document."""
        starts = self._starts or [s.start for s in self.sentences]
        return self.sentences[max(bisect_right(starts, offset) - 1, 0)]

    def tokens(self, sentence: Sentence) -> Tokens:
        """The tokens of a sentence."""
        return self.doc[sentence.first : sentence.last]

    @cached_property
    def _token_starts(self) -> list[int]:
        return [token.idx for token in self.doc]

    def token_at(self, offset: int) -> int:
        """The number of the token that holds or last precedes `offset`."""
        return max(bisect_right(self._token_starts, offset) - 1, 0)

    def quotation_at(self, start: int, end: int) -> Quotation | None:
        """The quotation that holds most of [start, end), None where there is none."""
        at = bisect_right(self._quotation_starts, (start + max(end - 1, start)) // 2) - 1
        if at < 0:
            return None
        quotation = self.quotations[at]
        inside = min(end, quotation.end) - max(start, quotation.start)
        return quotation if inside > 0 and 2 * inside > end - start else None

    def voice_at(self, start: int, end: int) -> str:
        """Whose words stand at [start, end): `document`, or the speaker of the quotation around them."""
        quotation = self.quotation_at(start, end)
        return quotation.voice if quotation else DOCUMENT_VOICE

    def body_sentences(self) -> Iterator[Sentence]:
        """All sentences but the title."""
        return (s for s in self.sentences if s.role != "title")

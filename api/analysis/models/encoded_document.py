"""A parsed article with the results of the sentence encoder and the tagger of loaded terms."""

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any

from api.analysis.models.document_heads import DocumentValues, document_values, known_terms
from api.analysis.models.encoder import Encoded, encode
from api.analysis.models.encoder_measures import encoder_measures
from api.analysis.models.page_likeness import page_likeness
from api.analysis.models.satire import satire_model
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.models.term_tagger import tagged_terms
from api.analysis.models.wording_measures import known_places
from api.analysis.parsing.blame import takes_blame
from api.analysis.parsing.relayed import main_voice, relayed_voice
from api.analysis.text.document import Document, Sentence
from api.analysis.text.signals import Measure, TaggedTerm
from schemas.enums import SpinType, Stance

_TYPES: tuple[SpinType, ...] = tuple(kind for kind in SpinType if kind is not SpinType.NONE)
_MIN_MARK_ODDS = -2.2  # log-odds, a probability of .1; chosen on stories held out from the encoder
_RIVAL_ODDS = 1.0  # log-odds below the likeliest type


class EncodedDocument(Document):
    """Runs each model once, at first use."""

    @property
    def encoded(self) -> Encoded:
        """Results of the sentence encoder."""
        return self.once(encode)

    @property
    def tagged(self) -> list[TaggedTerm]:
        """Terms found by the tagger."""
        return self.once(_tagged)

    def with_outputs(
        self, encoded: Encoded, tagged: list[TaggedTerm], values: DocumentValues | None = None
    ) -> "EncodedDocument":
        """A copy of the document with results of other models; without `values`, the shipped heads give them."""
        found: dict[Callable[[EncodedDocument], Any], Any] = {encode: encoded, _tagged: tagged}
        return self.with_answers(found | ({_values: values} if values else {}))

    def type_at(self, start: int) -> SpinType:
        """The type with the highest mark odds in the term's sentence."""
        sentence = self.sentence_at(start).index
        return max(_TYPES, key=lambda kind: self.encoded.mark_odds(sentence, kind))

    def types_at(self, start: int) -> list[SpinType]:
        """By the mark odds in the term's sentence."""
        sentence = self.sentence_at(start).index
        odds: dict[SpinType, float] = {kind: self.encoded.mark_odds(sentence, kind) for kind in _TYPES}
        near = [kind for kind in _TYPES if odds[kind] >= max(odds.values()) - _RIVAL_ODDS]
        return sorted(near, key=lambda kind: -odds[kind])

    def may_steer_by(self, kind: SpinType, start: int) -> bool:
        """By the encoder's mark odds; who takes the blame does not move it."""
        if kind is SpinType.SHIELD and self.sentence_at(start).index in self.once(takes_blame):
            return False
        return self.encoded.mark_odds(self.sentence_at(start).index, kind) >= _MIN_MARK_ODDS

    def strength(self, kind: SpinType, start: int) -> float:
        """By the mark that the sentence heads give it."""
        return float(self.encoded.marks[self.sentence_at(start).index, COLUMN[kind.value]])

    @cached_property
    def likely_types(self) -> list[SpinType]:
        """By the heads."""
        return sorted(_TYPES, key=lambda kind: -self.values.types[kind])

    def relayed_voice(self, start: int, end: int) -> str:
        """By the parse."""
        return relayed_voice(self, start, end)

    def main_voice(self, sentence: Sentence) -> str:
        """By the parse."""
        return main_voice(self, sentence)

    @property
    def values(self) -> DocumentValues:
        """Results of the heads of the whole text."""
        return self.once(_values)

    @property
    def known_words(self) -> frozenset[str]:
        """Those of the heads and of the model of satire."""
        return _known_words()

    @property
    def estimate(self) -> float:
        """By the heads."""
        return self.values.score

    @property
    def stance(self) -> Stance:
        """The likeliest stance by the heads."""
        stances = self.values.stances
        return max(stances, key=lambda stance: (stances[stance], stance))

    @property
    def page_likeness(self) -> float:
        """By the encoder's vectors."""
        return page_likeness(self.encoded.pooled)

    def sentence_weights(self) -> list[list[float]]:
        """How much it steers, and how much it tells the news, by the marks of sentences."""
        marks = self.encoded.marks
        return [marks[:, COLUMN[name]].tolist() for name in ("steering", "news")]

    def missed(self) -> dict[str, float]:
        """By the heads."""
        return self.values.lacks

    def model_measures(self) -> list[Measure]:
        """Measures of the encoder."""
        return encoder_measures(self, self.encoded, self.values)


def _values(document: EncodedDocument) -> DocumentValues:
    return document_values(document.encoded, known_places(document), len(document.text.split()))


@cache
def _known_words() -> frozenset[str]:
    return known_terms() | satire_model().words.terms.keys()


def _tagged(document: EncodedDocument) -> list[TaggedTerm]:
    return tagged_terms(document, document.encoded)

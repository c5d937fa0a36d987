"""A parsed article with what models say of it: the encoder of sentences, the tagger of loaded terms."""

from api.analysis.models.encoder import Encoded, encode
from api.analysis.models.encoder_measures import encoder_measures
from api.analysis.models.term_tagger import tagged_terms
from api.analysis.parsing.relayed import relayed_voice
from api.analysis.text.document import Document
from api.analysis.text.signals import Measure, TaggedTerm
from schemas.enums import SpinType

_TYPES = tuple(kind for kind in SpinType if kind is not SpinType.NONE)
_LEAST_READ = -2.2  # log-odds, a probability of .1; chosen on training stories that the encoder had not seen


class EncodedDocument(Document):
    """Each model is asked once, when its answer is first needed."""

    @property
    def encoded(self) -> Encoded:
        """What the sentence encoder says."""
        return self.once(encode)

    @property
    def tagged(self) -> list[TaggedTerm]:
        """The terms that the tagger finds."""
        return self.once(_tagged)

    def as_read(self, encoded: Encoded, tagged: list[TaggedTerm]) -> "EncodedDocument":
        """The same document as other models read it."""
        return self.knowing({encode: encoded, _tagged: tagged})

    def type_at(self, start: int) -> SpinType:
        """The one by which the encoder sees the term's sentence steer most."""
        sentence = self.sentence_at(start).index
        return max(_TYPES, key=lambda kind: self.encoded.mark_odds(sentence, kind))

    def reads_as(self, kind: SpinType, start: int) -> bool:
        """By the encoder."""
        return self.encoded.mark_odds(self.sentence_at(start).index, kind) >= _LEAST_READ

    def relayed_voice(self, start: int, end: int) -> str:
        """By the parse."""
        return relayed_voice(self, start, end)

    def other_measures(self) -> list[Measure]:
        """What the encoder says."""
        return encoder_measures(self, self.encoded)


def _tagged(document: EncodedDocument) -> list[TaggedTerm]:
    return tagged_terms(document, document.encoded)

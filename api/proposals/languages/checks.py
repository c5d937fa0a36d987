"""The checks of answers about a text that was not parsed; see `text_checks.py`."""

from collections.abc import Sequence

from api.analysis.text.document import Document, Sentence, Text
from api.proposals.answers import ProposedOmission
from api.proposals.drops import DropReason
from api.proposals.grounded import GroundedJudgement
from api.proposals.languages.codes import ENGLISH, ProseLanguage, language_of_prose
from api.proposals.languages.language import language_named
from api.proposals.languages.omissions import checked_omission, open_items
from api.proposals.languages.quotation_marks import quoted
from api.proposals.languages.speakers import lacks_speaker, voice_of
from api.proposals.languages.unparsed_text import UnparsedText
from api.proposals.languages.written_sentences import WrittenSentences
from api.proposals.overstatements import Manner
from api.proposals.quotes import Place, QuoteFinder
from api.proposals.speakers import SAYS
from api.proposals.text_checks import EnglishChecks, GivenVoice, TextChecks
from schemas.assessments import Happening, Omission


class UnparsedChecks(TextChecks):
    """`prose` is the code of the language of the sentences, `given` are the voices of the judgement."""

    def __init__(self, document: UnparsedText, prose: str, given: Sequence[GivenVoice] = ()) -> None:
        self.document: UnparsedText = document
        code = document.article.language or ""
        self._sentences = WrittenSentences(document.article, code, prose)
        self._phrases = self._sentences if prose == code else WrittenSentences(document.article, code, code)
        self._saying = SAYS if prose == ENGLISH else language_named(prose).saying
        self._given = given

    def fault(self, sentence: str, limit: int, *, lenient: bool = False) -> DropReason | None:
        return self._sentences.fault(sentence, limit)

    def has_numbers_beyond(self, text: str, sentences: Sequence[Sentence]) -> bool:
        return self._sentences.has_numbers_beyond(text, sentences)

    def quoted(self, text: str) -> list[str]:
        return quoted(text)

    def voice_of(self, place: Place, said: str) -> str | DropReason:
        return voice_of(self.document, place, said)

    def lacks_speaker(
        self, text: str, sentences: Sequence[Sentence], places: Sequence[Place], *, of_text: bool = False
    ) -> bool:
        return lacks_speaker(
            self.document, self._given, text, sentences, places, self._saying, of_text=of_text
        )

    def overstates(self, text: str, sentences: Sequence[Sentence], manner: Manner) -> bool:
        """False: such words are known in English texts only."""
        return False

    def names_wrong_speaker(self, text: str, sentences: Sequence[Sentence]) -> bool:
        """False: who speaks is not known well enough."""
        return False

    def open_items(self) -> list[str]:
        return open_items(self.document)

    def open_parties(self) -> list[str]:
        """[]: who speaks is not known well enough."""
        return []

    def omission(
        self, happening: Happening | None, proposed: ProposedOmission, finder: QuoteFinder
    ) -> Omission | DropReason:
        return checked_omission(self.document, proposed, finder, self._sentences, self._phrases)

    def published(self, happening: Happening | None, omission: Omission) -> Omission | DropReason:
        """As it is: it has the answer's words."""
        return omission

    def party(self, code: str) -> DropReason | None:
        """None is open."""
        return DropReason.UNKNOWN_ITEM


def checks_of(
    document: Text, prose: ProseLanguage = ProseLanguage.STORY, judgement: GroundedJudgement | None = None
) -> TextChecks:
    """The checks of a text as it was read; `judgement` is that on which prose rests."""
    if isinstance(document, UnparsedText):
        given = () if judgement is None else _voices(judgement)
        return UnparsedChecks(document, language_of_prose(document.article.language, prose), given)
    assert isinstance(document, Document), "the rules read all other texts"
    return EnglishChecks(document)


def _voices(judgement: GroundedJudgement) -> list[GivenVoice]:
    voiced = [(claim.spans, claim.voice) for claim in judgement.claims]
    voiced += [(finding.spans, finding.voice) for finding in judgement.findings]
    voiced += [(term.spans, term.voice) for term in judgement.loaded_terms]
    return [(spans[0].start, spans[-1].end, voice) for spans, voice in voiced]

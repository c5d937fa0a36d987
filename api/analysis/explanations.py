"""Sentences about a story in its own words: deck, emphasis, frame, objective, and how the framing works.

Templates (`explanations.json`) by type and tactic, filled with the story's loaded terms, key phrases and names.
Which of several variants is used depends on the text's digest, so stories do not sound alike and one story
always sounds the same. A sentence is null unless it names at least two content words of this story and
holds nothing that the text or the source record does not (`grounding.py`).

Whose framing: where the weightiest terms stand in a quotation, its speaker is named as the one who frames,
not the outlet that quotes.
"""

import re
from dataclasses import dataclass

from msgspec import Struct
from spacy.lang.en.stop_words import STOP_WORDS

from api.analysis.claim_support import OWN_ACCOUNT
from api.analysis.data_files import data_file
from api.analysis.document import DOCUMENT_VOICE, UNNAMED_VOICE
from api.analysis.grounding import Grounding
from schemas.assessments import Mechanics, SourceRole, Spin
from schemas.enums import ClaimSupport, Intent, SpinType, Stance

MIN_STORY_WORDS = 2  # content words of the story that a sentence names
STANDING = {
    ClaimSupport.SHOWN: "with grounds for it",
    ClaimSupport.ATTRIBUTED: "as the word of a source",
    ClaimSupport.ASSERTED: "on its own word",
}
_SLOT = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"[^\W_]{3,}")


class _Sentences(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    deck: list[str]
    emphasis: list[str]
    frame: list[str]
    plain_english: list[str]
    believe: list[str]
    hard_to_question: list[str]


class _Templates(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    types: dict[str, _Sentences]  # by type, and `critical`
    how: dict[str, list[str]]  # by tactic
    objectives: dict[Intent, list[str]]


_TEMPLATES = data_file("explanations.json", _Templates)


@dataclass(frozen=True, kw_only=True)
class Story:
    """What the templates are filled with. `terms` are (words, voice), the weightiest first.

    `subject` and `core` are phrases of the text (`key_phrases.py`), `standing` says how the core
    stands in it. `seed` is a number of the text that picks among variants.
    """

    spin: Spin
    role: SourceRole
    actor: str | None
    terms: list[tuple[str, str]]
    subject: str | None
    core: str | None
    standing: str
    lacks: str | None
    speaker: str | None
    seed: int


class Explanations:
    """The sentences of one story; every one is a string or None."""

    def __init__(self, story: Story, grounding: Grounding) -> None:
        self._story = story
        self._grounding = grounding
        self._slots = _slots(story)
        primary = story.spin.primary
        critical = primary is SpinType.NONE and story.spin.stance is Stance.CRITICAL and story.terms
        self._sentences = _TEMPLATES.types["critical" if critical else primary.value]

    @property
    def deck(self) -> str | None:
        """A one-sentence reframe to stand under the title."""
        return self._sentence("deck", self._sentences.deck)

    @property
    def emphasis(self) -> str | None:
        """What is put in front, and what is not."""
        return self._sentence("emphasis", self._sentences.emphasis)

    @property
    def frame(self) -> str | None:
        """As what the story is told."""
        return self._sentence("frame", self._sentences.frame)

    @property
    def objective(self) -> str | None:
        """What the story is trying to do."""
        return self._sentence("objective", _TEMPLATES.objectives[self._story.role.intent])

    @property
    def mechanics(self) -> Mechanics | None:
        """How the framing works; None where no framing was found."""
        how = _TEMPLATES.how.get(self._story.spin.tactic or "", [])
        mechanics = Mechanics(
            plain_english=self._sentence("plain_english", self._sentences.plain_english),
            believe=self._sentence("believe", self._sentences.believe),
            hard_to_question=self._sentence("hard_to_question", self._sentences.hard_to_question),
            how=self._sentence("how", how),
        )
        empty = Mechanics(plain_english=None, believe=None, hard_to_question=None, how=None)
        return None if mechanics == empty else mechanics

    def _sentence(self, field: str, variants: list[str]) -> str | None:
        """The first variant, from a place that the text's digest and the field give, that can be filled."""
        if not variants:
            return None
        turn = (self._story.seed + sum(map(ord, field))) % len(variants)
        for template in [*variants[turn:], *variants[:turn]]:
            sentence = self._filled(template)
            if sentence is not None and not self._grounding.ungrounded(sentence):
                return sentence
        return None

    def _filled(self, template: str) -> str | None:
        names = _SLOT.findall(template)
        values = {name: self._slots.get(name) for name in names}
        if any(value is None for value in values.values()):
            return None
        own = {
            w.lower()
            for name in names
            if name not in ("lacks", "standing")
            for w in _WORD.findall(values[name] or "")
        }
        if len(own - STOP_WORDS - {"text"}) < MIN_STORY_WORDS:
            return None
        return _SLOT.sub(lambda match: values[match[1]] or "", template)


def _slots(story: Story) -> dict[str, str | None]:
    terms = [words for words, _ in story.terms]
    framer = _framer(story)
    return {
        "a": terms[0] if terms else None,
        "b": terms[1] if len(terms) > 1 else None,
        "subject": story.subject,
        "core": story.core,
        "standing": story.standing,
        "lacks": story.lacks,
        "speaker": _within(story.speaker),
        "actor": story.actor,
        "Actor": _capital(story.actor),
        "framer": framer,
        "Framer": _capital(framer),
    }


def _framer(story: Story) -> str:
    voice = story.terms[0][1] if story.terms else DOCUMENT_VOICE
    if voice == UNNAMED_VOICE:
        return "a speaker without a name"
    if voice != DOCUMENT_VOICE:
        return _within(voice) or voice
    own = story.role.publisher_type in OWN_ACCOUNT
    return story.role.publisher if own and story.role.publisher else "the text"


def _within(name: str | None) -> str | None:
    """A name as it stands inside a sentence: its article in lower case."""
    return f"the {name[4:]}" if name and name.startswith("The ") else name


def _capital(name: str | None) -> str | None:
    return f"{name[:1].upper()}{name[1:]}" if name else None

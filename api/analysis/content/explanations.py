"""Generates sentences about a story in its own words: deck, emphasis, frame, objective, mechanics.

Templates (`explanations.json`) by type and tactic, and for satire, are filled with the story's loaded terms,
their clauses and its claims. A clause is used only if a written rule found its term or the term has two content
words, and if nothing in it denies or concedes; for appearance and belief a written rule must have found it. The
first template that can be filled is used. A sentence is null unless it has two content words of the story and
is grounded in text or source record (`grounding.py`).

If the first clause is quoted or relayed, its speaker is named as the framer, not the outlet that quotes.
"""

import re
from dataclasses import dataclass

from msgspec import Struct

from api.analysis.content.checklists import ITEMS
from api.analysis.content.grounding import Grounding
from api.analysis.content.key_phrases import KeyPhrases
from api.analysis.content.quoted_terms import Term
from api.analysis.parsing.clauses import clause_with
from api.analysis.parsing.speaker_names import named_speaker
from api.analysis.text.data_files import data_file
from api.analysis.text.document import DOCUMENT_VOICE, Document
from api.analysis.text.lexicon import words
from api.analysis.text.names import same_party, within_sentence
from api.analysis.text.own_account import OWN_ACCOUNT
from api.analysis.text.passages import NEGATIONS
from api.analysis.text.shown_words import MIN_STORY_WORDS, content_words
from schemas.assessments import Claim, Mechanics, SourceRole, Spin
from schemas.enums import ClaimSupport, Intent, SpinType

MAX_SOURCE = 100  # characters of the words that name a claim's source
_SAID = r"(?:said|says|showed|shows|reported|reports|estimated|estimates|found|finds|announced)"
_PART = r"(?:[^,;:()“”\"—–]|(?<=\d),(?=\d))"  # a character of a name or description
_SOURCES = (
    re.compile(
        rf"\baccording to (?P<source>{_PART}{{3,{MAX_SOURCE}}}?)(?=,(?!\d)|[;:(—–]|\s[-–—]\s|\.?$)",
        re.IGNORECASE,
    ),
    re.compile(
        rf", (?P<source>(?:(?:the|an?) |(?=[A-Z])){_PART}{{3,60}}?) {_SAID}"
        rf"(?: (?:in|on|at|to|this|last) {_PART}{{3,60}})?\.?$"
    ),
    re.compile(
        rf"^(?P<source>(?:[^\s,;:()“”\"—–]+ ){{1,7}}?){_SAID}(?: (?:on|in|last|this) {_PART}{{3,60}}?)? that\b"
    ),
)
_ARTICLES = frozenset({"the", "a", "an"})
# Opening words of a source that another sentence names.
_POINTS_BACK = words(
    "it its they them their he his she her we our i my you this that these those which who both one some many "
    "others another nobody everyone and but as while when if because"
)
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_CLOSED = "\0"  # stands before a quotation mark that is already set
_SLOT = re.compile(r"\{(\w+)\}")
_CONCESSIONS = words("although though but despite however yet whereas while unfortunately")
_DENYING = frozenset({SpinType.CUSHION, SpinType.SHIELD})  # types that work by denial
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")


class _Sentences(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    deck: list[str]
    emphasis: list[str]
    frame: list[str]
    plain_english: list[str]
    believe: list[str]
    hard_to_question: list[str]


class _Templates(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    types: dict[SpinType, _Sentences]
    satire: _Sentences
    how: dict[str, list[str]]  # by tactic
    objectives: dict[Intent, list[str]]


_TEMPLATES = data_file("content/explanations.json", _Templates)


@dataclass(frozen=True, kw_only=True)
class Story:
    """The values for the templates. `terms` are (words, voice), the weightiest first.

    `clauses` are (clause, voice) of the first terms, without repetition; `believed` are those whose term a
    written rule found. `core` is a claim's clause, `core_voice` its speaker, `standing` its standing in the text,
    `lacks` the evidence that it lacks. `subject` is a phrase of the text.
    """

    spin: Spin
    role: SourceRole
    actor: str | None
    terms: list[tuple[str, str]]
    clauses: list[tuple[str, str]]
    believed: list[tuple[str, str]]
    subject: str | None
    core: str | None
    core_voice: str
    standing: str
    lacks: str | None


def story_of(
    document: Document,
    spin: Spin,
    role: SourceRole,
    actor: str | None,
    terms: list[Term],
    claims: list[Claim],
    phrases: KeyPhrases,
) -> Story:
    """The values for one document. The claim is the first that lacks something, else the first."""
    clauses: dict[str, str] = {}
    believed: dict[str, str] = {}
    for term in terms:
        if not term.written and term.content < MIN_STORY_WORDS:
            continue
        clause = clause_with(document, term.start, term.end)
        if clause is None or _is_qualified(clause, term.words, spin.primary):
            continue
        if term.written:
            believed.setdefault(clause, term.voice)
        clauses.setdefault(clause, term.voice)
    named = [c for c in claims if phrases.relayed(c.number) or phrases.of_claim(c.number)]
    lacking = next((c for c in named if c.missing_evidence and spin.primary is not SpinType.NONE), None)
    claim = lacking or next(iter(named), None)
    core, core_voice = _core(claim, phrases)
    return Story(
        spin=spin,
        role=role,
        actor=actor,
        terms=[(term.words, term.voice) for term in terms],
        clauses=list(clauses.items()),
        believed=list(believed.items()),
        subject=phrases.subject,
        core=core,
        core_voice=core_voice,
        standing=standing_of(claim, role, core or "", core_voice) if claim else "",
        lacks=ITEMS[claim.missing_evidence[0].item].lacks if claim and claim.missing_evidence else None,
    )


def _core(claim: Claim | None, phrases: KeyPhrases) -> tuple[str | None, str]:
    """A claim's clause with its speaker."""
    if claim is None:
        return None, DOCUMENT_VOICE
    return phrases.relayed(claim.number) or (phrases.of_claim(claim.number), DOCUMENT_VOICE)


def _is_qualified(clause: str, term: str, kind: SpinType) -> bool:
    """Whether the clause denies or concedes something, outside the term itself."""
    if kind in _DENYING:
        return False
    around = _TOKEN.findall(clause.replace(term, " ").casefold())
    return any(w in NEGATIONS or w in _CONCESSIONS or w.endswith(("n't", "n’t")) for w in around)


def standing_of(claim: Claim, role: SourceRole, core: str, voice: str = DOCUMENT_VOICE) -> str:
    """The standing of a claim in its text, to follow its `core`, whose speaker is `voice`."""
    if voice != DOCUMENT_VOICE:
        return f"according to {named_speaker(voice)}"
    if claim.support is ClaimSupport.SHOWN:
        return "with support in the text"
    if claim.voice != DOCUMENT_VOICE:
        if claim.voice.split()[-1] not in core:
            return f"according to {named_speaker(claim.voice)}"
        return f"reported by {within_sentence(role.publisher)}" if role.publisher else "reported in the text"
    if claim.support is ClaimSupport.ATTRIBUTED:
        source = _source_in(claim.text or "")
        return f"according to {source}" if source and source not in core else "attributed in the text"
    return f"stated by {within_sentence(role.publisher)}" if role.publisher else "stated by the text alone"


def _source_in(text: str) -> str | None:
    """The words that name a sentence's source; None for a pronoun or an unclear source."""
    line = " ".join(text.split())
    for pattern in _SOURCES:
        match = pattern.search(line)
        if match is None:
            continue
        source = match["source"].strip()
        first = source.split()[0].lower()
        if first in _POINTS_BACK or not source[-1].isalnum() or not _LETTERS.search(source):
            return None
        opening = match.start("source") == 0 and first in _ARTICLES
        return f"{source[:1].lower()}{source[1:]}" if opening else source
    return None


class Explanations:
    """The generated sentences of one story, each a string or None."""

    def __init__(self, story: Story, grounding: Grounding) -> None:
        self._story = story
        self._grounding = grounding
        self._slots = _slots(story)
        spin = story.spin
        self._sentences = _TEMPLATES.satire if spin.satire else _TEMPLATES.types[spin.primary]

    @property
    def deck(self) -> str | None:
        """A one-sentence reframe to stand under the title."""
        return self._sentence(self._sentences.deck)

    @property
    def emphasis(self) -> str | None:
        """What the story emphasises, and what not."""
        return self._sentence(self._sentences.emphasis)

    @property
    def frame(self) -> str | None:
        """The frame in which the story is told."""
        return self._sentence(self._sentences.frame)

    @property
    def objective(self) -> str | None:
        """What the story is trying to do."""
        return self._sentence(_TEMPLATES.objectives[self._story.role.intent])

    @property
    def mechanics(self) -> Mechanics | None:
        """How the framing works; None if no sentence can be filled."""
        how = _TEMPLATES.how.get(self._story.spin.tactic or "", [])
        mechanics = Mechanics(
            plain_english=self._sentence(self._sentences.plain_english),
            believe=self._sentence(self._sentences.believe),
            hard_to_question=self._sentence(self._sentences.hard_to_question),
            how=self._sentence(how),
        )
        empty = Mechanics(plain_english=None, believe=None, hard_to_question=None, how=None)
        return None if mechanics == empty else mechanics

    def _sentence(self, variants: list[str]) -> str | None:
        """The first variant that can be filled and is grounded."""
        for template in variants:
            sentence = self._filled(template)
            if sentence is not None and not self._grounding.ungrounded(sentence):
                return sentence
        return None

    def _filled(self, template: str) -> str | None:
        names = _SLOT.findall(template)
        values = {name: self._slots.get(name) for name in names}
        if any(value is None for value in values.values()):
            return None
        own = [values[name] or "" for name in names if name not in ("lacks", "standing")]
        own = [
            value for value in own if not _DOMAIN.fullmatch(value)
        ]  # the site's address is not part of the story
        if len(content_words(" ".join(own)) - {"text"}) < MIN_STORY_WORDS:
            return None
        if "subject" in values and "actor" in values and same_party(values["subject"], values["actor"]):
            return None  # "to make Quillon known in the words of Quillon"
        for slot, voice in _unnamed(self._story, names).items():
            values[slot] = f"{values[slot]}”, in the words of {named_speaker(voice)},{_CLOSED}"
        filled = _SLOT.sub(lambda match: values[match[1]] or "", template).replace(f"{_CLOSED}”", "")
        filled = filled.replace(",,", ",").replace(",.", ".")
        return f"{filled[:-2]}." if filled.endswith("..") else filled


def _unnamed(story: Story, names: list[str]) -> dict[str, str]:
    """The quoted slots whose speaker is not the document and not named by the template, with the speaker.

    Of two terms the last one, if both have the same speaker.
    """
    voices = {
        "a": [voice for _, voice in story.terms[:1]],
        "b": [voice for _, voice in story.terms[1:2]],
        "clause": [voice for _, voice in story.clauses[:1]] if "Framer" not in names else [],
        "believed": [voice for _, voice in story.believed[:1]],
        "believed2": [voice for _, voice in story.believed[1:2]],
        "core": [story.core_voice] if "standing" not in names else [],
    }
    if "b" in names:
        voices["b"] = voices["b"] if voices["a"] == voices["b"] else []
        voices["a"] = []
    return {
        name: voice
        for name in dict.fromkeys(names)
        for voice in voices.get(name, ())
        if voice != DOCUMENT_VOICE
    }


def _slots(story: Story) -> dict[str, str | None]:
    terms = [words for words, _ in story.terms]
    framer = _framer(story)
    return {
        "a": terms[0] if terms else None,
        "b": terms[1] if len(terms) > 1 else None,
        "clause": story.clauses[0][0] if story.clauses else None,
        "believed": story.believed[0][0] if story.believed else None,
        "believed2": story.believed[1][0] if len(story.believed) > 1 else None,
        "subject": story.subject,
        "core": story.core,
        "standing": story.standing,
        "lacks": story.lacks,
        "actor": story.actor,
        "Framer": f"{framer[:1].upper()}{framer[1:]}",
    }


def _framer(story: Story) -> str:
    """The speaker of the first clause."""
    voice = story.clauses[0][1] if story.clauses else DOCUMENT_VOICE
    if voice != DOCUMENT_VOICE:
        return named_speaker(voice)
    own = story.role.publisher_type in OWN_ACCOUNT
    return story.role.publisher if own and story.role.publisher else "the text"

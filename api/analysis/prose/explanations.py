"""Generates sentences about a story: deck, emphasis, frame, objective, mechanics.

The templates (`explanations.json`) depend on what happened, and on type and tactic. Their slots are the news as a
statement, its subject, the loaded words that prove the framing, and the expected items that the text lacks. The
first template that can be filled is used. A sentence is null if it needs loaded words and has none, if it would
have less than two content words of the story, or if it is not grounded in text or source record (`grounding.py`).

Loaded words of a single speaker are told as that speaker's. A text without a type has no emphasis and no
mechanics, since nothing in it steers.
"""

import re
from collections.abc import Sequence

from api.analysis.content.absent_item import OF_TELLER, QUIBBLES, AbsentItem
from api.analysis.content.bad_news import SOFTENS, tells_bad_news
from api.analysis.content.grounding import Grounding
from api.analysis.content.subjects import about, possessive
from api.analysis.parsing.speaker_names import named_speaker
from api.analysis.prose.ai_summaries import TELLS
from api.analysis.prose.explained_story import Story, opens_with, quoted_news, shown_terms, with_subject
from api.analysis.prose.explanation_templates import TEMPLATES, Presentation
from api.analysis.prose.quoted_terms import Term, in_words_of
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE
from api.analysis.text.lexicon import words
from api.analysis.text.names import within_sentence
from api.analysis.text.shown_words import MIN_STORY_WORDS, content_words
from schemas.assessments import Mechanics
from schemas.enums import Band, HappeningKind, Intent, SourceType, SpinType, Stance

MAX_ASKED = 16  # words of an item in a sentence about something else
MAX_THESIS = 28  # words of a thesis, if a promise can stand for it
MAX_STRESSED = 20  # words of a statement before another
MAX_ARGUED = 42  # words of a statement that follows "argue that"
_SLOT = re.compile(r"\{(\w+)\}")
_TEXT_NAMES = {
    SourceType.PRESS_RELEASE: "the release",
    SourceType.COMPANY_BLOG: "the post",
    SourceType.MEDIA: "the article",
    SourceType.NEWSLETTER: "the newsletter",
    SourceType.RESEARCH: "the paper",
}
_LIGHT = frozenset({Band.PLAIN, Band.LIGHT})
_QUOTING = frozenset({"p1", "listed", "marks", "bare"})
_OF_THE_STORY = words(
    "news thesis quoted title lead marks bare listed p1 promise promised stressed subject speakers speaks plain "
    "proof blame"
)

_TYPED_DECK = (
    "{lead}; {framer} presents {it} {as} ({bare}).",
    "{lead}; {text} presents {it} {as}.",
    "{lead}.",
)
_TITLE_DECK = ("Under the title {title}, {framer} presents {it} {as} ({bare}).",)
_OWNING_DECK = ("{lead}; {owner} takes the blame: {blame}.", "{owner} takes the blame: {blame}.")
_PLAIN_DECK = ("{lead}; {critic} takes a critical view.", "{lead}; {teller} quotes {speakers}.", "{lead}.")
# What is put forward, each with what stands behind it.
_PUTS = ("Puts forward that {stressed}", "Puts {theme} forward ({marks})")
_BEHIND = ("{late}", "does not {lacks}, or {lacks2}", "does not {lacks}", "{thin}", "does not {unproven}")
_EMPHASIS = (*(f"{puts}; {behind}." for behind in _BEHIND for puts in _PUTS), f"{_PUTS[1]}.")
_BELIEVE = ("That {promise}.", "That it is as {promiser} says: {promised}.")
_PLAIN = "Put plainly, {plain}"
_ASKS = re.compile(r"asking {asked}|to ask {asked}")
_DOUBTS = {"asking {asked}": "doubt", "to ask {asked}": "to doubt it"}
_UNOPPOSED = "{text} {thin}, so that little stands against words such as {listed}."
_FRAME = ("{owned} told {as}: {listed}.", "{owned} told {as}.")
_SATIRE = "The text reads as satire."  # never null: a satire must not be taken at its word


class Explanations:
    """The generated sentences of one story, each a string or None."""

    def __init__(self, story: Story, grounding: Grounding) -> None:
        self._story = story
        self._grounding = grounding
        self._event = TEMPLATES.events[story.kind]
        self._words_of_text = content_words(story.text)
        self._slots = self._filled_slots()

    @property
    def deck(self) -> str | None:
        """The news and how the text frames it, to stand under the title."""
        if self._story.spin.satire:
            return self._sentence(TEMPLATES.satire["deck"]) or _SATIRE
        if not self._is_typed:
            return self._sentence(_PLAIN_DECK if self._story.blame is None else _OWNING_DECK)
        told_in_title = self._slots["lead"] is None
        return self._sentence(_TITLE_DECK if told_in_title else _TYPED_DECK)

    @property
    def emphasis(self) -> str | None:
        """The words that the story puts forward, and what it tells late or not at all."""
        return self._sentence(_EMPHASIS) if self._is_typed else None

    @property
    def frame(self) -> str | None:
        """The frame in which the story is told."""
        if self._story.spin.satire:
            return self._sentence(TEMPLATES.satire["frame"]) or _SATIRE
        plain = TEMPLATES.plain_frame[self._plain_aim]
        argues = self._event.group in ("argument", "guide")  # in any words
        return self._sentence(plain if not self._is_typed else [*_FRAME, *plain] if argues else _FRAME)

    @property
    def objective(self) -> str | None:
        """What the story is trying to do."""
        story, group = self._story, self._event.group
        kind = story.spin.primary
        if not self._is_typed:
            aim = self._plain_aim
            if aim.endswith("argument") and story.news is not None and story.thesis is None:
                aim = "critical" if aim.startswith("critical") else "own" if story.actor else "report"
            tested = (
                aim == "critical" and group == "argument" and story.news and story.news.sentence.attributed_to
            )
            own = TEMPLATES.plain_objective[aim]  # a claim that a critic tests is not what he tells
            return self._sentence([one for one in own if not tested or "{title}" in one])
        relays = story.role.intent is Intent.EDITORIAL_REPORTING and group != "argument"
        by_group = TEMPLATES.objective[kind]
        variants = by_group.get(group, by_group[""])
        return self._sentence([*(TEMPLATES.relayed[kind] if relays else ()), *variants, *by_group[""]])

    @property
    def _plain_aim(self) -> str:
        """The aim of a text without a type, as the templates name it."""
        story, group = self._story, self._event.group
        if story.blame is not None:
            return "admission"
        if story.spin.stance is Stance.CRITICAL and not story.spin.satire:
            return "critical_argument" if group == "argument" else "critical"
        if group in ("argument", "guide") and not self._reports:
            return group
        return "own" if story.actor else "report"

    @property
    def _reports(self) -> bool:
        """Whether a text without a type that may argue is rather a newspaper's report, in which several speak."""
        story = self._story
        reports = story.role.intent is Intent.EDITORIAL_REPORTING and story.spin.stance is Stance.NEUTRAL
        return reports and not self._is_typed and len(story.voices) > 1

    @property
    def mechanics(self) -> Mechanics | None:
        """How the framing works; None if nothing steers or no sentence can be filled."""
        if not self._is_typed:
            return None
        primary, presentation = self._story.spin.primary, self._presentation
        mechanics = Mechanics(
            plain_english=self._sentence([f"{_PLAIN}; {TEMPLATES.plain[primary]}.", f"{_PLAIN}."]),
            believe=self._sentence(
                [*_BELIEVE, *(f"{presentation.believe} ({{{m}}})." for m in ("p1", "marks"))]
            ),
            hard_to_question=self._sentence(self._hard),
            how=self._sentence(self._how),
        )
        empty = Mechanics(plain_english=None, believe=None, hard_to_question=None, how=None)
        return None if mechanics == empty else mechanics

    @property
    def _how(self) -> list[str]:
        """The templates of `how`: the means of the tactic, else that of the words, else that of the type."""
        presentation, terms = self._presentation, self._terms
        device = TEMPLATES.devices.get(terms[0].form or "") if terms else None
        of_type = presentation is TEMPLATES.types[self._story.spin.primary]
        by_words = [f"{device}: {{p1}}."] if device is not None and of_type else []
        return [*by_words, f"{presentation.how}: {{listed}}."]

    @property
    def _hard(self) -> list[str]:
        """The templates of `hard_to_question`, the last for a text that lacks nothing to ask for."""
        of_type = TEMPLATES.hard[self._story.spin.primary]
        template = self._presentation.hard or of_type.get(self._event.group, of_type[""])
        asks = about(template, self._subject)
        doubts = _ASKS.sub(lambda match: _DOUBTS[match[0]], asks)
        hard = (asks, _UNOPPOSED, doubts)
        return [one.replace("{p1}", shown) for one in hard for shown in ("{p1}", "{listed}")]

    @property
    def _is_typed(self) -> bool:
        return self._story.spin.primary is not SpinType.NONE

    @property
    def _presentation(self) -> Presentation:
        spin, text = self._story.spin, self._story.text
        found = TEMPLATES.tactics.get(spin.tactic or "")
        if (
            found is not None
            and any(term.of_tactic for term in self._terms)
            and (not found.only or self._event.group in found.only)
            and (not found.words or any(word in text for word in found.words))
            and (not found.shown or self._shows(found.shown))
        ):
            return found
        if spin.primary is SpinType.STAMPEDE and spin.stance is Stance.CRITICAL:
            return TEMPLATES.alarm
        return TEMPLATES.types[spin.primary]

    def _proving(self, terms: list[Term]) -> list[Term]:
        """The terms that prove the tactic, if it is told and they are phrases; else all."""
        proving = [t for t in terms if t.of_tactic]
        told = self._is_typed and self._presentation is not TEMPLATES.types[self._story.spin.primary]
        return proving if told and any(" " in t.words for t in proving) else terms

    def _shows(self, beginnings: Sequence[str]) -> bool:
        """Whether a word with one of these beginnings stands in the words that are quoted."""
        said = [word for term in self._terms for word in term.words.casefold().split()]
        return any(word.startswith(tuple(beginnings)) for word in said)

    def _sentence(self, variants: Sequence[str]) -> str | None:
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
        own = [values[name] or "" for name in names if name in _OF_THE_STORY]
        named = self._is_typed and self._subject is not None and not {"subject", "owned"}.isdisjoint(names)
        quotes_phrase = any(len(content_words(values[n] or "")) > 1 for n in names if n in _QUOTING)
        least = 1 if named or quotes_phrase else MIN_STORY_WORDS
        own += [self._subject or ""] if "owned" in names else []
        if len(content_words(" ".join(own))) < least:
            return None
        filled = (
            _SLOT.sub(lambda match: values[match[1]] or "", template).replace(",.", ".").replace(",,", ",")
        )
        if self._words_of_text and len(content_words(filled) & self._words_of_text) < least:
            return None
        filled = f"{filled[:1].upper()}{filled[1:]}"
        return f"{filled[:-2]}." if filled.endswith("..") else filled

    def _filled_slots(self) -> dict[str, str | None]:
        story, event, subject = self._story, self._event, self._subject
        news, promises = story.news, story.promises
        statement = news.statement if news else None
        argued = statement is not None and len(statement.split()) <= MAX_ARGUED
        self._terms = terms = shown_terms(story.terms, statement)
        said, proof = in_words_of(terms, story.actor), self._proving(terms)
        short = [a for a in story.absent if _is_short(a) and not _repeats(a.lacks, terms)]
        weighty = [a for a in short if a.code not in QUIBBLES]
        open_points = sorted(weighty, key=lambda a: a.code in OF_TELLER)
        # what its kind of news lacks: to ask for the proof of a phrase leads away from it
        absent = [a for a in open_points if a.is_of_story or story.spin.primary is SpinType.FOG]
        lacks = [item.omits for item in absent[:1]]
        lacks += [item.lacks if item.verb == absent[0].verb else item.omits for item in absent[1:2]]
        of_words = [a for a in open_points if "“" in a.lacks]
        asks = [a for a in (*absent, *of_words) if a.verb == "say" and a.code not in OF_TELLER]
        asked = asks[0].lacks if asks else None
        matter, plain = TEMPLATES.events[HappeningKind.OTHER_EVENT] if story.bad else event, self._plain()
        slots: dict[str, str | None] = {
            "news": statement if argued else None,
            "quoted": quoted_news(news) if news and news.is_quotable else None,
            "plain": plain,
            "late": story.late,
            "thin": story.thin,
            "blame": f"“{story.blame}”" if story.blame else None,
            "lead": self._lead() or (None if self._thesis is None else plain),
            "thesis": self._thesis,
            "title": f"“{story.title}”" if story.title and "”" not in story.title else None,
            "it": matter.it,
            "is": "are" if matter.plural else "is",
            "owned": with_subject(event.owned, subject),
            "subject": subject,
            "listed": " and ".join(map(_marked, proof)) + (said and f" ({said})") or None,
            "marks": ", ".join([*map(_marked, terms), *filter(None, [said])]) or None,
            "p1": ", ".join([_marked(proof[0]), *filter(None, [said])]) if proof else None,
            "bare": ", ".join(map(_marked, proof)) or None,  # beside who quotes them
            "proof": next((_marked(t) for t in story.terms if _proves(t, plain)), None),
            "promise": next(iter(promises.told), None),
            "stressed": next((p for p in reversed(promises.told) if len(p.split()) <= MAX_STRESSED), None),
            "promised": promises.quoted and f"“{promises.quoted}”",
            "promiser": self._teller if promises.voice == DOCUMENT_VOICE else within_sentence(promises.voice),
            "asked": f"{asked}," if asked and "," in asked else asked,
            "lacks": lacks[0] if lacks else None,
            "lacks2": lacks[1] if len(lacks) > 1 else None,
            "unproven": open_points[0].omits if open_points else None,
        }
        if self._is_typed:
            slots["as"] = _SLOT.sub(lambda match: slots[match[1]] or "", self._presentation.as_)
            slots["theme"] = TEMPLATES.themes[story.spin.primary]
            slots["text"] = text = self._text_name(slots["lead"])
            slots["framer"] = self._framer(terms, text)
        else:
            critical = story.spin.stance is Stance.CRITICAL and story.spin.band not in _LIGHT
            named = [within_sentence(name) for name in story.voices if not story.actor and not critical]
            slots["speakers"] = " and ".join(named[:2]) if len(named) > 1 else None
            slots["speaks"] = possessive(within_sentence(story.actor)) if story.actor else None
            slots["teller"] = self._text_name(slots["lead"])
            slots["owner"] = "it" if self._teller in (slots["lead"] or "") else self._teller
            slots["critic"] = slots["teller"] if critical else None
        return slots

    def _lead(self) -> str | None:
        """The news with the one who tells it, where that matters; None for a headline in a typed text.

        The bad news that the sentence of the news softens stands in its place.
        """
        news = self._story.news
        if news is None:
            return None
        if self._story.bad:
            return self._story.plain
        named = None if news.voice in (DOCUMENT_VOICE, UNNAMED_VOICE) else within_sentence(news.voice)
        statement = (self._is_typed and news.plain) or news.statement
        if statement is not None:
            if named is None and self._thesis is not None:
                untold = self._thesis in self._story.promises.told or self._story.thesis is not news
                return f"{self._teller} argues that {self._thesis if untold else statement}"
            return self._attributed(statement, news.statement) if named is None else statement
        if not news.is_quotable or news.voice == UNNAMED_VOICE or self._thesis is not None:
            return None
        if named is not None and (news.is_told_by or news.sentence.voice != DOCUMENT_VOICE):
            return f"{named} says: “{news.quote}”"
        if news.sentence.role == "title" or news.sentence.attributed_to:
            verb = "argues" if self._event.group == "argument" else "reports"
            is_headline = self._is_typed and news.sentence.role == "title"
            return None if is_headline else f"{self._teller} {verb}: “{news.quote}”"
        verb = "argues" if self._event.group == "argument" else "says"
        return f"{self._teller} {verb}: “{news.quote}”"

    def _plain(self) -> str | None:
        """The barest fact; of an argument its thesis, as that of the text."""
        plain, thesis = self._story.plain, self._thesis
        if thesis is not None:
            return f"{self._teller} argues that {thesis}"
        is_bad = self._story.spin.primary in SOFTENS and tells_bad_news(plain)
        return plain and (plain if is_bad else self._attributed(plain))

    @property
    def _thesis(self) -> str | None:
        """What an argument says: its thesis without loaded modifiers, else its strongest promise."""
        if self._event.group != "argument" or self._reports:
            return None
        one, promise = self._story.thesis, next(iter(self._story.promises.told), None)
        statement = (one.plain or one.statement) if one is not None else None
        shown = statement or (one.quote if one is not None and one.is_quotable else None)
        is_long = shown is None or len(shown.split()) > MAX_THESIS
        return promise if is_long and promise is not None else statement

    def _attributed(self, statement: str, whole: str | None = None) -> str:
        """The statement as that of the text, if it has loaded words or is about no act of who speaks for itself.

        `whole` is the statement with its loaded modifiers, if they were left out.
        One that says who tells it stays as it is.
        """
        story, folded = self._story, (whole or statement).casefold()
        own = opens_with(statement, story.actor, story.subject)
        is_loaded = self._is_typed and any(term.words.casefold() in folded for term in story.terms)
        if TELLS.match(statement) or (not is_loaded and (own or story.actor is None)):
            return statement
        return f"{self._text_name(None) if own else self._teller} says that {statement}"

    @property
    def _subject(self) -> str | None:
        """The name of who acts, else of who speaks for itself."""
        story = self._story
        return story.subject or (within_sentence(story.actor) if story.actor else None)

    @property
    def _teller(self) -> str:
        """The publisher that speaks for itself, else a name of the text."""
        return within_sentence(self._story.actor) if self._story.actor else self._text_name(None)

    def _text_name(self, lead: str | None) -> str:
        name = _TEXT_NAMES.get(self._story.role.publisher_type, "the text")
        return "it" if lead is not None and lead.startswith(f"{name} ") else name

    def _framer(self, terms: Sequence[Term], text: str) -> str:
        """The text, and the speaker if all the loaded words are one speaker's."""
        voices = {term.voice for term in terms}
        voice = voices.pop() if len(voices) == 1 else DOCUMENT_VOICE
        if voice == DOCUMENT_VOICE:
            return text
        return f"{text} quotes {named_speaker(voice)}, who"


def _is_short(item: AbsentItem) -> bool:
    return len(item.lacks.split()) <= MAX_ASKED


def _repeats(lacks: str, terms: Sequence[Term]) -> bool:
    """Whether an item asks about one of the words that are shown, which would make the sentence circular."""
    return any(term.words in lacks for term in terms)


def _proves(term: Term, plain: str | None) -> bool:
    """Whether the term is a phrase that shows the tactic, and that the plain fact does not use itself."""
    return term.of_tactic and " " in term.words and term.words.casefold() not in (plain or "").casefold()


def _marked(term: Term) -> str:
    return f"“{term.words}”"

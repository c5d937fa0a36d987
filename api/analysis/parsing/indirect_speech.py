"""Reported speech that goes on without a verb of saying.

Within a paragraph, behind a report or a sentence that announces somebody's view ("The union takes a colder
view"), sentences are the same speaker's if their form shows it: "would", a past before the reported past ("She
had not sat down"), a past with "now", a view by a pronoun ("is, for them, out of the question"). So are those
between the report and such a sentence.

Limits: in 260 published stories most sentences behind a report in the same tense were the writer's, so none is
the speaker's by that alone; a past before the past stood behind none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.analysis.parsing.speakers import Speakers
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence

if TYPE_CHECKING:
    from spacy.tokens import Token

_OBJECTS = frozenset({"agree", "disagree", "object", "differ", "demur", "protest"})
_ANNOUNCED = re.compile(
    r"[^.;:“”\"]{1,60}? (?:"
    r"(?:takes?|took|had|has|gave|gives) an? (?:\w+ ){0,2}(?:view|answer|reply|account|warning)\b|"
    r"(?:sees?|saw|puts?) (?:it|this|that|things|matters) (?:otherwise|differently|another way)\b|"
    r"(?:was|were|is|are) (?:more|less|rather more|far more) "
    r"(?:careful|cautious|blunt|guarded|optimistic|hopeful|sceptical|critical|direct)\.)"
)
_GOES_ON = re.compile(r"[^.;:“”\"]{1,40}? (?:goes|went) (?:on|further)\.")  # with one sentence
_OWN_VIEW = re.compile(
    r"\b(?:for (?:him|her|them),|in (?:his|her|their) (?:view|opinion|eyes)\b|"
    r"(?:s?he|they) (?:can|could) (?:find|see|think of)\b)"
)
_FIRST_PERSON = frozenset({"i", "we", "my", "our", "us", "me"})
_TURNS = frozenset({"but", "meanwhile", "however", "yet", "so", "still"})
_CONDITIONS = frozenset({"if", "unless"})
_PAST = frozenset({"VBD", "VBN"})
_MOST = 3  # sentences between a report and one that shows that it goes on


@dataclass(slots=True)
class _Report:
    """Whose words go on, since which sentence, and the sentences behind it that may be his."""

    cue: Sentence
    speaker: str
    past: bool
    announced: bool = False
    between: list[Sentence] = field(default_factory=list)


def gone_on(
    document: Document,
    speakers: Speakers,
    is_free: Callable[[Sentence], bool],
    told_by: Callable[[Sentence], str | None],
) -> Iterator[tuple[Sentence, Sentence, str]]:
    """The sentence, that of the report behind which it stands, and the speaker.

    `is_free` tells whether a sentence has no source of its own, `told_by` who reports the whole of one that has.
    """
    open_report: _Report | None = None
    end = document.article.body_start
    for sentence in document.body_sentences():
        if "\n" in document.text[end : sentence.start]:
            open_report = None
        end = sentence.end
        if not is_free(sentence):
            open_report = _opened(document, sentence, told_by(sentence))
        elif (announced := _announced(document, sentence, speakers)) is not None:
            open_report = announced
        elif open_report is not None:
            yield from _told(document, sentence, open_report)
            if not _may_go_on(document, sentence, open_report):
                open_report = None


def _opened(document: Document, sentence: Sentence, speaker: str | None) -> _Report | None:
    if speaker is None or speaker in (DOCUMENT_VOICE, UNNAMED_VOICE):
        return None
    past = any(t.tag_ == "VBD" for t in document.tokens(sentence))
    return _Report(sentence, speaker, past)


def _announced(document: Document, sentence: Sentence, speakers: Speakers) -> _Report | None:
    """The view that the sentence announces, or the disagreement that it tells."""
    root = _root(document, sentence)
    if root is None:
        return None
    goes_on = _GOES_ON.fullmatch(sentence.text)
    objects = root.lemma_ in _OBJECTS and _is_past(root)
    if not (goes_on or objects or _ANNOUNCED.match(sentence.text)):
        return None
    speaker = speakers.of_verb(root)
    if speaker is None or any(t.lower_ in _FIRST_PERSON for t in document.tokens(sentence)):
        return None
    return _Report(sentence, speaker, past=True, announced=not objects)


def _told(
    document: Document, sentence: Sentence, report: _Report
) -> Iterator[tuple[Sentence, Sentence, str]]:
    """The sentence, and those before it that wait for it, if it goes on with the report."""
    if _turns(document, sentence):
        return
    if report.announced or _shows(document, sentence, past=report.past):
        yield from ((one, report.cue, report.speaker) for one in (*report.between, sentence))
        report.between.clear()
    else:
        report.between.append(sentence)


def _may_go_on(document: Document, sentence: Sentence, report: _Report) -> bool:
    if _turns(document, sentence) or len(report.between) > _MOST:
        return False
    return not (report.announced and _GOES_ON.fullmatch(report.cue.text))


def _turns(document: Document, sentence: Sentence) -> bool:
    """Whether the writer asks, answers, or speaks of himself."""
    tokens = document.tokens(sentence)
    own = any(t.lower_ in _FIRST_PERSON for t in tokens)
    return own or sentence.text.rstrip().endswith("?") or tokens[0].lower_ in _TURNS


def _shows(document: Document, sentence: Sentence, *, past: bool) -> bool:
    """Whether the sentence's form is that of reported speech."""
    if _OWN_VIEW.search(sentence.text):
        return True
    root = _root(document, sentence)
    return past and root is not None and any(_is_shifted(t) for t in (root, *root.children))


def _is_shifted(token: Token) -> bool:
    """Whether the verb has "would" without a condition, the past before the past, or a past with "now"."""
    if token.pos_ not in ("VERB", "AUX"):
        return False
    auxiliaries = {c.lower_ for c in token.children if c.dep_ in ("aux", "auxpass")}
    if "would" in auxiliaries:
        return not any(c.dep_ == "advcl" and _is_condition(c) for c in token.children)
    now = any(c.lower_ == "now" for c in token.children) and token.tag_ == "VBD"
    return now or (token.tag_ in _PAST and not auxiliaries.isdisjoint({"had", "’d", "'d"}))


def _is_condition(clause: Token) -> bool:
    return any(c.dep_ == "mark" and c.lower_ in _CONDITIONS for c in clause.children)


def _is_past(verb: Token) -> bool:
    return verb.tag_ in _PAST or any(c.lower_ == "did" for c in verb.children)


def _root(document: Document, sentence: Sentence) -> Token | None:
    return next((t for t in document.tokens(sentence) if t.dep_ == "ROOT"), None)

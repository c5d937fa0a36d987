"""What the generated sentences are about: the values of one story, and how some of them are worded."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from api.analysis.content.absent_item import AbsentItem
from api.analysis.content.news import News
from api.analysis.content.promises import NO_PROMISES, Promises
from api.analysis.content.subjects import about
from api.analysis.content.summary import is_bare_quotation
from api.analysis.prose.quoted_terms import Term
from api.analysis.text.datelines import is_wire
from api.analysis.text.document import UNNAMED_VOICE
from api.analysis.text.names import same_party, within_sentence
from schemas.assessments import SourceRole, Spin
from schemas.enums import HappeningKind, SourceType

_WITH_SUBJECT = re.compile(r"\{( [^{}]*)subject\}")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, kw_only=True)
class Story:
    """The values for the templates. `subject` is the name of who acts, `actor` that of who speaks for itself.

    `terms` are the loaded words, the best first; `voices` are the names of the speakers. `plain` is the barest
    fact (`plain_facts.py`), with `bad` that of bad news which `news` softens. `late` and `thin` say what is
    played down (`played_down.py`), `blame` are words that take the blame, `promises` what is to be believed;
    `text` is the text in lower case; `thesis` is what an argument says (`thesis.py`).
    """

    spin: Spin
    role: SourceRole
    kind: HappeningKind
    title: str
    news: News | None
    thesis: News | None = None
    subject: str | None
    actor: str | None
    terms: list[Term]
    absent: Sequence[AbsentItem]
    voices: list[str]
    bad: bool = False
    plain: str | None = None
    late: str | None = None
    thin: str | None = None
    promises: Promises = NO_PROMISES
    blame: str | None = None
    text: str = ""


def speaker_of(role: SourceRole, actor: str | None) -> str | None:
    """The party that speaks for itself, unless it is a wire or known by its domain alone."""
    carried = role.publisher_type is SourceType.PRESS_RELEASE and is_wire(actor or "")
    if actor is None or carried or "_" in actor or (_DOMAIN.match(actor) and actor[:1].islower()):
        return None
    return actor


def with_subject(template: str, subject: str | None) -> str:
    """The name of the event with its subject, if there is one."""
    template = _WITH_SUBJECT.sub(lambda m: f"{m[1]}{subject}" if subject else "", template)
    return about(template, subject)


def opens_with(statement: str, *parties: str | None) -> bool:
    """Whether the statement is about an act of one of these parties, with which it begins."""
    opening = " ".join(statement.split()[:8])
    return any(party and (party in opening or same_party(opening.split()[0], party)) for party in parties)


def quoted_news(news: News) -> str | None:
    """The news in quotation marks, with its speaker if the sentence does not name him."""
    if news.is_told_by:
        return f"“{news.quote}”, according to {within_sentence(news.is_told_by)}"
    return None if is_bare_quotation(news.sentence) else f"“{news.quote}”"


def shown_terms(terms: Sequence[Term], statement: str | None) -> list[Term]:
    """Two terms of one voice, of those that the statement does not contain.

    The voice is that of a term of the tactic, which comes first, else the first known one.
    """
    others = [t for t in terms if statement is None or t.words not in statement]
    chosen = others if len(others) > 1 or len(others) == len(terms) else list(terms)
    known = [t for t in chosen if t.voice != UNNAMED_VOICE] or chosen
    first = next((t for t in known if t.of_tactic), known[0] if known else None)
    same = (t for t in chosen if first is not None and t.voice == first.voice)
    return sorted(same, key=lambda t: not t.of_tactic)[:2]

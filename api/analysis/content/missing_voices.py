"""Names the parties that should have been heard, by what happened and how it is framed, and were not.

The parties follow stakeholder analysis in public consultations (Freeman, "Strategic Management: A Stakeholder
Approach", 1984). A party is heard if a voice's name, description or introduction names it. A text that is too
short lacks nobody, and plain news lacks one party at most.
"""

import re
from collections import Counter
from typing import Final

from api.analysis.content.absent_items import BY_THE_KIND, LEAST_CHANCE, MAX_OF_PLAIN_NEWS, OF_KIND, is_plain
from api.analysis.content.expected_table import BY_KIND, EXPERTS, PARTIES
from api.analysis.content.missing_evidence import can_omit
from api.analysis.content.searchable import search_form, searchable
from api.analysis.content.subjects import about, subject_name
from api.analysis.models.document_heads import voice_code
from api.analysis.text.document import Document
from api.analysis.text.names import bare_name, is_generic, within_sentence
from schemas.assessments import Happening, MissingVoice, Spin, Voice
from schemas.enums import SourceType

MAX_VOICES: Final = 3
_QUOTED: Final = re.compile(r"[“\"][^“”\"]{0,400}(?:[”\"]|$)|^[^“”\"]{0,400}”")
AROUND: Final = 80  # characters around a voice's passage that can introduce it
PASSAGES: Final = 3  # searched for each voice
LEAST_OF_TOPIC: Final = 4  # words of a topic that call for its experts
LEAST_NAMED: Final = 2  # times that a text names those whom it affects, or blames
_EXPERT, _AFFECTED, _BLAMED, _ITSELF = "{expert}", "{affected}", "{blamed}", "{itself}"
_MAINTAINERS: Final = "maintainers"
_BLAME: Final = re.compile(
    r"\b(?:blam|fault|fail|caus|attack|refus|delay|held? (?:back|up)|withh[eo]ld|breach|cancel|late\b|through)",
    re.I,
)
_THOSE_AFFECTED: Final = "those whom it affects"
_THOSE_BLAMED: Final = "those who are blamed"
_GROUPS: Final = re.compile(
    r" (patients|passengers|students|residents|tenants|members|players|subscribers|pupils|parents|drivers|"
    r"borrowers|households|farmers|creators|sellers|employees|workers|customers|users|supporters)(?=\W)"
)


def missing_voices(
    document: Document, happening: Happening | None, spin: Spin, voices: list[Voice]
) -> list[MissingVoice]:
    """At most three parties, those whom the news concerns most first."""
    if not can_omit(document) or spin.satire:
        return []
    kind = happening.kind if happening else None
    of_kind, missed = BY_KIND[kind].hears if kind else [], document.missed()
    text, subject = document.once(searchable), subject_name(document, happening)
    introductions = _introductions(document, voices)
    found: dict[str, tuple[float, MissingVoice]] = {}
    for code, party in PARTIES.items():
        chance = missed.get(voice_code(code), OF_KIND if code in of_kind else 0.0)
        chance *= BY_THE_KIND if code in of_kind else 1.0
        if chance < LEAST_CHANCE or not party.is_asked(text, spin.stance, kind) or party.is_in(introductions):
            continue
        if code == _MAINTAINERS and document.article.source.type is SourceType.COMMUNITY:
            continue  # who maintain it speak
        name = _name(document, party.name, text, subject, introductions)
        if name and chance > found.get(name, (0.0, None))[0]:
            found[name] = chance, _missing(code, name, subject)
    ranked = sorted(found.values(), key=lambda one: -one[0])
    return [voice for _, voice in ranked][: MAX_OF_PLAIN_NEWS if is_plain(spin) else MAX_VOICES]


def missing_voice(
    document: Document, code: str, happening: Happening | None, voices: list[Voice]
) -> MissingVoice | None:
    """The party of the table as missing; None if its name needs words that the text lacks."""
    text, subject = document.once(searchable), subject_name(document, happening)
    name = _name(document, PARTIES[code].name, text, subject, _introductions(document, voices))
    return _missing(code, name, subject) if name else None


def _missing(code: str, name: str, subject: str | None) -> MissingVoice:
    why = about(PARTIES[code].why, subject)
    return MissingVoice(code=code, name=about(name, subject), why=why, claims=[])


def _name(document: Document, name: str, text: str, subject: str | None, introductions: str) -> str | None:
    """The party's name; None if it has a slot that the text does not fill."""
    if name == _EXPERT:
        return _experts(text)
    if name == _AFFECTED:
        return _affected(text)
    if name == _ITSELF:
        own = f"{document.article.source.name or ''} {introductions}".lower()
        return None if subject is None or subject.removeprefix("the ").lower() in own else subject
    return _blamed(document, subject, introductions) if name == _BLAMED else name


def _affected(text: str) -> str:
    """Those whom the text names most often among the groups that news affects."""
    named = Counter(_GROUPS.findall(text)).most_common(1)
    return f"the {named[0][0]}" if named and named[0][1] >= LEAST_NAMED else _THOSE_AFFECTED


def _blamed(document: Document, subject: str | None, introductions: str) -> str:
    """The organisation besides subject, publisher and speakers that is named most often beside words of blame."""
    own = f"{subject or ''} {document.article.source.name or ''}".lower()
    blamed = [m.start() for m in _BLAME.finditer(document.text)]
    names = Counter(
        name
        for entity in document.doc.ents
        if entity.label_ == "ORG" and not is_generic(name := bare_name(entity.text))
        if len(name) > 2 and name.lower() not in own and name.lower() not in introductions
        if any(abs(place - entity.start_char) <= AROUND for place in blamed)
    ).most_common(1)
    if not names or document.text.count(names[0][0]) < LEAST_NAMED:
        return _THOSE_BLAMED
    name = names[0][0]
    return f"the {name}" if f"the {name.lower()}" in document.folded else within_sentence(name)


def _experts(text: str) -> str | None:
    """The experts on the text's main topic; None if it has none of the topics."""
    uses, place = max((len(expert.pattern.findall(text)), -at) for at, expert in enumerate(EXPERTS))
    return EXPERTS[-place].name if uses >= LEAST_OF_TOPIC else None


def _introductions(document: Document, voices: list[Voice]) -> str:
    """Names, descriptions and unquoted surroundings of all voices, in searchable form."""
    parts = [
        part
        for voice in voices
        for part in (
            voice.name,
            voice.description or "",
            *(
                _QUOTED.sub(" ", document.text[max(0, s.start - AROUND) : s.end + AROUND])
                for s in voice.spans[:PASSAGES]
            ),
        )
    ]
    return search_form(" ".join(" ".join(parts).lower().split()))

"""The named entities of a text: typed, with spellings of one name merged, the most central first.

`name_spans.py` finds the names; every occurrence counts. A name's type is the
gazetteer's, else its most frequent one in this text. Salience is 1 for the most central and grows with mentions
(dampened), the title, the lead and grammatical subjects. Limits: coreference is by name only (`names.py`; a
given name counts if unique); pronouns are ignored.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log1p

from ahocorasick_rs import AhoCorasick

from api.analysis.people.gazetteer import TYPES, whole_words
from api.analysis.people.name_spans import LONG_WORD, in_story, mentions
from api.analysis.people.name_types import (
    is_called_by_surname,
    is_common,
    is_like_a_person,
    is_located,
    is_noise,
    person_or_thing,
    plausible,
    type_by_context,
    type_by_shape,
)
from api.analysis.text.datelines import TICKER, dateline_of, is_wire
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence
from api.analysis.text.lexicon import words
from api.analysis.text.names import (
    bare_name,
    initials,
    is_company,
    is_site,
    name_key,
    parts_of,
    short_forms,
)
from api.analysis.text.spans import span
from schemas.assessments import EntityMention
from schemas.enums import EntityType, SourceType

MAX_ENTITIES = 15
MAX_PASSING = 10  # entities, behind which those named once are left out, unless the gazetteer lists them
HEADING_WORDS, HEADING_MOST = 1, 25  # long words of a heading within the body, and all its words
BYLINE = 400  # characters of the body with bylines
MAX_SPANS = 8  # of one entity, in text order
HEADLINE_WORDS, HEADLINE_CASE = 4, 0.8  # words of at least LONG_WORD letters; share with capitals

_SELDOM_SPEAK = frozenset({EntityType.WORK, EntityType.LAW, EntityType.EVENT, EntityType.PLACE})
_ORDER = tuple(EntityType)
_NEAR = 120  # characters behind a name in which a pronoun means its bearer
_PERSONAL = re.compile(r"\b(?:he|she|his|her|him|who)\b")
_TITLE_BEFORE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|Professor|Judge|Justice|Sen|President|Pope|King|Queen)\.? $"
)
_SUBJECTS = ("nsubj", "nsubjpass")
_ABBREVIATION = re.compile(
    r"((?:[A-Z][\w’'-]{0,30} (?:(?:of|for|and|the|on|in|&) ){0,2}){1,7}[A-Z][\w’'-]{0,30})"
    r"(?:,? (?:Inc|Incorporated|Ltd|Limited|LLC|LLP|Corp|Corporation|PLC|plc|AG|GmbH)\b\.?)?,? "
    r"\([“\"]?([A-Z][A-Za-z&-]{1,9})[”\"]?\)"
)
_BYLINE = re.compile(r"By [A-Z][\w’'. -]{2,40}(?:,[^\n.]{0,60})?[ \t]{0,4}(?:\n|$)")
_DASHED = re.compile(r"(?:,[^\n()–—.]{0,30})? ?(?:\(|--|[–—]|- )")
_STATE = re.compile(r"[A-Z]{2}")
_AGENCY = words("reuters ap afp")


@dataclass(slots=True)
class _Entity:
    """One entity while it is assembled."""

    name: str
    types: Counter[EntityType] = field(default_factory=Counter)
    forms: dict[str, None] = field(default_factory=dict)
    places: list[tuple[int, int]] = field(default_factory=list)

    @property
    def is_known(self) -> bool:
        """Whether the gazetteer lists a form of the name."""
        return any(form in TYPES for form in self.forms)

    @property
    def type(self) -> EntityType:
        known = next((TYPES[form] for form in self.forms if form in TYPES), None)
        if known is None and any(is_company(form) for form in self.forms):
            known = EntityType.ORGANIZATION
        return known or min(self.types, key=lambda t: (-self.types[t], _ORDER.index(t)))


def entities(document: Document) -> list[EntityMention]:
    """At most MAX_ENTITIES entities with their places in the text."""
    if not document.sentences:
        return []
    speaking = document.once(_speaking)
    found = _without_kinds(document, _merged(document, _by_key(document), speaking))
    _add_occurrences(document, found)
    found = [e for e in found if not _is_imprint(document, e)]
    found = [
        e
        for e in found
        if e.is_known or not (_is_of_heading(document, e) or is_common(document, e.name, e.places))
    ]
    for entity in found:
        _retype(document, entity, speaking)
    found = [e for e in found if not _is_noise(document, e)]
    weights = [_weight(document, entity) for entity in found]
    highest = max(weights, default=0.0) or 1.0
    mentions = [
        EntityMention(
            name=entity.name,
            type=entity.type,
            salience=round(weight / highest, 3),
            spans=[span(document.text, start, end) for start, end in entity.places[:MAX_SPANS]],
        )
        for entity, weight in zip(found, weights, strict=True)
        if entity.places
    ]
    ranked = sorted(mentions, key=lambda m: (-m.salience, m.spans[0].start, m.name))
    passing = [
        m
        for m in ranked[MAX_PASSING:]
        if len(m.spans) > 1 or (m.name in TYPES and m.type not in (EntityType.PLACE, EntityType.GROUP))
    ]
    return [*ranked[:MAX_PASSING], *passing][:MAX_ENTITIES]


def _is_noise(document: Document, entity: _Entity) -> bool:
    source = document.article.source
    if is_site(entity.name, source.name, source.host):
        # an outlet names itself without being a party
        return source.type is SourceType.MEDIA and not _is_in_title(document, entity)
    if entity.is_known:
        return False
    if all(_is_byline(document, start) for start, _ in entity.places):
        return True
    return is_noise(document, entity.name, entity.type, entity.places)


def _is_in_title(document: Document, entity: _Entity) -> bool:
    return any(start < document.article.body_start for start, _ in entity.places)


def _is_byline(document: Document, start: int) -> bool:
    """Whether the place is in a line "By Ada Roe, Harbour Courier" near the body's beginning."""
    line = document.text.rfind("\n", 0, start) + 1
    return start < document.article.body_start + BYLINE and _BYLINE.match(document.text, line) is not None


def _is_imprint(document: Document, entity: _Entity) -> bool:
    """Whether the name is a wire, or only part of a dateline or of a share's symbol."""
    if is_wire(entity.name):
        return True
    start, end = dateline_of(document.text, document.article.body_start)
    tickers = [m.span() for m in TICKER.finditer(document.text)]
    bare = entity.type is not EntityType.PLACE or _STATE.fullmatch(entity.name) is not None
    dated = bare and all(start <= at < end for at, _ in entity.places)
    if entity.places and entity.name.isupper() and len(entity.name) >= LONG_WORD:
        dated = dated or all(_opens_dateline(document, place) for place in entity.places)
    if dated or (entity.name.casefold() in _AGENCY and any(start <= at < end for at, _ in entity.places)):
        return True
    return all(any(low < at < high for low, high in tickers) for at, _ in entity.places)


def _opens_dateline(document: Document, place: tuple[int, int]) -> bool:
    """Whether a line opens so, with a dash or a bracket soon behind it: "TARN, May 4 (Harbour Wire) -"."""
    start, end = place
    opens = start == 0 or document.text[start - 1] == "\n"
    return opens and _DASHED.match(document.text, end) is not None


def _is_of_heading(document: Document, entity: _Entity) -> bool:
    """Whether only headings in capitals have the name: there any words look like one ("Nears Key Milestones").

    A person's full name, which a heading of the body may have alone, is one there too.
    """
    article = document.article
    if not entity.places:
        return False
    if all(start < article.body_start for start, _ in entity.places):
        return _is_heading(article.title)
    if plausible(entity.name, EntityType.ORGANIZATION) is EntityType.PERSON:
        return False
    lines = [document.sentence_at(start) for start, _ in entity.places]
    return all(
        s.role == "title" or (_is_line(document, s) and _is_heading(s.text, HEADING_WORDS)) for s in lines
    )


def _is_heading(line: str, fewest: int = HEADLINE_WORDS) -> bool:
    words = [word for word in line.split() if len(word) >= LONG_WORD and word[0].isalpha()]
    return len(words) >= fewest and sum(w[0].isupper() for w in words) >= HEADLINE_CASE * len(words)


def _is_line(document: Document, sentence: Sentence) -> bool:
    """Whether the sentence is a line of its own, of a few words and without a full stop."""
    text = document.text
    alone = text[sentence.start - 1 : sentence.start] in ("", "\n") and text[
        sentence.end : sentence.end + 1
    ] in ("", "\n")
    return (
        alone
        and not sentence.text.endswith((".", "!", "”", '"'))
        and len(sentence.text.split()) <= HEADING_MOST
    )


def _speaking(document: Document) -> frozenset[str]:
    """The keys of the names of all speakers."""
    said = {q.voice for q in document.quotations} | {s.attributed_to or s.voice for s in document.sentences}
    return frozenset(name_key(name) for name in said if name not in (DOCUMENT_VOICE, UNNAMED_VOICE))


def _speaks(forms: Sequence[str], speaking: frozenset[str]) -> bool:
    """Whether a form of the name, or its last word, is a speaker's."""
    return any(name_key(form) in speaking or name_key(form.split()[-1]) in speaking for form in forms)


def _by_key(document: Document) -> dict[str, _Entity]:
    found: dict[str, _Entity] = {}
    for start, end, kind in mentions(document):
        name = document.text[start:end]
        entity = found.setdefault(name_key(name), _Entity(name))
        entity.types[kind] += 1
        entity.forms[name] = None
        if len(bare_name(name)) > len(bare_name(entity.name)) or (
            bare_name(name) == bare_name(entity.name) and len(name) > len(entity.name)
        ):
            entity.name = name
    return found


def _merged(document: Document, found: dict[str, _Entity], speaking: frozenset[str]) -> list[_Entity]:
    """Merge short forms into the only longer name that they can stand for, or that they follow in brackets."""
    written_out = {m[2]: m[1] for m in _ABBREVIATION.finditer(document.text)}
    for short, long in written_out.items():
        entity = found.get(name_key(short))
        if entity is not None and name_key(long) not in found and long[0] == short[0] and " " in long:
            entity.name, entity.types = long, Counter({EntityType.ORGANIZATION: 1})
            entity.forms[long] = None
    longer: dict[str, list[str]] = {}
    for own, entity in found.items():
        if _speaks([entity.name], speaking) and is_called_by_surname(document, entity.name):
            entity.types = Counter({EntityType.PERSON: 1})
        if entity.type not in (EntityType.PERSON, EntityType.ORGANIZATION):
            continue
        if type_by_shape([entity.name]) is EntityType.PERSON:  # "Ada Roe-Lind" as a firm
            entity.types = Counter({EntityType.PERSON: 1})
        forms = short_forms(entity.name, person=entity.type is EntityType.PERSON)
        if entity.type is EntityType.ORGANIZATION and len(entity.name.split()) > 1:
            forms += [initials(entity.name), *_last_words(entity.name)]
        if entity.type is EntityType.PERSON and len(entity.name.split()) == 2:
            given = found.get(name_key(entity.name.split()[0]))
            if given is not None and given.type in (EntityType.PERSON, EntityType.ORGANIZATION):
                forms.append(given.name)
        for form in dict.fromkeys(name_key(f) for f in forms):
            longer.setdefault(form, []).append(own)
    for own in list(found):
        entity = found[own]
        long = written_out.get(entity.name)
        explained = [k for k, e in found.items() if k != own and long and long.endswith(e.name)]
        candidates = explained or [k for k in longer.get(own, []) if k != own and k in found]
        known = any(form in TYPES for form in entity.forms) and not entity.name.isupper()
        if len(candidates) != 1 or known:
            continue
        target = found[candidates[0]]
        if " " not in target.name or " " in entity.name:  # a surname alone is typed less reliably
            target.types.update(entity.types)
        target.forms |= entity.forms
        del found[own]
        for forms in longer.values():
            if own in forms:
                forms.remove(own)
    return list(found.values())


def _last_words(name: str) -> list[str]:
    """The last two words or more of a body's name: "Tarn Executive Council" is "the Executive Council"."""
    parts = parts_of(name)
    return [" ".join(parts[n:]) for n in range(1, len(parts) - 1) if parts[n][:1].isupper()]


def _without_kinds(document: Document, found: list[_Entity]) -> list[_Entity]:
    """Without names that add a common noun to another's name ("Corvell Administrators", "Corvell User")."""
    forms = {form for entity in found for form in entity.forms}
    kept: list[_Entity] = []
    for entity in found:
        first, _, rest = entity.name.partition(" ")
        adds_a_noun = first in forms and rest and not entity.is_known and _is_kind(document, rest)
        if not adds_a_noun or type_by_shape([entity.name]) is not None:
            kept.append(entity)
        elif first in entity.forms:  # merged with it
            del entity.forms[entity.name]
            entity.name = first
            kept.append(entity)
    return kept


def _is_kind(document: Document, words: str) -> bool:
    """Whether the text has the words as a common noun in the plural."""
    plural = f" {words.lower().removesuffix('s')}s"
    at = document.text.find(plural)
    return at >= 0 and not document.text[at + len(plural) : at + len(plural) + 1].isalnum()


def _add_occurrences(document: Document, found: list[_Entity]) -> None:
    """Add all places of all forms of all names: whole words in the same case."""
    owners = {form: entity for entity in found for form in entity.forms}
    forms = list(owners)
    if not forms:
        return
    for number, start, end in whole_words(document.text, AhoCorasick(forms)):
        if in_story(document, start):
            owners[forms[number]].places.append((start, end))


def _retype(document: Document, entity: _Entity, speaking: frozenset[str]) -> None:
    """Set the type that the text around the name shows, unless the gazetteer lists it or it is a product.

    Without cues, a single-word person becomes a firm unless a title or a pronoun shows otherwise.
    """
    if entity.is_known or any(is_company(form) for form in entity.forms):
        return
    forms = list(entity.forms)
    is_person = any(plausible(form, EntityType.ORGANIZATION) is EntityType.PERSON for form in forms)
    is_person = is_person or (_speaks(forms, speaking) and is_called_by_surname(document, entity.name))
    clear = (EntityType.PERSON if is_person else None) or type_by_shape(forms)
    clear = clear or type_by_context(document, forms, entity.places)
    if clear is not None and (entity.type is not EntityType.PRODUCT or clear is EntityType.PERSON):
        entity.types = Counter({clear: 1})
        return
    kind = plausible(entity.name, entity.type)
    if kind in _SELDOM_SPEAK and _speaks(forms, speaking):
        is_like = is_like_a_person(entity.name) and kind is not EntityType.PLACE
        kind = person_or_thing(document, entity.name) if is_like else EntityType.ORGANIZATION
    elif kind is EntityType.PLACE and not is_located(document, entity.name, entity.places):
        kind = EntityType.ORGANIZATION
    elif kind is EntityType.PERSON and " " in entity.name and not _speaks(forms, speaking):
        kind = person_or_thing(document, entity.name)
    if kind is not entity.type:
        entity.types = Counter({kind: 1})
        return
    if entity.type is not EntityType.PERSON or any(" " in form for form in entity.forms):
        return
    text = document.text
    if not any(
        _PERSONAL.search(text, end, end + _NEAR) or _TITLE_BEFORE.search(text[max(0, start - 20) : start])
        for start, end in entity.places[:MAX_SPANS]
    ):
        entity.types = Counter({EntityType.ORGANIZATION: 1})


def _weight(document: Document, entity: _Entity) -> float:
    weight = log1p(len(entity.places))
    roles = {document.sentence_at(start).role for start, _ in entity.places}
    weight += 1.0 * ("title" in roles) + 0.5 * ("lead" in roles)
    subjects = 0
    for start, end in entity.places[:MAX_SPANS]:
        tokens = document.doc[document.token_at(start) : document.token_at(end - 1) + 1]
        subjects += any(t.dep_ in _SUBJECTS for t in tokens)
    weight += 0.3 * log1p(subjects)
    if entity.type in (EntityType.PLACE, EntityType.GROUP):
        weight *= 0.6  # a place is seldom the subject
    elif entity.places and entity.places[0][0] == 0:
        weight += 1.0  # opens the title
    source = document.article.source
    if is_site(entity.name, source.name, source.host):
        if source.type is not SourceType.MEDIA:
            weight += 1.5
        else:
            weight *= 0.3  # outlets name themselves without being the subject
    return weight

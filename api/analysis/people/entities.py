"""The named entities of a text: typed, with spellings of one name merged, the most central first.

`name_spans.py` finds the names; every occurrence counts. A name's type is the
gazetteer's, else its most frequent one in this text. Salience is 1 for the most central and grows with mentions
(dampened), the title, the lead and grammatical subjects. Limits: coreference is by name only (`names.py`; a
given name counts if unique); pronouns are ignored.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from math import log1p

from ahocorasick_rs import AhoCorasick

from api.analysis.people.gazetteer import TYPES, whole_words
from api.analysis.people.name_spans import LONG_WORD, in_story, mentions
from api.analysis.people.name_types import is_common, is_noise, plausible, type_by_context, type_by_shape
from api.analysis.text.datelines import TICKER, dateline_of, is_wire
from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from api.analysis.text.names import (
    bare_name,
    initials,
    is_company,
    is_site,
    name_key,
    short_forms,
)
from api.analysis.text.own_account import OWN_ACCOUNT
from api.analysis.text.spans import span
from schemas.assessments import EntityMention
from schemas.enums import EntityType

MAX_ENTITIES = 25
MAX_SPANS = 8  # of one entity, in text order
HEADLINE_WORDS, HEADLINE_CASE = 4, 0.8  # words of at least LONG_WORD letters; share with capitals

_ORDER = tuple(EntityType)
_NEAR = 120  # characters behind a name in which a pronoun means its bearer
_PERSONAL = re.compile(r"\b(?:he|she|his|her|him|who)\b")
_TITLE_BEFORE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|Professor|Judge|Justice|Sen|President|Pope|King|Queen)\.? $"
)
_SUBJECTS = ("nsubj", "nsubjpass")
_ABBREVIATION = re.compile(
    r"((?:[A-Z][\w’'-]{0,30} (?:(?:of|for|and|the|on|in|&) ){0,2}){1,7}[A-Z][\w’'-]{0,30}),? "
    r"\([“\"]?([A-Z][A-Za-z&-]{1,9})[”\"]?\)"
)
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
    found = _merged(document, _by_key(document))
    _add_occurrences(document, found)
    found = [e for e in found if not _is_imprint(document, e)]
    found = [
        e
        for e in found
        if e.is_known or not (_is_of_headline(document, e.places) or is_common(document, e.name, e.places))
    ]
    for entity in found:
        _retype(document, entity)
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
    return sorted(mentions, key=lambda m: (-m.salience, m.spans[0].start, m.name))[:MAX_ENTITIES]


def _is_noise(document: Document, entity: _Entity) -> bool:
    source = document.article.source
    if entity.is_known or is_site(entity.name, source.name, source.host):
        return False
    return is_noise(document, entity.name, entity.type, entity.places)


def _is_imprint(document: Document, entity: _Entity) -> bool:
    """Whether the name is a wire, or only part of a dateline or of a share's symbol."""
    if is_wire(entity.name):
        return True
    start, end = dateline_of(document.text, document.article.body_start)
    tickers = [m.span() for m in TICKER.finditer(document.text)]
    bare = entity.type is not EntityType.PLACE or _STATE.fullmatch(entity.name) is not None
    dated = bare and all(start <= at < end for at, _ in entity.places)
    if dated or (entity.name.casefold() in _AGENCY and any(start <= at < end for at, _ in entity.places)):
        return True
    return all(any(low < at < high for low, high in tickers) for at, _ in entity.places)


def _is_of_headline(document: Document, places: list[tuple[int, int]]) -> bool:
    """Whether only a title in capitals has the name: there any words look like one ("Nears Key Milestones")."""
    article = document.article
    if any(start >= article.body_start for start, _ in places) or article.body_start == 0:
        return False
    words = [word for word in article.title.split() if len(word) >= LONG_WORD and word[0].isalpha()]
    return len(words) >= HEADLINE_WORDS and sum(w[0].isupper() for w in words) >= HEADLINE_CASE * len(words)


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


def _merged(document: Document, found: dict[str, _Entity]) -> list[_Entity]:
    """Merge short forms into the only longer name that they can stand for, or that they follow in brackets."""
    written_out = {m[2]: m[1] for m in _ABBREVIATION.finditer(document.text)}
    longer: dict[str, list[str]] = {}
    for own, entity in found.items():
        if entity.type not in (EntityType.PERSON, EntityType.ORGANIZATION):
            continue
        forms = short_forms(entity.name, person=entity.type is EntityType.PERSON)
        if entity.type is EntityType.ORGANIZATION and len(entity.name.split()) > 1:
            forms.append(initials(entity.name))
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


def _add_occurrences(document: Document, found: list[_Entity]) -> None:
    """Add all places of all forms of all names: whole words in the same case."""
    owners = {form: entity for entity in found for form in entity.forms}
    forms = list(owners)
    if not forms:
        return
    for number, start, end in whole_words(document.text, AhoCorasick(forms)):
        if in_story(document, start):
            owners[forms[number]].places.append((start, end))


def _retype(document: Document, entity: _Entity) -> None:
    """Set the type that the text around the name shows, unless the gazetteer lists it or it is a product.

    Without cues, a single-word person becomes a firm unless a title or a pronoun shows otherwise.
    """
    if entity.is_known or any(is_company(form) for form in entity.forms):
        return
    forms = list(entity.forms)
    clear = type_by_shape(forms) or type_by_context(document, forms, entity.places)
    if clear is not None and (entity.type is not EntityType.PRODUCT or clear is EntityType.PERSON):
        entity.types = Counter({clear: 1})
        return
    kind = plausible(entity.name, entity.type)
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
        if source.type in OWN_ACCOUNT:
            weight += 1.5
        else:
            weight *= 0.3  # outlets name themselves without being the subject
    return weight

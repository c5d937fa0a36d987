"""The named entities of a text: typed, with spellings of one name merged, the most central first.

Names come from the parser's entity recogniser and the gazetteer; every occurrence counts. A name's type is the
gazetteer's, else its most frequent one in this text. Salience is 1 for the most central and grows with mentions
(dampened), the title, the lead and grammatical subjects. Limits: coreference is by name only (`names.py`; a
given name counts if unique); pronouns are ignored.
"""

# Long because finding, merging, typing and ranking of names share their state.

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import log1p
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick

from api.analysis.people.gazetteer import TYPES, known_names, whole_words
from api.analysis.people.name_types import is_common, is_noise, plausible, type_by_context, type_by_shape
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.datelines import TICKER, dateline_of, is_wire
from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from api.analysis.text.names import (
    HONORIFIC,
    bare_name,
    initials,
    is_company,
    is_generic,
    is_site,
    name_key,
    short_forms,
)
from api.analysis.text.own_account import OWN_ACCOUNT
from api.analysis.text.spans import span
from schemas.assessments import EntityMention
from schemas.enums import EntityType

if TYPE_CHECKING:
    from spacy.tokens import Span

MAX_ENTITIES = 25
MAX_SPANS = 8  # of one entity, in text order
MAX_IN_TOKENS = 9
LONG_WORD, HEADLINE_WORDS, HEADLINE_CASE = 4, 4, 0.8  # letters; words, and share with capitals, of a headline
MAX_NAME = 80  # characters; longer ones are whole headlines

_LABELS = {
    "ORG": EntityType.ORGANIZATION,
    "PERSON": EntityType.PERSON,
    "PRODUCT": EntityType.PRODUCT,
    "GPE": EntityType.PLACE,
    "LOC": EntityType.PLACE,
    "FAC": EntityType.PLACE,
    "EVENT": EntityType.EVENT,
    "LAW": EntityType.LAW,
    "WORK_OF_ART": EntityType.WORK,
    "NORP": EntityType.GROUP,
}
_VERB_TAGS = frozenset({"VB", "VBG", "VBZ", "VBP", "VBD"})
_ORDER = tuple(EntityType)
_NEAR = 120  # characters behind a name in which a pronoun means its bearer
_PERSONAL = re.compile(r"\b(?:he|she|his|her|him|who)\b")
_TITLE_BEFORE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|Professor|Judge|Justice|Sen|President|Pope|King|Queen)\.? $"
)
_SUBJECTS = ("nsubj", "nsubjpass")
# Words that the recogniser adds to a name: "Corvell 6.4 million", "Corvell Chief Executive".
_FIGURE_BEHIND = re.compile(
    r"\s(?:[$€£¥]\s?\d[\d.,]*\w*|\d[\d.,]*(?:%|\s?(?:percent|per cent|m|bn|million|billion|trillion)\b)).*$"
)
_OFFICE_BEHIND = re.compile(
    r"\s(?:(?:Vice |Deputy )?(?:Chief|Managing|Executive) (?:[A-Z]\w+ ){0,2}(?:Executive|Officer|Director|Editor|"
    r"President)|Chief Executive|CEO|CTO|CFO|COO)$"
)
_VERB_BEHIND = re.compile(
    r"\s(?:(?:told|said|says|wrote)\b.*|(?:Reports|Announces|Announced|Raises|Launches|Unveils|Introduces|Releases|"
    r"Acquires|Names|Appoints|Opens|Joins|Wins|Says|Posts|Closes|Completes))$"
)
# Words of headlines that the recogniser adds to a name: "Corvell Labs Provides Update".
_HEADLINE_VERB = re.compile(
    r"\s(?:Provides|Receives|Initiates|Updates|Accepted|Accepts|Presents|Reports|Announces|Announced|Unveils|"
    r"Introduces|Releases|Launches|Acquires|Appoints|Secures|Signs|Expands|Revolutioni[sz]es|Offers|Celebrates|"
    r"Confirms|Cancels|Begins|Brings|Delivers|Enters|Joins|Raises|Needs|Needed|Gears|Selected|Named|Awarded|to)\b.*$"
)
_ABOUT = re.compile(r"^About (?=[A-Z])")
_ABBREVIATION = re.compile(
    r"((?:[A-Z][\w’'-]{0,30} (?:(?:of|for|and|the|on|in|&) ){0,2}){1,7}[A-Z][\w’'-]{0,30}),? "
    r"\([“\"]?([A-Z][A-Za-z&-]{1,9})[”\"]?\)"
)
_STATE = re.compile(r"[A-Z]{2}")
_AGENCY = words("reuters ap afp")
_OFFICE_ALONE = re.compile(
    r"(?:(?:S|E|A)?VP|(?:Senior |Executive )?Vice President|Head|Director|Chief|President|Secretary|Minister) "
    r"(?:of|for)\b"
)
_OPEN_END = re.compile(r"\s(?:of|and|for|the|in|at|&)$")
_TWICE = re.compile(r"(\S+ \S+|\S{6,}) \1")
_DATED = re.compile(r" \d[\d:,]*$")  # a byline's "Jane Roe March 1"
_ABBREVIATED = re.compile(r"\b[A-Z]\.[A-Z]$")
_OWNER = re.compile(r"([A-Z][\w.-]*(?: [A-Z][\w.-]*)?)['’]s ([A-Z].*)")
_NOT_NAMES = words(
    "ai api ceo cto cfo coo pr it tv pc llm llms gpu gpus cpu ml nlp iot saas b2b id faq llc inc ltd "
    "corp plc nyse nasdaq p.s. "
    # bodies and papers named only by their kind, which differ from text to text
    "assembly association authority background bill board card club commission committee company council "
    "customer customers department download featured foundation government hardware item media ministry "
    "office parliament schedule school series target university"
)


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


def _mentions(document: Document) -> Iterator[tuple[int, int, EntityType]]:
    taken: set[int] = set()
    for start, end, kind in known_names(document.text):
        if _in_story(document, start):
            taken.update(range(start, end))
            yield start, end, kind
    for entity in document.doc.ents:
        if entity.label_ not in _LABELS or not _is_of_story(document, entity):
            continue
        text = entity.text
        if (len(entity) > 1 and entity[0].tag_ in _VERB_TAGS) or len(entity) > MAX_IN_TOKENS:
            continue  # a headline's verb, or several headings
        if entity.label_ == "PERSON" and _DATED.search(text):
            continue
        owner = _OWNER.fullmatch(text)
        if owner is not None and (entity.label_ == "PERSON" or owner[1] in TYPES):
            yield from _owner_and_owned(entity.start_char, owner, taken)
            continue
        titled = HONORIFIC.match(text) is not None
        name = bare_name(text) if titled or entity.label_ == "PERSON" else _without_edges(text)
        name, kind = _without_additions(
            document, name, EntityType.PERSON if titled else _LABELS[entity.label_]
        )
        if entity.start_char < document.article.body_start:
            name = _as_in_body(document, name)
        at = text.find(name)
        start = entity.start_char + at
        if at < 0 or not _is_name(name) or start in taken:
            continue
        if kind is EntityType.WORK and entity[0].tag_ == "IN" and _is_known_without(document, name):
            continue  # "Before Acme" opens a sentence
        yield start, start + len(name), kind


def _as_in_body(document: Document, name: str) -> str:
    """The longest beginning of a name in the title that the body has: the title's verb may stick to it."""
    parts, start = name.split(" "), document.article.body_start
    for count in range(len(parts), 0, -1):
        shorter = " ".join(parts[:count])
        if len(shorter) >= LONG_WORD and document.text.find(shorter, start) >= 0:
            return shorter
    return name


def _is_of_story(document: Document, entity: "Span") -> bool:
    """Whether the name is in the story, or is the full name of somebody whose surname is.

    Page furniture often sticks to a story's first sentence, which introduces people.
    """
    if _in_story(document, entity.start_char):
        return True
    parts = entity.text.split()
    if entity.label_ != "PERSON" or len(parts) != 2 or not all(p.isalpha() and p.istitle() for p in parts):
        return False
    if document.text[entity.end_char : entity.end_char + 1] != ",":
        return False  # a menu's "Search Quillon"
    surname = re.compile(rf"(?<!{parts[0]} )\b{parts[1]}\b")
    return any(_in_story(document, m.start()) for m in surname.finditer(document.text))


def _owner_and_owned(at: int, names: re.Match[str], taken: set[int]) -> Iterator[tuple[int, int, EntityType]]:
    """The two names of "Jane Roe’s Quillon" or "Norway’s Quillon", which the recogniser merges."""
    owner = TYPES.get(names[1], EntityType.PERSON if " " in names[1] else EntityType.ORGANIZATION)
    found = [(names.span(1), owner)]
    is_thing = owner is EntityType.ORGANIZATION and " " not in names[2]  # "Quillon’s Search"
    if not is_thing and not is_generic(names[2].split()[0]):
        found.append((names.span(2), EntityType.ORGANIZATION))
    for (start, end), kind in found:
        if at + start not in taken:
            yield at + start, at + end, kind


def _without_additions(document: Document, name: str, kind: EntityType) -> tuple[str, EntityType]:
    """The name without a figure, verb or office that the recogniser added, and its type."""
    name = _ABOUT.sub("", _TWICE.sub(r"\1", _FIGURE_BEHIND.sub("", name)))
    headline = _HEADLINE_VERB.search(name)
    if headline is not None and " " in name[headline.start() + 1 :]:
        name = name[: headline.start()]
    office = _OFFICE_BEHIND.search(name)
    if office and " " not in name[: office.start()]:
        return name[: office.start()], EntityType.ORGANIZATION
    verb = _VERB_BEHIND.search(name)
    if verb is None:
        return name, kind
    shorter = name[: verb.start()]
    # "Consumer Reports" is one name: a headline's verb only if the text also has the name without it
    alone = verb[0][1].islower() or document.text.count(shorter) > document.text.count(name)
    return (shorter, kind) if alone else (name, kind)


def _is_known_without(document: Document, name: str) -> bool:
    """Whether the text has the name without its first word elsewhere."""
    rest = name.partition(" ")[2]
    return bool(rest) and document.text.count(rest) > document.text.count(name)


def _without_edges(text: str) -> str:
    name = text.strip(" \n.,;:'’\"“”*|-–—")
    for article in ("the ", "The ", "a ", "A ", "an "):
        name = name.removeprefix(article)
    for ending in ("'s", "’s"):
        name = name.removesuffix(ending)
    return f"{name}." if _ABBREVIATED.search(name) and f"{name}." in text else name


def _in_story(document: Document, offset: int) -> bool:
    """Whether the offset is in a sentence of the story; prompt injections and page furniture are not."""
    sentence = document.sentence_at(offset)
    return sentence.start <= offset < sentence.end and not is_boilerplate(sentence.text)


def _is_name(name: str) -> bool:
    return (
        1 < len(name) <= MAX_NAME
        and any(c.isupper() for c in name)
        and any(c.isalpha() for c in name)
        and not any(c in '\n"“”()[]{}<>|@/\\' for c in name)
        and name.casefold() not in _NOT_NAMES
        and _OFFICE_ALONE.match(name) is None
        and _OPEN_END.search(name) is None
        and name_key(name) != ""
    )


def _by_key(document: Document) -> dict[str, _Entity]:
    found: dict[str, _Entity] = {}
    for start, end, kind in _mentions(document):
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
        if _in_story(document, start):
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

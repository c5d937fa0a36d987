"""Where a text has names: the recogniser's and the gazetteer's, without the words that stick to them.

The recogniser takes figures, offices and a headline's verbs into a name ("Corvell Labs Provides Update"), and
merges an owner with what it owns.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from api.analysis.people.gazetteer import TYPES, known_names
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.datelines import is_wire
from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from api.analysis.text.names import HONORIFIC, bare_name, is_generic, name_key
from schemas.enums import EntityType, SourceType

if TYPE_CHECKING:
    from spacy.tokens import Span

LONG_WORD = 4  # letters
MAX_IN_TOKENS = 9
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
_OFFICE_ALONE = re.compile(
    r"(?:(?:S|E|A)?VP|(?:Senior |Executive )?Vice President|Head|Director|Chief|President|Secretary|Minister|"
    r"Chair(?:man|woman)?|Member|Founder|Co-founder|Leader|C[EFTIO]O) "
    r"(?:of|for)\b|(?:S|E|A)?VP,? [A-Z]|Chief (?:[A-Z]\w{1,20} ){1,3}Officer$"
)
_OPEN_END = re.compile(r"\s(?:of|and|for|the|in|at|&)$")
_TWICE = re.compile(r"(\S+ \S+|\S{6,}) \1")
_DATED = re.compile(r" \d[\d:,]*$")  # a byline's "Jane Roe March 1"
_ABBREVIATED = re.compile(r"\b[A-Z]\.[A-Z]$")
_OWNER = re.compile(r"([A-Z][\w.-]*(?: [A-Z][\w.-]*)?)['’]s ([A-Z].*)")
_OFFICE_LAST = re.compile(
    r"\b(?:Lead|Leader|Manager|Director|Officer|CEO|CTO|CFO|President|Founder|Chief|Head)$"
)
_SALUTES = frozenset({"Dear", "Hello", "Hi", "Hey"})
_GLUED = re.compile(r"\w [A-Z][a-z]{4,}[A-Z][a-z]{4,}$")  # "Jane ThomasChairman"
_PAIR = re.compile(r"([A-Z][\w’'.-]{2,30}) and ([A-Z][\w’'.-]{2,30})")
_WITH = re.compile(r"([A-Z][^\n]{2,40}?) with ([A-Z][^\n]{2,40})")  # never within a name
_NO_START = re.compile(
    r"\d+(?:st|nd|rd|th)\b|(?!de |van |von |al |bin )[a-z]{2,} |(?:UTC|GMT|EST|PST) |(?:CVE|CWE)-\d|"
    r"(?:Mountain|Eastern|Central|Pacific) Time\b|New Name\b"
)
_OWNERS = words("city state country world nation firm today tomorrow yesterday everyone year week")
_NOT_NAMES = words(
    "q&a vp svp evp admin bcc kib mib gib hardcover paperback fla minn calif mass conn ill mich tex pllc lts "
    "ai api ceo cto cfo coo pr it tv pc llm llms gpu gpus cpu ml nlp iot saas b2b id faq llc inc ltd "
    "corp plc nyse nasdaq p.s. "
    # bodies and papers named only by their kind, which differ from text to text
    "assembly association authority background bill board card club commission committee company council "
    "customer customers department download featured foundation government hardware item media ministry "
    "office parliament schedule school series target university"
)


def mentions(document: Document) -> Iterator[tuple[int, int, EntityType]]:
    """The (start, end, type) of names, as found: a name's places may differ in type."""
    taken: set[int] = set()
    for start, end in _publisher(document):
        if in_story(document, start):
            yield start, end, EntityType.ORGANIZATION
    for start, end, kind in known_names(document.text):
        if in_story(document, start):
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
        if text.partition(" ")[0] in _SALUTES or (entity.label_ == "PERSON" and _GLUED.search(text)):
            continue
        owner = _OWNER.fullmatch(text)
        if owner is not None and _OFFICE_LAST.search(owner[2]):
            owner = None  # "Corvell’s Technical Lead" is of Corvell
            text = text[: text.index("’s") if "’s" in text else text.index("'s")]
        if owner is not None and owner[1].casefold() in _NOT_NAMES | _OWNERS:
            continue
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
        pair = _PAIR.fullmatch(name) if kind is EntityType.ORGANIZATION else None
        if kind is EntityType.ORGANIZATION and (glued := _WITH.fullmatch(name)) is not None:
            yield from ((start + glued.start(n), start + glued.end(n), kind) for n in (1, 2))
        elif pair and any(document.text.count(one) > document.text.count(name) for one in pair.groups()):
            yield from ((start + pair.start(n), start + pair.end(n), kind) for n in (1, 2))
        else:
            yield start, start + len(name), kind


def _publisher(document: Document) -> Iterator[tuple[int, int]]:
    """Where the body names its publisher, if that is a party and no outlet: the recogniser misses odd names."""
    source = document.article.source
    name = source.name or ""
    if source.type in (SourceType.MEDIA, SourceType.ANALYST) or not 2 < len(name) <= MAX_NAME:
        return
    if is_wire(name) or "." in name or name.islower():
        return
    plain = document.text.replace("’", "'")
    at = plain.find(name := name.replace("’", "'"))
    while at >= 0:
        end = at + len(name)
        if not plain[at - 1 : at].isalnum() and not plain[end : end + 1].isalnum():
            yield at, end
        at = plain.find(name, end)


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
    if in_story(document, entity.start_char):
        return True
    parts = entity.text.split()
    if entity.label_ != "PERSON" or len(parts) != 2 or not all(p.isalpha() and p.istitle() for p in parts):
        return False
    if document.text[entity.end_char : entity.end_char + 1] != ",":
        return False  # a menu's "Search Quillon"
    surname = re.compile(rf"(?<!{parts[0]} )\b{parts[1]}\b")
    return any(in_story(document, m.start()) for m in surname.finditer(document.text))


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


def in_story(document: Document, offset: int) -> bool:
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
        and _NO_START.match(name) is None
        and name_key(name) != ""
    )

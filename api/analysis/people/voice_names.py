"""Names for the list of voices: people and bodies, each by its fullest name in the text.

Sentences keep their own speaker ("the leader", "a report by Acme"). The list names parties that can be asked:
things are left out, a report stands for its author, and an outlet is no voice in its own stories.

Limits: English words; descriptions of people by unknown words are left out.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from api.analysis.parsing.speaker_names import ROLE, can_speak
from api.analysis.people.gazetteer import TYPES
from api.analysis.people.name_words import GIVEN_NAMES
from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from api.analysis.text.names import bare_name, initials, is_generic, is_site, name_key, parts_of
from schemas.enums import EntityType, SourceType

_PREPOSITION = re.compile(r"\s(?:of|from|by|with|for|to|in|at|on|about|who|that|behind|against)\s")
_PART_OF = re.compile(
    r"(?:one|two|some|many|most|several|all|both|each|none|dozens|hundreds) of (?:the |its |our )?",
    re.IGNORECASE,
)
_PAPERS = r"(?:report|study|survey|research|analysis|poll|paper|filing|letter|statement|briefing)"
_MADE_BY = re.compile(
    rf"\b{_PAPERS}s? (?:(?:[A-Z][a-z]+day|last \w+) )?(?:by|from|of) (?:the )?([A-Z][^,;]+)$"
)
_MADE_BY_BEFORE = re.compile(rf"^(?i:an?|the|its|his|her|this|that)\b.*?\s((?:[A-Z][\w&.’'-]*\s)+){_PAPERS}$")
_TWICE = re.compile(r"(\S+ \S+) \1")
_DOMAIN = re.compile(r"\S+\.(?:com|org|net|gov|io|co|ai|edu|uk|eu|dev)\b", re.IGNORECASE)
_QUOTING = re.compile(r"^(?:Quoting|Citing|Says|Said|Adds|Per|Interview|Exclusive) (?=[A-Z])")
# "Google Cloud CISO Phil Venables" for Phil Venables
_TITLED = re.compile(
    r"(?:[A-Z][\w&’'-]{0,24} ){0,4}(?:CISO|C[EFTIO]O|VP|[Cc]hair(?:man|woman)?|[Pp]resident|[Dd]irector|"
    r"[Ss]pokes(?:man|woman|person)|[Mm]inister|[Mm]ayor|[Ss]enator|[Aa]nalyst|[Ss]uperintendent) "
    r"((?:[A-Z][\w.’'-]{1,24} ){1,2}[A-Z][\w’'-]{1,24})"
)
_OPEN_END = re.compile(r"\s(?:of|and|for|the|in|at|&)$")
_PICTURES = words("getty shutterstock unsplash istock")
_THINGS = words(
    "figure figures time value effort efforts way incident policy report study survey research analysis "
    "poll paper filing letter statement briefing interview memo mission whim whims tool faq endpoint "
    "disclaimer tour shift shifts newsletter order number quarter matter error factor chapter offer "
    "computer server router answer data document documents law rule rules bill post page article story "
    "email chart table deal move plan project test tests result results product app platform model system "
    "feature evidence idea point thing things reason question fact case sign signs change changes event "
    "conference summit webinar podcast book film song video year weather power disaster water danger "
    "corner border folder finger dinner summer winter october november december september"
)
_PROPER_THINGS = words(
    "tool faq endpoint disclaimer tour conference summit webinar podcast policy report shifts study index"
)
_PEOPLE = re.compile(
    r"(?:people|persons?|m[ae]n|wom[ae]n|boys?|girls?|child(?:ren)?|kids?|sisters?|brothers?|aunts?|uncles?|"
    r"cousins?|friends?|colleagues?|boss(?:es)?|sons?|daughters?|signees|signator(?:y|ies)|co-?authors?|"
    r"spouses?|guests?|mps?|administration|coalitions?|banks?|airlines?|teams?|boards?|panels?|charit(?:y|ies)|"
    r"coach(?:es)?|crews?|"
    r"nurses?|guards?|locals?|famil(?:y|ies)|couples?|compan(?:y|ies)|organi[sz]ations?|business(?:es)?|schools?|"
    r"hospitals?|church(?:es)?|part(?:y|ies)|all(?:y|ies)|agenc(?:y|ies)|universit(?:y|ies)|staff|aides?|"
    r"employees?|veterans?|"
    r"[\w-]{2,}(?:ers?|ors?|ists?|ians?|ants?|men|man|women|woman|person|people|ees))",
    re.IGNORECASE,
)
_THE = re.compile(r"^the\s+", re.IGNORECASE)
_OFFICES = re.compile(r"\b(?:[SE]?VP|CISO|CIO|CMO)\b")  # in addition to `ROLE`
_NO_FIRM = re.compile(
    r"\b(?:Commission|Agency|Authority|Department|Ministry|Universit|College|Union|Guild|Court|Office|Council|Bureau|"
    r"Committee|Association|Institute|Police|Society|Service|Administration|Board|Congress|Senate|Government)|"
    r"^[A-Z]{2,4}$"
)
_THE_COMPANY = re.compile(
    r"(?:(?:the|our) )?(?:[\w.-]+-based )?"
    r"(?:company|firm|group|start-?up|business|retailer|carmaker|chipmaker|airline)",
    re.IGNORECASE,
)
_OWN = frozenset({SourceType.PRESS_RELEASE, SourceType.COMPANY_BLOG})
MAX_OFFICES = 40  # each costs a search of the whole text
_MAX_OFFICE = 3  # words
_FULL_NAME = r"([A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){1,3})"
_BEFORE_HOLDER = r"(?: of [^,.;“”]{1,40})?,? "  # between an office and its holder: "head of sales, Jane Roe"


def listed_name(name: str, *, publisher: str | None = None, host: str | None = None) -> str | None:
    """The name for the list, None if it cannot speak. `publisher` is given for outlets only."""
    made = _MADE_BY.search(name) or _MADE_BY_BEFORE.search(name)
    name = _QUOTING.sub("", made[1].strip() if made else name)
    if _DOMAIN.fullmatch(name):
        return None
    titled = _TITLED.fullmatch(name)
    name = titled[1] if titled and not ROLE.search(titled[1]) else name
    doubled = _TWICE.match(bare_name(name))
    name = doubled[1] if doubled else name
    if _OPEN_END.search(name) or name.casefold().split()[0] in _PICTURES:
        return None
    if name.isupper() and " " in name and any(len(word) > 4 for word in name.split()):  # of a dateline
        return None
    if publisher and (is_site(name, publisher, host) or name.endswith(f" {publisher}")):
        return None
    if publisher and len(name) > 1 and name == initials(publisher):
        return None
    words_of_head = _PREPOSITION.split(_PART_OF.sub("", name))[0].split()
    if not words_of_head:
        return None
    head = words_of_head[-1]
    low = head.casefold()
    if TYPES.get(name) is EntityType.PRODUCT:
        return None
    if low in _PROPER_THINGS or (low in _THINGS and (head.islower() or head == name)):
        return None
    if head[:1].isupper():
        return name
    return name if can_speak(head) or can_speak(head.removesuffix("s")) or _PEOPLE.fullmatch(head) else None


def fuller_names(document: Document, names: Sequence[str]) -> dict[str, str]:
    """For each name the one to list: the only fuller name in the list or the text, else itself."""
    given = [name for name in names if _is_full(name)]
    from_text = [
        bare_name(bare_name(e.text))
        for e in document.doc.ents
        if e.label_ == "PERSON" or _is_like_a_person(e.text)
    ]
    full = _distinct([*given, *filter(_is_full, from_text)])
    people = [name for name in full if not _ends_in_office(name)]
    by_surname, by_given_name = _by_part(people, -1), _by_part(_distinct(given), 0)
    recognised = [bare_name(e.text) for e in document.doc.ents if e.label_ == "PERSON"]
    by_first_word = _by_part(_distinct([name for name in (*given, *recognised) if _is_full(name)]), 0)
    by_office = _by_part([name for name in full if _ends_in_office(name)], -1)
    bodies = (_THE.sub("", e.text.strip()) for e in document.doc.ents if e.label_ == "ORG")
    by_body = _by_part(_distinct([name for name in bodies if _is_full(name)]), -1)
    listed: dict[str, str] = {}
    first: dict[str, str] = {}
    known = frozenset(people)
    offices = [name for name in names if _is_office(name, known)][:MAX_OFFICES]
    holders = {name: _holder(document, name, people) for name in offices}
    for name in names:
        person = _fuller(name, by_surname) or _fuller(name, by_given_name) or holders.get(name)
        if person is None and name.casefold() in GIVEN_NAMES:
            person = _fuller(name, by_first_word)
        chosen = person or _fuller(name, by_office) or (_fuller(_THE.sub("", name), by_body) or name)
        listed[name] = first.setdefault(name_key(chosen) or chosen, chosen)
    return _with_the_company(document, listed)


def _with_the_company(document: Document, listed: dict[str, str]) -> dict[str, str]:
    """The same, with "the company" as the only firm that speaks, or as a publisher that speaks for itself."""
    generic = [name for name in listed if _THE_COMPANY.fullmatch(name)]
    if not generic:
        return listed
    labels = {_THE.sub("", e.text.strip()): e.label_ for e in document.doc.ents}
    spoke = dict.fromkeys(n for n in listed.values() if labels.get(_THE.sub("", n)) == "ORG")
    source = document.article.source
    firms = [
        name
        for name in spoke
        if not (_NO_FIRM.search(name) or (source.name and is_site(name, source.name, source.host)))
    ]
    own = bare_name(source.name) if source.name and source.type in _OWN else ""
    if own and own in document.text[document.article.body_start :]:
        firms = [next((firm for firm in firms if bare_name(firm) == own), own)]
    if len(firms) != 1 or _is_outnamed(document, firms[0]):
        return listed
    return listed | dict.fromkeys(generic, firms[0])


def _is_outnamed(document: Document, firm: str) -> bool:
    """Whether the text names another organisation more often, which "the company" may mean."""
    named = Counter(name_key(e.text) for e in document.doc.ents if e.label_ in ("ORG", "PERSON", "PRODUCT"))
    key = name_key(firm)
    own = sum(count for name, count in named.items() if name.startswith(key) or key.startswith(name or " "))
    others = (n for name, n in named.items() if not (name.startswith(key) or key.startswith(name or " ")))
    return own < max(others, default=0)


def _is_full(name: str) -> bool:
    return 1 < len(bare_name(name).split()) < 5 and all(p[:1].isupper() for p in name.split())


def _ends_in_office(name: str) -> bool:
    """Whether the name is an office ("Norland Governor"), not a person."""
    return ROLE.fullmatch(bare_name(name).split()[-1]) is not None


def _distinct(names: Sequence[str]) -> list[str]:
    """The first spelling of each name."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name_key(name), name)
    return list(found.values())


def _is_like_a_person(name: str) -> bool:
    """Whether the name has a person's form: the recogniser's types are worse than its names."""
    parts = name.split()
    return (
        len({*parts}) == len(parts) == 2
        and all(p.isalpha() and p.istitle() for p in parts)
        and not is_generic(parts[0])
    )


def _by_part(people: Sequence[str], at: int) -> dict[str, list[str]]:
    """The people by one word of their names."""
    found: dict[str, list[str]] = {}
    for person in people:
        found.setdefault(name_key(parts_of(person)[at]), []).append(person)
    return found


def _fuller(name: str, people: Mapping[str, Sequence[str]]) -> str | None:
    """The only full name that has this single word in that place."""
    word = bare_name(name)
    if " " in word or name in TYPES or not word:
        return None
    same = people.get(name_key(word), [])
    return same[0] if len(same) == 1 else None


def _is_office(name: str, people: Collection[str]) -> bool:
    office = _THE.sub("", name)
    if (office == name and not name[:1].isupper()) or len(office.split()) > _MAX_OFFICE or name in people:
        return False
    return ROLE.search(office) is not None or _OFFICES.search(office) is not None


def _holder(document: Document, name: str, people: Collection[str]) -> str | None:
    """The only person whose name stands beside the office."""
    office = _THE.sub("", name)
    role = f"(?i:{re.escape(office)})"
    beside = {
        m[1].rstrip(".’'-") for m in re.finditer(rf"\b{role}{_BEFORE_HOLDER}(?={_FULL_NAME})", document.text)
    }
    beside |= {
        m[1].rstrip(".’'-")
        for m in re.finditer(rf"\b{_FULL_NAME}, (?:[^,.;“”]{{0,40}} )?{role}\b", document.text)
    }
    found = {
        person for person in people if any(who == person or who.startswith(f"{person} ") for who in beside)
    }
    return found.pop() if len(found) == 1 else None

"""Types of names by their context in the text.

The recogniser types unfamiliar names badly ("Harnworth Glass" as a person). Clear cues overrule it: the record's
author and publisher, a title or a role beside the name, a following "he" or "its", and things that people do not
have (customers, a board). A word that the text also uses as a common one is no name.

Limits: English cues; a name without cues keeps the recogniser's type.
"""

import re
from collections.abc import Sequence

from api.analysis.people.guest_authors import is_organization
from api.analysis.people.name_words import ABBREVIATIONS, COMMON, GIVEN_NAMES
from api.analysis.text.document import Document
from api.analysis.text.names import is_site, name_key, same_party
from schemas.enums import EntityType

CLEAR = 2  # points of cues that overrule the recogniser
PLACES = 8  # of a name that are examined
OFTEN = 4  # uses by which a common word in capitals is a name
_BEHIND, _BEFORE = 70, 40  # characters
_ROLE = (
    r"(?:chief|president|professor|director|head|leader|manager|engineer|scientist|researcher|analyst|economist|"
    r"minister|senator|lawyer|author|editor|partner|chair\w*|spokes\w+|founder|co-founder|ceo|cto|cfo|secretary|"
    r"patron|farmer|teacher|driver|mayor|officer|fellow)"
)
# An office without an article right after a name is a person's ("Jane Roe, general secretary of").
_OFFICE_BEHIND = re.compile(
    r", (?:(?:former|acting|general|deputy|senior|managing|executive|associate|assistant|vice|chief|lead|"
    r"principal|research|technology|operating|financial|medical|policy|co)[ -]){0,3}"
    r"(?:president|professor|director|head|scientist|researcher|analyst|economist|engineer|secretary|executive|"
    r"officer|minister|senator|mayor|chair(?:man|woman|person)?|spokes\w+|founder|ceo|cto|cfo|lawyer|editor) "
    r"(?:of|at|for|and)\b",
    re.IGNORECASE,
)
_OFFICE_OF = re.compile(
    r", [A-Z][\w-]{1,24}(?:['’]s)? (?:[A-Z][a-z]{1,15} ){0,3}"
    r"(?:Lead|Manager|Director|Officer|Head|Chief|President|Engineer|Founder|CEO|CTO|CFO)\b"
)  # "Jane Roe, Corvell’s Technical Lead"
_PERSON_BEHIND = re.compile(
    rf"(?:, \d{{2}},|, (?:(?:a|an|the|its|our|their|who|whose|former|vice|chief)\b[^.;]{{0,40}}?)?\b{_ROLE}\b)|"
    r"^[^.;]{0,60}\b(?:he|she|his|her|him)\b",
    re.IGNORECASE,
)
_PERSON_BEFORE = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Dr|Prof|Sir|Dame|Cllr|Councillor|Rev)\.? $|\b(?:{_ROLE}|chief executive),? $",
    re.IGNORECASE,
)
_ORGANIZATION_BEHIND = re.compile(
    r"^['’]s? (?:new |own |chief |first )?(?:executive|CEO|board|customers?|users?|employees|workers|staff|"
    r"shares|revenue|profits?|products?|platform|app|service|website|members|works|plant|headquarters|spokes\w+)\b|"
    r"^, (?:a|an|the|which)\b[^.;]{0,40}?\b(?:company|firm|startup|maker|bank|provider|agency|group|is|has)\b|"
    r"^ (?:will|has|have|had) (?:close|open|hire|launch|acquire|dismiss|raise|announce|release)\w*\b|"
    r"^[^.;]{0,40}\bits\b",
    re.IGNORECASE,
)
_FULL_NAME = re.compile(
    r"(?:[A-Z](?:\.|[a-z’']+) )?(?:(?:van|von|de|der|da|di|el|al|bin) ){0,2}[A-ZÀ-Ž][\w’'-]+"
)
_MARKS = frozenset("×=<>")
# Forms of names: "Ruben Asante-Lind", "Mill Lane", "Corvane Packaging".
_SHAPES = (
    (EntityType.PERSON, re.compile(r"[A-Z][a-z’']+(?: [A-Z](?:\.|[a-z’']+))? [A-Z][a-z’']+-[A-Z][a-z’']+")),
    (
        EntityType.PLACE,
        re.compile(
            r".+ (?:Street|Road|Lane|Avenue|Square|Quay|Terrace|Boulevard|County|Islands?|Bay|Valley|River|"
            r"Peninsula)"
        ),
    ),
    (
        EntityType.EVENT,
        re.compile(r".+ (?:Awards|Festival|Olympics|Conference|Summit|Expo)|(?:Hurricane|Storm) .+"),
    ),
    (
        EntityType.ORGANIZATION,
        re.compile(
            r".+ (?:Packaging|Mutual|Foods|Energy|Securities|Ventures|Holdings|Partners|Labs|Laboratories|"
            r"Robotics|Networks|Systems|Technologies|Industries|Motors|Airlines|Ferries|Diagnostics|Therapeutics|Pharma|"
            r"Capital|Analytics|Software|Automation|Institute|University|Foundation|Council|Ministry|Agency|"
            r"Authority|Insurance|Logistics|Media|Studios|Semiconductors?|Association|Union|College|School|Schools|"
            r"Hospital|Bank|Trust|Company|Co-operative|Cooperative|Society|Alliance|Coalition|Federation|League|"
            r"Forum|Department|Bureau|Commission|Committee|Group|Club|Services|Solutions|Healthcare|Airways|"
            r"Theatre|Theater|Observatory|Lines|Records|Police|Automotive|Bancorp|Biopharma|Pharmaceuticals)"
        ),
    ),
)
# Names of laws and of people's groups have such words or endings; the recogniser types others so at random.
_LAW = re.compile(
    r"\b(?:Act|Law|Laws|Code|Regulations?|Directive|Amendment|Bill|Treaty|Rules?|Convention|Constitution|Accords?|"
    r"Order|Section|Article|Title|GDPR|CCPA|HIPAA|[A-Z]{1,3} \d+)\b"
)
_GROUP = re.compile(r".*(?:ans?|ish|ese|ics?|ists?|is|ch|ks|crats?|ims?|ews?|[aeiou]s)")
_CODED = re.compile(
    r"[\w+-]*(?:[a-z][A-Z]|[A-Za-z]\d|\d[A-Za-z]|\w\.(?:js|py|rs|ai|io))[\w.+-]*"
)  # "WebView"
_WITHIN = re.compile(r"[a-z]{4}[.!?] |, (?!Inc|Ltd|LLC|L\.|S\.|Co\b)")
_AT_A_TIME = re.compile(r"\b(?:before|after|around|during|since|until)\b", re.IGNORECASE)
_CLAUSE = re.compile(r" [a-z]{4,}")
_NUMBERED = re.compile(r".+ v?\d+(?:\.\d+)*|[a-z]+[A-Z]\w*")  # "Lumbra 3.0", "useLumbra"
_NO_PERSON = re.compile(
    r" (?:for|of|in|on|and|the|&) |(?:Affairs|Officer|Operations|Professionals|Scholarship|Center|Centre|"
    r"Services|Headquarters|Story|Explain|Newsletter|Team)$"
)
_DOMAIN = re.compile(r"\S+\.(?:com|org|net|gov|io|co|edu|uk|eu)")
_SHORT = re.compile(r"[A-Z]{2,5}s?")
_OPENED = frozenset('“"‘*_')
_PLACE_BEHIND = re.compile(
    r"-based (?:[\w’'-]+ ){0,3}?(?:company|companies|firm|start-?up|maker|bank|group|business|developer|provider|"
    r"charity|nonprofit|agency|airline|retailer|[A-Z])"
)
_PLACE_BEFORE = re.compile(
    r"\b(?:near|outside|(?:north|south|east|west) of|(?:lives?|lived|born) in|"
    r"(?:town|city|village|villages|residents|people|port|streets) of|centre of|center of) $"
)
_IN = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Aa]cross|[Tt]hroughout|[Oo]utside|[Aa]round|[Tt]o|[Oo]f|[Ww]ithin|[Ii]nto|"
    r"[Aa]long|[Oo]ver|[Bb]eyond|[Ii]nside|[Tt]oward|[Tt]owards|[Nn]orth|[Ss]outh|[Ee]ast|[Ww]est|[Cc]entral|"
    r"[Dd]owntown|[Bb]etween|[Vv]isit(?:ed|ing)?|[Rr]each(?:ed|ing)?)(?: the)? $|"
    r"\b(?:in|from|across|at|near|between) [\w’' -]{0,25}(?:,|and|or) (?:the )?$"
)
_IN_A_LIST = re.compile(r",? (?:[A-Z]{2}\b|\([A-Z]{2}\))|, [A-Z][a-z]+(?: [A-Z][a-z]+)?[,.)]|-based\b")
_SHIP = r"(?:ship|ferry|vessel|tanker|trawler|yacht|freighter|liner|warship|frigate|submarine|catamaran)"
_SHIP_BEHIND = re.compile(rf", (?:a|an|the|its) (?:[\w-]+ ){{0,4}}{_SHIP}\b")
_SHIP_BEFORE = re.compile(rf"\b{_SHIP},? (?:the |called |named )?$")
_REGION = re.compile(r"\b(?:Asia|Pacific|Europe|Africa|America|Atlantic|East|West|North|South)\b")
_SAID = r"(?:said|says|told|added|adds|explained|explains|noted|notes|recalled|recalls)"
_INITIAL = re.compile(r"\b[A-Z]\.")
_ORGANIZATION_BEFORE = re.compile(r"\b(?:at|by|joined|of the|customers? of|staff at|owned by) $")


def type_by_context(
    document: Document, names: Sequence[str], places: Sequence[tuple[int, int]]
) -> EntityType | None:
    """PERSON or ORGANIZATION if the cues are clear, PLACE if all cues are a place's, else None.

    `names` are all forms of one name. A ship is a product.
    """
    article = document.article
    source = article.source
    if any(is_site(n, source.name, source.host) or same_party(n, article.author_organization) for n in names):
        return EntityType.ORGANIZATION
    author = article.author or ""
    if any(name_key(author) == name_key(name) != "" for name in names) and not is_organization(author):
        return EntityType.PERSON
    person = organization = place = 0
    for start, end in places[:PLACES]:
        behind = document.text[end : end + _BEHIND]
        before = document.text[max(0, start - _BEFORE) : start]
        person += _PERSON_BEHIND.match(behind) is not None
        person += 2 * ((_OFFICE_BEHIND.match(behind) or _OFFICE_OF.match(behind)) is not None)
        person += 2 * (_PERSON_BEFORE.search(before) is not None)
        organization += _ORGANIZATION_BEHIND.match(behind) is not None
        organization += _ORGANIZATION_BEFORE.search(before) is not None
        if _SHIP_BEHIND.match(behind) or _SHIP_BEFORE.search(before):
            return EntityType.PRODUCT
        place += (_PLACE_BEHIND.match(behind) or _PLACE_BEFORE.search(before)) is not None
    if place and not person + organization:
        return EntityType.PLACE
    if max(person, organization) < CLEAR or person == organization:
        return None
    return EntityType.PERSON if person > organization else EntityType.ORGANIZATION


def type_by_shape(names: Sequence[str]) -> EntityType | None:
    """The type shown by the longest form of the name itself, if any."""
    longest = max(names, key=len)
    return next((kind for kind, shape in _SHAPES if shape.fullmatch(longest)), None)


def is_noise(document: Document, name: str, kind: EntityType, places: Sequence[tuple[int, int]]) -> bool:
    """Whether it is no name, or one of a kind that its form belies; the gazetteer does not know it."""
    low = name.casefold()
    if low in ABBREVIATIONS or _DOMAIN.fullmatch(low) or _WITHIN.search(name):
        return True
    if low in COMMON and (len(places) < OFTEN or _stands_alone(document, low)):
        return True
    if kind is EntityType.ORGANIZATION and _SHORT.fullmatch(name):
        return len(places) < OFTEN and not any(_is_party(document, *place) for place in places)
    if kind is EntityType.PERSON:
        return is_no_person(name) or (
            " " in name and low.split()[-1] in COMMON and low.split()[0] not in GIVEN_NAMES
        )
    if kind is EntityType.WORK:
        return _CLAUSE.search(name) is not None and not any(
            document.text[start - 1 : start] in _OPENED for start, _ in places if start
        )
    if kind is EntityType.EVENT:
        return _AT_A_TIME.search(name) is not None
    return kind is EntityType.LAW and _LAW.search(name) is None


def is_no_person(name: str) -> bool:
    """Whether the name has words that no person's has."""
    return (_NO_PERSON.search(name) or _AT_A_TIME.search(name)) is not None


def _stands_alone(document: Document, low: str) -> bool:
    """Whether the text has the word in lower case too."""
    return (
        low in document.text and re.search(rf"(?<![\w-]){re.escape(low)}(?![\w-])", document.text) is not None
    )


def _is_party(document: Document, start: int, end: int) -> bool:
    """Whether an abbreviation acts, owns or is written out there: parties do, standards and measures do not."""
    behind = document.text[end : end + 2]
    if behind in ("'s", "’s") or (document.text[start - 1 : start] == "(" and behind[:1] == ")"):
        return True
    token = document.doc[document.token_at(end - 1)]
    return token.dep_ == "nsubj" and token.head.pos_ == "VERB" and not token.head.lower_.endswith("s")


def plausible(name: str, kind: EntityType) -> EntityType:
    """The kind, or the one that the form of the name shows instead."""
    first, _, rest = name.partition(" ")
    if kind not in (EntityType.PERSON, EntityType.PLACE) and (
        first.casefold() in GIVEN_NAMES and _FULL_NAME.fullmatch(rest)
    ):
        return EntityType.PERSON
    if kind in (EntityType.PERSON, EntityType.PLACE, EntityType.GROUP) and _CODED.fullmatch(name):
        return EntityType.PRODUCT
    if kind in (EntityType.PERSON, EntityType.ORGANIZATION) and _NUMBERED.fullmatch(name):
        return EntityType.PRODUCT
    if kind is EntityType.GROUP and not _GROUP.fullmatch(name):
        return EntityType.ORGANIZATION
    return kind


def is_like_a_person(name: str) -> bool:
    """Whether the name has two words with capitals and without marks, as a person's."""
    parts = name.split()
    return len(parts) == 2 and all(p.replace("-", "").isalpha() and p[0].isupper() for p in parts)


def is_located(document: Document, name: str, places: Sequence[tuple[int, int]]) -> bool:
    """Whether something is said to be in, at or from there, or a larger place follows ("Tarn, Norland")."""
    return _REGION.search(name) is not None or any(
        _IN.search(document.text[max(0, start - _BEFORE) : start]) or _IN_A_LIST.match(document.text, end)
        for start, end in places[:PLACES]
    )


def person_or_thing(document: Document, name: str) -> EntityType:
    """PERSON, or ORGANIZATION if the last word is a common one in the text or elsewhere ("Tyre Coat")."""
    low = name.casefold().split()
    if low[0] in GIVEN_NAMES or _INITIAL.search(name) or is_no_person(name):
        return EntityType.PERSON
    plain = low[-1] in COMMON or f" {low[-1]} " in document.text
    return EntityType.ORGANIZATION if plain else EntityType.PERSON


def is_called_by_surname(document: Document, name: str) -> bool:
    """Whether somebody with the last word as a name says something ("Marchand explained", "said Marchand")."""
    last = re.escape(name.split()[-1])
    before = re.escape(name.split()[0])
    alone = re.search(rf"(?<!{before} )\b{last} {_SAID}|\b{_SAID} {last}\b", document.text)
    return is_like_a_person(name) and alone is not None


def is_common(document: Document, name: str, places: Sequence[tuple[int, int]]) -> bool:
    """Whether it is no name: lower case elsewhere, or capitalised only at the start of sentences."""
    if not _MARKS.isdisjoint(name):
        return True
    opening = [document.sentence_at(start) for start, _ in places]
    aside = sum(s.start == start or s.role == "title" for s, (start, _) in zip(opening, places, strict=True))
    if 2 * aside < len(places):
        return False
    low = name.lower()
    if low in document.text and re.search(rf"(?<!\w){re.escape(low)}(?!\w)", document.text):
        return True
    first = [document.doc[document.token_at(start)] for start, _ in places]
    return " " not in name and aside == len(places) and not any(t.tag_.startswith("NNP") for t in first)

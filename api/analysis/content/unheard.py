"""Names the parties that a text itself names and does not hear.

They are the opponent in a case, whom the text blames or criticises, who takes part, and the authority in charge.
A party is heard if a speaker's introduction names it, or if the text says anywhere what it said, denied or
declined to say; errors favour the text.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from api.analysis.text.document import Document
from api.analysis.text.names import bare_name, is_generic, within_sentence
from schemas.assessments import Happening

LEAST_NAMED: Final = 2  # times that a text names a party
LEAST_OUTSIDE_TITLE: Final = 4  # times that it names whom it criticises, if the title does not
AROUND: Final = 80  # characters
MAX_WORDS: Final = 5  # of a name
_GROUPS: Final = re.compile(
    r" ((?:farmer|grower|passenger|tenant|resident|student|worker|employee|customer|driver|merchant|parent|nurse|"
    r"consumer|landlord|advertiser|publisher|neighbou?r|prisoner|detainee|pensioner|buyer|whistleblower|moderator|"
    r"franchisee|pilot|victim|mother|teacher)s|midwives|patients|members|players|subscribers|pupils|borrowers|"
    r"households|local communities|creators|sellers|users|supporters|families|commuters|travell?ers|shoppers|"
    r"clients|owners|readers|artists|authors|doctors|donors|survivors|veterans|taxpayers|migrants|refugees|"
    r"viewers|applicants|candidates|volunteers|villagers|homeowners|policyholders|savers|guests|beekeepers|"
    r"bookkeepers|anglers|fishers|recipients|individuals|participants)(?=\W)"
)
_BLAME: Final = re.compile(
    r"\b(?:blam|fault|fail|caus|attack|refus|delay|held? (?:back|up)|withh[eo]ld|breach|cancel|late\b|through)",
    re.I,
)
_AGAINST: Final = re.compile(
    r"\b(?:against|sued|sues|suing|v\.|vs\.|versus|[Ss]ettle(?:s|d|ment)?(?: \w+){0,2} with|[Ff]ine[ds]) "
    r"(?:the )?((?:[A-Z][\w&’'-]{1,24} ?){1,3})"
)
_TAKES_PART: Final = re.compile(
    r"\b(?:partner\w*|sponsor\w*|collaborat\w*|alliance|together with|in association with|teams? up|teamed up|"
    r"joint\w*|grants? (?:from|by)|donat\w+ (?:from|by)|funded by|supported by|hosted by|agreement with|"
    r"deal with|merger with|joins?|acquir\w+|acquisition of)\b",
    re.I,
)
# Legal forms and offices, which name nobody.
_NO_PARTY: Final = re.compile(
    r"(?:LLC|Inc|Ltd|Corp|PLC|plc|GmbH|LLP|Sheriff|Mayor|President|Senator|Judge|Governor|Secretary|Company|Board|"
    r"CEO|CFO|NYSE|NASDAQ|Nasdaq|OTC\w{0,4})"
)
_SAYS: Final = re.compile(
    r"(?:['’]s?)?,?(?: [\w'’-]{1,20}){0,4}? (?:sa(?:id|ys|ying)|told|tells|insist\w*|maintain(?:s|ed)|"
    r"den(?:y|ies|ied)|respond\w*|repl(?:y|ies|ied)|declin\w+|reject\w*|argu(?:e|es|ed)|confirm\w*|announc\w+|warn(?:s|ed)|"
    r"believes?|stat(?:es|ed)|wrote|writes|conclud\w+|ruled|acknowledg\w+|comment\w*|refus\w+ to|spokes\w+|"
    r"did not (?:answer|respond|comment|reply)|statement)\b"
)
_GOES: Final = re.compile(
    r"(?:,[^,.]{1,60},)? (?:(?:is|has|will|be|was|to|who|have|also|decided|plans) ){0,4}(?:leav\w+|left|"
    r"depart\w*|step(?:s|ped|ping)? (?:down|back|aside)|resign\w*)\b"
)
_SUCCEEDS: Final = re.compile(
    r"\b(?:succeed(?:s|ing|ed)?|replac(?:es|ing|ed|e)|tak(?:es|ing|e) over from|departure of|resignation of|"
    r"outgoing) (?:[\w,-]+ ){0,5}$",
    re.IGNORECASE,
)
_AUTHORITY: Final = re.compile(
    r"\b(?:Commission|Agency|Authority|Department|Ministry|Bureau|Administration|Inspectorate|Regulator|Board|"
    r"Commissioner|Council|FDA|FTC|SEC|FCC|FAA|EPA|NHTSA|NTSB|DOJ|CMA|ICO|FCA|Ofcom|CISA|HHS|DHS|ICE|Pentagon|"
    r"Attorney General|Central Command)\b"
)
_OFFICIALS: Final = re.compile(
    r"\b(?:regulators?|the (?:agency|authorit(?:y|ies)|commission|ministry|department|government|police|military|"
    r"army|court|judge|prosecutors?)|officials?|inspectors?|Pentagon|Congress)(?=[ ,])"
)


def _is_heard(document: Document, name: str, introductions: str) -> bool:
    """Whether the name introduces a speaker, or the text tells what its bearer said."""
    if name.lower() in introductions:
        return True
    start = document.text.find(name)
    while start >= 0:
        if _SAYS.match(document.text, start + len(name), start + len(name) + AROUND):
            return True
        start = document.text.find(name, start + 1)
    return False


def _unheard(
    document: Document, own: str, introductions: str, labels: Iterable[str] = ("ORG",)
) -> Counter[str]:
    """Bare names of parties, with how often the text has them; none of `own` names, in lower case."""
    names = {bare_name(e.text) for e in document.doc.ents if e.label_ in labels}
    return Counter(
        {
            name: document.text.count(name)
            for name in sorted(names)
            if len(name) > 2
            and len(name.split()) <= MAX_WORDS
            and name[0].isupper()
            and not is_generic(name)
            and not _NO_PARTY.fullmatch(name)
            and name.lower() not in own
            and not any(part in own for part in name.lower().split()[:1] if len(part) > 3)
            and not _is_heard(document, name, introductions)
        }
    )


def _named(document: Document, name: str) -> str:
    """The name as inside a sentence, with the article with which the text has it."""
    return f"the {name}" if f"the {name.lower()}" in document.folded else within_sentence(name)


def opponent(document: Document, own: str, introductions: str) -> str | None:
    """The party against which a case is brought or that settles it, if the text names it again."""
    for match in _AGAINST.finditer(document.text):
        name = bare_name(match[1])
        first = name.split()[0] if name else ""
        if len(first) < 3 or first.lower() in own or name.lower() in introductions or is_generic(first):
            continue
        if document.text.count(first) >= LEAST_NAMED and any(
            name in e.text or e.text in name for e in document.doc.ents
        ):
            return within_sentence(name)
    return None


def blamed(document: Document, own: str, introductions: str) -> str | None:
    """The organisation that is named most often beside words of blame."""
    unheard = _unheard(document, own, introductions)
    places = [m.start() for m in _BLAME.finditer(document.text)]
    near = Counter(
        name
        for entity in document.doc.ents
        if (name := bare_name(entity.text)) in unheard
        if any(abs(place - entity.start_char) <= AROUND for place in places)
    ).most_common(1)
    return _named(document, near[0][0]) if near and unheard[near[0][0]] >= LEAST_NAMED else None


def criticised(document: Document, publisher: str, introductions: str) -> str | None:
    """The organisation, or the person in the title, that a critical text names most often."""
    title = document.article.title
    found = _unheard(document, publisher, introductions)
    found |= Counter(
        {
            name: times
            for name, times in _unheard(document, publisher, introductions, ("PERSON",)).items()
            if name in title and " " in name
        }
    )
    ranked = sorted(found, key=lambda name: (-found[name] * (1 + (name in title)), name))
    first = next(iter(ranked), None)
    if first is None or found[first] < (LEAST_NAMED if first in title else LEAST_OUTSIDE_TITLE):
        return None
    return _named(document, first)


def partner(document: Document, happening: Happening | None, own: str, introductions: str) -> str | None:
    """The organisation of the title or the news that takes part in it."""
    places = [(0, len(document.article.title))]
    places += [(s.start, s.end) for s in happening.spans] if happening else []
    unheard = _unheard(document, own, introductions)
    for start, end in places:
        for entity in document.doc.ents:
            name = bare_name(entity.text)
            inside = start <= entity.start_char and entity.end_char <= end
            around = document.text[
                max(start, entity.start_char - AROUND) : min(end, entity.end_char + AROUND)
            ]
            if inside and unheard[name] >= LEAST_NAMED and _TAKES_PART.search(around):
                return _named(document, name)
    return None


def authority(document: Document, own: str, introductions: str) -> str | None:
    """The authority that the text names most often."""
    found = {n: c for n, c in _unheard(document, own, introductions).items() if _AUTHORITY.search(n)}
    best = max(sorted(found), key=lambda name: found[name], default=None)
    return _named(document, best) if best is not None and found[best] >= LEAST_NAMED else None


def leaver(document: Document) -> str | None:
    """The full name of the person who leaves an office, by the text; None if it names none."""
    for entity in document.doc.ents:
        name = bare_name(entity.text)
        if entity.label_ != "PERSON" or " " not in name or len(name.split()) > MAX_WORDS:
            continue
        before = document.text[max(0, entity.start_char - AROUND) : entity.start_char]
        if _GOES.match(document.text, entity.end_char, entity.end_char + AROUND) or _SUCCEEDS.search(before):
            return name
    return None


def officials_speak(document: Document) -> bool:
    """Whether the text tells what officials or an authority said."""
    return any(
        _SAYS.match(document.text, match.end(), match.end() + AROUND)
        for pattern in (_OFFICIALS, _AUTHORITY)
        for match in pattern.finditer(document.text, document.article.body_start)
    )


def affected_group(text: str, introductions: str, fewest: int = LEAST_NAMED) -> str | None:
    """Those whom the text names most often among the groups that news affects, and who are not heard."""
    named = Counter(group for group in _GROUPS.findall(text) if f" {group}" not in introductions).most_common(
        1
    )
    return f"the {named[0][0]}" if named and named[0][1] >= fewest else None

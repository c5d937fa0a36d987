"""Names of people and organisations: their parts, and whether two names have the same bearer.

Coreference is by name alone: "Acme Robotics Inc" and "Acme" are one if no other name in the text begins with
"Acme"; "Jane Roe" and "Roe" likewise. Limits: a subsidiary with its parent's first word ("Harbour Logistics",
"Harbour") counts as the parent unless the gazetteer lists the short name.
"""

import re

from api.analysis.text.lexicon import words

_LEGAL = re.compile(
    r"[,\s]+(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|llp|lp|plc|gmbh|ag|se|sa|s\.a|bv|nv|"
    r"ab|oy|as|pty|kk|holdings?|group)\.?$",
    re.IGNORECASE,
)
HONORIFIC = re.compile(
    r"^(?:mr|mrs|ms|miss|dr|prof|professor|sir|dame|lord|lady|sen|senator|rep|representative|gov|governor|"
    r"president|chancellor|minister|judge|justice|gen|captain|capt|ceo|cto|cfo|coo|cio|chief executive|"
    r"cllr|councillor|councilor|rev|reverend|rabbi|lt|lieutenant|det|detective|sgt|"
    r"sergeant|cpl|maj|col|cmdr|supt|insp|inspector|alderman|"
    r"co-founder|cofounder|founder|chair(?:man|woman)?|director|spokes(?:man|woman|person))\.?\s+"
    r"(?-i:(?=[A-Z])(?!(?:Department|Ministry|Committee|Court|Secretary|General|Bureau|Office|League)\b))",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")
_INITIAL = re.compile(r"[A-Z]\.?")
_GENERATION = re.compile(r",? (?:Jr|Sr)\.?$")
_EDGES = " \t\n.,;:!?\"“”‘’'()[]{}<>|*#•·–—-_/\\"
# First words of many names; alone they identify none.
_GENERIC = words(
    "university bank department national american united new general international institute ministry "
    "house white first north south east west st state federal royal central european global world "
    "city county saint office board bureau center centre school college court committee commission "
    "council society association foundation open big great good free digital data cloud green"
)

# Names that take an article in English: "the Harbour Commission", but "Harbour University".
_WITH_ARTICLE = re.compile(
    r"^(?=[A-Z])(?:(?!['’]s? | (?:of|in|at|from) )[^@:/])*\b"
    r"(?:(?:Commission|Institute|Authority|Foundation|Agency|Ministry|Department|Bureau|"
    r"Committee|Federation|Association|Society|Administration|Inspectorate|Ombudsman|Tribunal|Secretariat|"
    r"Directorate)(?:$|,| (?:of|for|on)\b)|"
    r"(?:University|College|Council|Museum|Church|School|Court|Office|Branch) (?:of|for|on)\b)"
)
_OPENS = re.compile(r"The |(?:Its|Their|A|An|One) (?=[a-z])")


def within_sentence(name: str) -> str:
    """The name as written inside a sentence: its article in lower case, or one added where English needs it."""
    if _OPENS.match(name):
        return f"{name[:1].lower()}{name[1:]}"
    return f"the {name}" if _WITH_ARTICLE.match(name) else name


def bare_name(name: str) -> str:
    """The name without article, honorific, possessive, legal form and surrounding marks; may be empty."""
    name = " ".join(name.split())
    previous = ""
    while name != previous:
        previous = name
        name = _POSSESSIVE.sub("", name.strip(_EDGES))
        name = HONORIFIC.sub("", _ARTICLE.sub("", name))
    shorter = _LEGAL.sub("", name)
    while shorter != name:
        name, shorter = shorter, _LEGAL.sub("", shorter)
    return name


def parts_of(name: str) -> list[str]:
    """The words of the bare name, without "Jr." or "Sr."."""
    return _GENERATION.sub("", bare_name(name)).split()


def name_key(name: str) -> str:
    """Case-folded letters and digits of the name's parts, equal for spellings of one name."""
    return "".join(c for c in "".join(parts_of(name)).casefold() if c.isalnum())


def same_party(first: str | None, second: str | None) -> bool:
    """Whether two names have the same bearer: equal, or one begins with all words of the other."""
    if not first or not second:
        return False
    if name_key(first) == name_key(second) != "":
        return True
    one, two = bare_name(first).casefold().split(), bare_name(second).casefold().split()
    short, long = sorted((one, two), key=len)
    return bool(short) and short[0] not in _GENERIC and long[: len(short)] == short


def is_company(name: str) -> bool:
    """Whether the name ends in a legal form."""
    return _LEGAL.search(name) is not None


def is_generic(word: str) -> bool:
    """Whether many names begin with the word."""
    return word.casefold() in _GENERIC


def is_site(name: str, source: str | None, host: str | None) -> bool:
    """Whether the name is the publisher's, by name or domain."""
    own = name_key(name)
    stems = [
        part for given in (source, host) if given and "." in given for part in given.casefold().split(".")
    ]
    return bool(own) and (same_party(name, source) or own in stems or f"the{own}" in stems)


def short_forms(name: str, *, person: bool) -> list[str]:
    """Short forms of a full name: the surname, or the first word or words."""
    parts = parts_of(name)
    if len(parts) < 2:
        return []
    if person:
        without_initial = (
            [f"{parts[0]} {parts[2]}"] if len(parts) == 3 and _INITIAL.fullmatch(parts[1]) else []
        )
        return [*without_initial, *([parts[-1]] if len(parts[-1]) > 1 else [])]
    starts = [" ".join(parts[:n]) for n in range(len(parts) - 1, 0, -1)]
    forms = [s for s in starts if s.casefold() not in _GENERIC and s[:1].isupper() and len(s) > 2]
    return [f for f in forms if f.split()[-1].casefold() not in {"of", "and", "for", "the", "&"}]


def initials(name: str) -> str:
    """The acronym of a name from its capitals ("World Health Organization": WHO)."""
    return "".join(word[0] for word in bare_name(name).split() if word[:1].isupper())

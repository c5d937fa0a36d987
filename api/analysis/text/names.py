"""Names of people and organisations: what belongs to a name, and when two of them are one.

Coreference by name alone: "Acme Robotics Inc" and "Acme" are one where nothing else in the text begins so;
"Jane Roe" and "Roe" likewise. Limits: a parent and its subsidiary of the same first word ("Harbour", "Harbour
Logistics") are taken for one unless the gazetteer knows the short name by itself.
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
# First words that many names share: alone they name nothing.
_GENERIC = words(
    "university bank department national american united new general international institute ministry "
    "house white first north south east west st state federal royal central european global world "
    "city county saint office board bureau center centre school college court committee commission "
    "council society association foundation open big great good free digital data cloud green"
)

# Bodies that English names with an article: "the Harbour Commission", but "Harbour University".
_WITH_ARTICLE = re.compile(
    r"^(?=[A-Z])(?:(?!['’]s? | (?:of|in|at|from) )[^@:/])*\b"
    r"(?:(?:Commission|Institute|Authority|Foundation|Agency|Ministry|Department|Bureau|"
    r"Committee|Federation|Association|Society|Administration|Inspectorate|Ombudsman|Tribunal|Secretariat|"
    r"Directorate)(?:$|,| (?:of|for|on)\b)|"
    r"(?:University|College|Council|Museum|Church|School|Court|Office|Branch) (?:of|for|on)\b)"
)
_OPENS = re.compile(r"The |(?:Its|Their|A|An|One) (?=[a-z])")


def within_sentence(name: str) -> str:
    """A name as it stands inside a sentence: its article in lower case, and one where English has one."""
    if _OPENS.match(name):
        return f"{name[:1].lower()}{name[1:]}"
    return f"the {name}" if _WITH_ARTICLE.match(name) else name


def bare(name: str) -> str:
    """The name without article, honorific, possessive, legal form and marks around it; may be empty."""
    name = " ".join(name.split())
    before = ""
    while name != before:
        before = name
        name = _POSSESSIVE.sub("", name.strip(_EDGES))
        name = HONORIFIC.sub("", _ARTICLE.sub("", name))
    shorter = _LEGAL.sub("", name)
    while shorter != name:
        name, shorter = shorter, _LEGAL.sub("", shorter)
    return name


def parts_of(name: str) -> list[str]:
    """The words of the bare name, without "Jr." or "Sr."."""
    return _GENERATION.sub("", bare(name)).split()


def key(name: str) -> str:
    """Letters and digits of the name's parts, case folded: equal for two spellings of one name."""
    return "".join(c for c in "".join(parts_of(name)).casefold() if c.isalnum())


def same_party(first: str | None, second: str | None) -> bool:
    """Whether two names are of one organisation or person: equal, or one begins the other word by word."""
    if not first or not second:
        return False
    if key(first) == key(second) != "":
        return True
    one, two = bare(first).casefold().split(), bare(second).casefold().split()
    short, long = sorted((one, two), key=len)
    return bool(short) and short[0] not in _GENERIC and long[: len(short)] == short


def is_company(name: str) -> bool:
    """Whether the name ends in a legal form."""
    return _LEGAL.search(name) is not None


def is_generic(word: str) -> bool:
    """Whether many names share the word, so that alone it names nobody."""
    return word.casefold() in _GENERIC


def is_site(name: str, source: str | None, host: str | None) -> bool:
    """Whether the name is that of a publisher, given by its name or by the domain that carries it."""
    own = key(name)
    stems = [
        part for given in (source, host) if given and "." in given for part in given.casefold().split(".")
    ]
    return bool(own) and (same_party(name, source) or own in stems or f"the{own}" in stems)


def short_forms(name: str, *, person: bool) -> list[str]:
    """What a text may call the bearer of the name once it is known: surname, or first word or words."""
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
    """The acronym that the capitals of a longer name make ("World Health Organization": WHO)."""
    return "".join(word[0] for word in bare(name).split() if word[:1].isupper())

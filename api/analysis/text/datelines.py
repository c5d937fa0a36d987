"""Datelines: place, date and wire before the first sentence of a release ("OSLO, June 3, 2024 (PRNewswire) -- ").

Limits: English names of months; the wires that are listed.
"""

import re
from functools import lru_cache
from itertools import islice

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|March|April|May|June|July|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|"
    r"Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_WIRE = (
    r"(?:PR ?News ?wire|Business ?Wire|GLOBE ?NEWSWIRE|\d*-?7PressRelease|ACCESS ?WIRE|N(?i:ewMediaWire)|CNN|"
    r"News Direct|News ?wire|EINPresswire|PRWEB|Newsworthy\.ai|Reuters|AP|AFP|Newsfile Corp\.?|PRLog|Send2Press)"
)
_DASH = r"(?:\s*--+\s*|\s[–—-]\s*|[–—]\s?|(?:(?<=, [A-Z]{2})|(?<=Direct)|(?<=\d{4}))\s?/\s)"
# In up to three parts.
DATELINE = re.compile(
    rf"(?:(?:PRISM MediaWire \([^()\n]{{0,60}}\)|[A-Z]{{3,}}[^–—\n]{{0,90}}?|"
    rf"[A-Z][^–—\n]{{2,60}}[–—]\s?\((?i:business ?wire)\)|"
    rf"[A-Z][^–—\n]{{2,60}} [–—] {_MONTH} \d{{1,2}}(?:st|nd|rd|th)?, \d{{4}}|"
    rf"[A-Z][a-z]{{2,20}}(?: [A-Z][a-z]{{2,20}})?, [A-Z]{{2}}|"
    rf"[^–—\n]{{0,80}}?{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? ?(?:\d{{4}})?[^–—\n]{{0,50}}?|"
    rf"[^–—\n]{{0,90}}?\b{_WIRE}[^–—\n]{{0,60}}?){_DASH}(?=[A-Z\d“\"])){{1,3}}"
)
_WIRE_NAME = re.compile(
    r"(?:news|press|business|access|media) ?wire\b|press ?(?:release|services)\b|newsramp|\bPRWeb\b|"
    r"\bnews ?direct\b|\bnewsfile\b|\bnewsworthy\.ai\b|\bprkarma\b|\bPRLog\b|\bsend2press\b",
    re.IGNORECASE,
)
# The exchange and the symbol of a share, in brackets.
TICKER = re.compile(
    r"\((?:NYSE|NASDAQ|Nasdaq|OTC|TSX|CSE|ASX|LSE|AIM|LON|AMEX|Euronext|FSE|Frankfurt|JSE)[^()\n]{0,60}\)"
)
# A share that heads the news of another: "Corvell Inc (NYSE: CRV): Tarn Partners updates its coverage".
OF_SHARE = re.compile(rf"[A-Z][^():\n]{{1,80}} {TICKER.pattern}\s?: ?(?=[A-Z])")
# A name as the subject of the first sentence, which a description, a symbol or a verb follows.
_NAME = re.compile(
    r"\s?(?:The )?((?:[A-Z0-9][\w.'’-]{0,30}(?: (?:of|and|for|the|&))? ){0,6}[A-Z0-9][\w.'’-]{0,30})[®™]?"
    r"(?=,| \(| (?:today|announced|announces|has|is|will|reaffirmed)\b)"
)
_REACH = 600  # characters of a body in which its dateline is
_OPENINGS = re.compile(r"^(?=\S)|(?<!\w)(?=[A-Z]{3})", re.MULTILINE)  # of lines, and of words in capitals
_MAX_OPENINGS = 30


def is_wire(name: str) -> bool:
    """Whether the name is that of a wire, which carries the words of others."""
    return _WIRE_NAME.search(name) is not None


@lru_cache(8)  # asked repeatedly
def dateline_of(text: str, body_start: int) -> tuple[int, int]:
    """The characters of the body's dateline; none if it has no dateline."""
    end = body_start + _REACH
    for opening in islice(_OPENINGS.finditer(text, body_start, end), _MAX_OPENINGS):
        if "\n" in text[body_start : opening.start()].strip():
            break
        if (found := DATELINE.match(text, opening.start(), end)) is not None:
            return found.span()
    return body_start, body_start


def name_behind_dateline(text: str, body_start: int) -> tuple[int, int] | None:
    """The characters of the name with which the body begins, behind its dateline if it has one."""
    found = _NAME.match(text, dateline_of(text, body_start)[1])
    return None if found is None else found.span(1)

"""Datelines: place, date and wire before the first sentence of a release ("OSLO, June 3, 2024 (PRNewswire) -- ").

Limits: English names of months; the wires that are listed.
"""

import re

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|March|April|May|June|July|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|"
    r"Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_WIRE = (
    r"(?:PR ?News ?wire|Business ?Wire|GLOBE ?NEWSWIRE|\d*-?7PressRelease|ACCESS ?WIRE|N(?i:ewMediaWire)|"
    r"News ?wire|EINPresswire|PRWEB|Newsworthy\.ai|Reuters|AP|AFP|Newsfile Corp\.?|PRLog|Send2Press)"
)
_DASH = r"(?:\s*--+\s*|\s[–—-]\s*|[–—]\s?)"
# In up to three parts.
DATELINE = re.compile(
    rf"(?:(?:[A-Z]{{3,}}[^–—\n]{{0,90}}?|[^–—\n]{{0,80}}?{_MONTH} \d{{1,2}},? ?(?:\d{{4}})?[^–—\n]{{0,50}}?|"
    rf"[^–—\n]{{0,90}}?\b{_WIRE}[^–—\n]{{0,60}}?){_DASH}(?=[A-Z\d“\"])){{1,3}}"
)
_WIRE_NAME = re.compile(r"wire\b|press ?release|newsramp|\bPRWeb\b|\bnewsdirect\b", re.IGNORECASE)


def is_wire(name: str) -> bool:
    """Whether the name is that of a wire, which carries the words of others."""
    return _WIRE_NAME.search(name) is not None

"""Values that differ between runs (ids, times, addresses) are compared by their form."""

import re
from typing import Any

_PREFIXES = "acc|key|src|sty|vrd|clm|ent|ana|evt|whe|dlv|att|apl"
_FORMS = [
    (re.compile(rf"\b({_PREFIXES})_[0-9a-hjkmnp-tv-z]{{26}}"), r"\1_ID"),
    (re.compile(r"unspun_live_[0-9A-Za-z]{8}_[0-9A-Za-z]{36}"), "KEY"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r"(?<=[a-z0-9]-)[0-9a-hjkmnp-tv-z]{8}(?![-0-9a-z])"), "SLUG"),
    (re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"), "TIME"),
    (re.compile(r"\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d GMT"), "DATE"),
    (re.compile(r"\b\d{1,2} [A-Z][a-z]+ 20\d\d\b"), "DAY"),
    (re.compile(r"\b[0-9a-f]{32}\b|\b[0-9a-f]{64}\b"), "DIGEST"),
]
# numbers and texts without a form
KEYS = {"next_cursor", "remaining", "refill_s", "sequence"}


def formed(text: str) -> str:
    """The text with each such value replaced by the name of its form."""
    for pattern, name in _FORMS:
        text = pattern.sub(name, text)
    return text


def same(shown: Any, actual: Any) -> bool:
    if isinstance(shown, str) and isinstance(actual, str):
        pairs = [(shown, actual), (formed(shown), formed(actual))]
        return any(_pattern(wanted).fullmatch(came) for wanted, came in pairs)
    return type(shown) is type(actual) and bool(shown == actual)


def _pattern(text: str) -> re.Pattern[str]:
    """`…` matches anything."""
    return re.compile(".*".join(map(re.escape, text.split("…"))), re.DOTALL)

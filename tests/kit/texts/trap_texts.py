"""Invented stories that look like spin and are none, or none of the kind they look like (`tests/traps/`).

Each trap is told at least three times in other manners (notice, minutes, column, thread, ...), so that no rule is
fitted to one. A file holds a title, a blank line, and the body.
"""

from pathlib import Path

from schemas.enums import SpinType

ANY_BUT_STAMPEDE = frozenset(SpinType) - {SpinType.STAMPEDE, SpinType.NONE}

# What the engine must not take each of them for.
MISTAKES: dict[str, frozenset[SpinType]] = {
    "jargon": frozenset(
        {SpinType.FOG}
    ),  # a field's own terms, needed and explained or addressed to its people
    "safety": frozenset({SpinType.STAMPEDE}),  # urgent, and rightly so
    "apology": frozenset({SpinType.CUSHION}),  # says what was done, by whom, to how many
    "layoff": frozenset({SpinType.CUSHION}),  # reported from outside
    "critic": frozenset({SpinType.HYPE}),  # quotes the praise and tests it
    "supplier": frozenset({SpinType.SHIELD}),  # another's failure, proven
    "satire": frozenset({SpinType.HYPE, SpinType.CUSHION, SpinType.STAMPEDE}),  # means the opposite
    "inevitable": ANY_BUT_STAMPEDE,  # an outsider's piece that says that something must come
}
PRESS_RELEASES = ("audited-1", "audited-2", "audited-3")  # each plain, with figures, and with adjectives

_FOLDER = Path(__file__).with_name("traps")


def names(trap: str) -> list[str]:
    """The stories of one trap, in order."""
    return sorted(path.stem for path in _FOLDER.glob(f"{trap}-*.txt"))


def story(name: str) -> tuple[str, str]:
    """Title and body."""
    title, _, body = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").partition("\n\n")
    return title, body.strip()

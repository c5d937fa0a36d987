"""Invented stories that only look like spin, or like another kind (`tests/traps/`).

Each trap is written in at least three more genres (notice, minutes, column, thread, ...), so that no rule fits
one text. A file holds a title, a blank line, and the body.
"""

from pathlib import Path

from schemas.enums import SpinType

ANY_BUT_STAMPEDE = frozenset(SpinType) - {SpinType.STAMPEDE, SpinType.NONE}

# The wrong types.
MISTAKES: dict[str, frozenset[SpinType]] = {
    "jargon": frozenset(
        {SpinType.FOG}
    ),  # terms of a field, necessary and explained or addressed to its people
    "safety": frozenset({SpinType.STAMPEDE}),  # urgent for a reason
    "apology": frozenset({SpinType.CUSHION}),  # states what was done, by whom, to how many
    "layoff": frozenset({SpinType.CUSHION}),  # reported from outside
    "critic": frozenset({SpinType.HYPE}),  # quotes the praise and tests it
    "supplier": frozenset({SpinType.SHIELD}),  # another's failure, proven
    "satire": frozenset({SpinType.HYPE, SpinType.CUSHION, SpinType.STAMPEDE}),  # means the opposite
    "inevitable": ANY_BUT_STAMPEDE,  # an outsider's piece that demands something
}
PRESS_RELEASES = ("audited-1", "audited-2", "audited-3")  # each plain, with figures, and with adjectives

_FOLDER = Path(__file__).with_name("traps")


def names(trap: str) -> list[str]:
    return sorted(path.stem for path in _FOLDER.glob(f"{trap}-*.txt"))


def story(name: str) -> tuple[str, str]:
    title, _, body = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").partition("\n\n")
    return title, body.strip()

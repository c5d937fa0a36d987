"""Cuts a robots.txt to what concerns one robot, where reading the whole would take long."""

from typing import Final

# Protego gives each rule to each agent of its group: 2,000 agents and as many rules, in 55 KB, took it 11 s and
# 360 MB. Sites that list all robots have some 200 agents in 500 lines.
MAX_PAIRS: Final = 100_000
_NOBODY: Final = "-"  # no robot is called so; a group of others keeps its place under this name


def concerning(text: str, agent: str) -> str | None:
    """A text that says the same to `agent`; None for one that cannot be read in reasonable time (RFC 9309).

    Only a text of more than MAX_PAIRS is touched: of each group's agents those are left that mean this one.
    """
    if _pairs(text) <= MAX_PAIRS:
        return text
    text = "\n".join(_lines_for(text, agent.lower()))
    return text if _pairs(text) <= MAX_PAIRS else None


def _pairs(text: str) -> int:
    """An upper bound of what the parser does: agents times lines. It takes agents under three names, all of which
    begin alike.
    """
    lines = text.splitlines()
    return len(lines) * sum(line.lstrip().lower().startswith("user") for line in lines)


def _lines_for(text: str, agent: str) -> list[str]:
    lines: list[str] = []
    group: dict[str, None] = {}
    for line in text.splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        if colon and field.strip().lower() == "user-agent":
            name = value.strip().lower()
            means_us = name == "*" or (name and name.replace("*", "") in agent)
            group[name if means_us else _NOBODY] = None
            continue
        if line.strip():
            lines += [f"User-agent: {name}" for name in group]
            group = {}
            lines.append(line)
    return lines + [f"User-agent: {name}" for name in group]

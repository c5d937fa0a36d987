"""Reduces a long robots.txt to the parts for one robot."""

from typing import Final

# Protego copies each rule to each agent of its group: 2,000 agents with 2,000 rules (55 KB) took 11 s and 360
# MB. Sites that list all robots have about 200 agents in 500 lines.
MAX_PAIRS: Final = 100_000
_NOBODY: Final = "-"  # stands for other robots' groups


def concerning(text: str, agent: str) -> str | None:
    """An equivalent text for `agent`; None if it takes too long to parse (RFC 9309).

    Only texts above MAX_PAIRS are changed: other agents are removed from their groups.
    """
    if _pairs(text) <= MAX_PAIRS:
        return text
    text = "\n".join(_lines_for(text, agent.lower()))
    return text if _pairs(text) <= MAX_PAIRS else None


def _pairs(text: str) -> int:
    """An upper bound of the parser's work: agents times lines. All three spellings of user-agent start with
    `user`.
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
            applies = name == "*" or (name and name.replace("*", "") in agent)
            group[name if applies else _NOBODY] = None
            continue
        if line.strip():
            lines += [f"User-agent: {name}" for name in group]
            group = {}
            lines.append(line)
    return lines + [f"User-agent: {name}" for name in group]

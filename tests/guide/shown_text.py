"""Text as shown on a page: a line `…` stands for any lines, `…` in a line for any words."""

from tests.guide import volatile

MORE = "…"


def differences(shown: str, actual: str) -> list[str]:
    """Shown lines that the response lacks, in order."""
    wanted, lines = _lines(shown), _lines(actual)
    at, gap, missing = 0, False, []
    for line in wanted:
        if line.strip() == MORE:
            gap = True
            continue
        places = range(at, len(lines)) if gap else range(at, min(at + 1, len(lines)))
        found = next((place for place in places if volatile.same(line, lines[place])), None)
        if found is None:
            instead = f", it is {lines[at]!r}" if at < len(lines) and not gap else ""
            missing.append(f"{line!r} is shown{instead}")
            at += not gap
        else:
            at, gap = found + 1, False
    if not gap and at < len(lines) and not missing:
        missing.append(f"not shown is {lines[at]!r}")
    return missing


def renewed(shown: str, actual: str) -> str:
    """The response's first lines, as many as precede the page's first gap; the rest of the page stays.

    A page with only a gap gets the whole response.
    """
    wanted, lines = _lines(shown), _lines(actual)
    if wanted == [MORE]:
        wanted = []
    head = next((n for n, line in enumerate(wanted) if line.strip() == MORE), None)
    kept = lines if head is None else lines[:head]
    written = [
        old if old is not None and volatile.same(old, line) else line
        for old, line in zip([*wanted[:head], *[None] * len(kept)], kept, strict=False)
    ]
    return "\n".join(written + ([] if head is None else wanted[head:])) + "\n"


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.lstrip("\n").rstrip().split("\n")]

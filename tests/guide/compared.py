"""Compares the responses on a page with the results of its examples."""

import json

from tests.guide import shown_json, shown_text
from tests.guide.examples import Shown
from tests.guide.session import Ran
from tests.guide.shown_text import MORE


def complaints(ran: Ran) -> list[str]:
    """Faults of an example, each with its line number."""
    found = []
    if ran.status != 0:
        found.append(f"it ended with {ran.status}: {ran.errors.strip()[-400:]}")
    if ran.example.shown is not None:
        found += _differences(ran.example.shown, ran.output)
    return [f"line {ran.example.line}: {complaint}" for complaint in found]


def _differences(shown: Shown, output: str) -> list[str]:
    if shown.language != "json":
        return shown_text.differences(shown.text, output)
    try:
        actual = json.loads(output)
    except ValueError:
        return [f"no JSON came: {output[:200]!r}"]
    return list(shown_json.differences(shown_json.parse(shown.text), actual))


def renewed_page(text: str, all_ran: list[Ran]) -> str:
    """The page with updated responses, as far as it shows them."""
    lines = text.split("\n")
    for ran in sorted(all_ran, key=lambda one: -one.example.line):
        shown = ran.example.shown
        if shown is not None and (shown.text.strip() == MORE or _differences(shown, ran.output)):
            lines[shown.first : shown.last] = _renewed(shown, ran.output).rstrip("\n").split("\n")
    return "\n".join(lines)


def _renewed(shown: Shown, output: str) -> str:
    if shown.language != "json":
        return shown_text.renewed(shown.text, output)
    return shown_json.dumped(shown_json.renewed(shown_json.parse(shown.text), json.loads(output)))

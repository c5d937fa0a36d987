"""What a person sees: the card on standard output, a sign of life on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console, RenderableType

from api.rendering.card import WIDTH


def print_card(rendered: RenderableType) -> None:
    """On a terminal as wide as it is, up to the card's width; elsewhere without colour at full width."""
    console = _console(sys.stdout)
    console.width = min(WIDTH, console.width) if console.is_terminal else WIDTH
    console.print(rendered)


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """A moving sign while something takes its time; nothing where nobody looks."""
    console = _console(sys.stderr)
    if not console.is_terminal:
        yield
        return
    with console.status(text):
        yield


def _console(stream: TextIO) -> Console:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")  # a terminal that cannot show a character shows a question mark
    return Console(file=stream, highlight=False, markup=False, emoji=False)

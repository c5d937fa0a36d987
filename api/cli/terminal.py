"""Output on a terminal: the card, and a progress indicator on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console, RenderableType

from api.rendering.card import WIDTH


def print_card(rendered: RenderableType) -> None:
    """Print at the terminal's width, up to the card's; without a terminal at full width without colour."""
    console = _console(sys.stdout)
    console.width = min(WIDTH, console.width) if console.is_terminal else WIDTH
    console.print(rendered)


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Show a progress indicator if standard error is a terminal."""
    console = _console(sys.stderr)
    if not console.is_terminal:
        yield
        return
    with console.status(text):
        yield


def _console(stream: TextIO) -> Console:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")  # show a question mark for a character that the terminal lacks
    return Console(file=stream, highlight=False, markup=False, emoji=False)

"""The examples of a page: calls in sh or Python, each with the response below it, if any."""

from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
NOT_RUN = "not-run"  # behind the language: needs Docker, a server of the reader's, or minutes
_CALLS = ("sh", "python")


@dataclass(frozen=True)
class Shown:
    """A block with a response; `first` and `last` are its lines, from 0, `last` excluded."""

    language: str
    text: str
    first: int
    last: int


@dataclass(frozen=True)
class Example:
    """`line` is its place in the page, from 1."""

    language: str
    code: str
    line: int
    shown: Shown | None


def pages() -> dict[str, Path]:
    """README, then the guide in its order, by name."""
    from api.rendering.guide import guide_pages

    folder = ROOT / "api" / "guide"
    return {"README": ROOT / "README.md", **{name: folder / f"{name}.md" for name in guide_pages()}}


def examples_of(text: str) -> list[Example]:
    tokens = MarkdownIt("commonmark").parse(text)
    found = []
    for number, token in enumerate(tokens):
        if _is_call(token) and NOT_RUN not in token.info:
            following = tokens[number + 1] if number + 1 < len(tokens) else None
            found.append(
                Example(
                    language=token.info.split()[0],
                    code=token.content,
                    line=_lines(token)[0] + 1,
                    shown=_shown(following) if following else None,
                )
            )
    return found


def _is_call(token: Token) -> bool:
    return token.type == "fence" and token.info.split()[:1] != [] and token.info.split()[0] in _CALLS


def _shown(token: Token) -> Shown | None:
    if token.type != "fence" or _is_call(token):
        return None
    first, last = _lines(token)
    return Shown(language=token.info.strip(), text=token.content, first=first + 1, last=last - 1)


def _lines(token: Token) -> tuple[int, int]:
    assert token.map is not None
    return token.map[0], token.map[1]

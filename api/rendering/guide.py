"""The guide: its pages, their order, and their text with the addresses of this service."""

import re
from functools import cache
from importlib.resources import files
from typing import Final

from msgspec import Struct

INDEX: Final = "index"
METHODOLOGY: Final = "methodology"  # also has an address of its own
_EXAMPLE: Final = "http://127.0.0.1:8000"  # in the examples: the address of `make demo`
_ENTRY: Final = re.compile(r"\]\((\w+)\.md\)")
_LINK: Final = re.compile(r"\]\((\w+)\.md((?:#[\w-]+)?)\)")
_TITLE: Final = re.compile(r"# (.+)")


class GuidePage(Struct, kw_only=True, frozen=True):
    """`lead` is its first paragraph."""

    name: str
    title: str
    lead: str
    text: str


@cache
def guide_pages() -> dict[str, GuidePage]:
    """All pages by name: the index, then the pages that it links, in order."""
    index = _page(INDEX)
    names = dict.fromkeys(_ENTRY.findall(index.text))
    return {INDEX: index, **{name: _page(name) for name in names}}


def guide_path(name: str) -> str:
    """The path of a page, without suffix."""
    if name == METHODOLOGY:
        return "/v1/methodology"
    return "/guide" if name == INDEX else f"/guide/{name}"


def guide_text(page: GuidePage, base_url: str) -> str:
    """The page with the addresses of this service in its examples; links name files."""
    return page.text.replace(_EXAMPLE, base_url)


def guide_markdown(page: GuidePage, base_url: str) -> str:
    """The page with absolute links, for readers of Markdown."""
    return _LINK.sub(
        lambda found: f"]({base_url}{guide_path(found[1])}.md{found[2]})", guide_text(page, base_url)
    )


def _page(name: str) -> GuidePage:
    text = (files("api") / "guide" / f"{name}.md").read_text(encoding="utf-8")
    title, lead, *_ = text.split("\n\n")
    found = _TITLE.fullmatch(title)
    assert found, f"{name}.md begins with its title"
    return GuidePage(name=name, title=found[1], lead=" ".join(lead.split()), text=text)

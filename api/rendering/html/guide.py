"""A page of the guide in HTML, from its Markdown."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from api.rendering.guide import GuidePage, guide_pages, guide_path, guide_text
from api.rendering.html.environment import render
from api.rendering.site import Site

_NOT_IN_ANCHORS: Final = re.compile(r"[^\w]+")


def guide_html(page: GuidePage, site: Site) -> str:
    tokens = _parser().parse(guide_text(page, site.base_url))
    body = _parser().renderer.render(tokens, _parser().options, {})
    pages = list(guide_pages().values())
    number = pages.index(page)
    return render(
        "guide.html",
        site,
        here=site.base_url + guide_path(page.name),
        graph=None,
        page=page,
        pages=pages,
        path=guide_path,
        lead=Markup(_parser().renderInline(page.lead)).striptags(),  # noqa: S704  # our own words
        body=Markup(body),  # noqa: S704  # our own Markdown, with HTML disabled
        headings=_headings(tokens),
        before=pages[number - 1] if number else None,
        after=pages[number + 1] if number + 1 < len(pages) else None,
    )


def _headings(tokens: Sequence[Token]) -> list[tuple[str, str]]:
    """Anchor and text of each second-level heading."""
    return [
        (str(token.attrGet("id")), _words(following))
        for token, following in pairwise(tokens)
        if token.type == "heading_open" and token.tag == "h2"
    ]


def _words(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [])


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.core.ruler.push("anchors", _give_anchors)
    parser.core.ruler.push("addresses", _lead_to_pages)
    parser.add_render_rule("fence", _code)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    return parser


def _give_anchors(state: Any) -> None:
    for token, following in pairwise(state.tokens):
        if token.type == "heading_open":
            token.attrSet("id", _NOT_IN_ANCHORS.sub("-", _words(following).lower()).strip("-"))


def _lead_to_pages(state: Any) -> None:
    """Replace links to files by links to pages."""
    for token in state.tokens:
        for child in token.children or []:
            if child.type == "link_open":
                child.attrSet("href", _address(str(child.attrGet("href"))))


def _address(href: str) -> str:
    parts = urlsplit(href)
    if parts.scheme or not parts.path.endswith(".md"):
        return href
    anchor = f"#{parts.fragment}" if parts.fragment else ""
    return guide_path(parts.path.removesuffix(".md")) + ".html" + anchor


def _code(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Mapping[str, Any]
) -> str:
    language, text = tokens[index].info.partition(" ")[0], tokens[index].content
    try:
        lexer = get_lexer_by_name({"sh": "bash"}.get(language, language or "text"))
    except ClassNotFound:
        lexer = get_lexer_by_name("text")
    coloured = Markup(highlight(text, lexer, HtmlFormatter(nowrap=True)))  # noqa: S704  # it escapes its input
    # focusable, since it may be wider than the screen
    return Markup('<pre tabindex="0" class="{}"><code>{}</code></pre>\n').format(
        "call" if language in ("sh", "python") else "shown", coloured
    )


def _table_open(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Mapping[str, Any]
) -> str:
    number = sum(token.type == "table_open" for token in tokens[: index + 1])
    return f'<div class="table" tabindex="0" role="region" aria-label="Table {number}"><table>\n'


def _table_close(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Mapping[str, Any]
) -> str:
    return "</table></div>\n"

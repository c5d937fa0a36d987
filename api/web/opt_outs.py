"""Where a page opts out of use by language models, in its markup, its response or its site's robots.txt.

Directives of robots are `noai` and `noimageai` (DeviantArt, 2022) and `noml`, not `noindex`: it is about search.
`tdm-reservation` is of the TDM Reservation Protocol (W3C community group report, 2024). Its file
`/.well-known/tdmrep.json` is not read: that would take another request to each site.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

# Robots of language models, by which sites opt out in robots.txt.
AI_AGENTS: Final = (
    "GPTBot",
    "ChatGPT-User",
    "ClaudeBot",
    "anthropic-ai",
    "Google-Extended",
    "Applebot-Extended",
    "CCBot",
    "PerplexityBot",
    "meta-externalagent",
    "cohere-ai",
    "Bytespider",
)

_DIRECTIVE: Final = re.compile(r"(?<![\w-])(?:noai|noimageai|noml)(?![\w-])", re.IGNORECASE)
_RESERVED: Final = "1"


class OptOut(StrEnum):
    """The place of an opt-out."""

    META_ROBOTS = "meta_robots"
    META_TDM = "meta_tdm_reservation"
    HEADER_ROBOTS = "x_robots_tag"
    HEADER_TDM = "tdm_reservation"
    ROBOTS_TXT = "robots_txt"


def opt_outs_of_markup(metas: Iterable[tuple[str, str]]) -> set[OptOut]:
    """Those of `meta` elements, given as name and content."""
    found = set()
    for name, content in metas:
        match name.strip().lower():
            case "robots" if _DIRECTIVE.search(content):
                found.add(OptOut.META_ROBOTS)
            case "tdm-reservation" if content.strip() == _RESERVED:
                found.add(OptOut.META_TDM)
    return found


def opt_outs_of_headers(headers: Mapping[str, str]) -> set[OptOut]:
    """Those of a response's headers, with lower-case names; repeated ones are joined by commas."""
    found = set()
    if _DIRECTIVE.search(headers.get("x-robots-tag", "")):
        found.add(OptOut.HEADER_ROBOTS)
    if _RESERVED in (part.strip() for part in headers.get("tdm-reservation", "").split(",")):
        found.add(OptOut.HEADER_TDM)
    return found

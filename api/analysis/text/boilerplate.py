"""Sentences of the page rather than of the story: subscriptions, credits, cookie notes, shares.

Extraction removes most; the rest must not become claims or summaries. Limits: English phrases; a story about
newsletters or cookies loses a sentence or two.
"""

import re
from functools import lru_cache

_BOILERPLATE = re.compile(
    r"\b(?:subscribe|please (?:check|see|visit|read|note|join|contact)|"
    r"sign up (?:for|to)|newsletters?|read more|learn more (?:about|here)|click (?:here|on|the)|"
    r"follow us|join us (?:on|at|for)|register (?:now|here|today)|all rights reserved|copyright|getty images|"
    r"image credits?|photo(?:graph)?(?: by| credit|:)|save this story|share this (?:story|article)|"
    r"cookie (?:policy|settings)|privacy policy|terms of (?:service|use)|forward-looking statements?|"
    r"view comments|advertisement|affiliate commission|vb event|becoming a sponsor|for more information|"
    r"media contacts?|press contacts?|skip to (?:main )?content|related (?:stories|articles)|open navigation)\b"
    r"|©|\b[\w.+-]{1,64}@[\w-]{1,64}\.\w{2,}",
    re.I,
)


@lru_cache(512)  # tested repeatedly
def is_boilerplate(sentence: str) -> bool:
    """Whether the sentence is page furniture."""
    return _BOILERPLATE.search(sentence) is not None

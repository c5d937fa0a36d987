"""Sentences that belong to the page and not to the story: subscriptions, credits, cookie notes, shares.

Extraction takes most of them out; what is left must not become a claim or stand in a summary.
Limits: English phrases; a story about newsletters or cookies loses a sentence or two.
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


@lru_cache(512)  # several parts of an engine ask of the same sentences
def is_boilerplate(sentence: str) -> bool:
    """Whether the sentence speaks of the page around the story."""
    return _BOILERPLATE.search(sentence) is not None

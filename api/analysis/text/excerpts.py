"""Excerpts that a text sets out line by line to doubt them: "Claim: “...”", "Fact: ...".

What stands in them is another's, and the text holds it up to doubt, so its framing is not the document's own.
Such a form is known by its labels alone: a quotation behind a label, and behind it a sentence with another
label, the same each time. Limits: three pairs or more; quotation marks around the whole excerpt.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from api.analysis.text.document import Sentence

FEWEST = 3  # excerpts; fewer may be anything with colons
_EXCERPT = re.compile(r"([^\W\d_]{2,20})(?: \d{1,4})?: ?[\"“][^\"“”]+[\"”]\s*")
_REPLY = re.compile(r"([^\W\d_]{2,20}): ?[^\"“\s]")


def doubted_excerpts(sentences: Sequence[Sentence]) -> frozenset[int]:
    """The numbers of the sentences that are such excerpts, and of those that answer them, in the same words."""
    found: list[tuple[int, str]] = []
    for one, behind in pairwise(sentences):
        excerpt, reply = _EXCERPT.fullmatch(one.text), _REPLY.match(behind.text)
        if excerpt and reply and reply[1] != excerpt[1]:
            found.append((one.index, reply[1]))
    times = Counter(label for _, label in found)
    return frozenset(
        place for number, label in found if times[label] >= FEWEST for place in (number, number + 1)
    )

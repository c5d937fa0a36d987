"""Excerpts that a text lists in order to doubt them: "Claim: “...”", "Fact: ...".

Their framing is not the document's own. Only labels identify the form: a labelled quotation, then a sentence
with another label, the same each time. Limits: three pairs or more; quotation marks around the whole excerpt.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from api.analysis.text.document import Sentence

FEWEST = 3  # excerpts; fewer may be other text with colons
_EXCERPT = re.compile(r"([^\W\d_]{2,20})(?: \d{1,4})?: ?[\"“][^\"“”]+[\"”]\s*")
_REPLY = re.compile(r"([^\W\d_]{2,20}): ?[^\"“\s]")


def doubted_excerpts(sentences: Sequence[Sentence]) -> frozenset[int]:
    """The numbers of the sentences that are such excerpts or replies to them."""
    found: list[tuple[int, str]] = []
    for sentence, following in pairwise(sentences):
        excerpt, reply = _EXCERPT.fullmatch(sentence.text), _REPLY.match(following.text)
        if excerpt and reply and reply[1] != excerpt[1]:
            found.append((sentence.index, reply[1]))
    times = Counter(label for _, label in found)
    return frozenset(
        place for number, label in found if times[label] >= FEWEST for place in (number, number + 1)
    )

"""Negations that the next sentence turns round: "The self-closing ledger is not coming. It has come."

Alone such a sentence says the opposite of the text, so it is no news, no claim and no part of a summary.
Limit: the second sentence must be short and repeat the verb, or say that the thing is here or over.
"""

import re

from api.analysis.text.document import Sentence, Text

STEM = 3  # letters by which "coming" and "come" are alike
_NEGATED = re.compile(
    r"\b(?:is|are|was|were|has|have|do|does|did|will|would)(?: not|n['’]t) ([^,;:.!?]{3,60})[.!]$"
)
_CORRECTION = re.compile(
    r"(?:it|they|he|she|this|that)(?: (?:has|have|had|is|are|was|were|will|does|do|did)|['’](?:s|re|ve))"
    r"(?: (?:already|long|just|now|all))? (?!not\b|no\b|never\b|yet\b)((?:[\w’'-]+ ){0,2}[\w’'-]+)[.!]$",
    re.IGNORECASE,
)
# "The words were attributed to the mayor. She did not say them."
_UNSAID = re.compile(
    r"(?:He|She|They|It) (?:did not|didn['’]t|never) (?:say|said|write|wrote|use|used) (?:them|so|that|it|this)\b"
)
_IS_SO = frozenset({"here", "over", "now", "past", "there"})


def is_turned_round(text: Text, sentence: Sentence) -> bool:
    """Whether the sentence after this one says that what it denies is so, or that nobody said what it quotes."""
    if sentence.index + 1 == len(text.sentences):
        return False
    if _UNSAID.match(text.sentences[sentence.index + 1].text) is not None:
        return True
    denied = _NEGATED.search(sentence.text.rstrip())
    if denied is None:
        return False
    correction = _CORRECTION.match(text.sentences[sentence.index + 1].text.strip())
    if correction is None:
        return False
    said = correction[1].lower().split()
    stems = {word[:STEM] for word in denied[1].lower().split() if len(word) >= STEM}
    return said[-1] in _IS_SO or any(len(word) >= STEM and word[:STEM] in stems for word in said)

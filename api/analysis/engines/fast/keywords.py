"""Keywords of a skimmed text: names that recur, then words that it uses often and other texts seldom."""

from collections import Counter
from math import log1p

from api.analysis.content.keywords import EMPTY, MAX_KEYWORDS, NAMES_FIRST, VAGUE
from api.analysis.engines.fast.skimmed import Skimmed
from api.analysis.models.wording import wording
from api.analysis.text.boilerplate import is_boilerplate

_TWICE = 2  # times that a name or a word stands in the text; once, it is no key
_UNKNOWN_IDF = 7.0  # of a word that stands in hardly any training story
_SHORTEST = 4  # letters


def keywords(skimmed: Skimmed) -> list[str]:
    """At most ten, names as they are written, other words in lower case."""
    text, terms = skimmed.text, wording().terms
    named = Counter(" ".join(text[s:e].split()) for s, e in skimmed.names() if text[s].isalpha())
    names = [name for name, count in named.most_common() if count >= _TWICE][:NAMES_FIRST]
    taken = {word.casefold() for name in named for word in name.split()}
    counts: Counter[str] = Counter()
    for sentence in skimmed.sentences:
        if is_boilerplate(sentence.text):
            continue
        counts.update(skimmed.words[sentence.first : sentence.last])
    weights = {
        word: log1p(count) * (terms[word][0] if word in terms else _UNKNOWN_IDF)
        for word, count in counts.items()
        if count >= _TWICE
        and len(word) >= _SHORTEST
        and word.isalpha()
        and word not in VAGUE
        and word not in EMPTY
        and word not in taken
    }
    ranked = sorted(weights, key=lambda word: (-weights[word], word))
    return (names + ranked)[:MAX_KEYWORDS]

"""Keywords of a skimmed text: recurring names, then words frequent here and rare elsewhere."""

from collections import Counter
from math import log1p

from api.analysis.content.keywords import EMPTY, GENERIC, MAX_KEYWORDS, NAMES
from api.analysis.engines.fast.skimmed import Skimmed
from api.analysis.models.wording import wording
from api.analysis.text.boilerplate import is_boilerplate

_MIN_COUNT = 2  # least occurrences of a name or a word
_UNKNOWN_IDF = 7.0  # of a word in hardly any training story
_MIN_LETTERS = 4  # letters


def keywords(skimmed: Skimmed) -> list[str]:
    """At most ten, names as they are written, other words in lower case."""
    text, terms = skimmed.text, wording().terms
    named = Counter(" ".join(text[s:e].split()) for s, e in skimmed.names() if text[s].isalpha())
    names = [name for name, count in named.most_common() if count >= _MIN_COUNT][:NAMES]
    name_words = {word.casefold() for name in named for word in name.split()}
    counts: Counter[str] = Counter()
    for sentence in skimmed.sentences:
        if is_boilerplate(sentence.text):
            continue
        counts.update(skimmed.words[sentence.first : sentence.last])
    weights = {
        word: log1p(count) * (terms[word][0] if word in terms else _UNKNOWN_IDF)
        for word, count in counts.items()
        if count >= _MIN_COUNT
        and len(word) >= _MIN_LETTERS
        and word.isalpha()
        and word not in GENERIC
        and word not in EMPTY
        and word not in name_words
    }
    ranked = sorted(weights, key=lambda word: (-weights[word], word))
    return (names + ranked)[:MAX_KEYWORDS]

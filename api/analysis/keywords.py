"""Keywords: the noun phrases of a text that recur, and its most salient names, as they are written there."""

from collections import Counter

from api.analysis.boilerplate import is_boilerplate
from api.analysis.document import Document
from api.analysis.lexicon import words
from api.analysis.noun_chunks import NounChunks
from schemas.assessments import EntityMention
from schemas.enums import EntityType

MOST_KEYWORDS = 10
NAMES_FIRST = 4  # salient names that lead the list
LONGEST = 4  # words of a keyword
_VAGUE = words(
    "thing way lot time year day week month people part number kind example today tomorrow bit case "
    "fact one reason point question place end start side work something anything everything everyone"
)


def keywords(document: Document, chunks: NounChunks, entities: list[EntityMention]) -> list[str]:
    """At most ten, names first, then phrases by how often their head occurs."""
    names = [e.name for e in entities if e.type not in (EntityType.PLACE, EntityType.GROUP)][:NAMES_FIRST]
    taken = {word.casefold() for name in names for word in name.split()}
    heads: Counter[str] = Counter()
    phrases: dict[str, Counter[str]] = {}
    first: dict[str, int] = {}
    for sentence in document.sentences:
        if is_boilerplate(sentence.text):
            continue
        for chunk in chunks.of(sentence):
            root = chunk.root
            lemma = root.lemma_.lower()
            if root.pos_ != "NOUN" or lemma in _VAGUE or len(lemma) < 3 or not lemma.isalpha():
                continue
            parts = [t for t in chunk if t.pos_ in ("NOUN", "ADJ", "PROPN") and t.is_alpha and t.i <= root.i]
            phrase = " ".join(t.text for t in parts[-LONGEST:]).lower()
            heads[lemma] += 1 + (sentence.role != "body")
            phrases.setdefault(lemma, Counter())[phrase] += 1
            first.setdefault(lemma, chunk.start_char)
    found = list(names)
    for lemma in sorted(heads, key=lambda w: (-heads[w], first[w])):
        phrase = min(phrases[lemma], key=lambda p: (-phrases[lemma][p], -len(p), p))
        if phrase and not set(phrase.split()) & taken:
            found.append(phrase)
            taken.update(phrase.split())
        if len(found) >= MOST_KEYWORDS:
            break
    return found[:MOST_KEYWORDS]

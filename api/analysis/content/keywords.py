"""Keywords of a text: recurring noun phrases, and the most salient names as written."""

from collections import Counter

from spacy.tokens import Span as Tokens

from api.analysis.parsing.noun_chunks import NounChunks
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from schemas.assessments import EntityMention
from schemas.enums import EntityType

MAX_KEYWORDS = 10
NAMES_FIRST = 4  # salient names at the head of the list
LONGEST = 4  # words of a keyword
# Nouns too vague to be a keyword.
VAGUE = words(
    "thing way lot time year day week month people part number kind example today tomorrow bit case "
    "fact one reason point question place end start side step spite pain "
    "work something anything everything everyone"
)
# Modifiers that do not specify a noun.
EMPTY = words(
    "own such same other more many few several last next first dear worse better new good great whole"
)


def keywords(document: Document, chunks: NounChunks, entities: list[EntityMention]) -> list[str]:
    """At most ten, names first, then phrases by the frequency of their head."""
    names = [e.name for e in entities if e.type not in (EntityType.PLACE, EntityType.GROUP)][:NAMES_FIRST]
    used_words = {word.casefold() for name in names for word in name.split()}
    heads: Counter[str] = Counter()
    phrases: dict[str, Counter[str]] = {}
    first: dict[str, int] = {}
    for sentence in document.sentences:
        if is_boilerplate(sentence.text):
            continue
        for chunk in chunks.of(sentence):
            root = chunk.root
            lemma = root.lemma_.lower()
            if root.pos_ != "NOUN" or lemma in VAGUE or len(lemma) < 3 or not lemma.isalpha():
                continue
            phrase = _phrase_of(document, chunk)
            heads[lemma] += 1 + (sentence.role != "body")
            phrases.setdefault(lemma, Counter())[phrase] += 1
            first.setdefault(lemma, chunk.start_char)
    found = list(names)
    for lemma in sorted(heads, key=lambda w: (-heads[w], first[w])):
        phrase = min(phrases[lemma], key=lambda p: (-phrases[lemma][p], -len(p), p))
        if phrase and not set(phrase.split()) & used_words:
            found.append(phrase)
            used_words.update(phrase.split())
        if len(found) >= MAX_KEYWORDS:
            break
    return found[:MAX_KEYWORDS]


def _phrase_of(document: Document, chunk: Tokens) -> str:
    """The chunk's head with the adjacent words that specify it, in lower case."""
    first = last = chunk.root.i
    while first > chunk.start and last - first < LONGEST - 1:
        before = document.doc[first - 1]
        if before.pos_ not in ("NOUN", "ADJ", "PROPN") or not before.is_alpha or before.lower_ in EMPTY:
            break
        first -= 1
    if first > chunk.start and document.doc[first - 1].text == "-":  # part of a hyphenated word
        first = last
    start, end = document.doc[first], document.doc[last]
    return document.text[start.idx : end.idx + len(end.text)].lower()

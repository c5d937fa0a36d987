"""Keywords of a text: names and noun phrases of its title first, then other recurring names and phrases.

Words that say nothing of a text ("company", "customers", "following versions") are no keywords, nor are names
that stand only in a title, where capitals make names of any words.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from api.analysis.parsing.noun_chunks import NounChunks
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from schemas.assessments import EntityMention
from schemas.enums import EntityType

if TYPE_CHECKING:
    from spacy.tokens import Span as Tokens

MAX_KEYWORDS = 10
NAMES = 5  # the most salient ones
RECURS = 2  # least uses of a name or phrase that is not in the title
FEWEST = 3  # keywords, if the text has as many noun phrases
RECURS_ALONE = 3  # of a single common noun
LONGEST = 4  # words of a keyword
# Nouns too vague to be a keyword.
VAGUE = words(
    "thing way lot time year day week month people part number kind example today tomorrow bit case "
    "fact one reason point question place end start side step spite pain "
    "work something anything everything everyone"
)
# Nouns that need another word to be a keyword.
GENERIC = VAGUE | words(
    "company firm business customer client user member partner provider team group employee staff worker manager "
    "information data detail service product solution system tool app platform project program initiative effort "
    "issue problem concern matter process step approach effect impact value quality use access support help need "
    "world industry market sector community country area region site website page post article story report "
    "announcement release statement update news version result experience opportunity challenge situation future "
    "change growth development period quarter month price plan goal level set list range amount size "
    "email phone contact image photo video form understanding place leader leadership investor"
)
# Modifiers that do not specify a noun.
EMPTY = words(
    "own such same other more many few several last next first dear worse better new good great whole second "
    "certain following various different available current key important significant potential additional "
    "further strong recent entire major main big small large real full high low best latest common general "
    "overall specific"
)
_NO_KEYWORD = frozenset(
    {"UTC", "CEO", "CTO", "CFO", "COO", "U.S.", "US", "UK", "U.K.", "EU", "ET", "PT", "EST", "PST"}
)


def keywords(document: Document, chunks: NounChunks, entities: list[EntityMention]) -> list[str]:
    """At most ten: those of the title, then names by salience, then phrases by the frequency of their head."""
    folded, body_start = document.folded, document.article.body_start
    title = folded[:body_start]
    names = [e.name for e in entities if _is_keyword(e, body_start, title)][:NAMES]
    heads: Counter[str] = Counter()
    phrases: dict[str, Counter[str]] = {}
    first: dict[str, int] = {}
    for sentence in document.sentences:
        if is_boilerplate(sentence.text):
            continue
        for chunk in chunks.of(sentence):
            lemma = chunk.root.lemma_.lower()
            if chunk.root.pos_ != "NOUN" or lemma in VAGUE or len(lemma) < 3 or not lemma.isalpha():
                continue
            phrase = _phrase_of(document, chunk)
            if lemma in GENERIC and " " not in phrase:
                continue
            heads[lemma] += 1 + (sentence.role != "body")
            phrases.setdefault(lemma, Counter())[phrase] += 1
            first.setdefault(lemma, chunk.start_char)
    ranked: list[str] = []
    rare: list[str] = []
    for lemma in sorted(heads, key=lambda w: (-heads[w], first[w])):
        of_head = phrases[lemma]
        phrase = min(of_head, key=lambda p: (-of_head[p] - (" " in p) * (of_head[p] > 1), -len(p), p))
        recurs = heads[lemma] >= (RECURS if " " in phrase else RECURS_ALONE)
        (ranked if recurs else rare).append(phrase)
    rare = rare[: max(0, FEWEST - len(names) - len(ranked))]
    in_title = [word for word in (*names, *ranked) if word.casefold() in title]
    found: list[str] = []
    used: set[str] = set()
    for word in (*in_title, *names, *ranked, *rare):
        parts = set(word.casefold().split())
        if parts & used or len(found) == MAX_KEYWORDS:
            continue
        found.append(word)
        used |= parts
    return found


def _is_keyword(entity: EntityMention, body_start: int, title: str) -> bool:
    """Whether the name stands in the body, and again or in the title."""
    if entity.type in (EntityType.PLACE, EntityType.GROUP) or entity.name in _NO_KEYWORD:
        return False
    in_body = sum(span.start >= body_start for span in entity.spans)
    if not any(span.quote == entity.name for span in entity.spans if span.start >= body_start):
        return False
    return in_body > 0 and (in_body >= RECURS or entity.name.casefold() in title)


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

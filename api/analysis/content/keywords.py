"""Keywords of a text: names and noun phrases of its title first, then other recurring names and phrases.

Words that say nothing of a text ("company", "customers", "following versions") are no keywords, nor are names
that stand only in a title, where capitals make names of any words, people who are only quoted, and a publisher
whom the title does not name. An adjective belongs to a phrase that recurs with it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import log1p
from typing import TYPE_CHECKING

from api.analysis.models.document_heads import rarity
from api.analysis.parsing.noun_chunks import NounChunks
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from api.analysis.text.names import is_site
from schemas.assessments import EntityMention
from schemas.enums import EntityType

if TYPE_CHECKING:
    from spacy.tokens import Span as Tokens
    from spacy.tokens import Token

MAX_KEYWORDS = 10
NAMES = 4  # the most salient ones
SALIENT = 0.4  # least salience of a person who is not in the title
RECURS = 2  # least uses of a name or phrase that is not in the title
FEWEST = 3  # keywords, if the text has as many noun phrases
RECURS_ALONE = 3  # of a single common noun
LONGEST = 4  # words of a keyword
COMPOUND = 2.0  # added to the rarity of a noun that others specify, which is what one searches for
_WITH, _WITHOUT = frozenset({"NOUN", "PROPN", "ADJ"}), frozenset({"NOUN", "PROPN"})
_FIGURES = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY"})
_NAMED = frozenset({"PERSON", "ORG", "PRODUCT", "GPE", "LOC", "NORP", "FAC", "EVENT", "LAW", "WORK_OF_ART"})
# Nouns too vague to be a keyword.
VAGUE = words(
    "thing way lot time year day week month people part number kind example today tomorrow bit case "
    "fact one reason point question place end start side step spite pain percent hour minute moment "
    "sort term word line thought doubt sense chance couple variety bunch pair half rest majority "
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
    "organization organisation cost rate money scale speed life mission figure average increase decrease order "
    "request file instance name winner founder success function activity target feature job expert lesson item "
    "others benefit advantage strategy priority commitment decision action response role position idea goal "
    "ability award blast call content datum default factor field mark move return thank "
    "technology material capability resource requirement environment function option choice concept sector "
    "email phone contact image photo video form understanding place leader leadership investor"
)
# Modifiers that do not specify a noun.
EMPTY = words(
    "own such same other more many few several last next first dear worse better new good great whole second "
    "certain following various different available current key exciting difficult continued dedicated "
    "remarkable extensive excellent past vital unique innovative smaller early late single multiple total "
    "final initial true simple easy proud key important significant potential additional further strong recent "
    "most least worst possible likely "
    "entire major main big small large real full low best latest common general overall specific"
)
_NO_KEYWORD = frozenset(
    {"UTC", "CEO", "CTO", "CFO", "COO", "U.S.", "US", "UK", "U.K.", "EU", "ET", "PT", "EST", "PST"}
)


@dataclass(slots=True)
class _Head:
    """A noun that may be a keyword: its uses, weighted by place, and the phrases with it.

    `phrases` are (with adjectives, without) by use.
    """

    uses: int = 0
    phrases: list[tuple[str, str]] = field(default_factory=list)

    def best(self) -> str:
        """The most frequent phrase, with adjectives only if that recurs; compounds before the noun alone."""
        whole = Counter(phrase for phrase, _ in self.phrases)
        counts = Counter(phrase if whole[phrase] > 1 else plain for phrase, plain in self.phrases)
        return min(counts, key=lambda p: (-counts[p] - (" " in p) * (counts[p] > 1), -len(p), p))


def keywords(document: Document, chunks: NounChunks, entities: list[EntityMention]) -> list[str]:
    """At most ten: those of the title, then names by salience, then phrases frequent here and rare elsewhere."""
    body_start = document.article.body_start
    title = document.folded[:body_start]
    source = document.article.source
    parties = [
        e for e in entities if e.name.casefold() in title or not is_site(e.name, source.name, source.host)
    ]
    names = [e.name for e in parties if _is_keyword(e, body_start, title)][:NAMES]
    heads = _heads(document, chunks)
    weights: dict[str, float] = {}
    rare: list[str] = []
    for lemma, head in heads.items():
        phrase = head.best()
        is_in_title = phrase.casefold() in title
        recurs = head.uses >= (RECURS if " " in phrase else RECURS_ALONE) or (is_in_title and head.uses > 1)
        if recurs and (" " in phrase or lemma not in GENERIC):
            weights[phrase] = log1p(head.uses) * (rarity(lemma) + (" " in phrase) * COMPOUND)
        elif " " in phrase:
            rare.append(phrase)
    ranked = sorted(weights, key=lambda phrase: -weights[phrase])
    rare = rare[: max(0, FEWEST - len(names) - len(ranked))]
    in_title = [word for word in (*names, *ranked) if word.casefold() in title]
    found: list[str] = []
    used: set[str] = set()
    for word in (*in_title, *names, *ranked, *rare):
        parts = {part.removesuffix("s") for part in word.casefold().split()}
        if parts & used or len(found) == MAX_KEYWORDS:
            continue
        found.append(word)
        used |= parts
    return found


def _heads(document: Document, chunks: NounChunks) -> dict[str, _Head]:
    """The nouns that may be keywords by lemma, in text order."""
    found: dict[str, _Head] = {}
    for sentence in document.sentences:
        if is_boilerplate(sentence.text):
            continue
        for chunk in chunks.of(sentence):
            root = chunk.root
            lemma = root.lemma_.lower()
            if (
                root.pos_ != "NOUN"
                or root.ent_type_
                or lemma in VAGUE
                or len(lemma) < 3
                or not lemma.isalpha()
            ):
                continue
            if _joins(document, root.i - 1) or _joins(document, root.i + 1):
                continue  # "point-of-sale"
            if root.text[0].isupper() and sentence.role != "title" and root.idx > sentence.start:
                continue  # a part of a name
            head = found.setdefault(lemma, _Head())
            head.uses += 1 + (sentence.role != "body")
            head.phrases.append((_phrase_of(document, chunk, _WITH), _phrase_of(document, chunk, _WITHOUT)))
    return found


def _is_keyword(entity: EntityMention, body_start: int, title: str) -> bool:
    """Whether the name stands in the body, and again or in the title."""
    if entity.name.casefold() not in title:
        if len(entity.name.split()) > LONGEST:
            return False
        if entity.type is EntityType.PERSON and (entity.salience < SALIENT or " " not in entity.name):
            return False  # who is quoted on a subject is not the subject
    if entity.type in (EntityType.PLACE, EntityType.GROUP) or entity.name in _NO_KEYWORD:
        return False
    in_body = sum(span.start >= body_start for span in entity.spans)
    if not any(span.quote == entity.name for span in entity.spans if span.start >= body_start):
        return False
    return in_body > 0 and (in_body >= RECURS or entity.name.casefold() in title)


def _joins(document: Document, at: int) -> bool:
    """Whether the token is a hyphen within a word."""
    tokens = document.doc
    return 0 < at < len(tokens) and tokens[at].text == "-" and not tokens[at].whitespace_


def _phrase_of(document: Document, chunk: Tokens, kinds: frozenset[str]) -> str:
    """The chunk's head with the adjacent words of these kinds that specify it, in lower case but for capitals."""
    first = last = chunk.root.i
    while first > chunk.start and last - first < LONGEST - 1:
        before = document.doc[first - 1]
        is_word = before.is_alpha and before.ent_type_ not in _FIGURES and before.lower_ not in EMPTY
        if before.pos_ not in kinds or not is_word:
            break
        first -= 1
    if _joins(document, first - 1):  # part of a hyphenated word
        first = last
    words = (document.doc[at] for at in range(first, last + 1))
    return " ".join(w.text if _keeps_capitals(w) else w.lower_ for w in words)


def _keeps_capitals(token: Token) -> bool:
    """Whether the word is a name, or written with capitals within ("LoRa", "5G")."""
    if token.text.isupper() or any(map(str.isupper, token.text[1:])):
        return True
    return token.ent_type_ == "NORP" or (token.pos_ == "PROPN" and token.ent_type_ in _NAMED)

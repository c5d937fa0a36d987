"""The words by which a story and its claims are called, as they stand in the text.

A claim goes by the core of its clause: subject, verb and what belongs to it, up to fifteen words. A story goes
by a noun phrase of its title that its text speaks of most. None where there are no such words.
"""

import re
from collections import Counter

from spacy.tokens import Span as Tokens
from spacy.tokens import Token

from api.analysis.claims import CentralClaim
from api.analysis.content_words import content_words
from api.analysis.document import Document, Sentence
from api.analysis.names import is_site
from api.analysis.noun_chunks import NounChunks

MOST_WORDS = 15  # of a claim's core
MOST_NOUN_WORDS = 8
SUBJECTS_LOOKED_AT = 8  # sentences of the body in which a subject is sought when the title has none
_CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "VERB"})
_FORBIDDEN = frozenset('“”"‘«»„()[]{}<>|*\n\t')
_DETERMINERS = frozenset({"DET", "PRON", "PUNCT", "SPACE", "CCONJ"})
_LOOSE_ENDS = frozenset({"ADP", "DET", "CCONJ", "SCONJ", "PUNCT", "PART", "AUX", "SPACE"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_BREAKS = frozenset(',;:.!?—–()"“”')
_LEAN_FORWARD = frozenset(
    {"compound", "amod", "nummod", "det", "poss", "advmod", "aux", "auxpass", "mark", "quantmod"}
)
_CLOSERS = frozenset({"NOUN", "PROPN", "NUM", "ADJ", "ADV", "PRON", "VERB", "SYM"})
_LONE_MARK = re.compile(r"(?:^|\s)['’]|['’](?:\s|$)")
_REPORTED = frozenset({"ccomp"})


class KeyPhrases:
    """The phrases of one document: its subject, and the core of each claim."""

    def __init__(self, document: Document, chunks: NounChunks, claims: tuple[CentralClaim, ...]) -> None:
        self._cores = {c.claim.number: core_of(document, chunks, c.sentence) for c in claims}
        self.subject = subject_of(document, chunks)

    def of_claim(self, number: int) -> str | None:
        """The core of claim `number`."""
        return self._cores.get(number)


def core_of(document: Document, chunks: NounChunks, sentence: Sentence) -> str | None:
    """The core of the sentence's main clause, or of the one it reports; else its best noun phrase."""
    tokens = document.tokens(sentence)
    root = next((t for t in tokens if t.dep_ == "ROOT" and t.pos_ in ("VERB", "AUX")), None)
    if root is None:
        return _best_noun_phrase(document, chunks, sentence, {})
    reported = next((c for c in root.children if c.dep_ in _REPORTED and c.pos_ in ("VERB", "AUX")), None)
    for verb in (reported, root):
        if verb is not None and (core := _core(document, sentence, verb)) is not None:
            return core
    return _best_noun_phrase(document, chunks, sentence, {})


def subject_of(document: Document, chunks: NounChunks) -> str | None:
    """What the story is about: a noun phrase of the title, else of the first sentences."""
    counts = Counter(word for s in document.body_sentences() for word in content_words(document, s))
    title = [s for s in document.sentences if s.role == "title"]
    body = [s for s in document.sentences if s.role != "title"][:SUBJECTS_LOOKED_AT]
    for least in (2, 1):
        for sentence in [*title, *body]:
            phrase = _best_noun_phrase(document, chunks, sentence, counts, least)
            if phrase is not None:
                return phrase
    return None


def phrase_at(document: Document, chunks: NounChunks, start: int, end: int) -> str:
    """The noun phrase around characters [start, end) of one sentence, or those characters alone."""
    for chunk in chunks.of(document.sentence_at(start)):
        if chunk.start_char <= start and end <= chunk.end_char and len(chunk) <= MOST_NOUN_WORDS:
            tokens = list(chunk)
            while tokens[0].pos_ in _DETERMINERS and tokens[0].idx + len(tokens[0].text) <= start:
                tokens.pop(0)
            phrase = _words(document, tokens[0].i, tokens[-1].i, least_content=1)
            if phrase is not None:
                return phrase
    return document.text[start:end]


def _core(document: Document, sentence: Sentence, verb: Token) -> str | None:
    subject = next((c for c in verb.children if c.dep_ in _SUBJECTS), None)
    first = verb.i
    if subject is not None and subject.pos_ != "PRON" and subject.i < verb.i:
        first = max(subject.left_edge.i, sentence.first)
        while first < subject.i and document.doc[first].pos_ in _DETERMINERS:
            first += 1
        if verb.i - first >= MOST_WORDS - 2:
            return None
    else:
        helpers = [c.i for c in verb.children if c.dep_ in ("aux", "auxpass", "neg") and c.i < verb.i]
        first = min([verb.i, *helpers])
    limit = first + MOST_WORDS
    last = next(
        (i - 1 for i in range(verb.i + 1, min(sentence.last, limit)) if document.doc[i].text[:1] in _BREAKS),
        min(sentence.last, limit) - 1,
    )
    while last > verb.i and not _may_end(document, sentence, last):
        last -= 1
    return _words(document, first, last, least_content=3)


def _may_end(document: Document, sentence: Sentence, last: int) -> bool:
    """Whether a phrase can stop behind this token: nothing opens there that it leaves open."""
    token = document.doc[last]
    if token.pos_ in _LOOSE_ENDS or (token.dep_ in _LEAN_FORWARD and token.head.i > last):
        return False
    if last + 1 >= sentence.last:
        return True
    following = document.doc[last + 1]
    opens = (
        following.text[:1] in _BREAKS
        or following.is_space
        or following.pos_ in ("ADP", "SCONJ", "CCONJ")
        or following.tag_ == "TO"
    )
    return opens and following.lower_ not in ("of", "than") and token.pos_ in _CLOSERS


def _best_noun_phrase(
    document: Document, chunks: NounChunks, sentence: Sentence, counts: dict[str, int], least: int = 2
) -> str | None:
    found: list[tuple[float, int, str]] = []
    source = document.article.source
    for chunk in chunks.of(sentence):
        tokens = list(chunk)
        while tokens and tokens[0].pos_ in _DETERMINERS:
            tokens.pop(0)
        if not tokens or len(tokens) > MOST_NOUN_WORDS:
            continue
        phrase = _words(document, tokens[0].i, tokens[-1].i, least_content=least)
        if phrase is not None and not is_site(phrase, source.name, source.host):
            found.append((-_worth(chunk, counts), tokens[0].idx, phrase))
    return min(found)[2] if found else None


def _worth(chunk: Tokens, counts: dict[str, int]) -> float:
    worth = float(sum(min(counts.get(t.lemma_.lower(), 0), 5) for t in chunk if t.pos_ in _CONTENT))
    worth += 1.0 * any(t.ent_type_ in ("PERCENT", "MONEY", "CARDINAL") for t in chunk)
    worth -= 2.0 * all(t.ent_type_ in ("PERSON", "DATE", "TIME", "GPE") for t in chunk)
    return worth


def _words(document: Document, first: int, last: int, *, least_content: int) -> str | None:
    """Tokens first to last as they stand in the text, None if too empty or not fit to be quoted."""
    tokens = document.doc[first : last + 1]
    content = sum(t.pos_ in _CONTENT and t.text[:1].isalnum() for t in tokens)
    if content < least_content:
        return None
    end = tokens[-1]
    phrase = document.text[tokens[0].idx : end.idx + len(end.text)]
    if not _FORBIDDEN.isdisjoint(phrase) or phrase.strip() != phrase or _LONE_MARK.search(phrase):
        return None
    return phrase if phrase[0].isalnum() or phrase[0] in "$€£¥" else None

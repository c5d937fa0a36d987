"""The parse of a text: tokens by sentence, then tagger, parser and entity recogniser.

Cost and memory are linear in the text. Sentences are cut beforehand (`sentences.py`) and no stage moves a
boundary; the tokenizer gets bounded pieces; a run of pictographs is one token.

The parser's memory grows with the tokens of one call: 60,000 one-letter lines took 1.2 GB at once, and 350 MB in
stretches of 4,000 tokens. A cap on tokens instead would have cut honest tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from api.analysis.parsing.pipeline import pipeline

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# Tokens parsed at once; a stretch ends with a sentence. Most stories are shorter, so only long texts are
# affected: the network's window of four tokens does not cross a stretch.
STRETCH = 4_000
_MAX_RUN = 200  # characters without white space per tokenizer call, which is quadratic in them
_EMOJI = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
# A run of pictographs, joined or not; the tokenizer would split a family of four into seven tokens.
_PIECES = re.compile(rf"(?P<emoji>[{_EMOJI}][{_EMOJI}\u200d\ufe0f\u20e3]*)|[^\s{_EMOJI}]{{{_MAX_RUN}}}")

Place = tuple[int, int, int, int]  # start, end, first token, last token + 1


def parse(text: str, bounds: Sequence[tuple[int, int]]) -> tuple[Doc, list[Place]]:
    """Return the parse of the whole text, white space included, and each sentence's place in it."""
    nlp = pipeline()
    from spacy.tokens import Doc  # after `pipeline`, which imports spaCy without its commands

    words: list[str] = []
    spaces: list[bool] = []
    opens: list[bool | int | None] = []
    places: list[Place] = []
    edges = [*(start for start, _ in bounds), len(text)]
    if edges[0] > 0:
        _add(nlp, text[: edges[0]], words, spaces, opens)
    for number, (start, end) in enumerate(bounds):
        first = len(words)
        _add(nlp, text[start:end], words, spaces, opens)
        last = len(words)
        rest = text[end : edges[number + 1]]
        if rest.startswith(" "):
            spaces[-1], rest = True, rest[1:]
        if rest:
            words.append(rest)
            spaces.append(False)
            opens.append(False)
        places.append((start, end, first, last))
    parts = [
        nlp(Doc(nlp.vocab, words=words[low:high], spaces=spaces[low:high], sent_starts=opens[low:high]))
        for low, high in _stretches(places, len(words))
    ]
    if not parts:
        return Doc(nlp.vocab), places
    return (parts[0] if len(parts) == 1 else Doc.from_docs(parts, ensure_whitespace=False)), places


def _stretches(places: Sequence[Place], tokens: int) -> Iterator[tuple[int, int]]:
    """The (first, last + 1) tokens of stretches: whole sentences, at most `STRETCH` tokens plus one sentence."""
    low = 0
    for _, _, first, _ in places:
        if first - low >= STRETCH:
            yield low, first
            low = first
    if low < tokens:
        yield low, tokens


def _add(
    nlp: Language, text: str, words: list[str], spaces: list[bool], opens: list[bool | int | None]
) -> None:
    first = len(words)

    def tokenize(piece: str) -> None:
        for token in nlp.tokenizer(piece):
            words.append(token.text)
            spaces.append(bool(token.whitespace_))
            opens.append(len(words) - 1 == first)

    at = 0
    for match in _PIECES.finditer(text):
        start, end = match.span("emoji")
        tokenize(text[at : start if start >= 0 else match.end()])
        at = match.end()
        if start >= 0:
            follows = text[end : end + 1] == " "
            words.append(text[start:end])
            spaces.append(follows)
            opens.append(len(words) - 1 == first)
            at += follows
    tokenize(text[at:])

"""The parse of a text: tokens sentence by sentence, then the tagger, the parser and the recogniser of names.

Cost and memory are linear in the text and bounded by the size of a stretch: sentences are cut before
(`sentences.py`) and no stage may move a boundary; the tokenizer is given no long run at once; pictographs that
stand together are one token.

Long texts are parsed in stretches of 4,000 tokens, cut between sentences, because the parser's memory grows
with the tokens it sees at once: 60,000 one-letter lines took 1.2 GB in one piece and take 350 MB in stretches.
A story of ordinary length is one stretch. A cap on tokens was the alternative: it would have cut honest tables
too.
"""

import re
from collections.abc import Iterator, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from api.analysis.parsing.pipeline import pipeline

# Tokens parsed at once; a stretch ends with a sentence. Four thousand words are more than most stories have, so
# that only long texts are parted: the network's window of four tokens then does not look over the edge.
STRETCH = 4_000
_MAX_RUN = 200  # characters without white space given to the tokenizer at once; it is quadratic in them
_EMOJI = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
# A run of pictographs, joined or not: the tokenizer would make seven tokens of a family of four.
_PIECES = re.compile(rf"(?P<emoji>[{_EMOJI}][{_EMOJI}\u200d\ufe0f\u20e3]*)|[^\s{_EMOJI}]{{{_MAX_RUN}}}")

Place = tuple[int, int, int, int]  # start, end, first token, last token + 1


def parse(text: str, bounds: Sequence[tuple[int, int]]) -> tuple[Doc, list[Place]]:
    """The parse of the whole text, white space included, and the place of each sentence of `bounds` in it."""
    nlp = pipeline()
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
    """The (first, last + 1) tokens of stretches: whole sentences, `STRETCH` tokens and one sentence at most."""
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

"""The noun phrases of a document by sentence, found in one pass.

spaCy searches the whole text for the noun phrases of one span, which is quadratic when done for each sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.analysis.text.document import Document, Sentence

if TYPE_CHECKING:
    from spacy.tokens import Span as Tokens


class NounChunks:
    """All noun phrases of one document."""

    def __init__(self, document: Document) -> None:
        self._by_sentence: dict[int, list[Tokens]] = {s.first: [] for s in document.sentences}
        sentences = document.sentences
        at = 0
        for chunk in document.doc.noun_chunks:
            while at < len(sentences) and sentences[at].last <= chunk.start:
                at += 1
            if at == len(sentences):
                break
            if sentences[at].first <= chunk.start and chunk.end <= sentences[at].last:
                self._by_sentence[sentences[at].first].append(chunk)

    def of(self, sentence: Sentence) -> list[Tokens]:
        """The noun phrases within the sentence, in order."""
        return self._by_sentence[sentence.first]

"""The text as a model reads it: one marked and numbered line for each sentence, title and record included.

The mark is derived from the article's digest and a secret of the installation: a page cannot know it, so it
cannot write lines that look like ours, and equal articles still give equal requests (after spotlighting, Hines et
al., arXiv 2403.14720). Title, author and site are as untrusted as the text, and marked like it.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from api.analysis.text.article import Article
from api.analysis.text.document import Sentence, Text
from api.analysis.text.prompt_injection import has_prompt_injection

MARK_LENGTH: Final = 12  # hexadecimal digits: 48 bits, not to be guessed
MAX_PART: Final = 24_000  # characters of sentences in one request: about 6,000 tokens
MAX_FACT: Final = 200  # characters of a fact of the record


@dataclass(frozen=True, slots=True)
class NumberedText:
    """Consecutive sentences of a text; the number of a sentence is its index in the document and 1.

    `facts` are (name, value) of the source record.
    """

    mark: str
    facts: tuple[tuple[str, str], ...]
    sentences: tuple[Sentence, ...]

    @property
    def lines(self) -> str:
        """What the model reads, each line after its mark."""
        return "\n".join(
            [
                *(f"[{self.mark} {name}] {value}" for name, value in self.facts),
                *(f"[{self.mark} {s.index + 1}] {one_line(s.text)}" for s in self.sentences),
            ]
        )


def mark_of(article: Article, secret: bytes) -> str:
    """The mark of an article's lines: twelve hexadecimal digits. Raises ValueError for an empty secret.

    Flags change no mark: they also tell of characters in passages that were cut.
    """
    if not secret:
        raise ValueError("the secret that marks sentences is empty")
    digest = msgspec.structs.replace(article, flags=[]).digest
    return hmac.new(secret, digest.encode(), hashlib.sha256).hexdigest()[:MARK_LENGTH]


def numbered_parts(document: Text, secret: bytes, limit: int = MAX_PART) -> list[NumberedText]:
    """The text in parts, each with the facts of the record."""
    return [numbered(document, secret, part) for part in parts_of(document, limit)]


def numbered(document: Text, secret: bytes, sentences: Sequence[Sentence]) -> NumberedText:
    """Some sentences of the text, with the facts of the record."""
    article = document.article
    return NumberedText(mark_of(article, secret), _facts(article), tuple(sentences))


def parts_of(document: Text, limit: int = MAX_PART) -> list[tuple[Sentence, ...]]:
    """The text in parts of at most `limit` characters, cut between sentences; a longer sentence is its own part.

    A text without sentences is one part.
    """
    groups: list[list[Sentence]] = [[]]
    size = 0
    for sentence in document.sentences:
        if groups[-1] and size + length_of(sentence) > limit:
            groups.append([])
            size = 0
        groups[-1].append(sentence)
        size += length_of(sentence)
    return [tuple(group) for group in groups]


def length_of(sentence: Sentence) -> int:
    """In characters."""
    return sentence.end - sentence.start


def sentence_of(sentences: Sequence[Sentence], number: int) -> Sentence | None:
    """The sentence with this number, counted from 1; None if there is none."""
    return sentences[number - 1] if 1 <= number <= len(sentences) else None


def one_line(text: str) -> str:
    """The text without control characters and line breaks, single spaces between words."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _named(host: str | None) -> str | None:
    """A domain that is a name; None if its words address machines."""
    return None if host is None or has_prompt_injection(host) else host


def _facts(article: Article) -> tuple[tuple[str, str], ...]:
    source, published = article.source, article.published_at
    named = [
        ("site", source.name or _named(source.host)),
        ("kind of site", source.type.value),
        ("author", article.author),
        ("author's organisation", article.author_organization),
        ("published", published.date().isoformat() if published else None),
    ]
    return tuple((name, one_line(value)[:MAX_FACT]) for name, value in named if value)

"""Articles of a given length, built from the sample stories."""

from collections.abc import Iterator
from itertools import cycle

from api.analysis.text.article import Article
from api.operations.exports.seed import load_sample_stories
from api.pages.articles import article_from_text
from schemas.enums import SourceType

ARTICLE_WORDS = 800


def articles_of_words(words: int = ARTICLE_WORDS) -> list[Article]:
    """All articles of `words` words that the sample stories fill."""
    running = [word for paragraph in _paragraphs() for word in (*paragraph.split(" "), "\n\n")]
    found: list[Article] = []
    piece: list[str] = []
    for word in running:
        piece.append(word)
        if sum(part != "\n\n" for part in piece) == words:
            found.append(_article(" ".join(piece)))
            piece = []
    return found


def article_of_characters(characters: int) -> Article:
    """One article of this length; the stories repeat if necessary."""
    body, paragraphs = "", cycle(_paragraphs())
    while len(body) < characters:
        body += next(paragraphs) + "\n\n"
    return _article(body[:characters])


def _paragraphs() -> Iterator[str]:
    for story in load_sample_stories():
        if story.expected.not_scorable is None:
            yield from story.text.split("\n\n")


def _article(body: str) -> Article:
    return article_from_text("What was said this month", body, None, SourceType.MEDIA)

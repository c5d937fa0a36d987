"""Article records for the tests of the engine."""

from typing import Any

import msgspec

from api.analysis.engines.reading import read
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.text.article import Article, SourceFacts, analysed_text
from schemas.enums import SourceType


def article(body: str, title: str = "", **fields: Any) -> Article:
    """The record of a submitted English text; `fields` override defaults."""
    text, body_start, _ = analysed_text(title, body)
    record = Article(
        title=title,
        text=text,
        body_start=body_start,
        url=None,
        source=SourceFacts(name=None, type=SourceType.OTHER, host=None),
        author=None,
        author_organization=None,
        published_at=None,
        language="en",
        flags=[],
        paywalled=False,
        page_type=None,
        extractor="test",
    )
    return msgspec.structs.replace(record, **fields)


def document(body: str, title: str = "") -> EncodedDocument:
    return read(article(body, title))


def labelled(body: str, labels: list[tuple[str, str]]) -> EncodedDocument:
    """The document with exactly these recognised names, in this order."""
    parsed = document(body)
    at, names = 0, []
    for words, label in labels:
        at = body.index(words, at)
        found = parsed.doc.char_span(at, at + len(words), label=label)
        assert found is not None, f"{words!r} is no run of tokens"
        names.append(found)
        at += len(words)
    parsed.doc.set_ents(names)
    return parsed

"""Builds article records, the one input of every engine."""

from typing import Final

from api.analysis.text.article import Article, SourceFacts, analysed_text
from api.analysis.text.disguises import disguises
from api.analysis.text.sentences import sentence_bounds
from api.pages.extracted import Extracted
from api.pages.languages import language_of
from api.pages.paragraphs import plain_paragraphs
from schemas.enums import InputFlag, SourceType

TEXT_EXTRACTOR: Final = "submitted text, unspun 1"


def article_from_page(
    page: Extracted, *, url: str | None, source: SourceFacts, title: str | None = None
) -> Article:
    """The article of an extracted page.

    `url` is the story's, None for a draft. `title` overrides the page's own. Text beyond the limit is cut and
    flagged.
    """
    text, body_start, cut = analysed_text(page.title if title is None else title, page.text)
    flags = {*page.flags, *_text_flags(text, body_start, cut)}
    return Article(
        title=text[:body_start].rstrip() if body_start else text if not page.text else "",
        text=text,
        body_start=body_start,
        url=url,
        source=source,
        author=page.author,
        author_organization=page.author_organization,
        published_at=page.published_at,
        language=page.language,
        flags=sorted(flags),
        paywalled=page.paywalled,
        page_type=page.page_type,
        extractor=page.extractor,
        publisher_kind=page.publisher_kind,
    )


def article_from_text(
    title: str | None, text: str, source: str | None, source_type: SourceType | None
) -> Article:
    """The article of a submitted text. `source` is the publisher's name as submitted.

    Blank lines separate paragraphs. NUL and lone surrogates become U+FFFD and raise a flag.
    """
    body = "\n\n".join(plain_paragraphs(text))
    full_text, body_start, cut = analysed_text(title or "", body)
    flags = _text_flags(full_text, body_start, cut) | disguises(f"{title or ''} {text}")
    if any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in (title or "") + text):
        flags.add(InputFlag.INVALID_ENCODING)
    return Article(
        title=full_text[:body_start].rstrip() if body_start else full_text if not body else "",
        text=full_text,
        body_start=body_start,
        url=None,
        source=SourceFacts(name=source, type=source_type or SourceType.OTHER, host=None),
        author=None,
        author_organization=None,
        published_at=None,
        language=language_of(body),
        flags=sorted(flags),
        paywalled=False,
        page_type=None,
        extractor=TEXT_EXTRACTOR,
    )


def _text_flags(text: str, body_start: int, cut: bool) -> set[InputFlag]:
    flags = {InputFlag.TRUNCATED} if cut else set()
    if sentence_bounds(text, body_start)[1]:
        flags.add(InputFlag.SENTENCE_SPLIT)
    return flags

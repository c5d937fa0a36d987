"""Loads the parsers of texts, pages and feeds in the fork server: a confined process opens no file."""

import encodings
import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from itertools import chain

from api.pages import articles, extraction, languages

LOADED = (articles, extraction)  # keeps the imports


class _StopWords:
    """The words of justext's lists of all languages: one page in some needs them, and then opens no file."""

    def __init__(self) -> None:
        self._lists = [words.read_bytes() for words in (files("justext") / "stoplists").iterdir()]

    def __iter__(self) -> Iterator[str]:
        return (word.decode() for word in chain.from_iterable(map(bytes.splitlines, self._lists)))


def texts() -> None:
    """Load all that plain text needs."""
    languages.packed_model()
    # texts may use any codec, and Python loads codecs on first use
    for codec in pkgutil.iter_modules(encodings.__path__):
        with suppress(ImportError):  # codecs of other systems
            importlib.import_module(f"encodings.{codec.name}")


def pages() -> None:
    """Load all that texts and pages need."""
    from trafilatura import external

    from api.web.canonical import canonical_url

    texts()
    # load lazily loaded data, as tested by tests/journeys/stories/test_confined_pages.py
    extraction.extract((files("seeds") / "pages" / "orchard-that-thinks.html").read_bytes(), url=None)
    canonical_url("http://www.example.com", "/a")  # loads the public suffix list
    external.JT_STOPLIST = _StopWords()  # type: ignore[assignment]  # it takes any iterable


def pages_and_feeds() -> None:
    """Load all that texts, pages and feeds need."""
    from justext import core  # type: ignore[import-untyped]  # it ships no types
    from trafilatura import external

    for name in ("feed", "feed_links", "feed_parsing", "sitemap_index"):
        importlib.import_module(f"api.feeds.{name}")
    pages()
    core.define_stoplist(external.JT_STOPLIST)  # for all processes, once

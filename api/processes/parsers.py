"""Loads the parsers of texts, pages and feeds in the fork server: a confined process opens no file."""

import encodings
import importlib
import pkgutil
from contextlib import suppress
from importlib.resources import files

from api.pages import articles, extraction, languages

LOADED = (articles, extraction)  # keeps the imports


def texts() -> None:
    """Load all that plain text needs."""
    languages.packed_model()
    # texts may use any codec, and Python loads codecs on first use
    for codec in pkgutil.iter_modules(encodings.__path__):
        with suppress(ImportError):  # codecs of other systems
            importlib.import_module(f"encodings.{codec.name}")


def pages() -> None:
    """Load all that texts and pages need."""
    from trafilatura.external import jt_stoplist_init

    from api.web.sites import registrable_domain

    texts()
    # load lazily loaded data, as tested by tests/journeys/stories/test_confined_pages.py
    extraction.extract((files("seeds") / "pages" / "orchard-that-thinks.html").read_bytes(), url=None)
    registrable_domain("www.example.com")  # loads the public suffix list
    jt_stoplist_init()  # stop words of all languages


def pages_and_feeds() -> None:
    """Load all that texts, pages and feeds need."""
    for name in ("feed", "feed_links", "feed_parsing", "sitemap_index"):
        importlib.import_module(f"api.feeds.{name}")
    pages()

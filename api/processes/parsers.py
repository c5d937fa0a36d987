"""All that reads pages and feeds, for a fork server to import: its confined processes open no file any more."""

import encodings
import importlib
import pkgutil
from contextlib import suppress
from importlib.resources import files
from typing import Final

from trafilatura.external import jt_stoplist_init

from api.feeds import feed, feed_links, feed_parsing, sitemap_index
from api.pages import articles, reader
from api.pages.extraction import extract
from api.web.sites import registrable_domain

LOADED: Final = (articles, feed, feed_links, feed_parsing, reader, sitemap_index)  # named, so that they stay

# Libraries load what they need when they are first used. Proven by tests/journeys/stories/test_confined_pages.py.
extract((files("seeds") / "pages" / "orchard-that-thinks.html").read_bytes(), url=None)
registrable_domain("www.example.com")  # reads the list of suffixes
jt_stoplist_init()  # words of all languages

# A page says what it is encoded in, and Python loads each of its hundred codecs when it is first asked for.
for codec in pkgutil.iter_modules(encodings.__path__):
    with suppress(ImportError):  # those of another system
        importlib.import_module(f"encodings.{codec.name}")

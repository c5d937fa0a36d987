"""Imports all parsers of pages and feeds in the fork server: a confined process opens no file."""

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

LOADED: Final = (articles, feed, feed_links, feed_parsing, reader, sitemap_index)  # keeps the imports

# Load lazily loaded data. Tested by tests/journeys/stories/test_confined_pages.py.
extract((files("seeds") / "pages" / "orchard-that-thinks.html").read_bytes(), url=None)
registrable_domain("www.example.com")  # loads the public suffix list
jt_stoplist_init()  # stop words of all languages

# Pages may use any codec, and Python loads codecs on first use.
for codec in pkgutil.iter_modules(encodings.__path__):
    with suppress(ImportError):  # codecs of other systems
        importlib.import_module(f"encodings.{codec.name}")

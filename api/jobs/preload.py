"""Warms the fork server of page processes: it judges a sample page, so that all processes share what that loads.

Each page process then has 50 MB of memory of its own instead of 420, and its first page takes half a second
instead of two.
"""

import gc
from importlib.resources import files

from api.analysis.text.article import SourceFacts
from api.engines import FAST, FULL
from api.pages.reader import extract_page, read_page
from api.runtime.load_taxonomy import load_taxonomy
from schemas.enums import SourceType


def full() -> None:
    """Load the full engine."""
    warm(FULL.load)


def fast() -> None:
    """Load the fast engine, which needs neither parser nor encoder."""
    warm(FAST.load)


def warm(load: str) -> None:
    """Extract and judge the sample page by an engine, "module:name"."""
    page = (files("seeds") / "pages" / "orchard-that-thinks.html").read_bytes()
    source = SourceFacts(name=None, type=SourceType.OTHER, host=None)
    read_page(extract_page(page, None, "utf-8"), None, source, None, load_taxonomy(), load)
    gc.collect()
    gc.freeze()  # else the first full collection of each page process copies 40 MB of shared memory

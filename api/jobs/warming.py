"""A sample page, judged once, so that a fork server has loaded what judging needs."""

import gc
from importlib.resources import files

from api.analysis.text.article import SourceFacts
from api.pages.reader import extract_page, read_page
from api.runtime.load_taxonomy import load_taxonomy
from schemas.enums import SourceType


def warm(load: str) -> None:
    """Extract and judge it by an engine, "module:name"."""
    page = (files("seeds") / "pages" / "orchard-that-thinks.html").read_bytes()
    source = SourceFacts(name=None, type=SourceType.OTHER, host=None)
    read_page(extract_page(page, None, "utf-8"), None, source, None, load_taxonomy(), load)
    gc.collect()
    gc.freeze()  # else the first full collection of each page process copies 40 MB of what all share

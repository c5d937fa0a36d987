"""Imported once by the fork server: it judges a sample page, and page processes start with what that loads.

Code, weights and caches are shared by all of them: each holds some 50 MB of its own instead of 420, and its first
page takes half a second instead of two.
"""

from importlib.resources import files

from api.analysis.article import SourceFacts
from api.analysis.reader import extract_page, read_page
from api.operations.load_taxonomy import load_taxonomy
from schemas.enums import SourceType

_PAGE = (files("seeds") / "pages" / "orchard-that-thinks.html").read_bytes()

read_page(
    extract_page(_PAGE, None, "utf-8"),
    None,
    SourceFacts(name=None, type=SourceType.OTHER, host=None),
    None,
    load_taxonomy(),
)

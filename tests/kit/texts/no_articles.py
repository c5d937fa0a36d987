"""Pages and texts that are no article, and articles that look like none, about invented firms.

`no_articles/` and `odd_articles/` hold one a file: HTML, or text whose title is its first line if it is short.
"""

from pathlib import Path

from api.analysis.text.article import Article, SourceFacts
from api.pages.articles import article_from_page
from api.pages.extraction import extract
from schemas.enums import SourceType

_FOLDER = Path(__file__).parent
NO_ARTICLES = sorted((_FOLDER / "no_articles").iterdir())
ODD_ARTICLES = sorted((_FOLDER / "odd_articles").iterdir())


def article_of_file(path: Path) -> Article:
    """The record of a file, as `unspun analyze` makes it."""
    options = {} if path.suffix == ".html" else {"content_type": "text/plain"}
    page = extract(path.read_bytes(), url=None, **options)
    source = SourceFacts(name=page.site_name, type=SourceType.OTHER, host=None)
    return article_from_page(page, url=page.canonical_url, source=source)

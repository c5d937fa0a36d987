"""`python -m api.training.pages`: fits `page_weights.npz`, by which a page is told from a story.

A weighted ridge regression on the encoder's mean vector: pages and articles of difficult shape, written for this,
and labelled stories. The line is drawn by published stories of publishers that the model has not seen. Run it
again after the encoder: it takes a second a text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import click
import msgspec
import numpy as np
from numpy.typing import NDArray

from api.analysis.engines.reading import read
from api.analysis.text.article import Article
from api.pages.articles import article_from_text
from api.training.labelled import (
    FOLDS,
    article_of,
    is_published,
    publisher_folds,
    publisher_of,
    training_records,
)
from api.training.reading_cache import cached_reading
from api.training.wording_training import ridge_table
from schemas.enums import SourceType

Matrix = NDArray[np.float64]
RIDGE = 300.0
Kind = Literal["pages", "articles like pages", "published stories", "written stories"]
WEIGHTS: dict[Kind, float] = {
    "pages": 4.0,
    "articles like pages": 3.0,
    "published stories": 1.0,
    "written stories": 1.0,
}  # in the regression
MOST = 0.001  # of published stories above the line; more, and interviews of ours are taken for pages
_FOLDER = Path(__file__).resolve().parents[1] / "analysis" / "models"


@dataclass(frozen=True, eq=False)
class Example:
    """A text's mean vector, what it is, and the fold in which its publisher or writer is held out."""

    vector: NDArray[np.float32]
    kind: Kind
    fold: int


class Fitted(NamedTuple):
    """The weights with the base last, and each example's value by weights that have not seen its fold."""

    weights: NDArray[np.float32]
    held_out: Matrix


def fit_pages(examples: Sequence[Example]) -> Fitted:
    """Fit the weights; both values are above 0 for a page. Raises ValueError without published stories."""
    x = np.array([example.vector for example in examples], float)
    is_page = np.array([example.kind == "pages" for example in examples], float)
    weight = np.array([WEIGHTS[example.kind] for example in examples])
    folds = np.array([example.fold for example in examples])
    held_out = np.zeros(len(examples))
    for fold in range(FOLDS + 1):
        held = folds == fold
        if held.any():
            beta, base = _fitted(x[~held], is_page[~held], weight[~held])
            held_out[held] = x[held] @ beta + base
    stories = np.sort(held_out[[example.kind == "published stories" for example in examples]])[::-1]
    if not len(stories):
        raise ValueError("no published story")
    line = stories[int(MOST * len(stories))]
    beta, base = _fitted(x, is_page, weight)
    return Fitted(np.array([*beta, base - line], np.float32), held_out - line)


def _fitted(x: Matrix, is_page: Matrix, weight: Matrix) -> tuple[Matrix, float]:
    beta, base = ridge_table(x, 2 * is_page[:, None] - 1, weight, RIDGE)
    return beta[:, 0], float(base[0])


@click.command()
@click.argument(
    "labels", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--pages",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSONL file of pages and of articles that look like pages.",
)
@click.option(
    "--cache",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    help="Folder of parses and encodings, to be emptied when the encoder changes; without it all texts are read.",
)
@click.option(
    "--into",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    default=_FOLDER,
    help="Folder that gets the file; else the package's own.",
)
def train_pages(labels: tuple[Path, ...], pages: Path, cache: Path | None, into: Path) -> None:
    """Fit what tells a page from a story to LABELS, JSONL files of labelled stories, and to pages.

    Equal files give equal bytes on one machine.
    """
    try:
        records = [record for path in labels for record in _thinned(training_records([path]))]
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if not any(is_published(record) for record in records):
        raise click.ClickException("no published story in the files")
    texts = [msgspec.json.decode(line) for line in pages.read_bytes().splitlines()]
    examples: list[Example] = []
    for unread in (*_stories(records), *_pages(texts)):
        examples.append(unread(cache))
        if len(examples) % 100 == 0:
            click.echo(f"{len(examples)} of {len(records) + len(texts)} texts read", err=True)
    fitted = fit_pages(examples)
    np.savez(into / "page_weights.npz", weights=fitted.weights)
    click.echo(_report(examples, fitted.held_out), err=True)


def _thinned(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """All published stories, and every third written one: they are many, by few hands."""
    return [*filter(is_published, records), *[r for r in records if not is_published(r)][::3]]


class _Unread(NamedTuple):
    """An example whose text is not yet read."""

    article: Article
    kind: Kind
    fold: int

    def __call__(self, cache: Path | None) -> Example:
        document = cached_reading(self.article, cache) if cache else read(self.article)
        return Example(document.encoded.pooled, self.kind, self.fold)


def _stories(records: Sequence[dict[str, Any]]) -> Iterator[_Unread]:
    folds = publisher_folds((publisher_of(r), r["primary"], is_published(r)) for r in records)
    for record in records:
        kind: Kind = "published stories" if is_published(record) else "written stories"
        yield _Unread(article_of(record), kind, folds[publisher_of(record)])


def _pages(texts: Sequence[dict[str, Any]]) -> Iterator[_Unread]:
    writers = sorted({text["writer"] for text in texts})
    for text in texts:
        kind: Kind = "articles like pages" if text["story"] else "pages"
        article = article_from_text(text["title"], text["text"], text["writer"], SourceType.OTHER)
        yield _Unread(article, kind, writers.index(text["writer"]) % FOLDS)


def _report(examples: Sequence[Example], held_out: Matrix) -> str:
    """How many texts of each kind are above the line, by weights that have not seen publisher or writer."""
    parts = []
    for kind in WEIGHTS:
        above = [value > 0 for e, value in zip(examples, held_out, strict=True) if e.kind == kind]
        parts.append(f"{sum(above)} of {len(above)} {kind}")
    return f"Taken for pages, held out: {', '.join(parts)}."


if __name__ == "__main__":
    train_pages()

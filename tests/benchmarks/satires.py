"""Recall and false positives of satire."""

from collections.abc import Sequence

from api.analysis.text.article import Article
from api.evaluation.public_sets import Row
from api.pages.articles import article_from_text
from schemas.enums import SourceType
from tests.benchmarks.labelled import Labelled
from tests.benchmarks.shares import share
from tests.benchmarks.verdicts import Measured, Verdicts

PART = "satire"


def satire_figures(
    own: Sequence[Labelled], published: Sequence[Labelled], polemics: Sequence[Row], verdicts: Verdicts
) -> Measured:
    """The share of our satires that are recognised, the false positives elsewhere, and a note for each error.

    The other texts are our stories, the scorable published ones, and the articles of `polemics`.
    """

    def known(article: Article) -> bool:
        spin = verdicts.assess(article).spin
        return spin is not None and spin.satire

    satires = {r.id: known(r.article) for r in own if r.label.get("satire")}
    sincere = {r.id: known(r.article) for r in own if not r.label.get("satire")}
    others = {r.id: known(r.article) for r in published if r.scorable}
    articles = {name: known(article) for name, article in _articles(polemics).items()}
    missed = [f"{name}: satire, not known" for name, found in satires.items() if not found]
    taken = [f"{n}: taken for satire" for n, found in (sincere | others | articles).items() if found]
    return Measured(
        [
            share(PART, "known", "held-back satires, known", list(satires.values())),
            share(PART, "own", "other held-back stories, taken for satire", list(sincere.values()), "lower"),
            share(PART, "published", "development set, taken for satire", list(others.values()), "lower"),
            share(
                PART, "polemics", "SemEval 2023 articles, taken for satire", list(articles.values()), "lower"
            ),
        ],
        [*missed, *taken],
    )


def _articles(rows: Sequence[Row]) -> dict[str, Article]:
    texts: dict[str, list[str]] = {}
    for row in rows:
        texts.setdefault(row.group, []).append(row.text)
    return {
        group: article_from_text("", "\n\n".join(paragraphs), "", SourceType.MEDIA)
        for group, paragraphs in texts.items()
        if group
    }

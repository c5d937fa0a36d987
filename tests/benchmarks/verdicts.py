"""Cached verdicts of the measured engine, and the results of a part of the run."""

from dataclasses import dataclass, field

from api.analysis.text.article import Article
from api.evaluation.figures import Figure
from api.rendering.flat import flat
from api.runtime.load_taxonomy import load_taxonomy
from schemas.assessments import Assessment
from tests.benchmarks.profiles import Profile


@dataclass(frozen=True)
class Measured:
    """Figures, and notes on single wrong records."""

    figures: list[Figure]
    notes: list[str] = field(default_factory=list)


class Verdicts:
    """Cached assessments of one profile, which several parts of a run need."""

    def __init__(self, profile: Profile) -> None:
        self.engine = profile.engine()
        self.profile = profile
        self.outputs = profile.outputs
        self.taxonomy = load_taxonomy()
        self._cache: dict[str, Assessment] = {}

    def assess(self, article: Article) -> Assessment:
        digest = article.digest
        if digest not in self._cache:
            self._cache[digest] = self.engine.assess(article, self.taxonomy)
        return self._cache[digest]

    def flat(self, article: Article) -> dict[str, object]:
        return flat(self.assess(article), self.taxonomy)

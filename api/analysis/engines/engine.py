"""The protocol of all engines."""

from collections.abc import Sequence
from typing import Protocol

from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from schemas.assessments import Assessment, EngineRef
from schemas.score_explanations import ReadAgain
from schemas.taxonomy import Taxonomy


class Engine(Protocol):
    """Pure and synchronous: equal arguments give byte-identical assessments on one machine."""

    @property
    def ref(self) -> EngineRef:
        """Name, version, and the digest of rules, weights and numeric backend."""
        ...

    def assess(
        self,
        article: Article,
        taxonomy: Taxonomy,
        rulings: Sequence[Ruling] = (),
        proposal: bytes | None = None,
    ) -> Assessment:
        """The verdict on one article; `not_scorable` if the gate refuses it. Never raises on any text.

        `proposal` is the engine's stored proposal (`api/engines.py`), unchecked: only the parts that the text
        supports are used.
        """
        ...

    def read_again(
        self,
        article: Article,
        said: Assessment,
        taxonomy: Taxonomy,
        rulings: Sequence[Ruling] = (),
        proposal: bytes | None = None,
    ) -> list[ReadAgain]:
        """The verdicts on the article without some of its sentences, each equal to that of `assess`.

        `said` is the assessment of the whole article.
        """
        ...

"""The steps common to all engines that read a text.

They check that the text can be scored, and remove text addressed to machines.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import msgspec

from api.analysis.engines.cuts import Cuts, on_whole_text, rulings_for
from api.analysis.engines.empty_assessment import empty_assessment, nothing_found
from api.analysis.engines.engine import Engine
from api.analysis.engines.gate import gate
from api.analysis.engines.machine_text import StoryText, addressed_findings, story_text
from api.analysis.engines.read_again import read_again
from api.analysis.people.source_role import source_role
from api.analysis.text.article import Article
from api.analysis.text.document import Text
from api.analysis.text.rulings import Ruling
from schemas.assessments import Assessment, EngineRef, Finding, NotScorable
from schemas.enums import StoryStatus
from schemas.score_explanations import ReadAgain
from schemas.taxonomy import Taxonomy

T = TypeVar("T", bound=Text)


@dataclass(frozen=True, kw_only=True)
class Admitted(Generic[T]):
    """A text that can be judged: the whole, its story, and the story's text, without what addresses machines."""

    whole: T
    story: StoryText
    document: T


class StoryEngine(Engine, ABC, Generic[T]):
    """`Engine` without reading and judging. Stateless except for its reference."""

    def __init__(self, ref: EngineRef) -> None:
        self._ref = ref

    @property
    def ref(self) -> EngineRef:
        """Name, version, and the digest of sources, data and numeric backend."""
        return self._ref

    @abstractmethod
    def read(self, article: Article) -> T:
        """The text of an article as this engine reads it."""

    @abstractmethod
    def scored(
        self,
        article: Article,
        document: T,
        taxonomy: Taxonomy,
        rulings: Sequence[Ruling],
        proposal: bytes | None = None,
    ) -> Assessment:
        """The assessment of a text that passed the gate.

        `document` is read without text addressed to machines.
        """

    def gate(self, article: Article, document: T | None, taxonomy: Taxonomy) -> NotScorable | None:
        """Why the article cannot be judged; None if it can. See `engines/gate.py`."""
        return gate(article, document, taxonomy.languages)

    def assess(
        self,
        article: Article,
        taxonomy: Taxonomy,
        rulings: Sequence[Ruling] = (),
        proposal: bytes | None = None,
    ) -> Assessment:
        """The verdict on one article; `not_scorable` if the gate refuses it."""
        return self.judged(article, self.admitted(article, taxonomy), taxonomy, rulings, proposal)

    def judged(
        self,
        article: Article,
        admitted: Admitted[T] | NotScorable,
        taxonomy: Taxonomy,
        rulings: Sequence[Ruling] = (),
        proposal: bytes | None = None,
    ) -> Assessment:
        """`assess`, after the article was read by `admitted` of this engine or of one that reads alike."""
        if isinstance(admitted, NotScorable):
            return self._refused(article, taxonomy, admitted)
        whole, story, document = admitted.whole, admitted.story, admitted.document
        if not story.cuts:
            return self.scored(article, document, taxonomy, rulings, proposal)
        story_rulings = rulings_for(rulings, article, story.article, story.cuts)
        assessment = on_whole_text(
            self.scored(article, document, taxonomy, story_rulings, proposal), article.text, story.cuts
        )
        addressed = addressed_findings(whole, story.addressed)
        return _numbered(assessment, addressed)

    def admitted(self, article: Article, taxonomy: Taxonomy) -> Admitted[T] | NotScorable:
        """The article as read, or the gate's refusal."""
        refusal = self.gate(article, None, taxonomy)
        if refusal is not None:
            return refusal
        whole = self.read(article)
        story = story_text(whole)
        document = whole if story.article is whole.article else self.read(story.article)
        refusal = self.gate(story.article, document, taxonomy)
        return refusal or Admitted(whole=whole, story=story, document=document)

    def read_again(
        self,
        article: Article,
        said: Assessment,
        taxonomy: Taxonomy,
        rulings: Sequence[Ruling] = (),
        proposal: bytes | None = None,
    ) -> list[ReadAgain]:
        """See `engines/read_again.py`."""

        def judge(shorter: Article, cuts: Cuts) -> Assessment:
            return self.assess(shorter, taxonomy, rulings_for(rulings, article, shorter, cuts), proposal)

        return [] if said.spin is None else read_again(self.read(article), said, judge)

    def _refused(self, article: Article, taxonomy: Taxonomy, refusal: NotScorable) -> Assessment:
        empty_document = replace(self.read(_empty(article)), article=article)
        role = source_role(empty_document, [], [], None)
        assessment = empty_assessment(
            article, self._ref, taxonomy, status=StoryStatus.NOT_SCORABLE, role=role
        )
        return msgspec.structs.replace(nothing_found(assessment), not_scorable=refusal)


def _empty(article: Article) -> Article:
    return msgspec.structs.replace(article, text="", body_start=0)


def _numbered(assessment: Assessment, addressed: list[Finding]) -> Assessment:
    """All findings in the order of the text with new ids, and all references to them updated."""
    ordered = sorted(
        [*assessment.findings, *addressed], key=lambda f: (f.spans[0].start, f.spans[-1].end, f.rule)
    )
    ids = {f.id: f"f{number + 1}" for number, f in enumerate(ordered) if f.id}
    copy = msgspec.structs.replace
    return copy(
        assessment,
        findings=[copy(f, id=f"f{number + 1}") for number, f in enumerate(ordered)],
        ledger=[copy(r, finding=ids[r.finding]) if r.finding else r for r in assessment.ledger],
        ablations=None
        if assessment.ablations is None
        else [copy(a, finding_ids=[ids[i] for i in a.finding_ids]) for a in assessment.ablations],
    )

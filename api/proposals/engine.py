"""The second judge: a language model's stored answers, held to the text, over the assessment of the rules.

It calls nothing: the answers are an argument (`proposal.py`).
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from api.analysis.engines.rules import RulesEngine
from api.analysis.engines.story_engine import StoryEngine
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.proposals.grounded import Refusal
from api.proposals.numbered_text import numbered_parts
from api.proposals.prompts import judgement_messages, judgement_prompt
from api.proposals.proposals_digest import proposals_digest
from api.proposals.requests import BothAssessments, Call, ModelRequest, ProseStep
from schemas.assessments import Assessment, EngineRef, NotScorable
from schemas.taxonomy import Taxonomy

NAME: Final = "llm"
VERSION: Final = "0.1.0"


class LanguageModelEngine(StoryEngine[EncodedDocument]):
    """Judges by a proposal; without a usable one, its content is that of the rules."""

    def __init__(self) -> None:
        self._rules = RulesEngine()
        super().__init__(
            EngineRef(name=NAME, version=VERSION, digest=proposals_digest(self._rules.ref.digest))
        )

    def read(self, article: Article) -> EncodedDocument:
        """As the rules read it."""
        return self._rules.read(article)

    def scored(
        self,
        article: Article,
        document: EncodedDocument,
        taxonomy: Taxonomy,
        rulings: Sequence[Ruling],
        proposal: bytes | None = None,
    ) -> Assessment:
        """The judgement of the proposal; of the rules if nothing of it can be used."""
        assessment = self._rules.scored(article, document, taxonomy, rulings)
        return msgspec.structs.replace(assessment, engine=self._ref)

    def judgement_requests(self, article: Article, taxonomy: Taxonomy, secret: bytes) -> list[ModelRequest]:
        """One request for each part of the text; [] if the gate refuses the article."""
        admitted = self.admitted(article, taxonomy)
        if isinstance(admitted, NotScorable):
            return []
        prompt, parts = judgement_prompt(taxonomy), numbered_parts(admitted[2], secret)
        return [
            ModelRequest.of(Call.JUDGEMENT, number, judgement_messages(prompt, admitted[2], part))
            for number, part in enumerate(parts)
        ]

    def prose_request(
        self, article: Article, taxonomy: Taxonomy, secret: bytes, judgements: Sequence[str]
    ) -> ProseStep:
        """The request for prose, from the answers to the first call in text order."""
        return ProseStep(request=None, refusal=Refusal.MALFORMED)

    def judge_both(
        self, article: Article, taxonomy: Taxonomy, rulings: Sequence[Ruling], proposal: bytes
    ) -> BothAssessments:
        """Both assessments, each as its engine gives it, and their agreement."""
        rules = self._rules.assess(article, taxonomy, rulings)
        return BothAssessments(
            rules=rules,
            llm=self.assess(article, taxonomy, rulings, proposal),
            refusal=Refusal.MALFORMED,
            published_llm=None,
            published_rules=None,
        )

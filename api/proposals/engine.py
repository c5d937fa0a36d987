"""The second judge: a language model's stored answers, held to the text, over the assessment of the rules.

It calls nothing: the answers are an argument (`proposal.py`). Where they cannot be used, and for satire, which
only the rules can tell, the assessment has the content of the rules under this engine's reference.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from api.analysis.engines.rules import RulesEngine
from api.analysis.engines.story_engine import Admitted, StoryEngine
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.proposals.agreement import agreement
from api.proposals.excerpt import excerpt
from api.proposals.grounded import Refusal, RefusedAnswer
from api.proposals.numbered_text import numbered, numbered_parts
from api.proposals.prompts import judgement_messages, judgement_prompt, prose_messages, prose_prompt
from api.proposals.proposals_digest import prompts_digest, proposals_digest
from api.proposals.read_proposal import read_judgement, read_proposal
from api.proposals.requests import BothAssessments, Call, ModelRequest, ProseStep
from api.proposals.second_assessment import second_assessment, written_by
from schemas.assessments import Assessment, EngineRef, ModelUse, NotScorable
from schemas.enums import Writer
from schemas.score_explanations import ReadAgain
from schemas.taxonomy import Taxonomy

NAME: Final = "llm"
VERSION: Final = "0.1.0"


class LanguageModelEngine(StoryEngine[EncodedDocument]):
    """Judges by a proposal. Like the others, never raises on any text and any bytes."""

    def __init__(self) -> None:
        self._rules = RulesEngine()
        self._prompts = prompts_digest()  # a confined process reads no files later
        prose_prompt()
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
        """The judgement of the proposal, a `Proposal` as JSON."""
        rules = self._rules.scored(article, document, taxonomy, rulings)
        read = read_proposal(document, taxonomy, rulings, proposal)
        assessment, own = rules, set[str]()
        is_satire = rules.spin is not None and rules.spin.satire
        if not is_satire and not isinstance(read.judgement, Refusal):
            assessment, own = second_assessment(document, taxonomy, rules, read.judgement, read.prose)
        used = ModelUse(
            name=read.model,
            prompt=self._prompts,
            proposal=hashlib.sha256(proposal or b"").hexdigest(),
            recorded=read.recorded,
            written_by=written_by(assessment, own, Writer.RECORDED if read.recorded else Writer.LLM),
            passed=read.drops.passed,
            repaired=read.drops.repaired,
            dropped=read.drops.dropped,
        )
        return replace(assessment, engine=self._ref, model=used)

    def read_again(
        self,
        article: Article,
        said: Assessment,
        taxonomy: Taxonomy,
        rulings: Sequence[Ruling] = (),
        proposal: bytes | None = None,
    ) -> list[ReadAgain]:
        """[]: the model has read no shorter text."""
        return []

    def refusal(
        self,
        article: Article,
        taxonomy: Taxonomy,
        rulings: Sequence[Ruling] = (),
        proposal: bytes | None = None,
    ) -> Refusal | None:
        """Why the assessment would have the content of the rules; None if it would be the model's."""
        admitted = self.admitted(article, taxonomy)
        said = self.judged(article, admitted, taxonomy, rulings, proposal)
        return self._refusal_of(said, admitted, taxonomy, proposal)

    def _refusal_of(
        self,
        said: Assessment,
        admitted: Admitted[EncodedDocument] | NotScorable,
        taxonomy: Taxonomy,
        proposal: bytes | None,
    ) -> Refusal | None:
        """Why an assessment of this engine has the content of the rules."""
        if said.spin is None or isinstance(admitted, NotScorable):
            return Refusal.NOT_SCORABLE
        if said.spin.satire:
            return Refusal.SATIRE
        if said.model is not None and said.model.written_by["spin.primary"] is not Writer.RULES:
            return None
        judgement = read_proposal(admitted.document, taxonomy, (), proposal).judgement
        assert isinstance(judgement, Refusal), "else the model had judged"
        return judgement

    def judgement_requests(self, article: Article, taxonomy: Taxonomy, secret: bytes) -> list[ModelRequest]:
        """One request for each part of the text; [] if the gate refuses the article."""
        admitted = self.admitted(article, taxonomy)
        if isinstance(admitted, NotScorable):
            return []
        prompt, parts = judgement_prompt(taxonomy), numbered_parts(admitted.document, secret)
        return [
            ModelRequest.of(Call.JUDGEMENT, number, judgement_messages(prompt, admitted.document, part))
            for number, part in enumerate(parts)
        ]

    def prose_request(
        self, article: Article, taxonomy: Taxonomy, secret: bytes, judgements: Sequence[str]
    ) -> ProseStep:
        """The request for prose, from the answers to the first call in text order."""
        admitted = self.admitted(article, taxonomy)
        if isinstance(admitted, NotScorable):
            return ProseStep(request=None, refusal=Refusal.NOT_SCORABLE)
        document = admitted.document
        judgement = read_judgement(document, taxonomy, judgements)
        if isinstance(judgement, RefusedAnswer):
            return ProseStep(request=None, refusal=judgement.reason)
        part = numbered(document, secret, excerpt(document, judgement))
        messages = prose_messages(prose_prompt(), part, judgement)
        return ProseStep(request=ModelRequest.of(Call.PROSE, 0, messages), refusal=None)

    def judge_both(
        self, article: Article, taxonomy: Taxonomy, rulings: Sequence[Ruling], proposal: bytes
    ) -> BothAssessments:
        """Both assessments, each as its engine gives it, and their agreement."""
        admitted = self.admitted(article, taxonomy)  # one parse for both, which read alike
        rules = self._rules.judged(article, admitted, taxonomy, rulings)
        llm = self.judged(article, admitted, taxonomy, rulings, proposal)
        return BothAssessments(
            rules=rules,
            llm=llm,
            refusal=self._refusal_of(llm, admitted, taxonomy, proposal),
            published_llm=agreement(llm, rules, article),
            published_rules=agreement(rules, llm, article),
        )

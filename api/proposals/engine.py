"""The second judge: a language model's stored answers, held to the text, over the assessment of the rules.

It calls nothing: the answers are an argument (`proposal.py`). Where they cannot be used, and for satire, which
only the rules can tell, the assessment has the content of the rules under this engine's reference. In the
languages of `languages/`, which the rules refuse, the model judges alone.
"""

import hashlib
from collections.abc import Sequence
from typing import Final, cast

from msgspec.structs import replace

from api.analysis.engines.rules import RulesEngine
from api.analysis.engines.story_engine import Admitted, StoryEngine
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.text.article import Article
from api.analysis.text.document import Text
from api.analysis.text.rulings import Ruling
from api.proposals.agreement import agreement
from api.proposals.excerpt import excerpt
from api.proposals.grounded import Refusal, RefusedAnswer
from api.proposals.languages.codes import ProseLanguage, is_unparsed, language_of_prose
from api.proposals.languages.gate import gate_unparsed
from api.proposals.languages.unparsed_text import read_unparsed
from api.proposals.numbered_text import numbered, numbered_parts
from api.proposals.prompts import (
    for_text,
    judgement_messages,
    judgement_prompt,
    prose_messages,
    prose_prompt,
    read_prompts,
)
from api.proposals.proposals_digest import prompts_digest, proposals_digest
from api.proposals.read_proposal import read_judgement, read_proposal
from api.proposals.requests import BothAssessments, Call, ModelRequest, ProseStep
from api.proposals.second_assessment import second_assessment, written_by
from api.proposals.sole_assessment import sole_assessment, sole_writers
from schemas.assessments import Assessment, EngineRef, ModelUse, NotScorable
from schemas.enums import Writer
from schemas.score_explanations import ReadAgain
from schemas.taxonomy import Taxonomy

NAME: Final = "llm"
VERSION: Final = "0.1.0"


class LanguageModelEngine(StoryEngine[Text]):
    """Judges by a proposal. Like the others, never raises on any text and any bytes."""

    def __init__(self) -> None:
        self._rules = RulesEngine()
        self._prompts = prompts_digest()  # a confined process reads no files later
        read_prompts()
        super().__init__(
            EngineRef(name=NAME, version=VERSION, digest=proposals_digest(self._rules.ref.digest))
        )

    def read(self, article: Article) -> Text:
        """As the rules read it; without a parse if they cannot."""
        return read_unparsed(article) if is_unparsed(article.language) else self._rules.read(article)

    def gate(self, article: Article, document: Text | None, taxonomy: Taxonomy) -> NotScorable | None:
        """Why the article cannot be judged, by the rules' signs as far as its language has them."""
        if is_unparsed(article.language):
            return gate_unparsed(article, document)
        return super().gate(article, document, taxonomy)

    def scored(
        self,
        article: Article,
        document: Text,
        taxonomy: Taxonomy,
        rulings: Sequence[Ruling],
        proposal: bytes | None = None,
    ) -> Assessment:
        """The judgement of the proposal, a `Proposal` as JSON."""
        read = read_proposal(document, taxonomy, rulings, proposal)
        model = Writer.RECORDED if read.recorded else Writer.LLM
        judgement = read.judgement
        if isinstance(document, EncodedDocument):
            assessment, own = self._rules.scored(article, document, taxonomy, rulings), set[str]()
            is_satire = assessment.spin is not None and assessment.spin.satire
            if not is_satire and not isinstance(judgement, Refusal):
                assessment, own = second_assessment(document, taxonomy, assessment, judgement, read.prose)
            writers = written_by(assessment, own, model)
        else:
            assessment, own = self._rules.assess(article, taxonomy), set[str]()
            if not isinstance(judgement, Refusal):
                assessment, own = sole_assessment(document, taxonomy, assessment, judgement, read.prose)
            writers = sole_writers(assessment, own, model)
        used = ModelUse(
            name=read.model,
            prompt=self._prompts,
            proposal=hashlib.sha256(proposal or b"").hexdigest(),
            recorded=read.recorded,
            language=language_of_prose(article.language, read.prose_language),
            calibrated=not is_unparsed(article.language),
            written_by=writers,
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
        admitted: Admitted[Text] | NotScorable,
        taxonomy: Taxonomy,
        proposal: bytes | None,
    ) -> Refusal | None:
        """Why an assessment of this engine has the content of the rules."""
        if isinstance(admitted, NotScorable):
            return Refusal.NOT_SCORABLE
        if said.spin is not None and said.spin.satire:
            return Refusal.SATIRE
        if said.model is not None and said.model.written_by["spin.primary"] in (Writer.LLM, Writer.RECORDED):
            return None
        judgement = read_proposal(admitted.document, taxonomy, (), proposal).judgement
        assert isinstance(judgement, Refusal), "else the model had judged"
        return judgement

    def judgement_requests(
        self,
        article: Article,
        taxonomy: Taxonomy,
        secret: bytes,
        prose_language: ProseLanguage = ProseLanguage.STORY,
    ) -> list[ModelRequest]:
        """One request for each part of the text; [] if the gate refuses the article."""
        admitted = self.admitted(article, taxonomy)
        if isinstance(admitted, NotScorable):
            return []
        document = admitted.document
        prompt = for_text(judgement_prompt(taxonomy), document, prose_language)
        return [
            ModelRequest.of(Call.JUDGEMENT, number, judgement_messages(prompt, document, part))
            for number, part in enumerate(numbered_parts(document, secret))
        ]

    def prose_request(
        self,
        article: Article,
        taxonomy: Taxonomy,
        secret: bytes,
        judgements: Sequence[str],
        prose_language: ProseLanguage = ProseLanguage.STORY,
    ) -> ProseStep:
        """The request for prose, from the answers to the first call in text order."""
        admitted = self.admitted(article, taxonomy)
        if isinstance(admitted, NotScorable):
            return ProseStep(request=None, refusal=Refusal.NOT_SCORABLE)
        document = admitted.document
        judgement = read_judgement(document, taxonomy, judgements, prose_language=prose_language)
        if isinstance(judgement, RefusedAnswer):
            return ProseStep(request=None, refusal=judgement.reason)
        part = numbered(document, secret, excerpt(document, judgement))
        messages = prose_messages(for_text(prose_prompt(), document, prose_language), part, judgement)
        return ProseStep(request=ModelRequest.of(Call.PROSE, 0, messages), refusal=None)

    def judge_both(
        self, article: Article, taxonomy: Taxonomy, rulings: Sequence[Ruling], proposal: bytes
    ) -> BothAssessments:
        """Both assessments, each as its engine gives it, and their agreement, if both score the text."""
        admitted = self.admitted(article, taxonomy)
        if is_unparsed(article.language):
            rules = self._rules.assess(article, taxonomy, rulings)
        else:  # one parse for both, which read alike
            parsed = cast("Admitted[EncodedDocument] | NotScorable", admitted)
            rules = self._rules.judged(article, parsed, taxonomy, rulings)
        llm = self.judged(article, admitted, taxonomy, rulings, proposal)
        return BothAssessments(
            rules=rules,
            llm=llm,
            refusal=self._refusal_of(llm, admitted, taxonomy, proposal),
            published_llm=agreement(llm, rules, article),
            published_rules=agreement(rules, llm, article),
        )

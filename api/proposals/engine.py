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
from api.proposals.asked_findings import Asked, asked_findings
from api.proposals.drops import Checked, DropReason
from api.proposals.excerpt import excerpt
from api.proposals.ground_review import ground_review
from api.proposals.grounded import Drops, GroundedReview, Refusal, RefusedAnswer
from api.proposals.languages.checks import checks_of
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
    review_messages,
    review_prompt,
)
from api.proposals.proposals_digest import prompts_digest, proposals_digest
from api.proposals.read_proposal import read_judgement, read_proposal, review_in
from api.proposals.requests import BothAssessments, Call, ModelRequest, ProseStep
from api.proposals.reviewed_findings import reviewed_findings
from api.proposals.second_assessment import second_assessment, written_by
from api.proposals.sole_assessment import sole_assessment, sole_writers
from schemas.agreements import ReviewedFinding
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
        # a confined process reads no files later
        self._prompts, self._with_review = prompts_digest(with_review=False), prompts_digest(with_review=True)
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
        judgement, drops = read.judgement, read.drops
        if isinstance(document, EncodedDocument):
            rules = assessment = self._rules.scored(article, document, taxonomy, rulings)
            own = set[str]()
            if not _is_satire(rules) and not isinstance(judgement, Refusal):
                assessment, own = second_assessment(document, taxonomy, rules, judgement, read.prose)
                if read.review is not None:
                    given = rules if not rulings else None
                    review = self.read_review(article, document, taxonomy, read.review, given)
                    drops = _with_drops(drops, review)
            writers = written_by(assessment, own, model)
        else:
            assessment, own = self._rules.assess(article, taxonomy), set[str]()
            if not isinstance(judgement, Refusal):
                assessment, own = sole_assessment(document, taxonomy, assessment, judgement, read.prose)
            writers = sole_writers(assessment, own, model)
        used = ModelUse(
            name=read.model,
            prompt=self._prompts if read.review is None else self._with_review,
            proposal=hashlib.sha256(proposal or b"").hexdigest(),
            recorded=read.recorded,
            language=language_of_prose(article.language, read.prose_language),
            calibrated=not is_unparsed(article.language),
            written_by=writers,
            passed=drops.passed,
            repaired=drops.repaired,
            dropped=drops.dropped,
        )
        return replace(assessment, engine=self._ref, model=used)

    def read_review(
        self,
        article: Article,
        document: Text,
        taxonomy: Taxonomy,
        answer: bytes,
        rules: Assessment | None = None,
    ) -> GroundedReview | RefusedAnswer:
        """The third answer. `rules` is the rules' assessment of the document without rulings, if it is known."""
        asked = self._asked(article, document, taxonomy, rules)
        return ground_review(checks_of(document), asked.findings, answer)

    def _asked(
        self, article: Article, document: Text, taxonomy: Taxonomy, rules: Assessment | None = None
    ) -> Asked:
        """The findings of the rules that the third call asks about; none of a satire, or if they cannot read."""
        if not isinstance(document, EncodedDocument):
            return asked_findings(document, [])
        rules = rules or self._rules.scored(article, document, taxonomy, ())
        return asked_findings(document, [] if _is_satire(rules) else rules.findings)

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
        if _is_satire(said):
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

    def review_request(self, article: Article, taxonomy: Taxonomy, secret: bytes) -> ModelRequest | None:
        """The request about the findings of the rules; None if they have none to ask about."""
        admitted = self.admitted(article, taxonomy)
        if isinstance(admitted, NotScorable):
            return None
        document = admitted.document
        asked = self._asked(article, document, taxonomy)
        if not asked.findings:
            return None
        part = numbered(document, secret, asked.sentences)
        messages = review_messages(review_prompt(taxonomy), document, part, asked)
        return ModelRequest.of(Call.REVIEW, 0, messages, rules=self._rules.ref.digest)

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
        refusal = self._refusal_of(llm, admitted, taxonomy, proposal)
        reviewed: list[ReviewedFinding] = []
        if refusal is None and not isinstance(admitted, NotScorable):
            reviewed = self._reviewed(article, admitted, taxonomy, rules, rulings, proposal)
        return BothAssessments(
            rules=rules,
            llm=llm,
            refusal=refusal,
            published_llm=agreement(llm, rules, article, reviewed),
            published_rules=agreement(rules, llm, article, reviewed),
        )

    def _reviewed(
        self,
        article: Article,
        admitted: Admitted[Text],
        taxonomy: Taxonomy,
        rules: Assessment,
        rulings: Sequence[Ruling],
        proposal: bytes,
    ) -> list[ReviewedFinding]:
        """The model's choices among the findings of the rules."""
        answer = review_in(proposal)
        if answer is None:
            return []
        review = self.read_review(article, admitted.document, taxonomy, answer)
        return (
            []
            if isinstance(review, RefusedAnswer)
            else reviewed_findings(rules, review, article, rulings, admitted.story.cuts)
        )


def _is_satire(assessment: Assessment) -> bool:
    return assessment.spin is not None and assessment.spin.satire


def _with_drops(drops: Drops, review: GroundedReview | RefusedAnswer) -> Drops:
    """The checks of all answers."""
    counts = Checked()
    counts.add(drops)
    counts.add(review.drops)
    if isinstance(review, RefusedAnswer):
        counts.drop(DropReason.REFUSED_ANSWER)
    return counts.drops

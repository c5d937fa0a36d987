"""The fast engine: the rules engine without parser and encoder, for archives and triage.

It fills the fields that words and characters suffice for: type, score with ledger, loaded terms, most findings,
claims, evidence. The others are null: names, voices, beneficiaries, omissions, a summary, and all generated
sentences.
"""

from collections.abc import Sequence
from functools import cache

import msgspec
from threadpoolctl import threadpool_limits

from api.analysis.claims.claims import with_missing_unknown
from api.analysis.content.categories import categories_of
from api.analysis.content.grounding import Grounding
from api.analysis.content.summary import TLDR_SENTENCES, flat_line, stands_alone
from api.analysis.engines.empty_assessment import empty_assessment
from api.analysis.engines.engine_digest import engine_digest
from api.analysis.engines.fast.claims import central_claims, skim_features
from api.analysis.engines.fast.evidence import evidence_model
from api.analysis.engines.fast.keywords import keywords
from api.analysis.engines.fast.skimming import TaggedText, skim
from api.analysis.engines.satire_verdict import satire_claims
from api.analysis.engines.story_engine import StoryEngine
from api.analysis.framing.spin import judge
from api.analysis.models.weights import Weights
from api.analysis.people.source_role import source_role
from api.analysis.prose.integrity import integrity
from api.analysis.text.article import Article
from api.analysis.text.data_files import data_file
from api.analysis.text.rulings import Ruling
from schemas.assessments import Assessment, EngineRef
from schemas.enums import SpinType, StoryStatus
from schemas.taxonomy import Taxonomy

NAME = "rules-fast"
VERSION = "0.11.0"
_TERMS = 2  # loaded terms quoted in the reasons for the risk


@cache
def fast_weights() -> Weights:
    """The shipped weights."""
    return data_file("models/fast_weights.json", Weights)


class FastEngine(StoryEngine[TaggedText]):
    """`Engine` by words and characters."""

    def __init__(self) -> None:
        threadpool_limits(limits=1, user_api="blas")
        super().__init__(EngineRef(name=NAME, version=VERSION, digest=engine_digest(fast=True)))

    def read(self, article: Article) -> TaggedText:
        """Without a parse."""
        return skim(article)

    def scored(
        self,
        article: Article,
        document: TaggedText,
        taxonomy: Taxonomy,
        rulings: Sequence[Ruling],
        proposal: bytes | None = None,
    ) -> Assessment:
        """The fields that need no parse; the others are null. `proposal` is ignored."""
        judgement = judge(document, taxonomy, rulings, table=fast_weights())
        spin = judgement.spin
        role = source_role(document, [], [], spin.stance)
        strength = evidence_model().strength(judgement.measures)
        central = central_claims(document, skim_features(document), strength)
        claims = with_missing_unknown(central)
        if spin.satire:
            claims = satire_claims(claims)
        points = [flat_line(c.sentence.text) for c in central if stands_alone(c.sentence)]
        categories, vertical = categories_of(document)
        terms = judgement.loaded_terms
        own = [(term.term, term.voice) for term in terms if spin.primary in (term.type, SpinType.NONE)]
        return msgspec.structs.replace(
            empty_assessment(article, self._ref, taxonomy, status=StoryStatus.SCORED, role=role),
            spin=spin,
            ledger=judgement.ledger,
            findings=judgement.findings,
            loaded_terms=judgement.loaded_terms,
            ablations=judgement.ablations,
            tldr=points[:TLDR_SENTENCES],
            keywords=keywords(document),
            integrity=integrity(
                central,
                claims,
                spin=spin,
                strength=strength,
                role=role,
                phrases=_Unnamed(),
                terms=own[:_TERMS],
                grounding=Grounding(document.article),
            ),
            claims=claims,
            categories=categories,
            vertical=vertical,
        )


class _Unnamed:
    """Gives no claim a short name, which would need a parse."""

    def of_claim(self, number: int) -> str | None:
        return None

    def relayed(self, number: int) -> tuple[str, str] | None:
        return None

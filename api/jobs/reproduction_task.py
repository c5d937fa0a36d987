"""The task of a page process for a reproduction; a confined process can import nothing later."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.equal_digests import same_engine
from api.pages.reader import engine
from schemas.assessments import EngineRef
from schemas.taxonomy import Taxonomy


class SecondReading(Struct, kw_only=True, frozen=True):
    """The process's engine and its assessment as JSON; None if it judged nothing."""

    engine: EngineRef
    assessment: bytes | None


def judge_again(
    article: Article | None,
    taxonomy: Taxonomy,
    rulings: Sequence[Ruling],
    wanted: EngineRef,
    load: str,
    proposal: bytes | None,
) -> SecondReading:
    """Judge the article record, if there is one and this is the wanted engine."""
    installed = engine(load)
    if article is None or not same_engine(installed.ref.digest, wanted.digest):
        return SecondReading(engine=installed.ref, assessment=None)
    assessment = installed.assess(article, taxonomy, rulings, proposal)
    # record the wanted digest for an equal engine
    same = msgspec.structs.replace(assessment, engine=wanted)
    return SecondReading(engine=installed.ref, assessment=msgspec.json.encode(same))

"""What a page process does for a reproduction. What it needs is imported there, as in `api.pages.reader`."""

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
    """The process's engine, and its assessment as JSON. `assessment` is None if it judged nothing."""

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
    """Judge an article record, where there is one and this engine is the one that is wanted."""
    installed = engine(load)
    if article is None or not same_engine(installed.ref.digest, wanted.digest):
        return SecondReading(engine=installed.ref, assessment=None)
    assessment = installed.assess(article, taxonomy, rulings, proposal)
    # an equal engine goes by the digest that is wanted
    same = msgspec.structs.replace(assessment, engine=wanted)
    return SecondReading(engine=installed.ref, assessment=msgspec.json.encode(same))

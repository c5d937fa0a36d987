"""The tasks of a page process that judges a verdict's text again; a confined process can import nothing later."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.equal_digests import same_engine
from api.pages.reader import engine
from schemas.assessments import Assessment, EngineRef
from schemas.score_explanations import ReadAgain
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


def read_without_sentences(
    article: Article,
    said: str,
    taxonomy: Taxonomy,
    rulings: Sequence[Ruling],
    wanted: EngineRef,
    load: str,
    proposal: bytes | None,
) -> list[ReadAgain] | None:
    """Judge the article record without some sentences; None if this is not the wanted engine.

    `said` is the assessment of the whole article as JSON.
    """
    installed = engine(load)
    if not same_engine(installed.ref.digest, wanted.digest):
        return None
    assessment = msgspec.json.decode(said, type=Assessment)
    return installed.read_again(article, assessment, taxonomy, rulings, proposal)

"""Decides whether a new reading changes a story's verdict, and why."""

import msgspec

from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.engines import LLM
from api.equal_digests import same_engine
from api.operations.stories.edition import Edition
from api.operations.stories.identify_story import Relation, identify_story
from api.pages.typography import same_wording
from api.storage.database.pool import Connection
from api.storage.stories.inputs import get_article
from api.storage.stories.verdicts import VerdictRecord, get_verdict
from schemas.assessments import Assessment
from schemas.enums import NotScorableReason, StoryStatus, VerdictReason


async def makes_version(connection: Connection, edition: Edition) -> bool:
    """Whether the publication of this reading of a page would make a version now. Locks its story."""
    identity = await identify_story(connection, edition)
    story = identity.story
    if story is None or identity.relation is Relation.ORIGINAL:
        return True
    if identity.relation is Relation.COPY or story.status == StoryStatus.RETRACTED:
        return False
    current = await get_verdict(connection, story.verdict_id)
    return current is None or not await is_unchanged(connection, current, identity.edition)


async def is_unchanged(connection: Connection, current: VerdictRecord, edition: Edition) -> bool:
    """Whether the new assessment has the same content as the current one, for the same text.

    Ignored are page metadata that changes no finding, and typography. An imported verdict may lack part of the
    text, so its input, engine, taxonomy and rulings are compared instead. One judge's reading is compared with
    its own part of a verdict by two; a reading by two must equal both parts.
    """
    if edition.second is not None:
        if current.second is None:
            return False
        alone = msgspec.structs.replace(edition, assessment=edition.second, second=None)
        if not await is_unchanged(connection, current, alone):
            return False
    assessment = edition.assessment
    if _is_refused_for_language(edition) and current.engine_name == LLM.name and current.second is None:
        return current.text_sha256 == assessment.text_sha256  # the model has judged it alone
    current = _by(current, assessment.engine.name)
    if current.served is not None and current.input_digest == assessment.input_digest:
        return (
            same_engine(current.engine_digest, assessment.engine.digest)
            and current.taxonomy_version == assessment.taxonomy_version
            and msgspec.json.decode(current.rulings, type=list[Ruling]) == edition.rulings
        )
    recorded = msgspec.json.decode(current.assessment, type=Assessment)
    if same_engine(recorded.engine.digest, assessment.engine.digest):
        recorded = msgspec.structs.replace(recorded, engine=assessment.engine)
    if current.text_sha256 != assessment.text_sha256:
        return await _same_wording(connection, current, recorded, edition)
    return msgspec.structs.replace(recorded, input_digest=assessment.input_digest) == assessment


async def _same_wording(
    connection: Connection, current: VerdictRecord, recorded: Assessment, edition: Edition
) -> bool:
    """Whether the page has changed only in typography, and the engine and taxonomy not at all.

    Rulings refer to the old text, and stay valid as long as its verdict is current.
    """
    assessment = edition.assessment
    if (recorded.engine, recorded.taxonomy_version) != (assessment.engine, assessment.taxonomy_version):
        return False
    stored = await get_article(connection, current.story_id, current.input_digest)
    if stored is None or current.served is not None:
        return False
    article = msgspec.json.decode(stored, type=Article)
    same_source = article.source == edition.article.source
    return same_source and same_wording(article.text, edition.article.text)


def _is_refused_for_language(edition: Edition) -> bool:
    refusal = edition.assessment.not_scorable
    return refusal is not None and refusal.reason is NotScorableReason.UNSUPPORTED_LANGUAGE


def _by(verdict: VerdictRecord, engine: str) -> VerdictRecord:
    """The verdict with the part of the engine of that name as its assessment; unchanged if it has none."""
    if verdict.second is None or verdict.engine_name == engine:
        return verdict
    other = msgspec.json.decode(verdict.second, type=Assessment)
    return msgspec.structs.replace(
        verdict,
        engine_name=other.engine.name,
        engine_version=other.engine.version,
        engine_digest=other.engine.digest,
        assessment=verdict.second,
        second=None,
    )


def _answers_in(verdict: VerdictRecord) -> str | None:
    """The digest of the model's answers on which a verdict rests; None without any."""
    used = msgspec.json.decode(_by(verdict, LLM.name).assessment, type=Assessment).model
    return used.proposal if used else None


def _answers_of(edition: Edition) -> str | None:
    found = (assessment.model for assessment in (edition.assessment, edition.second) if assessment)
    return next((used.proposal for used in found if used), None)


def reason_of(current: VerdictRecord, edition: Edition) -> VerdictReason:
    """The reason for a new version; of several, the one that a reader can check first."""
    assessment = edition.assessment
    has_answers = edition.by_model and _answers_in(current) != _answers_of(edition)
    current = _by(current, assessment.engine.name)
    if current.text_sha256 != assessment.text_sha256:
        return VerdictReason.SOURCE_EDITED
    if msgspec.json.decode(current.rulings, type=list[Ruling]) != edition.rulings:
        return VerdictReason.APPEAL_UPHELD
    if has_answers:
        return VerdictReason.SECOND_OPINION
    if not same_engine(current.engine_digest, assessment.engine.digest):
        return VerdictReason.ENGINE_UPGRADED
    if current.taxonomy_version != assessment.taxonomy_version:
        return VerdictReason.TAXONOMY_CHANGED
    return VerdictReason.SOURCE_EDITED

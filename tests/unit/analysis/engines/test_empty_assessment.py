"""The empty assessment: null means not computed, [] means none found; common fields are present."""

import msgspec

from api.analysis.engines.empty_assessment import empty_assessment, nothing_found
from schemas.assessments import Assessment
from schemas.enums import StoryStatus
from tests.kit.texts.articles import article
from tests.kit.texts.factories import ENGINE, make_refusal
from tests.kit.texts.taxonomy import TAXONOMY

ARTICLE = article("It is June.", "Corvell")
EMPTY = empty_assessment(
    ARTICLE,
    ENGINE,
    TAXONOMY,
    status=StoryStatus.NOT_SCORABLE,
    role=make_refusal(ARTICLE).source_role,
)
SAID = {"status", "engine", "taxonomy_version", "input_digest", "text_sha256", "source_role"}


def test_says_nothing_but_of_what() -> None:
    assert {name for name in Assessment.__struct_fields__ if getattr(EMPTY, name) not in (None, [])} == SAID
    assert (EMPTY.input_digest, EMPTY.taxonomy_version) == (ARTICLE.digest, TAXONOMY.version)


def test_is_null_wherever_null_may_stand() -> None:
    lists = {name for name in Assessment.__struct_fields__ if getattr(EMPTY, name) == []}
    null = {name for name in Assessment.__struct_fields__ if getattr(EMPTY, name) is None}
    assert {"ledger", "findings", "loaded_terms", "claims", "tldr", "keywords", "categories"} <= lists
    assert {"spin", "deck", "voices", "ablations", "left_out", "mechanics", "vertical"} <= null
    assert msgspec.json.decode(msgspec.json.encode(EMPTY), type=Assessment) == EMPTY


def test_says_none_found_in_lists_alone() -> None:
    found = nothing_found(EMPTY)
    assert (found.voices, found.ablations, found.left_out) == ([], [], [])
    assert (found.spin, found.deck, found.mechanics, found.vertical) == (None, None, None, None)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Assessment) == found


def test_gives_each_assessment_lists_of_its_own() -> None:
    assert nothing_found(EMPTY).voices is not nothing_found(EMPTY).voices

"""The table of engines agrees with the engines."""

from typing import get_args, get_type_hints

import pytest

from api.engines import ENGINES, FAST, FULL, LLM, EngineSpec, engine_named, engine_of, method_of
from api.pages.reader import engine
from api.proposals.languages.codes import LANGUAGES
from api.settings.fields import Settings
from tests.kit.tables import each
from tests.kit.texts.taxonomy import TAXONOMY


class TestTheTable:
    def test_knows_no_other_profile(self) -> None:
        with pytest.raises(KeyError):
            engine_of("medium")

    def test_knows_no_other_name(self) -> None:
        assert engine_named("oracle") is None
        assert method_of("oracle") == "oracle"

    def test_has_an_engine_for_each_value_of_the_setting(self) -> None:
        assert set(get_args(get_type_hints(Settings)["engine_profile"])) == {
            spec.profile
            for spec in ENGINES
            if spec is not LLM  # the second judge
        }
        assert engine_of(Settings().engine_profile) is FULL

    @each("spec", ENGINES)
    def test_matches_the_engines(self, spec: EngineSpec) -> None:
        created = engine(spec.load)
        assert (created.ref.name, created.ref.digest) == (spec.name, spec.digest())
        alone = LANGUAGES if spec is LLM else ()
        assert spec.languages == {*TAXONOMY.languages, *alone}
        assert engine_named(spec.name) is spec

    async def test_asks_nobody_for_engines_that_propose_nothing(self) -> None:
        for spec in (FULL, FAST):
            assert spec.repeatable
            assert spec.propose is None

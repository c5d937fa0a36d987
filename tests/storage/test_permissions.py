"""Which texts may be sent to a language model, by source, page and setting."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from msgspec.structs import replace

from api.operations.language_models.permissions import (
    Withheld,
    why_draft_withheld,
    why_story_withheld,
    why_withheld,
)
from api.operations.stories.correct_source import correct_source
from api.operations.stories.edition import Again
from api.runtime.runtime import Runtime
from api.settings import Settings
from api.storage.log.audit_log import Actor, Origin
from api.storage.stories.inputs import get_model_terms, get_stored_input
from api.web.opt_outs import OptOut
from schemas.enums import ModelPermission
from schemas.sources import SourceCorrection
from tests.kit.servers.runtimes import running_runtime
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish

NEVER, LOCAL, ALLOWED = ModelPermission
SERVICE = Origin(actor=Actor.SERVICE)
NOAI = [OptOut.META_ROBOTS]
HERE, ELSEWHERE = "http://127.0.0.1:8081/v1", "https://models.example/v1"

# The source's own permission, the default, and why a text is withheld: not opted out, unknown, opted out; first
# from a local model, then from another.
TABLE: list[tuple[ModelPermission | None, ModelPermission, list[Withheld | None]]] = [
    (NEVER, NEVER, [Withheld.NEVER] * 6),
    (NEVER, LOCAL, [Withheld.NEVER] * 6),
    (NEVER, ALLOWED, [Withheld.NEVER] * 6),
    (None, NEVER, [Withheld.NEVER] * 6),
    *(
        (source, default, [None, None, Withheld.OPTED_OUT, *[Withheld.LOCAL_ONLY] * 2, Withheld.OPTED_OUT])
        for source, default in ((None, LOCAL), (LOCAL, NEVER), (LOCAL, LOCAL), (LOCAL, ALLOWED))
    ),
    (None, ALLOWED, [None, None, Withheld.OPTED_OUT, None, Withheld.OPT_OUTS_UNKNOWN, Withheld.OPTED_OUT]),
    (ALLOWED, NEVER, [None] * 6),
    (ALLOWED, LOCAL, [None] * 6),
    (ALLOWED, ALLOWED, [None] * 6),
]


class TestAText:
    def test_is_in_the_table_with_every_permission_and_default(self) -> None:
        assert len({(source, default) for source, default, _ in TABLE}) == len(TABLE) == 12

    @pytest.mark.parametrize(("source", "default", "expected"), TABLE)
    def test_is_sent_by_the_table(
        self, source: ModelPermission | None, default: ModelPermission, expected: list[Withheld | None]
    ) -> None:
        cases = [(is_local, opted_out) for is_local in (True, False) for opted_out in (False, None, True)]
        assert [
            why_withheld(source=source, default=default, opted_out=opted_out, is_local=is_local)
            for is_local, opted_out in cases
        ] == expected

    @pytest.mark.parametrize(
        ("drafts", "opted_out", "is_local", "expected"),
        [
            (NEVER, False, True, Withheld.NEVER),
            (LOCAL, False, False, Withheld.LOCAL_ONLY),
            (LOCAL, False, True, None),
            (ALLOWED, False, False, None),
            (ALLOWED, True, True, Withheld.OPTED_OUT),
        ],
    )
    def test_of_a_draft_is_sent_as_the_setting_for_drafts_says(
        self, drafts: ModelPermission, opted_out: bool, is_local: bool, expected: Withheld | None
    ) -> None:
        assert why_draft_withheld(drafts=drafts, opted_out=opted_out, is_local=is_local) == expected

    def test_of_a_draft_and_of_an_unknown_source_stays_here_by_default(self) -> None:
        settings = Settings()
        assert (settings.llm_default_policy, settings.llm_drafts) == (LOCAL, NEVER)


@pytest.fixture
async def runtime(database_url: str) -> AsyncIterator[Runtime]:
    async with running_runtime(UNSPUN_DATABASE_URL=database_url) as runtime:
        yield runtime


async def _publish(runtime: Runtime, score: int = 30, **changes: Any) -> str:
    article = make_article()
    edition = make_edition(article, make_assessment(article, score=score), **changes)
    return (await publish(runtime, edition, cached=False)).story_id


async def _opt_outs(runtime: Runtime, story_id: str) -> list[OptOut] | None:
    async with runtime.pool.connection() as connection:
        return (await get_model_terms(connection, story_id)).opt_outs


async def _correct(runtime: Runtime, story_id: str, permission: ModelPermission | None) -> None:
    async with runtime.pool.transaction() as connection:
        source = await connection.fetchval("SELECT source_id FROM stories WHERE id = $1", story_id)
        correction = SourceCorrection(model_use=permission)
        await correct_source(connection, runtime.clock, source, correction, origin=SERVICE)


async def _withheld(
    runtime: Runtime, story_id: str, url: str, default: str = "local_only"
) -> Withheld | None:
    variables = {"UNSPUN_LLM_URL": url, "UNSPUN_LLM_MODEL": "tern", "UNSPUN_LLM_DEFAULT_POLICY": default}
    settings = Settings.from_environment(variables)
    async with runtime.pool.connection() as connection:
        return await why_story_withheld(connection, settings, story_id)


class TestAStory:
    async def test_is_unknown(self, runtime: Runtime) -> None:
        with pytest.raises(LookupError):
            await _withheld(runtime, "sty_none", HERE)

    async def test_is_sent_by_setting_source_and_page(self, runtime: Runtime) -> None:
        story = await _publish(runtime, opt_outs=[])
        assert await _withheld(runtime, story, HERE) is None
        assert await _withheld(runtime, story, HERE, "never") is Withheld.NEVER
        assert await _withheld(runtime, story, ELSEWHERE) is Withheld.LOCAL_ONLY
        assert await _withheld(runtime, story, ELSEWHERE, "allowed") is None
        await _publish(runtime, opt_outs=NOAI)
        assert await _withheld(runtime, story, HERE) is Withheld.OPTED_OUT
        await _correct(runtime, story, ALLOWED)
        assert await _withheld(runtime, story, ELSEWHERE) is None
        await _correct(runtime, story, NEVER)
        assert await _withheld(runtime, story, HERE, "allowed") is Withheld.NEVER
        await _correct(runtime, story, None)
        assert await _withheld(runtime, story, HERE, "allowed") is Withheld.OPTED_OUT


class TestThePageOfAStory:
    async def test_of_an_earlier_version_is_unknown_until_it_is_read_again(self, runtime: Runtime) -> None:
        story = await _publish(runtime)
        assert await _opt_outs(runtime, story) is None
        await _publish(runtime, opt_outs=[])
        assert await _opt_outs(runtime, story) == []

    @pytest.mark.parametrize("score", [30, 80])
    async def test_counts_as_it_was_last_read_also_if_the_text_is_the_same(
        self, runtime: Runtime, score: int
    ) -> None:
        story = await _publish(runtime, opt_outs=[])
        for opt_outs in (NOAI, [OptOut.HEADER_TDM, OptOut.ROBOTS_TXT], []):
            assert await _publish(runtime, score, opt_outs=opt_outs) == story
            assert await _opt_outs(runtime, story) == opt_outs
        await _publish(runtime, score)
        assert await _opt_outs(runtime, story) == []

    @pytest.mark.parametrize("score", [30, 80])
    async def test_is_not_changed_by_a_judgement_of_the_stored_text(
        self, runtime: Runtime, score: int
    ) -> None:
        story = await _publish(runtime, opt_outs=NOAI)
        digest, now = make_article().digest, runtime.clock.now()
        again = Again(story_id=story, input_digest=digest, checked_at=now)
        await _publish(runtime, score, opt_outs=[], again=again)
        assert await _opt_outs(runtime, story) == NOAI

    async def test_goes_with_the_text_to_another_record_of_it(self, runtime: Runtime) -> None:
        """As after a correction of the source, which is a part of the record."""
        story = await _publish(runtime, opt_outs=NOAI)
        async with runtime.pool.connection() as connection:
            stored = await get_stored_input(connection, story)
        article = make_article()
        article = replace(article, source=replace(article.source, name="Brightwater Ferries"))
        again = Again(story_id=story, input_digest=stored.digest, checked_at=stored.checked_at)
        edition = make_edition(
            article, make_assessment(article, score=80), again=again, opt_outs=stored.opt_outs
        )
        assert (await publish(runtime, edition, cached=False)).story_id == story
        assert article.digest != stored.digest
        assert await _opt_outs(runtime, story) == NOAI

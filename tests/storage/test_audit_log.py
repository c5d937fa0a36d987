"""The audit log is append-only."""

from datetime import UTC, datetime

import asyncpg
import pytest

from api.storage.log.audit_log import Actor, Origin, append_audit, object_sha256
from schemas.index import Index
from tests.kit.audit_lines import list_audit

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BEFORE, AFTER = (Index(name=name, version="1", links={}, webhooks_from=[]) for name in ("before", "after"))
ORIGIN = Origin(actor=Actor.KEY, account_id="acc_x", key_id="key_x", address="2001:db8::1", request_id="r1")


class TestTheLog:
    @pytest.mark.parametrize(
        "statement", ["UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"]
    )
    async def test_refuses_every_change(self, owner: asyncpg.Connection, statement: str) -> None:
        await append_audit(owner, ORIGIN, "story.retracted", "sty_x", before=None, after=None, at=AT)
        with pytest.raises(asyncpg.RestrictViolationError, match="audit_log is append-only"):
            await owner.execute(statement)
        assert len(await list_audit(owner, "sty_x")) == 1

    async def test_refuses_a_request_without_its_key(self, owner: asyncpg.Connection) -> None:
        for origin in (Origin(actor=Actor.KEY), Origin(actor=Actor.SERVICE, key_id="key_x")):
            with pytest.raises(asyncpg.CheckViolationError):
                await append_audit(owner, origin, "story.retracted", "sty_x", before=None, after=None, at=AT)

    async def test_is_undone_with_the_transaction_of_the_action(self, owner: asyncpg.Connection) -> None:
        action = owner.transaction()
        await action.start()
        await append_audit(owner, ORIGIN, "story.retracted", "sty_x", before=None, after=None, at=AT)
        await action.rollback()
        assert await list_audit(owner, "sty_x") == []

    async def test_tells_who_did_what_to_which_object(self, owner: asyncpg.Connection) -> None:
        await append_audit(owner, ORIGIN, "source.corrected", "src_x", before=BEFORE, after=AFTER, at=AT)
        command = Origin(actor=Actor.COMMAND_LINE)
        await append_audit(owner, command, "source.removed", "src_x", before=AFTER, after=None, at=AT)
        first, second = await list_audit(owner, "src_x")
        assert first.number < second.number
        assert (first.at, first.action, first.actor) == (AT, "source.corrected", Actor.KEY)
        assert (first.account_id, first.key_id) == ("acc_x", "key_x")
        assert (first.address, first.request_id) == ("2001:db8::1", "r1")
        assert first.before_sha256 != first.after_sha256
        assert first.after_sha256 == second.before_sha256 == object_sha256(AFTER)
        assert second.after_sha256 is None

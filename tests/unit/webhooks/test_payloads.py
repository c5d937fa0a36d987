"""Bodies of webhooks, byte for byte, and their maximum size."""

import msgspec
from msgspec.structs import replace

from api.webhooks.payloads import MAX_BYTES, full_body, thin_body
from schemas.event_types import EVENT_KINDS, example_of
from schemas.events import EventType

PING = example_of(next(kind for kind in EVENT_KINDS if kind.type is EventType.WEBHOOK_PING))
STORY = example_of(next(kind for kind in EVENT_KINDS if kind.type is EventType.STORY_PUBLISHED))
SAID = {"deck": "D", "summary": None, "tldr": [], "keywords": [], "integrity": None}
CLAIM = {"kind": "k", "support": "s", "verification": "v", "risk": "r", "spans": [1]}


def _verdict(claims: int, text: str = "T") -> bytes:
    return msgspec.json.encode({**SAID, "claims": [{**CLAIM, "text": text}] * claims, "ledger": []})


class TestAThinBody:
    def test_is_the_event_without_any_white_space(self) -> None:
        assert thin_body(PING) == (
            b'{"object":"event","id":"evt_33333333333333333333333333","sequence":null,"type":"webhook.ping",'
            b'"timestamp":"2026-11-10T09:30:00.250Z","account_id":"acc_11111111111111111111111111",'
            b'"data":{"endpoint_id":"whe_44444444444444444444444444"}}'
        )

    def test_is_small_for_every_type(self) -> None:
        for kind in EVENT_KINDS:
            assert len(thin_body(example_of(kind))) < MAX_BYTES


class TestAFullBody:
    def test_adds_what_a_reader_of_the_verdict_wants_first(self) -> None:
        data = msgspec.json.decode(full_body(STORY, _verdict(2)))["data"]
        claim = {name: CLAIM[name] for name in ("kind", "support", "verification", "risk")} | {"text": "T"}
        assert data["verdict"] == {**SAID, "claims": [claim, claim]}
        assert data["story_id"] == STORY.data["story_id"]

    def test_omits_a_verdict_that_would_be_too_large(self) -> None:
        body = full_body(STORY, _verdict(100, "T" * 300))
        data = msgspec.json.decode(body)["data"]
        assert len(body) <= MAX_BYTES
        assert (data["verdict"], data["truncated"]) == (None, True)

    def test_leaves_out_a_verdict_in_an_older_form_that_lacks_something(self) -> None:
        for old in (b"{}", _verdict(1).replace(b'"tldr"', b'"old"'), b'{"claims": null}'):
            assert msgspec.json.decode(full_body(STORY, old))["data"]["truncated"] is True

    def test_is_the_thin_one_where_there_is_no_verdict(self) -> None:
        event = replace(STORY, sequence=5)
        assert full_body(event, None) == thin_body(event)

"""Delays that servers ask for."""

from api.llm.retry_after import MAX_S, retry_after_s
from tests.kit.tables import each

SENT = "Mon, 30 Nov 2026 07:00:00 GMT"


class TestRetryAfter:
    @each(
        "headers",
        [
            {},
            {"retry-after": "soon"},
            {"retry-after": "-1"},
            {"retry-after": "٣"},
            {"retry-after": "1.5"},
            {"retry-after": "Mon, 30 Nov 2026 07:00:30 GMT"},  # no Date to compare with
            {"retry-after": "Mon, 99 Nov 2026 07:00:30 GMT", "date": SENT},
        ],
    )
    def test_is_none_if_there_is_no_valid_one(self, headers: dict[str, str]) -> None:
        assert retry_after_s(headers) is None

    @each(
        ("headers", "seconds"),
        [
            ({"retry-after": "30"}, 30.0),
            ({"retry-after": "0"}, 0.0),
            ({"retry-after": "999999999"}, MAX_S),
            ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
            ({"retry-after": "Mon, 30 Nov 2026 07:00:30 GMT", "date": SENT}, 30.0),
            ({"retry-after": "Mon, 30 Nov 2026 06:00:00 GMT", "date": SENT}, 0.0),
        ],
    )
    def test_is_in_seconds(self, headers: dict[str, str], seconds: float) -> None:
        assert retry_after_s(headers) == seconds

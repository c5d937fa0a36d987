"""Ids: prefixed, sortable by time, unique."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ids import PREFIXES, is_id, made_at, make_id

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds


FAR = (
    "ana_7zzzzzzzzz" + make_id("ana", datetime(2026, 1, 1, tzinfo=UTC), bytes(10))[14:]
)  # after the year 9999


class TestMakeId:
    def test_refuses_an_unknown_prefix(self) -> None:
        with pytest.raises(ValueError, match="unknown id prefix"):
            make_id("xyz", datetime.now(UTC), bytes(10))

    def test_refuses_too_little_entropy(self) -> None:
        with pytest.raises(ValueError, match="entropy"):
            make_id("sty", datetime.now(UTC), bytes(9))

    @given(MOMENTS, st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
    def test_sorts_by_the_time_of_making(self, at: datetime, first: bytes, second: bytes) -> None:
        assert make_id("sty", at, first) < make_id("sty", at + timedelta(milliseconds=2), second)

    @given(MOMENTS, st.binary(min_size=10, max_size=10), st.sampled_from(PREFIXES))
    def test_has_the_shape_that_is_checked(self, at: datetime, entropy: bytes, prefix: str) -> None:
        created = make_id(prefix, at, entropy)
        assert is_id(prefix, created)
        assert not is_id("nope", created)
        assert not is_id(prefix, created + "0")
        assert made_at(created) == at.replace(microsecond=at.microsecond // 1000 * 1000)


def test_an_id_that_was_never_made_has_no_time() -> None:
    for text in (
        "",
        "ana_",
        "ana_" + "0" * 26,
        "ana_" + "z" * 26,
        "ana_" + "2" * 26,
        "ana_7" + "!" * 25,
        FAR,
    ):
        assert made_at(text) is None, text

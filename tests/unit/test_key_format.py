"""Invalid keys are recognised without the database."""

import re
import string
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.operations.keys.key_format import is_well_formed, key_prefix, new_key
from schemas.keys import KEY_PATTERN

LETTERS = string.ascii_letters + string.digits


class TestAKey:
    def test_has_the_form_that_scanners_know(self) -> None:
        key = new_key()
        assert re.fullmatch(KEY_PATTERN, key)
        found = re.fullmatch(r"unspun_live_([0-9a-z]{8})_([0-9A-Za-z]{30})([0-9A-Za-z]{6})", key)
        assert found is not None
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        checksum = 0
        for digit in found[3]:
            checksum = checksum * 62 + digits.index(digit)
        assert checksum == zlib.crc32(found[2].encode())
        assert new_key() != key
        assert is_well_formed(key)
        assert key_prefix(key) == f"unspun_live_{found[1]}"

    @pytest.mark.parametrize("key", ["", "unspun_live_", "unspun_live_testtest_" + "a" * 36])
    def test_is_invalid_without_format_or_checksum(self, key: str) -> None:
        assert not is_well_formed(key)
        assert key_prefix(key) is None

    def test_is_invalid_if_longer_or_in_capitals(self) -> None:
        assert not is_well_formed(new_key() + "0")
        assert not is_well_formed(new_key().upper())

    @given(st.integers(21, 56), st.sampled_from(LETTERS))
    def test_is_invalid_with_one_wrong_letter(self, place: int, letter: str) -> None:
        key = new_key()
        mistyped = key[:place] + letter + key[place + 1 :]
        assert is_well_formed(mistyped) == (mistyped == key)

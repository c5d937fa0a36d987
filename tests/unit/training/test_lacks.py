"""What readers missed: codes of the table alone, and refusals of other lines."""

import msgspec
import pytest

from api.training.lacks import read_lacks


class TestReadLacks:
    @pytest.mark.parametrize(
        "line", ["", "[]", '{"id": "a"}', '{"id": "a", "items": ["price"], "parties": [], "note": ""}']
    )
    def test_refuses_other_lines(self, line: str) -> None:
        with pytest.raises((msgspec.ValidationError, msgspec.DecodeError)):
            read_lacks(f"{line}\n".encode())

    def test_gives_items_and_parties_that_have_words(self) -> None:
        line = b'{"id": "a", "items": ["price", "colour"], "parties": ["users", "nobody"]}\n'
        assert read_lacks(line) == {"a": frozenset({"price", "voice:users"})}

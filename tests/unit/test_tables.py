"""A table of cases fails if one of its cases fails, and names it."""

import pytest

from tests.kit.tables import each


class Table:
    @each("number", [1, 2, 3, 4])
    def of_numbers(self, number: int) -> None:
        assert number % 2, f"{number} is even"

    @each(("first", "second"), [(1, 1), (1, 2)])
    async def of_pairs(self, fixture: int, first: int, second: int) -> None:
        assert (first, second)[fixture] == 1

    @each("number", [1, 2])
    def of_errors(self, number: int) -> None:
        if number == 2:
            raise ValueError("two")
        pytest.skip("one")


class TestATable:
    async def test_names_each_case_that_fails_and_goes_on(self) -> None:
        with pytest.raises(AssertionError) as failed:
            await Table().of_numbers()
        assert "2: AssertionError: 2 is even" in str(failed.value)
        assert "4: AssertionError: 4 is even" in str(failed.value)
        with pytest.raises(AssertionError, match="1 2"):
            await Table().of_pairs(fixture=1)
        await Table().of_pairs(fixture=0)

    async def test_passes_over_what_is_skipped_and_not_over_errors(self) -> None:
        with pytest.raises(AssertionError, match="2: ValueError: two") as failed:
            await Table().of_errors()
        assert "1:" not in str(failed.value)

"""Differences between two assessments."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.operations.analyses.compare_assessments import compare_assessments

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(st.text(max_size=3), VALUES, max_size=4)


def _at(value: object, pointer: str) -> object:
    for name in pointer.split("/")[1:]:
        name = name.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            value = value[int(name)]
        elif isinstance(value, dict) and name in value:
            value = value[name]
        else:
            return "nothing is there"
    return value


class TestComparing:
    @pytest.mark.parametrize(
        ("left", "right", "pointers"),
        [
            ({"a": 1}, {"a": 1}, []),
            ({"a": 1}, {"a": True}, ["/a"]),
            ({"a": {"b": [1, {"c": 2}]}}, {"a": {"b": [1, {"c": 3}]}}, ["/a/b/1/c"]),
            ({"a": [1]}, {"a": [1, 2]}, ["/a"]),
            ({"a/b": 1, "c~": 1}, {"a/b": 2, "d": 1}, ["/a~1b", "/c~0", "/d"]),
        ],
    )
    def test_names_the_smallest_parts_that_differ(
        self, left: object, right: object, pointers: list[str]
    ) -> None:
        assert compare_assessments(msgspec.json.encode(left).decode(), msgspec.json.encode(right)) == pointers

    def test_says_so_where_only_the_spelling_differs(self) -> None:
        assert compare_assessments('{"a":1,"b":2}', b'{"b":2,"a":1}') == [""]

    @given(DOCUMENTS, DOCUMENTS)
    def test_finds_a_difference_where_there_is_one_and_it_is_one(self, left: object, right: object) -> None:
        one, other = msgspec.json.encode(left), msgspec.json.encode(right)
        pointers = compare_assessments(one.decode(), other)
        assert bool(pointers) is (one != other)
        for pointer in filter(None, pointers):
            assert msgspec.json.encode(_at(left, pointer)) != msgspec.json.encode(_at(right, pointer))

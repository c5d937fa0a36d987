"""The coverage of a digest, and digests that count as equal."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import grimp
import msgspec
import pytest
from msgspec import Meta, Struct

from api.analysis.engines.engine_digest import engine_digest, own_digest
from api.equal_digests import EqualDigests, equal_digests, first_equal, same_engine
from api.source_digest import normalized_source, types_shape
from tests.equal_digests import installed, with_installed
from tests.kit.tables import each

ENGINE, FAST = "api.analysis.engines.rules", "api.analysis.engines.fast.engine"
DETECTORS = "api.analysis.framing.detectors"
# outside the packages: the contract's types, the digests themselves, and names in the digest
BESIDE = {"api.equal_digests", "api.source_digest", "api.web.control_characters", "api.web", "api", "schemas"}

SAME = {
    "a docstring": b'"""Other words."""\n\ndef f(a: int) -> int:\n    """More."""\n    return a + 1\n',
    "a comment": b"# why\ndef f(a: int) -> int:\n    return a + 1  # because\n",
    "layout": b"def f(\n    a: int,\n) -> int:\n    return (a + 1)\n",
}
OTHER = {
    "a name": b"def g(a: int) -> int:\n    return a + 1\n",
    "a number": b"def f(a: int) -> int:\n    return a + 2\n",
    "a string that is used": b'def f(a: int) -> int:\n    "x".strip()\n    return a + 1\n',
    "an annotation": b"def f(a: str) -> int:\n    return a + 1\n",
}
SOURCE = b'"""A module."""\n\n\ndef f(a: int) -> int:\n    """One more."""\n    return a + 1\n'


def reached(entries: Iterator[str]) -> set[str]:
    """These modules with their imports and enclosing packages."""
    graph = grimp.build_graph("api", "schemas")
    found = {module for entry in entries for module in (entry, *graph.find_upstream_modules(entry))}
    return found | {module[:place] for module in found for place, sign in enumerate(module) if sign == "."}


class TestADigest:
    @each("change", SAME)
    def test_is_the_same_after_a_change_of(self, change: str) -> None:
        assert normalized_source(SAME[change]) == normalized_source(SOURCE)

    @each("change", OTHER)
    def test_is_another_after_a_change_of(self, change: str) -> None:
        assert normalized_source(OTHER[change]) != normalized_source(SOURCE)

    def test_of_types_covers_fields_and_no_prose(self) -> None:
        class Told(Struct):
            """One."""

            score: Annotated[int, Meta(ge=0, description="One.")] = 0

        plain = types_shape([Told])

        class Told(Struct):  # type: ignore[no-redef]
            """Two."""

            score: Annotated[int, Meta(ge=0, description="Two.")] = 0

        assert types_shape([Told]) == plain

        class Told(Struct):  # type: ignore[no-redef]
            score: Annotated[int, Meta(ge=1)] = 0

        assert types_shape([Told]) != plain

    def test_covers_what_an_engine_reaches_and_nothing_else(self) -> None:
        detectors = (f"{DETECTORS}.{path.stem}" for path in _folder(DETECTORS).glob("*.py"))
        found = reached(iter([ENGINE, FAST, *(name.removesuffix(".__init__") for name in detectors)]))
        rooms = {_module(path) for path in _folder("api.analysis").rglob("*.py")}
        assert rooms - found == set(), "files of the rooms that no engine reaches"
        outside = {m for m in found - rooms - BESIDE if not m.startswith("schemas.")}
        assert outside == set(), "what an engine reaches outside its rooms"


class TestEqualDigests:
    def test_of_one_list_are_one_engine(self) -> None:
        rules = next(known for known in equal_digests() if known.name == "rules")
        assert {first_equal(digest) for digest in rules.digests} == {rules.digests[0]}
        assert same_engine(rules.digests[0], rules.digests[-1])
        assert not same_engine(rules.digests[0], "0" * 64)

    def test_stand_in_one_list_each(self) -> None:
        digests = [digest for known in equal_digests() for digest in known.digests]
        assert len(digests) == len(set(digests))

    def test_refuse_an_engine_that_judges_otherwise_under_the_same_version(self) -> None:
        known = EqualDigests(name="rules", version="1", made="a", digests=["1"])
        with pytest.raises(ValueError, match="new version"):
            with_installed([known], msgspec.structs.replace(known, made="b", digests=["2"]))

    def test_grow_by_what_makes_the_same(self) -> None:
        known = EqualDigests(name="rules", version="1", made="a", digests=["1"])
        moved = msgspec.structs.replace(known, digests=["2"])
        renewed = msgspec.structs.replace(known, version="2", made="b", digests=["3"])
        lists = with_installed(with_installed([known], moved), renewed)
        assert [entry.digests for entry in lists] == [["1", "2"], ["3"]]
        assert with_installed(lists, moved) == lists

    @pytest.mark.slow
    def test_name_what_is_installed(self) -> None:
        for found in installed():
            assert with_installed(equal_digests(), found) == equal_digests(), "run `make equal-digests`"
        assert engine_digest() == first_equal(own_digest())


def _folder(package: str) -> Path:
    return Path(__file__).resolve().parents[2] / package.replace(".", "/")


def _module(path: Path) -> str:
    parts = path.relative_to(_folder("api").parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

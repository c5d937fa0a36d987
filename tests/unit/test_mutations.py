"""The defences of `make test-mutations` still match the code."""

from pathlib import Path

from tests.kit.tables import each
from tests.mutations.defence import Defence
from tests.mutations.defences import DEFENCES

ROOT = Path(__file__).resolve().parents[2]


class TestADefence:
    @each("defence", DEFENCES)
    def test_stands_once_in_its_file(self, defence: Defence) -> None:
        assert (ROOT / defence.file).read_text(encoding="utf-8").count(defence.before) == 1

    @each("defence", DEFENCES)
    def test_has_tests_that_are_there(self, defence: Defence) -> None:
        for path, *_ in (name.split("::") for name in defence.tests):
            assert (ROOT / path).is_file()

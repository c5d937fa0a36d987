"""The security page covers the ten risks, and the tests that it names exist."""

import ast
import re
from pathlib import Path

from tests.kit.tables import each

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "api" / "guide" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[^`]+\.py(?:::[^`]+)?)`", PAGE)))


class TestTheSecurityPage:
    @each("name", NAMED)
    def test_names_tests_that_exist(self, name: str) -> None:
        file, *path = name.split("::")
        body: list[ast.stmt] = ast.parse((ROOT / file).read_bytes()).body
        for part in path:
            found = [node for node in body if getattr(node, "name", None) == part]
            assert found, f"{name} is not there"
            body = getattr(found[0], "body", [])
        assert any("def test_" in ast.unparse(node) for node in (found if path else body))

    def test_has_a_row_with_a_proof_for_each_of_the_ten_risks(self) -> None:
        rows = [line for line in PAGE.splitlines() if line.startswith("| API")]
        assert [row.split()[1] for row in rows] == [f"API{number}" for number in range(1, 11)]
        assert all("`tests/" in row for row in rows)

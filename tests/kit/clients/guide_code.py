"""Programs from the guide."""

import re
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[3] / "api" / "guide"


def program(page: str, heading: str) -> str:
    text = (GUIDE / f"{page}.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(heading)}\n\n```[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found, f"{page}.md has no code below {heading!r}"
    return found[1]

"""What a service wrote to its log, read back."""

import json
from typing import Any


def request_lines(written: str) -> list[dict[str, Any]]:
    """The lines of its requests, in order."""
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == "request"]

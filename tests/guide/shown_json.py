"""JSON as shown on a page: `…` stands for further members or items.

Without `…`, an object or a list must be equal.
"""

import json
from collections.abc import Iterator
from typing import Any

from tests.guide import volatile

MORE = "…"
_WIDTH = 96


def parse(text: str) -> Any:
    """The value; each `…` becomes a member or an item. Raises ValueError."""
    written: list[str] = []
    opened: list[str] = []
    quoted = escaped = False
    for place, character in enumerate(text):
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            quoted = True
        elif character in "{[":
            opened.append(character)
        elif character in "}]" and opened:
            opened.pop()
        elif character == MORE:
            character = _in_json(opened[-1:], "".join(written).rstrip()[-1:], text[place + 1 :].lstrip()[:1])
        written.append(character)
    return json.loads("".join(written))


def _in_json(innermost: list[str], before: str, after: str) -> str:
    """The replacement of `…` between these characters in that bracket."""
    mark = f'"{MORE}": "{MORE}"' if innermost == ["{"] else f'"{MORE}"'
    return ("" if before in "{[," else ", ") + mark + ("" if after in "}]," else ",")


def differences(shown: Any, actual: Any, where: str = "") -> Iterator[str]:
    if isinstance(shown, dict) and isinstance(actual, dict):
        yield from _in_objects(shown, actual, where)
    elif isinstance(shown, list) and isinstance(actual, list):
        items = [item for item in shown if item != MORE]
        if len(items) > len(actual) or (items == shown and len(items) != len(actual)):
            yield f"{where}: {len(items)} items are shown, there are {len(actual)}"
        for number, (item, other) in enumerate(zip(items, actual, strict=False)):
            yield from differences(item, other, f"{where}/{number}")
    elif not volatile.same(shown, actual):
        yield f"{where}: {shown!r} is shown, it is {actual!r}"


def _in_objects(shown: dict[str, Any], actual: dict[str, Any], where: str) -> Iterator[str]:
    named = [key for key in shown if key != MORE]
    for key in named:
        if key not in actual:
            yield f"{where}/{key} is shown, there is none"
        elif key not in volatile.KEYS or type(shown[key]) is not type(actual[key]):
            yield from differences(shown[key], actual[key], f"{where}/{key}")
    if MORE not in shown and (missing := [key for key in actual if key not in named]):
        yield f"{where}: not shown are {', '.join(missing)}"


def renewed(shown: Any, actual: Any) -> Any:
    """The service's response, reduced to what the page shows."""
    if isinstance(shown, dict) and isinstance(actual, dict):
        kept = {
            key: MORE if key == MORE else renewed(shown[key], actual[key])
            for key in shown
            if key == MORE or key in actual
        }
        return kept if MORE in kept else kept | {key: actual[key] for key in actual if key not in kept}
    if isinstance(shown, list) and isinstance(actual, list):
        if MORE not in shown:
            return [
                renewed(shown[min(n, len(shown) - 1)], item) if shown else item
                for n, item in enumerate(actual)
            ]
        count = len(shown) - 1
        return [renewed(item, other) for item, other in zip(shown, actual[:count], strict=False)] + [MORE]
    return shown if volatile.same(shown, actual) else actual


def dumped(value: Any, indent: int = 0, room: int = _WIDTH) -> str:
    """Formatted as on a page: on one line if it fits."""
    flat = _flat(value)
    if not isinstance(value, dict | list) or len(flat) <= room - indent:
        return flat
    if isinstance(value, dict):
        parts = [
            MORE if key == MORE else f"{json.dumps(key)}: {dumped(item, indent + 2, room - len(key) - 4)}"
            for key, item in value.items()
        ]
    else:
        parts = [MORE if item == MORE else dumped(item, indent + 2, room) for item in value]
    inner = " " * (indent + 2)
    lines = [inner + part + _comma(parts[number : number + 2]) for number, part in enumerate(parts)]
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    return "\n".join([opening, *lines, " " * indent + closing])


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        parts = [MORE if key == MORE else f"{json.dumps(key)}: {_flat(item)}" for key, item in value.items()]
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(MORE if item == MORE else _flat(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _comma(part_and_next: list[str]) -> str:
    return "," if len(part_and_next) == 2 and MORE not in part_and_next else ""

"""Within /v1, a contract only adds to the released one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from api.app import openapi_document
from tests.contract.promises import breaks, promises

RELEASED: Final = Path(__file__).with_name("released.txt")
DOCUMENT: Final = msgspec.json.encode(openapi_document())
NOW: Final = promises(msgspec.json.decode(DOCUMENT))


def test_the_contract_keeps_what_the_last_release_promised() -> None:
    found = breaks(frozenset(RELEASED.read_text(encoding="utf-8").splitlines()), NOW)
    assert found == [], "clients break: deprecate it, and write released.txt anew with each release alone"


def _schema(document: Any, name: str) -> Any:
    return document["components"]["schemas"][name]


def _parameter(document: Any, name: str) -> Any:
    parameters = document["paths"]["/v1/stories"]["get"]["parameters"]
    return next(parameter for parameter in parameters if parameter["name"] == name)


def _ask_for_more(document: Any) -> None:
    _schema(document, "KeyCreation")["properties"]["reason"] = {"type": "string"}
    _schema(document, "KeyCreation")["required"].append("reason")


BREAKING: Final[dict[str, Callable[[Any], Any]]] = {
    "a path": lambda d: d["paths"].pop("/v1/stories/{story}"),
    "an operation": lambda d: d["paths"]["/v1/keys"].pop("post"),
    "an operation's name": lambda d: d["paths"]["/v1/keys"]["get"].update(operationId="listAllKeys"),
    "a parameter": lambda d: d["paths"]["/v1/stories"]["get"]["parameters"].remove(_parameter(d, "band")),
    "a parameter that must be given": lambda d: _parameter(d, "band").update(required=True),
    "a parameter's kind": lambda d: _parameter(d, "min_score")["schema"].update(type="string"),
    "a lower limit": lambda d: _parameter(d, "limit")["schema"].update(maximum=50),
    "a limit where there was none": lambda d: _parameter(d, "published_after")["schema"].update(maxLength=5),
    "a pattern where there was none": lambda d: _parameter(d, "vertical")["schema"].update(pattern="^a"),
    "a key of an answer": lambda d: _schema(d, "Story")["properties"].pop("slug"),
    "a key that may be missing": lambda d: _schema(d, "Story")["required"].remove("slug"),
    "a key that may be null": lambda d: _schema(d, "Story")["properties"]["slug"].update(type=["string", "null"]),
    "a key of another kind": lambda d: _schema(d, "Story")["properties"]["slug"].update(type="integer"),
    "a form": lambda d: d["paths"]["/v1/stories/{story}"]["get"]["responses"]["200"]["content"].pop("text/html"),
    "a status": lambda d: d["paths"]["/v1/analyses"]["post"]["responses"].pop("202"),
    "a field of a body": lambda d: _schema(d, "KeyCreation")["properties"].pop("networks"),
    "a field that must be sent": _ask_for_more,
    "a need of a key": lambda d: d["paths"]["/v1/stories"]["get"].update(security=[{"bearerAuth": []}]),
    "a value that was taken": lambda d: _schema(d, "SpinType")["enum"].remove("fog"),
}  # fmt: skip
HARMLESS: Final[dict[str, Callable[[Any], Any]]] = {
    "a path": lambda d: d["paths"].update({"/v1/new": d["paths"]["/v1/stories"]}),
    "a higher limit": lambda d: _parameter(d, "limit")["schema"].update(maximum=500),
    "no limit": lambda d: _parameter(d, "limit")["schema"].pop("maximum"),
    "a key": lambda d: _schema(d, "Story")["properties"].update(mood={"type": "string"}),
    "a value": lambda d: _schema(d, "SpinType")["enum"].append("mirror"),
    "a field that may be left out": lambda d: _schema(d, "KeyCreation")["properties"].update(mood={}),
    "a field that must be sent no more": lambda d: _schema(d, "KeyCreation")["required"].remove("name"),
    "other words": lambda d: _schema(d, "Story").update(description="Otherwise."),
    "a public call": lambda d: d["paths"]["/v1/keys"]["get"].update(security=[]),
    "a deprecation": lambda d: d["paths"]["/v1/keys"]["get"].update(deprecated=True),
}  # fmt: skip


class TestBreaks:
    @pytest.mark.parametrize("name", BREAKING)
    def test_are_reported(self, name: str) -> None:
        changed = msgspec.json.decode(DOCUMENT)
        BREAKING[name](changed)
        assert breaks(NOW, promises(changed)), name

    @pytest.mark.parametrize("name", HARMLESS)
    def test_are_no_additions_and_no_reliefs(self, name: str) -> None:
        changed = msgspec.json.decode(DOCUMENT)
        HARMLESS[name](changed)
        assert promises(changed) != NOW or name in ("other words", "a deprecation")
        assert breaks(NOW, promises(changed)) == []

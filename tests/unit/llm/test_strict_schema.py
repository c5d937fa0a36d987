"""Schemas in the subset that servers enforce."""

from enum import IntEnum, StrEnum
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta, Struct

from api.llm.strict_schema import MAX_STRING, Bounds, UnsupportedType, conforms, strict_schema
from tests.kit.tables import each


class Tactic(StrEnum):
    FOG = "fog"
    SHIELD = "shield"


class Band(IntEnum):
    LOW = 0
    HIGH = 20


class Finding(Struct):
    """A docstring for readers of the code."""

    quote: Annotated[str, Meta(max_length=300, description="copied from the text")]
    sentence: Annotated[str, Meta(pattern="^s[0-9]+$", max_length=5_000)] = ""
    tactic: Tactic | None = None


class Sure(Struct, tag="sure"):
    share: float


class Unsure(Struct, tag="unsure"):
    why: str


class Judgement(Struct):
    findings: Annotated[list[Finding], Meta(min_length=1, max_length=2)]
    band: Annotated[Band, Meta(description="the band")] = Band.LOW
    score: Annotated[int, Meta(ge=0, le=100)] = 0
    voice: Literal["author", None] = None
    state: Sure | Unsure | None = None
    early: bool = False


class Tree(Struct):
    children: list["Tree"]


class WithDict(Struct):
    counts: dict[str, int]


class WithTuple(Struct):
    pair: tuple[int, int]


class WithAny(Struct):
    whatever: Any


class WithMixed(Struct):
    mixed: Literal["a", 1]


class WithMany(Struct):
    code: StrEnum("Code", {f"C{n}": f"c{n}" for n in range(1_001)})  # type: ignore[valid-type]


class Empty(Struct):
    pass


GOOD: dict[str, Any] = {
    "findings": [{"quote": "a", "sentence": "s1", "tactic": "fog"}],
    "band": 20,
    "score": 3,
    "voice": None,
    "state": {"type": "sure", "share": 1},
    "early": True,
}


def nodes(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, dict):
        return [schema, *(node for part in schema.values() for node in nodes(part))]
    return [node for part in schema for node in nodes(part)] if isinstance(schema, list) else []


class TestStrictSchema:
    @each("kind", [Tree, WithDict, WithTuple, WithAny, WithMixed, WithMany, Empty, list[Finding], str])
    def test_refuses_a_type_outside_the_subset(self, kind: Any) -> None:
        with pytest.raises(UnsupportedType):
            strict_schema(kind, bounds=Bounds())

    def test_refuses_deep_structs(self) -> None:
        kind: type = Finding
        for number in range(11):
            kind = msgspec.defstruct(f"Level{number}", [("inner", kind)])
        with pytest.raises(UnsupportedType, match="deep"):
            strict_schema(kind, bounds=Bounds())

    def test_closes_and_inlines_objects_and_requires_all_fields(self) -> None:
        schema = strict_schema(Judgement, bounds=Bounds())
        objects = [node for node in nodes(schema) if node.get("type") == "object"]
        assert len(objects) == 4
        for node in objects:
            assert node["additionalProperties"] is False
            assert node["required"] == list(node["properties"])
        found = {name for node in nodes(schema) for name in node}
        assert found.isdisjoint({"$ref", "$defs", "default", "title", "discriminator", "pattern"})
        assert list(schema["properties"]) == list(Judgement.__struct_fields__)

    def test_keeps_descriptions_of_fields_alone(self) -> None:
        texts = [
            node["description"]
            for node in nodes(strict_schema(Judgement, bounds=None))
            if "description" in node
        ]
        assert texts == ["copied from the text", "the band"]

    def test_gives_enumerations_a_type_and_makes_null_an_option(self) -> None:
        properties = strict_schema(Judgement, bounds=None)["properties"]
        assert properties["band"] == {"description": "the band", "type": "integer", "enum": [0, 20]}
        assert properties["voice"] == {"anyOf": [{"type": "string", "enum": ["author"]}, {"type": "null"}]}
        assert [option["type"] for option in properties["state"]["anyOf"]] == ["object", "object", "null"]

    def test_has_bounds_only_if_asked(self) -> None:
        bounded, free = strict_schema(Judgement, bounds=Bounds()), strict_schema(Judgement, bounds=None)
        finding = bounded["properties"]["findings"]["items"]["properties"]
        assert (finding["quote"]["maxLength"], finding["sentence"]["maxLength"]) == (300, MAX_STRING)
        assert bounded["properties"]["findings"]["maxItems"] == 2
        assert bounded["properties"]["score"] == {"type": "integer", "minimum": 0, "maximum": 100}
        names = {name for node in nodes(free) for name in node}
        assert names.isdisjoint({"maxLength", "minItems", "maxItems", "minimum", "maximum"})

    def test_bounds_what_the_type_leaves_open(self) -> None:
        class Open(Struct):
            text: str
            names: list[str]
            code: Literal["a", "b"]

        bounded = strict_schema(Open, bounds=Bounds(max_string=80, max_items=2))["properties"]
        assert bounded["text"] == {"type": "string", "maxLength": 80}
        assert bounded["names"] == {"type": "array", "items": bounded["text"], "maxItems": 2}
        assert bounded["code"] == {"type": "string", "enum": ["a", "b"]}

    def test_describes_values_that_the_struct_decodes(self) -> None:
        schema = strict_schema(Judgement, bounds=Bounds())
        value = msgspec.to_builtins(msgspec.json.decode(msgspec.json.encode(GOOD), type=Judgement))
        assert conforms(GOOD, schema)
        assert conforms(value, schema)


class TestConforms:
    @each(
        "changed",
        [
            {"findings": []},
            {"findings": [GOOD["findings"][0]] * 3},
            {"findings": [GOOD["findings"][0] | {"quote": "a" * 301}]},
            {"findings": [{"quote": "a"}]},
            {"findings": "none"},
            {"band": 10},
            {"band": "20"},
            {"score": 101},
            {"score": True},
            {"score": 1.5},
            {"voice": "speaker"},
            {"state": {"type": "sure", "share": "1"}},
            {"state": {"type": "unsure", "share": 1}},
            {"early": 0},
            {"early": None},
            {"more": 1},
        ],
    )
    def test_refuses_what_the_schema_excludes(self, changed: dict[str, Any]) -> None:
        assert not conforms(GOOD | changed, strict_schema(Judgement, bounds=Bounds()))

    @each("changed", [{"findings": []}, {"score": 101}, {"score": 2.0}, {"state": None}])
    def test_accepts_what_only_bounds_exclude(self, changed: dict[str, Any]) -> None:
        assert conforms(GOOD | changed, strict_schema(Judgement, bounds=None))

"""Objects of the contract with a value in every field, including future ones."""

import types
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from api.rendering.site import Site
from schemas.claims import Claim
from schemas.enums import SpinType, StoryStatus, Verification
from schemas.ids import make_id
from schemas.sources import Source
from schemas.spans import Span
from schemas.stories import Story
from schemas.verdicts import Verdict
from tests.kit.texts.taxonomy import TAXONOMY

S = TypeVar("S", bound=Struct)

BASE_URL = "http://unspun.test"
SITE = Site(base_url=BASE_URL, license="https://licences.example/by", taxonomy=TAXONOMY, version="0.0.test")
MOMENT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
PREFIXES = {
    "story_id": "sty", "verdict_id": "vrd", "source_id": "src", "appeal_id": "apl",
    Story: "sty", Verdict: "vrd", Claim: "clm", Source: "src",
}  # fmt: skip


def words(name: str) -> str:
    """Text for a field by its name, with special characters of HTML, Markdown and JSON."""
    return f"the {name} of <b>Brightwater</b> & Sons, *said* `so`"


def filled(kind: type[S], text: Callable[[str], str] = words, **changes: Any) -> S:
    """One object; `text` fills every free string, `changes` set its own fields."""
    return msgspec.structs.replace(_Filler(text).struct(kind), **changes)


def filled_story(text: Callable[[str], str] = words, **changes: Any) -> Story:
    story = filled(Story, text, status=StoryStatus.SCORED, url="https://news.brightwater.example/turbine")
    claims = [
        msgspec.structs.replace(claim, number=number, id=make_id("clm", MOMENT, bytes([number] * 10)))
        for number, claim in enumerate(story.verdict.claims, 1)
    ]
    claims[0] = msgspec.structs.replace(claims[0], verification=Verification.UNVERIFIED_IN_SOURCE)
    claims[1] = msgspec.structs.replace(claims[1], verification=Verification.DISPUTED)
    spin = story.verdict.spin
    assert spin is not None
    spin = msgspec.structs.replace(
        spin, primary=SpinType.HYPE, secondary=SpinType.FOG, tactic="breakthrough_framing", score=42
    )
    verdict = msgspec.structs.replace(story.verdict, spin=spin, claims=claims, status=StoryStatus.SCORED)
    verdict = msgspec.structs.replace(verdict, not_scorable=None)
    return msgspec.structs.replace(story, **{"verdict": verdict} | changes)


class _Filler:
    def __init__(self, text: Callable[[str], str]) -> None:
        self._text = text
        self._numbers = count(1)

    def struct(self, kind: type[S]) -> S:
        if kind is Span:
            start = 10 * next(self._numbers)
            parts = {name: self._text(name)[:32] for name in ("quote", "prefix", "suffix")}
            return kind(start=start, end=start + 5, **parts)
        hints = get_type_hints(kind, include_extras=True)
        return kind(**{name: self._value(hints[name], name, kind) for name in kind.__struct_fields__})

    def _value(self, hint: Any, name: str, owner: type) -> Any:
        origin, arguments = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self._value(arguments[0], name, owner)
        if origin in (Union, types.UnionType):
            return self._value(next(part for part in arguments if part is not type(None)), name, owner)
        if origin is Literal:
            return arguments[0]
        if origin is list:
            return [self._value(arguments[0], name, owner) for _ in range(2)]
        if origin is dict:
            return {"deck": self._value(arguments[1], name, owner)}
        if origin is tuple:
            return tuple(self._value(part, name, owner) for part in arguments)
        if hint is str:
            prefix = PREFIXES.get(owner if name == "id" else name)
            return make_id(prefix, MOMENT, b"0" * 10) if prefix else self._text(name)
        plain = {bool: True, int: 7, float: 0.5, datetime: MOMENT}
        if hint in plain:
            return plain[hint]
        if issubclass(hint, StrEnum):
            return next(iter(hint))
        return self.struct(hint)

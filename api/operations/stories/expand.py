"""Expansions: related objects, loaded for a whole page of results at once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from api.operations.stories.list_verdicts import get_verdicts
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.stories import claims, entities, sources, story_lists

MAX_EXPANSIONS: Final = 4  # bounds the queries of one page
MAX_DEPTH: Final = 2

# `story` is a list entry, `whole_story` includes its verdict
Kind: TypeAlias = Literal["story", "whole_story", "verdict", "claim", "source", "entity"]
Load: TypeAlias = Callable[[Connection, Runtime, list[str]], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Expansion:
    """`field` of the object holds the id that `load` looks up.

    `kind` is the kind of the result; None for a list, which cannot be expanded further.
    """

    field: str
    load: Load
    kind: Kind | None


async def _sources(connection: Connection, _: Runtime, ids: list[str]) -> Mapping[str, Any]:
    return await sources.get_sources(connection, ids)


async def _stories(connection: Connection, _: Runtime, ids: list[str]) -> Mapping[str, Any]:
    return await story_lists.get_story_rows(connection, ids)


async def _claims(connection: Connection, _: Runtime, ids: list[str]) -> Mapping[str, Any]:
    return await claims.get_claims_of_stories(connection, ids)


async def _entities(connection: Connection, runtime: Runtime, ids: list[str]) -> Mapping[str, Any]:
    return await entities.get_entities_of_stories(connection, ids, runtime.base_url)


_SOURCE = Expansion(field="source_id", load=_sources, kind="source")
_STORY = Expansion(field="story_id", load=_stories, kind="story")
_VERDICT = Expansion(field="verdict_id", load=get_verdicts, kind="verdict")

_OF_STORIES: Final = {
    "source": Expansion(field="source.id", load=_sources, kind="source"),
    "verdict": _VERDICT,
    "claims": Expansion(field="id", load=_claims, kind=None),
    "entities": Expansion(field="id", load=_entities, kind=None),
}
EXPANSIONS: Final[Mapping[Kind, Mapping[str, Expansion]]] = {
    "story": _OF_STORIES,
    "whole_story": _OF_STORIES
    | {"verdict": Expansion(field="verdict.id", load=get_verdicts, kind="verdict")},
    "verdict": {"story": _STORY},
    "claim": {"story": _STORY, "verdict": _VERDICT, "source": _SOURCE},
    "source": {},
    "entity": {},
}


def possible_expansions(kind: Kind, depth: int = MAX_DEPTH) -> list[str]:
    """The allowed paths for an object of this kind, such as `story.source`."""
    found = []
    for name, expansion in EXPANSIONS[kind].items():
        found.append(name)
        if expansion.kind is not None and depth > 1:
            found += [f"{name}.{further}" for further in possible_expansions(expansion.kind, depth - 1)]
    return found


async def expand(
    connection: Connection,
    runtime: Runtime,
    kind: Kind,
    objects: Sequence[dict[str, Any]],
    wanted: Sequence[str],
    to_dict: Callable[[Any], Any],
) -> None:
    """Add `expanded` to each object: the objects that `wanted` names; null or [] if they no longer exist.

    `to_dict` converts storage objects to dictionaries. One query for each name.
    """
    for name in dict.fromkeys(path.partition(".")[0] for path in wanted):
        expansion = EXPANSIONS[kind][name]
        ids = [_field_value(item, expansion.field) for item in objects]
        found = await expansion.load(connection, runtime, list(dict.fromkeys(filter(None, ids))))
        loaded = {key: to_dict(value) for key, value in found.items()}
        further = [path.partition(".")[2] for path in wanted if path.startswith(f"{name}.")]
        if further and expansion.kind is not None:
            await expand(connection, runtime, expansion.kind, list(loaded.values()), further, to_dict)
        for item, key in zip(objects, ids, strict=True):
            empty: list[Any] | None = None if expansion.kind else []
            item.setdefault("expanded", {})[name] = loaded.get(key, empty)


def _field_value(item: Mapping[str, Any], field: str) -> Any:
    for name in field.split("."):
        item = item[name]
    return item

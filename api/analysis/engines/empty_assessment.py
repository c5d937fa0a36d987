"""Builds an assessment without results, which engines then fill."""

from types import NoneType
from typing import Any, Final, get_args, get_origin

import msgspec

from api.analysis.text.article import Article
from schemas.assessments import Assessment, EngineRef, SourceRole
from schemas.enums import StoryStatus
from schemas.taxonomy import Taxonomy


def empty_assessment(
    article: Article, ref: EngineRef, taxonomy: Taxonomy, *, status: StoryStatus, role: SourceRole
) -> Assessment:
    """Null (not examined) in every nullable field, [] in every other list."""
    defaults: dict[str, Any] = {name: [] for name in _LISTS} | dict.fromkeys(_NULLABLE)
    return Assessment(
        **defaults,
        status=status,
        engine=ref,
        taxonomy_version=taxonomy.version,
        input_digest=article.digest,
        text_sha256=article.text_sha256,
        source_role=role,
    )


def nothing_found(assessment: Assessment) -> Assessment:
    """The same with [] (examined, nothing found) in every list that is null."""
    null = [name for name in _LISTS if getattr(assessment, name) is None]
    return msgspec.structs.replace(assessment, **{name: [] for name in null})


def _fields_of(kind: type) -> list[str]:
    """The fields of an assessment that can hold a value of this kind."""
    return [
        field.name
        for field in msgspec.structs.fields(Assessment)
        if any((get_origin(part) or part) is kind for part in (field.type, *get_args(field.type)))
    ]


_NULLABLE: Final = _fields_of(NoneType)
_LISTS: Final = _fields_of(list)

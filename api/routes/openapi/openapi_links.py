"""Links of the OpenAPI document: operations that take an id from a response."""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, get_args, get_origin

from api.routes.http.admission.operation import Operation

# By response type: the parameter to fill, and the location of its value.
_PARAMETER: Final = re.compile(r"{(\w+)}")
_FILLS: Final = {
    "Analysis": ("analysis", "id"),
    "Appeal": ("appeal", "id"),
    "AppealCase": ("appeal", "id"),
    "Claim": ("claim", "id"),
    "Endpoint": ("webhook", "id"),
    "Entity": ("entity", "id"),
    "Export": ("export", "id"),
    "Feed": ("feed", "id"),
    "Key": ("key", "id"),
    "NewKey": ("key", "id"),
    "ProblemType": ("slug", "slug"),
    "SingleClaim": ("claim", "id"),
    "Source": ("source", "id"),
    "Story": ("story", "id"),
    "StoryRow": ("story", "id"),
    "TaxonomyType": ("code", "type"),
    "Verdict": ("verdict", "id"),
}
# Further links: from one operation to another, with its parameters.
_FURTHER: Final = (
    ("submitAnalysis", "cancelAnalysis", {"analysis": "$response.body#/id"}),
    ("getAnalysis", "getStory", {"story": "$response.body#/result/story_id"}),
    ("getAnalysis", "getVerdict", {"verdict": "$response.body#/result/verdict_id"}),
    ("getStory", "getVerdict", {"verdict": "$response.body#/verdict/id"}),
    ("getStory", "getSource", {"source": "$response.body#/source/id"}),
    ("getStory", "submitAppeal", {"verdict": "$response.body#/verdict/id"}),
    ("getVerdict", "getStory", {"story": "$response.body#/story_id"}),
    ("getVerdict", "reproduceVerdict", {"verdict": "$response.body#/id"}),
    ("getVerdict", "explainVerdict", {"verdict": "$response.body#/id"}),
    ("getClaim", "getStory", {"story": "$response.body#/story_id"}),
    ("getTaxonomy", "getTaxonomyType", {"code": "$response.body#/types/0/type"}),
    (
        "getTaxonomyType",
        "getTactic",
        {"code": "$response.body#/type", "tactic": "$response.body#/tactics/0/code"},
    ),
    ("getExport", "getExportFile", {"export": "$response.body#/id", "part": "$response.body#/files/0/name"}),
    ("createKey", "rotateKey", {"key": "$response.body#/id"}),
    ("createKey", "revokeKey", {"key": "$response.body#/id"}),
    ("createWebhook", "updateWebhook", {"webhook": "$response.body#/id"}),
    ("createWebhook", "deleteWebhook", {"webhook": "$response.body#/id"}),
    (
        "listDeliveries",
        "resendDelivery",
        {"webhook": "$request.path.webhook", "delivery": "$response.body#/data/0/id"},
    ),
)


class Described(NamedTuple):
    """An operation with its path and method."""

    path: str
    method: str
    operation: Operation


def links_of(operation: Operation, all_of_them: Sequence[Described]) -> dict[str, Any]:
    """The links of a successful response, by target operation."""
    links = {
        target: {"operationId": target, "parameters": parameters}
        for source, target, parameters in _FURTHER
        if source == operation.id
    }
    filled = _filled(operation.answer)
    if filled is None:
        return links
    parameter, expression = filled
    for path, method, other in all_of_them:
        if method == "get" and _PARAMETER.findall(path) == [parameter] and other.id != operation.id:
            links.setdefault(other.id, {"operationId": other.id, "parameters": {parameter: expression}})
    return links


def _filled(answer: Any) -> tuple[str, str] | None:
    """The parameter to fill, and the runtime expression for its value."""
    if answer is None:
        return None
    page = get_args(answer) if get_origin(answer) is not None else ()
    kind = (page or (answer,))[0]
    found = _FILLS.get(getattr(kind, "__name__", ""))
    if found is None:
        return None
    parameter, field = found
    return parameter, f"$response.body#/{f'data/0/{field}' if page else field}"

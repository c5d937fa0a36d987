"""Differences between the versions of a story's verdict."""

from typing import Annotated

from litestar.params import FromPath
from msgspec import UNSET, Meta, Struct, UnsetType

from api.errors import Gone, NotFound
from api.operations.stories.diff_verdicts import diff_verdicts
from api.routes.http.admission.operation import Operation, read
from api.routes.http.representation.schema_links import described_headers
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import OBJECT, Answer, body_answer, runtime_of
from schemas.ids import VerdictId
from schemas.verdict_diffs import VerdictDiff
from schemas.wire import encode_json


class DiffQuery(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The version to compare with."""

    against: (
        Annotated[
            VerdictId,
            Meta(description="Another verdict of the same story. Default: the previous version."),
        ]
        | UnsetType
    ) = UNSET


@read(
    "/verdicts/{verdict:str}/diff",
    Operation(
        id="diffVerdicts", tag="verdicts", answer=VerdictDiff, query=DiffQuery, errors=(NotFound, Gone)
    ),
)
async def get_verdict_diff(request: HttpRequest, verdict: FromPath[str]) -> Answer:
    """Compare a verdict with the previous version, or with another verdict of the story.

    It returns changed fields, findings and claims, the difference of the scores, and the reason for each
    version.
    """
    query, runtime = read_query(request, DiffQuery), runtime_of(request)
    found = await diff_verdicts(runtime, verdict, None if query.against is UNSET else query.against)
    return body_answer(
        request,
        encode_json(found),
        OBJECT,
        last_modified=found.after.created_at,
        more=described_headers(request),
    )


ROUTES = [get_verdict_diff]

"""Batches: several pages submitted in one call."""

from typing import Final

from api.errors import Forbidden, TooLarge, Unauthorized, UnsupportedMediaType
from api.operations.analyses.accept_analysis import accept_batch
from api.routes.http.admission.authentication import holder_of
from api.routes.http.admission.caller import caller_of
from api.routes.http.admission.idempotency import once
from api.routes.http.admission.operation import NoParameters, Operation, write
from api.routes.http.request.bodies import read_body
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, private_answer, runtime_of
from api.runtime.quotas import BATCH
from api.storage.database.pool import Connection
from schemas.analyses import AcceptedBatch, AnalysisBatch
from schemas.keys import Scope

MAX_BODY_BYTES: Final = 3_145_728  # URLs of maximum length with escapes, as for look-ups
_EXAMPLES = {
    "two pages": {
        "urls": ["https://news.brightwater.example/2026/turbine", "https://quillon.example/2026/robots"]
    }
}


@write(
    "/analyses/batch",
    Operation(
        id="submitBatch",
        tag="analyses",
        answer=AcceptedBatch,
        body=AnalysisBatch,
        examples=_EXAMPLES,
        scope=Scope.WRITE_ANALYSES,
        price=BATCH,
        status=202,
        errors=(Unauthorized, Forbidden, TooLarge, UnsupportedMediaType),
    ),
    max_body_bytes=MAX_BODY_BYTES,
)
async def submit_batch(request: HttpRequest) -> Answer:
    """Submit up to 100 URLs.

    Each is accepted or refused as if submitted alone; its entry contains the analysis or the problem. The call
    costs 100 units of the key's quota.
    """
    holder, runtime = holder_of(request), runtime_of(request)
    read_query(request, NoParameters)
    batch = await read_body(request, AnalysisBatch, takes_nul=True)
    state, caller = request.app.state, caller_of(request.scope)

    async def accept(connection: Connection) -> AcceptedBatch:
        await state.backlog.check(connection)
        return await accept_batch(
            connection,
            runtime,
            state.fetch_policy,
            batch,
            holder,
            charged=caller.charged,
            counted=caller.counted,
        )

    return (await once(request, batch, accept, lambda done: private_answer(202, done))).answer


ROUTES = [submit_batch]

"""Health probes."""

import msgspec

from api.operations.database.check_readiness import check_readiness
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import JSON, UNCACHED, Answer, runtime_of
from api.runtime.quotas import VITAL
from schemas.health import Liveness, Readiness


@read("/livez", Operation(id="checkLiveness", tag="service", answer=Liveness, conditional=False, price=VITAL))
async def livez(request: HttpRequest) -> Answer:
    """Check that the process responds. Dependencies are not checked."""
    read_query(request, NoParameters)
    return _now(Liveness())


@read(
    "/readyz", Operation(id="checkReadiness", tag="service", answer=Readiness, conditional=False, price=VITAL)
)
async def readyz(request: HttpRequest) -> Answer:
    """Check that the service can handle all requests.

    503 if PostgreSQL is unavailable or not migrated. Without Valkey the service is only slower, see `degraded`.
    """
    read_query(request, NoParameters)
    return _now(await check_readiness(runtime_of(request)))


def _now(value: Liveness | Readiness) -> Answer:
    headers = [(b"cache-control", UNCACHED), (b"content-type", JSON)]
    return Answer(200, headers, msgspec.json.encode(value))


ROUTES = [livez, readyz]

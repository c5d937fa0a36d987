"""Probes: is the process alive, and can it answer everything."""

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
    """Tell that the process answers. Nothing that it depends on is asked."""
    read_query(request, NoParameters)
    return _now(Liveness())


@read(
    "/readyz", Operation(id="checkReadiness", tag="service", answer=Readiness, conditional=False, price=VITAL)
)
async def readyz(request: HttpRequest) -> Answer:
    """Tell whether the service can answer everything.

    503 when PostgreSQL is away or not migrated; without Valkey it is only slower, which `degraded` says.
    """
    read_query(request, NoParameters)
    return _now(await check_readiness(runtime_of(request)))


def _now(value: Liveness | Readiness) -> Answer:
    headers = [(b"cache-control", UNCACHED), (b"content-type", JSON)]
    return Answer(200, headers, msgspec.json.encode(value))


ROUTES = [livez, readyz]

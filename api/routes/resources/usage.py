"""The remaining quotas of the caller's key and account."""

from api.errors import Forbidden, Unauthorized
from api.operations.keys.read_usage import read_usage
from api.routes.http.admission.authentication import ANY_SCOPE, holder_of
from api.routes.http.admission.caller import caller_of
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, private_answer, runtime_of
from api.runtime.quotas import FREE
from schemas.usage import Usage


@read(
    "/usage",
    Operation(
        id="getUsage",
        tag="usage",
        answer=Usage,
        scope=ANY_SCOPE,
        errors=(Unauthorized, Forbidden),
        conditional=False,
        price=FREE,
    ),
)
async def get_usage(request: HttpRequest) -> Answer:
    """Get the remaining quotas of the calling key and the caps of its account. Free of charge."""
    read_query(request, NoParameters)
    runtime, taken = runtime_of(request), caller_of(request.scope).taken
    return private_answer(200, await read_usage(runtime, holder_of(request), taken))


ROUTES = [get_usage]

"""Contact for security reports (RFC 9116)."""

from datetime import UTC, datetime, time, timedelta
from typing import Final

from api.errors import NotFound
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import STATIC, Answer, body_answer, runtime_of
from api.routes.http.response.link_headers import public_headers

_PATH: Final = "/.well-known/security.txt"
_GOOD_FOR: Final = timedelta(days=180)  # section 2.5.5 recommends less than a year
_TEXT: Final = b"text/plain; charset=utf-8"


@read(
    _PATH,
    Operation(
        id="getSecurityTxt",
        tag="service",
        answer=None,
        media_type="text/plain",
        errors=(NotFound,),
    ),
)
async def get_security_txt(request: HttpRequest) -> Answer:
    """Get the contact for security reports (RFC 9116); 404 if the operator has not set one."""
    read_query(request, NoParameters)
    runtime = runtime_of(request)
    contact = runtime.settings.security_contact
    if not contact:
        raise NotFound("The operator has not set a contact.")
    # changes only once a day
    today = datetime.combine(runtime.clock.now().date(), time(), UTC)
    lines = (
        f"Contact: {contact}",
        f"Expires: {today + _GOOD_FOR:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {runtime.base_url}{_PATH}",
    )
    body = "".join(f"{line}\n" for line in lines).encode()
    return body_answer(
        request,
        body,
        STATIC,
        last_modified=today,
        dated=False,  # another process may have been started today with another contact
        content_type=_TEXT,
        more=public_headers(runtime),
    )


ROUTES = [get_security_txt]

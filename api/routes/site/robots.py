"""robots.txt (RFC 9309)."""

from typing import Final

from api.rendering.crawlers import robots_txt
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, runtime_of
from api.routes.http.response.static_documents import static_answer
from api.runtime.crawler_policy import crawler_policy

_TEXT: Final = b"text/plain; charset=utf-8"


@read("/robots.txt", Operation(id="getRobots", tag="crawling", answer=None, media_type="text/plain"))
async def get_robots(request: HttpRequest) -> Answer:
    """Get the access rules and permitted uses for crawlers."""
    read_query(request, NoParameters)
    runtime = runtime_of(request)
    policy = crawler_policy(runtime.settings)
    return static_answer(
        request,
        "robots.txt",
        lambda: robots_txt(policy, base_url=runtime.base_url, license_url=runtime.site.license).encode(),
        content_type=_TEXT,
    )


ROUTES = [get_robots]

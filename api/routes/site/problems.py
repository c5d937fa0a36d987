"""Documentation pages of problem types."""

from collections.abc import Callable, Mapping

import msgspec
from litestar.params import FromPath

from api.errors import NotFound
from api.rendering.forms import Form
from api.rendering.html.problems import problem_html, problems_html
from api.rendering.markdown.problems import problem_page, problems_page
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.request.negotiation import VARY, form_of
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, runtime_of
from api.routes.http.response.content_security_policy import PAGE_POLICY
from api.routes.http.response.link_headers import form_links
from api.routes.http.response.static_documents import static_answer
from schemas.lists import Page
from schemas.problems import ProblemType

_FORMS = (Form.JSON, Form.MARKDOWN, Form.HTML)


@read("/problems", Operation(id="listProblems", tag="problems", answer=Page[ProblemType], forms=_FORMS))
async def list_problems(request: HttpRequest) -> Answer:
    """List all problem types on one page."""
    found = list(request.app.state.problem_types.values())
    site = runtime_of(request).site
    return _answer(
        request,
        "/problems",
        {
            Form.JSON: lambda: msgspec.json.encode(
                Page(url="/problems", data=found, has_more=False, next_cursor=None)
            ),
            Form.MARKDOWN: lambda: problems_page(found, site.base_url).encode(),
            Form.HTML: lambda: problems_html(found, site).encode(),
        },
    )


@read(
    "/problems/{slug:str}",
    Operation(id="getProblem", tag="problems", answer=ProblemType, errors=(NotFound,), forms=_FORMS),
)
async def get_problem(request: HttpRequest, slug: FromPath[str]) -> Answer:
    """Get the explanation of a problem type."""
    found: ProblemType | None = request.app.state.problem_types.get(slug)
    if found is None:
        raise NotFound("There is no such problem.")
    problem, site = found, runtime_of(request).site
    return _answer(
        request,
        f"/problems/{slug}",
        {
            Form.JSON: lambda: msgspec.json.encode(problem),
            Form.MARKDOWN: lambda: problem_page(problem).encode(),
            Form.HTML: lambda: problem_html(problem, site).encode(),
        },
    )


def _answer(request: HttpRequest, path: str, make: Mapping[Form, Callable[[], bytes]]) -> Answer:
    """The response in the requested format. Raises NotFound, NotAcceptable."""
    read_query(request, NoParameters)
    runtime, form = runtime_of(request), form_of(request.scope, _FORMS)
    address = runtime.base_url + path
    headers = [(b"content-location", f"{address}.{form}".encode())]
    return static_answer(
        request,
        f"{path}.{form}",
        make[form],
        content_type=form.content_type,
        links=form_links(address, form, _FORMS),
        more=[*headers, PAGE_POLICY] if form is Form.HTML else headers,
        vary=VARY,
        form=form,
        forms=_FORMS,
    )


ROUTES = [list_problems, get_problem]

"""Verdicts: immutable versions of what is said of a story's framing."""

from litestar.params import FromPath

from api.errors import Gone, NotFound
from api.operations.digest_markdown import digest_verdict
from api.operations.read_document import read_verdict
from api.operations.render_story import EXPLANATION, PASSAGES
from api.rendering.forms import OBJECT_FORMS
from api.routes.answers import OBJECT, Answer, HttpRequest, document_answer, runtime_of
from api.routes.markdown_query import MarkdownQuery, read_budget
from api.routes.negotiation import form_of
from api.routes.operation import NoParameters, Operation, read
from api.routes.query import read_query
from api.routes.representations import object_answer, object_body_answer
from schemas.passages import Passages
from schemas.score_explanations import ScoreExplanation
from schemas.verdicts import Verdict


@read(
    "/verdicts/{verdict:str}",
    Operation(
        id="getVerdict",
        tag="verdicts",
        answer=Verdict,
        query=MarkdownQuery,
        errors=(NotFound, Gone),
        forms=OBJECT_FORMS,
    ),
)
async def get_verdict(request: HttpRequest, verdict: FromPath[str]) -> Answer:
    """Get one version of a story's verdict.

    A version never changes; a newer one has another id. Those of a retracted story answer 410.
    """
    runtime, form = runtime_of(request), form_of(request.scope, OBJECT_FORMS)
    budget = read_budget(request, form)
    if budget is None:
        return object_answer(request, "verdicts", verdict, form, await read_verdict(runtime, verdict, form))
    digest = await digest_verdict(runtime, verdict, budget)
    return object_body_answer(
        request, "verdicts", verdict, form, digest.body, last_modified=digest.last_modified
    )


@read(
    "/verdicts/{verdict:str}/explanation",
    Operation(id="getVerdictExplanation", tag="verdicts", answer=ScoreExplanation, errors=(NotFound, Gone)),
)
async def get_verdict_explanation(request: HttpRequest, verdict: FromPath[str]) -> Answer:
    """Get the explanation of a verdict's score.

    The ledger as a waterfall: each step with its points, the running total, its places and words, and what score
    and primary type the verdict would have without it. The last total is 100 times the score.
    """
    read_query(request, NoParameters)
    return document_answer(request, await read_verdict(runtime_of(request), verdict, EXPLANATION), OBJECT)


@read(
    "/verdicts/{verdict:str}/passages",
    Operation(id="getVerdictPassages", tag="verdicts", answer=Passages, errors=(NotFound, Gone)),
)
async def get_verdict_passages(request: HttpRequest, verdict: FromPath[str]) -> Answer:
    """Get where a verdict's words stand in the text.

    Every span of the verdict with the words around it, counted in code points and in UTF-16, so that a browser
    can mark them in the page that it shows.
    """
    read_query(request, NoParameters)
    return document_answer(request, await read_verdict(runtime_of(request), verdict, PASSAGES), OBJECT)


ROUTES = [get_verdict, get_verdict_explanation, get_verdict_passages]

"""Verdicts: immutable versions of what is said of a story's framing."""

from litestar.params import FromPath

from api.errors import Gone, NotFound
from api.operations.read_document import read_verdict
from api.operations.render_story import EXPLANATION
from api.routes.answers import OBJECT, Answer, HttpRequest, document_answer, runtime_of
from api.routes.operation import NoParameters, Operation, read
from api.routes.query import read_query
from schemas.score_explanations import ScoreExplanation
from schemas.verdicts import Verdict


@read(
    "/verdicts/{verdict:str}",
    Operation(id="getVerdict", tag="verdicts", answer=Verdict, errors=(NotFound, Gone)),
)
async def get_verdict(request: HttpRequest, verdict: FromPath[str]) -> Answer:
    """Get one version of a story's verdict.

    A version never changes; a newer one has another id. Those of a retracted story answer 410.
    """
    read_query(request, NoParameters)
    return document_answer(request, await read_verdict(runtime_of(request), verdict), OBJECT)


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


ROUTES = [get_verdict, get_verdict_explanation]

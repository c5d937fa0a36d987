"""Retraction of stories by an operator."""

from litestar.params import FromPath

from api.errors import Forbidden, NotFound, Unauthorized
from api.operations.stories.retract_story import Retracted, purge, retract_story
from api.routes.http.admission.authentication import origin_of
from api.routes.http.admission.idempotency import once
from api.routes.http.admission.operation import NoParameters, Operation, write
from api.routes.http.request.bodies import read_body
from api.routes.http.request.query import read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, private_answer, runtime_of
from api.storage.database.pool import Connection
from schemas.keys import Scope
from schemas.retractions import StoryRetraction, Tombstone

_EXAMPLES = {
    "an error": {
        "reason": "error",
        "statement": "The page was a test of the publisher's and never meant for readers.",
    }
}


@write(
    "/stories/{story:str}/retract",
    Operation(
        id="retractStory",
        tag="stories",
        answer=Tombstone,
        body=StoryRetraction,
        examples=_EXAMPLES,
        scope=Scope.ADMIN,
        errors=(Unauthorized, Forbidden, NotFound),
    ),
)
async def post_retraction(request: HttpRequest, story: FromPath[str]) -> Answer:
    """Retract a story permanently, by id or slug.

    From then on all its URLs and look-ups return 410 with this tombstone, and it is not fetched again; other
    processes and caches follow within five seconds. Retracting again returns the existing tombstone.
    """
    read_query(request, NoParameters)
    retraction = await read_body(request, StoryRetraction)
    runtime = runtime_of(request)

    async def retract(connection: Connection) -> Retracted:
        return await retract_story(connection, runtime, story, retraction, origin=origin_of(request))

    done = await once(
        request, retraction, retract, lambda retracted: private_answer(200, retracted.tombstone)
    )
    if done.value is not None:
        await purge(runtime, done.value)
    return done.answer


ROUTES = [post_retraction]

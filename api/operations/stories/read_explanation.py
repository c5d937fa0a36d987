"""Reads the explanation of a verdict's score, with the texts read again if there are any.

The explanation without them is a stored document like the verdict's other forms. They are made later, while the
verdict never changes, so they are added at each reading: no cached document lacks them.
"""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from api.analysis.text.article import Article
from api.operations.stories.read_document import read_verdict
from api.operations.stories.render_story import EXPLANATION
from api.rendering.quotes import within_rest
from api.runtime.runtime import Runtime
from api.storage.stories.read_again import get_readings
from schemas.score_explanations import ScoreExplanation
from schemas.verdicts import Verdict


async def read_explanation(runtime: Runtime, verdict_id: str) -> tuple[ScoreExplanation, datetime]:
    """The explanation and the time of its last change. Raises what `read_story` raises."""
    document = await read_verdict(runtime, verdict_id, EXPLANATION)
    explanation = msgspec.json.decode(document.body, type=ScoreExplanation)
    async with runtime.pool.connection() as connection:
        found = await get_readings(connection, verdict_id)
    if found is None:
        return explanation, document.last_modified
    verdict = msgspec.json.decode((await read_verdict(runtime, verdict_id)).body, type=Verdict)
    text = msgspec.json.decode(found.article, type=Article).text
    readings = within_rest(found.readings, verdict, text)
    return replace(explanation, read_again=readings), max(document.last_modified, found.created_at)

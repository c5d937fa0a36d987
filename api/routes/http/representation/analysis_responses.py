"""Responses about an analysis: accepted or finished, with polling hints."""

from typing import Final

from api.operations.analyses.read_analysis import FINISHED
from api.routes.http.request.prefer import Preference
from api.routes.http.request.types import Headers
from api.routes.http.response.answers import Answer, private_answer
from schemas.analyses import Analysis

POLL_AFTER_S: Final = 2  # most pages take about 1 s


def accepted_answer(analysis: Analysis, preference: Preference) -> Answer:
    """200 if finished, unless the client wants no waiting; else 202."""
    headers: Headers = [(b"vary", b"Prefer"), (b"location", analysis.links.self.encode())]
    if preference.applied:
        headers.append((b"preference-applied", preference.applied.encode()))
    done = analysis.status in FINISHED and not preference.respond_async
    return private_answer(200 if done else 202, analysis, [*headers, *next_steps(analysis)])


def next_steps(analysis: Analysis) -> Headers:
    """Headers with the time of the next poll, or the location of the result."""
    if analysis.status not in FINISHED:
        return [(b"retry-after", b"%d" % POLL_AFTER_S)]
    if analysis.links.story is None:
        return []
    return [(b"link", b'<%s>; rel="related"' % analysis.links.story.encode())]

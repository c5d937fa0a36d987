"""`Prefer: wait` for an analysis."""

import msgspec

from api.operations.analyses.await_analysis import await_analysis
from api.routes.http.admission.authentication import holder_of
from api.routes.http.admission.caller import caller_of
from api.routes.http.admission.long_poll_limits import LongPollLimits, WaitingKind
from api.routes.http.request.headers import header
from api.routes.http.request.prefer import Preference, read_preference
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import runtime_of
from schemas.analyses import Analysis


def preference_of(request: HttpRequest) -> Preference:
    """The client's preference; without a wait if there is no place for waiting."""
    preference = read_preference(header(request.scope, b"prefer"))
    long_polls: LongPollLimits = request.app.state.long_poll_limits
    if preference.wait_s and not long_polls.has_place(caller_of(request.scope), WaitingKind.POLL):
        return msgspec.structs.replace(preference, wait_s=0, applied=None)
    return preference


async def await_finished(request: HttpRequest, analysis: Analysis, seconds: int) -> Analysis:
    """The analysis when it is finished, or its state after `seconds` or if there is no place for waiting.

    Raises Unauthorized if the key was revoked while waiting.
    """
    long_polls: LongPollLimits = request.app.state.long_poll_limits
    caller = caller_of(request.scope)
    if not long_polls.has_place(caller, WaitingKind.POLL):
        return analysis
    with long_polls.place(caller, WaitingKind.POLL) as place:
        latest = await await_analysis(
            runtime_of(request),
            analysis.id,
            holder_of(request).account_id,
            seconds,
            may_wait=lambda: not place.revoked,
        )
    place.check()
    return latest

"""Tells callbacks of analyses that were answered at once: no job ends for them later."""

from collections.abc import Sequence

from api.operations.analyses.read_analysis import FINISHED
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.log.events import NewEvent, append_events
from schemas.analyses import Analysis
from schemas.events import EventType


async def tell_answered(
    connection: Connection, runtime: Runtime, account_id: str, accepted: Sequence[Analysis]
) -> None:
    """The events of those just accepted that are over and have a callback; to be the transaction's last act."""
    events = [
        NewEvent(
            id=runtime.clock.new_id("evt"),
            type=EventType.ANALYSIS_COMPLETED,
            account_id=account_id,
            story_id=analysis.result.story_id,
            data={
                "analysis_id": analysis.id,
                "url": analysis.url,
                "story_id": analysis.result.story_id,
                "verdict_id": analysis.result.verdict_id,
            },
        )
        for analysis in accepted
        if analysis.status in FINISHED and analysis.callbacks and analysis.result is not None
    ]
    await append_events(connection, events, runtime.clock.now())

"""Stores a submission: the job, the account's analysis of it, and its place in the queue."""

from datetime import timedelta

import msgspec

from api.clock import Clock
from api.errors import Forbidden, InvalidRequest
from api.operations.stories.open_page_job import open_page_job
from api.operations.stories.resolve_story import gone
from api.queue.enqueue import enqueue_analyses, hasten_analysis
from api.storage.analyses import analyses, analysis_jobs
from api.storage.analyses.analyses import Payment
from api.storage.database.pool import Connection
from api.storage.keys.keys import KeyHolder
from api.storage.stories import aliases, stories
from api.storage.stories.stories import CurrentVerdict
from api.web.urls import normalize, url_key, variants
from schemas.analyses import AnalysisSubmission
from schemas.enums import AnalysisStatus, InputKind, StoryStatus
from schemas.problems import FieldError

DEFAULT_MAX_AGE_S = 7 * 24 * 3600
FRESH_SCOPES = frozenset({"analyses:fresh", "admin"})


async def open_analysis(
    connection: Connection,
    clock: Clock,
    submission: AnalysisSubmission,
    holder: KeyHolder,
    charged: int,
    *,
    priority: int = 0,
) -> str:
    """The id of the account's analysis: of a new job, the URL's open job, or one answered at once.

    `charged` is the cost for the key; `priority` is the job's in the queue. Must run in a transaction. Raises
    InvalidRequest (400), UrlNotAllowed (422), Forbidden (403) for `max_age` 0 without the scope, Gone (410) for
    a retracted story.
    """
    kind = _kind(submission)
    payment = Payment(key_id=holder.key_id, charged=charged)
    if kind is not InputKind.URL:
        return await _submit_draft(connection, clock, kind, submission, holder.account_id, payment, priority)
    assert submission.url is not None
    url = normalize(submission.url)
    max_age = DEFAULT_MAX_AGE_S if submission.max_age is None else submission.max_age
    if max_age == 0 and not FRESH_SCOPES & holder.scopes:
        raise Forbidden(
            "A fresh analysis (max_age 0) needs the scope analyses:fresh.",
            headers={
                "WWW-Authenticate": 'Bearer realm="api", error="insufficient_scope", scope="analyses:fresh"'
            },
        )
    answered = await _answer_from_story(connection, clock, url, max_age)
    job_id = answered or await _open_job(connection, clock, url, max_age, priority)
    return await analyses.attach(
        connection,
        analysis_id=clock.new_id("ana"),
        account_id=holder.account_id,
        job_id=job_id,
        submitted_url=submission.url,
        payment=payment,
        at=clock.now(),
    )


def _kind(submission: AnalysisSubmission) -> InputKind:
    given = [
        kind
        for kind in (InputKind.URL, InputKind.TEXT, InputKind.HTML)
        if getattr(submission, kind) is not None
    ]
    if len(given) != 1:
        detail = "Exactly one of url, text and html is needed."
        raise InvalidRequest(
            detail,
            errors=[FieldError(pointer="#", parameter=None, code="one_of", detail=detail)],
        )
    if given[0] is InputKind.URL:
        for name in ("title", "source", "source_type"):
            if getattr(submission, name) is not None:
                detail = f"{name} is for drafts (text or html), not for a url."
                raise InvalidRequest(
                    detail,
                    errors=[
                        FieldError(pointer=f"#/{name}", parameter=None, code="not_with_url", detail=detail)
                    ],
                )
    elif submission.max_age is not None:
        detail = "max_age is for a url, not for a draft."
        raise InvalidRequest(
            detail,
            errors=[FieldError(pointer="#/max_age", parameter=None, code="only_with_url", detail=detail)],
        )
    return given[0]


async def _submit_draft(
    connection: Connection,
    clock: Clock,
    kind: InputKind,
    submission: AnalysisSubmission,
    account_id: str,
    payment: Payment,
    priority: int,
) -> str:
    job_id = clock.new_id("job")
    await analysis_jobs.insert_job(
        connection,
        job_id=job_id,
        kind=kind,
        account_id=account_id,
        url=None,
        url_key=None,
        draft=msgspec.json.encode(submission).decode(),
        at=clock.now(),
    )
    await enqueue_analyses(connection, [job_id], priority=priority)
    return await analyses.attach(
        connection,
        analysis_id=clock.new_id("ana"),
        account_id=account_id,
        job_id=job_id,
        submitted_url=None,
        payment=payment,
        at=clock.now(),
    )


async def _answer_from_story(connection: Connection, clock: Clock, url: str, max_age: int) -> str | None:
    """A finished job, if a story of this URL was read within `max_age` seconds."""
    current = await _fresh_story(connection, clock, url, max_age)
    if current is None:
        return None
    job_id = clock.new_id("job")
    await analysis_jobs.insert_answered_job(
        connection,
        job_id=job_id,
        url=url,
        url_key=url_key(url),
        story_id=current.story_id,
        verdict_id=current.verdict_id,
        at=clock.now(),
    )
    return job_id


async def _fresh_story(connection: Connection, clock: Clock, url: str, max_age: int) -> CurrentVerdict | None:
    """The story of this URL, if it was read within `max_age` seconds. Raises Gone for a retracted one."""
    found = await aliases.find_story(connection, variants(url))
    current = None if found is None else await stories.get_current(connection, found[0])
    if current is None:
        return None
    if current.status is StoryStatus.RETRACTED:
        raise await gone(connection, current.story_id)
    return current if current.checked_at > clock.now() - timedelta(seconds=max_age) else None


async def _open_job(connection: Connection, clock: Clock, url: str, max_age: int, priority: int) -> str:
    """The one open job of this URL; a new one is queued."""
    job_id, is_new = await open_page_job(connection, clock, url, url_key(url))
    if not is_new:
        await hasten_analysis(connection, job_id, priority)
        return job_id
    # an earlier job of this URL may have published since the first look
    fresh = await _fresh_story(connection, clock, url, max_age)
    if fresh is None:
        await enqueue_analyses(connection, [job_id], priority=priority)
    else:
        await analysis_jobs.finish_job(
            connection,
            job_id,
            AnalysisStatus.SUCCEEDED,
            story_id=fresh.story_id,
            verdict_id=fresh.verdict_id,
            at=clock.now(),
        )
    return job_id

"""A service whose processes may die at any moment, one step at a time."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import msgspec

from api.cache.documents import put_cached
from api.clock import Clock
from api.engines import FULL
from api.operations.analyses.accept_analysis import accept_analysis
from api.operations.analyses.claim_analysis import Try
from api.operations.analyses.publish_analysis import publish_draft, publish_edition
from api.operations.keys.idempotent_call import perform_once
from api.operations.stories.read_document import read_story
from api.operations.stories.retract_story import purge, retract_story
from api.pages.reader import Reading, read_article
from api.rendering.forms import Form
from api.rendering.verdicts import build_verdict
from api.runtime.load_taxonomy import load_taxonomy
from api.runtime.runtime import Runtime, open_runtime
from api.settings import Settings
from api.storage.database.pool import Connection
from api.storage.keys.accounts import insert_account
from api.storage.keys.idempotency import RequestIdentity, StoredAnswer, delete_old_records
from api.storage.keys.keys import KeyHolder
from api.storage.log.audit_log import Actor, Origin
from schemas.analyses import Analysis, AnalysisSubmission
from schemas.enums import RetractionReason, VerdictReason
from schemas.keys import Scope
from schemas.retractions import StoryRetraction
from tests.kit.clients.api_client import WEBHOOK_KEY
from tests.kit.servers.fakes import StillClock
from tests.kit.texts.factories import make_article, make_edition
from tests.kit.texts.pages import PARAGRAPHS

ACCOUNTS: Final = ("acc_" + "0" * 25 + "1", "acc_" + "0" * 25 + "2")
_HOLDERS: Final = {
    account: KeyHolder(key_id="key_test", account_id=account, scopes=frozenset(Scope), expires_at=None)
    for account in ACCOUNTS
}
_LATELY: Final = StoryRetraction(reason=RetractionReason.ERROR, statement="It was about another turbine.")

# Everything accepted, with its outcome.
ACCEPTED = """
SELECT a.id, a.account_id, j.id, j.status, j.tries, j.verdict_id
FROM analyses a JOIN analysis_jobs j ON j.id = a.job_id
"""
JOBS = "SELECT id, url FROM analysis_jobs"
VERDICTS = (
    "SELECT v.id, v.version, s.id, s.url, s.verdict_id FROM verdicts v JOIN stories s ON s.id = v.story_id"
)
EVENTS = "SELECT sequence, id, type, account_id, data FROM events ORDER BY sequence"
COUNTS = """
SELECT (SELECT n FROM event_counter), (SELECT count(*) FROM analysis_jobs), (SELECT count(*) FROM stories)
"""


class Died(BaseException):
    """The process has died, with everything uncommitted; code in it cannot catch this."""


class MortalClock(Clock):
    """A process's clock, which ends it at a given reading: the code reads it throughout.

    `time` is the world's, shared by all processes. After the last reading, every further one ends the process.
    """

    def __init__(self, time: StillClock) -> None:
        super().__init__()
        self.time = time
        self.looks_left: int | None = None

    def now(self) -> datetime:
        self._look()
        return self.time.now()

    def monotonic(self) -> float:
        return self.time.monotonic()

    def new_id(self, prefix: str) -> str:
        self._look()
        return self.time.new_id(prefix)

    def _look(self) -> None:
        if self.looks_left == 0:
            raise Died
        if self.looks_left is not None:
            self.looks_left -= 1


@dataclass(frozen=True)
class Written:
    accepted: list[Any]
    verdicts: list[Any]
    events: list[Any]
    counts: Any


async def open_service(
    database_url: str, redis_url: str, clock: MortalClock, hooks: tuple[str, int]
) -> Runtime:
    """With an empty database and an emptied Valkey; `hooks` are name and port of a receiver on loopback."""
    settings = Settings.from_environment(
        {
            "UNSPUN_DATABASE_URL": database_url,
            "UNSPUN_REDIS_URL": redis_url,
            "UNSPUN_POOL_MIN": "0",
            "UNSPUN_WEBHOOK_KEYS": WEBHOOK_KEY,
            "UNSPUN_ALLOW_LOOPBACK_FETCH": "true",
            "UNSPUN_FETCH_HOST_MAP": f"{hooks[0]}=127.0.0.1:{hooks[1]}",
            "UNSPUN_EVENTS_KEPT_DAYS": "3650",
        }
    )
    runtime = open_runtime(settings, load_taxonomy(), clock, statement_timeout_ms=20_000)
    await forget_cache(runtime)
    async with runtime.pool.transaction() as connection:
        for account in ACCOUNTS:
            await insert_account(connection, account, "test", clock.now())
    return runtime


async def forget_cache(runtime: Runtime) -> None:
    """All entries in Valkey have expired."""
    await runtime.cache.call("FLUSHDB")


async def forget_named_requests(runtime: Runtime, before: datetime) -> None:
    """As the sweep by the database's clock, which a test cannot advance."""
    async with runtime.pool.transaction() as connection:
        await delete_old_records(connection, before, 1_000)


async def submit(runtime: Runtime, account: str, submission: AnalysisSubmission, key: str | None) -> str:
    identity = None
    if key is not None:
        body = msgspec.json.encode(submission)
        named = hashlib.sha256(f"{account} {key}".encode()).digest()
        identity = RequestIdentity(
            account_id=account, digest=named, fingerprint=hashlib.sha256(body).digest()
        )

    async def act(connection: Connection) -> Analysis:
        return await accept_analysis(
            connection, runtime, submission, _HOLDERS[account], charged=0, counted=True
        )

    done = await perform_once(
        runtime, identity, act, lambda created: StoredAnswer(status=202, headers=[], body=created.id.encode())
    )
    return done.body.decode() if isinstance(done, StoredAnswer) else done.id


async def publish(runtime: Runtime, attempt: Try, url: str | None, text: int) -> bool:
    """Publishes one of the page's `text`s by this try. Returns False if it is refused."""
    reading = _reading(url or "http://news.brightwater.example/draft", text)
    if url is not None:
        edition = make_edition(reading.article, reading.assessment)
        return await publish_edition(runtime, attempt.job.id, attempt.number, edition)
    verdict = build_verdict(
        reading.assessment,
        verdict_id=None,
        story_id=None,
        source_id=None,
        version=None,
        reason=VerdictReason.INITIAL,
        url=None,
        title=reading.article.title,
        claim_ids={},
        entity_ids={},
        at=runtime.clock.now(),
        method="rules_and_weights",
    )
    return await publish_draft(runtime, attempt.job.id, attempt.number, verdict)


async def retract(runtime: Runtime, story_id: str, *, notified: bool) -> None:
    """`notified`: Valkey is notified. A slow reader then writes an old copy back."""
    _, old = await read_story(runtime, story_id)
    async with runtime.pool.transaction() as connection:
        retracted = await retract_story(
            connection, runtime, story_id, _LATELY, origin=Origin(actor=Actor.SERVICE)
        )
    if notified:
        await purge(runtime, retracted)
    await put_cached(runtime.cache, story_id, Form.JSON, old)
    await runtime.changes.refresh()  # as every process does each second


async def read_all(runtime: Runtime) -> Written:
    async with runtime.pool.connection() as connection:
        return Written(
            accepted=await connection.fetch(ACCEPTED),
            verdicts=await connection.fetch(VERDICTS),
            events=await connection.fetch(EVENTS),
            counts=await connection.fetchrow(COUNTS),
        )


async def list_jobs(runtime: Runtime) -> list[Any]:
    async with runtime.pool.connection() as connection:
        found: list[Any] = await connection.fetch(JOBS)
    return found


@cache
def _reading(url: str, text: int) -> Reading:
    """Judged by the engine, once per session."""
    return read_article(
        make_article(url=url, paragraphs=PARAGRAPHS[: 4 + text]), load_taxonomy(), (), FULL.load
    )

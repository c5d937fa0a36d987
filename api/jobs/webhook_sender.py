"""Sends due deliveries fairly: an endpoint that does not answer does not delay others.

An endpoint gets one request at a time, one more after each success, at most five, and none while one takes far
longer than usual. An endpoint without a running request always gets a place. A queue for each endpoint was the
alternative: ten thousand would have to be checked each time. There is one queue in order of due times. An
endpoint leaves it if its breaker is open or it is 500 deliveries behind: it gets no rows, untried ones are
dropped, and it recovers from the event log later, from a stored event number.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from api.errors import ApiError, FetchTimeout
from api.fetching.body import read_body
from api.fetching.client import GuardedClient
from api.fetching.fetch_errors import ContactRefused
from api.operations.webhooks.deliveries import GONE, Due, take_due, write_outcomes
from api.operations.webhooks.fan_out import fan_out, find_behind, recover_missed
from api.runtime.runtime import Runtime
from api.storage.webhooks.deliveries import Claimed, Outcome, hold_deliveries
from api.storage.webhooks.delivery_rates import put_back
from api.storage.webhooks.webhooks import endpoint_versions
from api.web.urls import parse_target
from api.webhooks.breaker import OPEN_S, Breaker
from api.webhooks.schedule import delay_after, read_retry_after
from api.webhooks.signing import signed_headers

log = structlog.get_logger(__name__)

POLL_INTERVAL_S: Final = 0.2
LEASE: Final = timedelta(seconds=60)  # four times the longest attempt
START_WINDOW_S: Final = 30.0  # part of the lease in which an attempt may begin
BATCH: Final = 200
BEHIND_INTERVAL_S: Final = 5.0
MAX_PER_ENDPOINT: Final = 25  # deliveries claimed by this worker for one endpoint
STORED_ANSWER: Final = 1_024
_TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class PendingDelivery:
    """A claimed delivery that is ready to send."""

    due: Due
    body: bytes
    begins: float
    until: float


@dataclass(frozen=True, slots=True)
class _Answer:
    """The response. `code` is None if it did not arrive completely."""

    code: int | None
    latency_ms: int
    text: str


class WebhookSender:
    """One for each worker. `run` sends until `stop` is set, then waits for running attempts."""

    def __init__(
        self, runtime: Runtime, client: GuardedClient, chance: Callable[[], float], *, width: int
    ) -> None:
        """`client` has the policy for deliveries; `chance` returns 0 to 1; `width` limits concurrent attempts."""
        self._runtime = runtime
        self._client = client
        self._chance = chance
        self._width = width
        self._breakers: defaultdict[str, Breaker] = defaultdict(Breaker)
        self._waiting: defaultdict[str, deque[PendingDelivery]] = defaultdict(deque)
        self._running: defaultdict[str, list[float]] = defaultdict(list)  # start times of running attempts
        self._attempts: set[asyncio.Task[None]] = set()
        self._outcomes: list[Outcome] = []
        self._blocked: dict[str, float] = {}  # endpoints with an open breaker, until when
        self._behind: frozenset[str] = frozenset()
        self._looks_behind_at = 0.0
        self._paced: dict[str, float] = {}  # rate-limited endpoints, until when
        self._opened: dict[str, float] = {}
        self._closed: set[str] = set()
        self._recovered = ""  # the last endpoint that recovered
        self._wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                busy = await self.round()
            except Exception as failed:  # the database is down or a row is invalid: the next round continues
                log.warning("courier_failed", reason=repr(failed))
                busy = False
            if not busy:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL_INTERVAL_S)
                self._wake.clear()
        with suppress(ApiError):
            await self._release_unstarted()
        if self._attempts:
            await asyncio.wait(self._attempts, timeout=self._client.policy.total_seconds + 1)
        with suppress(ApiError):
            await self._record()

    async def _release_unstarted(self) -> None:
        """Release claimed deliveries that have not begun."""
        left = [pending for deliveries in self._waiting.values() for pending in deliveries]
        self._waiting.clear()
        await self._release(left)

    async def _release_changed(self) -> None:
        """Release deliveries of endpoints that were changed, disabled or deleted since they were claimed."""
        if not self._waiting:
            return
        async with self._runtime.pool.connection() as connection:
            versions = await endpoint_versions(connection, [*self._waiting])
        dropped = [
            pending
            for endpoint_id, deliveries in self._waiting.items()
            for pending in deliveries
            if pending.due.claimed.row_version != versions.get(endpoint_id)
        ]
        await self._release(dropped)
        for pending in dropped:
            self._waiting[pending.due.claimed.endpoint_id].remove(pending)

    async def _release(self, deliveries: Iterable[PendingDelivery]) -> None:
        now = self._runtime.clock.now()
        due_at = {one.due.claimed.id: max(now, one.due.begins) for one in deliveries}
        if due_at:
            async with self._runtime.pool.transaction() as connection:
                await hold_deliveries(connection, [*due_at])
                await put_back(connection, due_at)

    async def round(self) -> bool:
        """Fan out, record, claim and send; returns whether more work is waiting."""
        now = self._runtime.clock.monotonic()
        if now >= self._looks_behind_at:
            self._behind = await find_behind(self._runtime)
            self._looks_behind_at = now + BEHIND_INTERVAL_S
        brought = await fan_out(self._runtime, self._behind)
        recovered = await self._recover()
        await self._record()
        await self._release_changed()
        taken = await self._take()
        self._send()
        return bool(brought or recovered or taken)

    async def _recover(self) -> bool:
        """One endpoint a round, so that a long recovery does not delay others."""
        begins = self._recovered
        self._recovered = await recover_missed(self._runtime, begins) or ""
        return bool(begins or self._recovered)

    async def idle(self) -> None:
        """Return once all claimed deliveries are sent and recorded."""
        while self._attempts or self._outcomes:
            if self._attempts:
                await asyncio.wait(self._attempts)
            await self._record()
            self._send()

    async def _take(self) -> int:
        room = min(BATCH, 2 * self._width - len(self._attempts))
        if room <= 0:
            return 0
        clock = self._runtime.clock
        monotonic, now = clock.monotonic(), clock.now()
        self._paced = {endpoint: until for endpoint, until in self._paced.items() if until > monotonic}
        self._blocked = {endpoint: until for endpoint, until in self._blocked.items() if until > monotonic}
        spared = {*self._blocked, *self._paced, *filter(self._is_full, self._waiting)}
        taken = await take_due(self._runtime, lease=LEASE, spared=sorted(spared), limit=room)
        for endpoint_id, until in taken.paced.items():
            self._paced[endpoint_id] = monotonic + (until - now).total_seconds()
        for due in taken.due:
            if due.body is None:
                disabled = due.claimed.endpoint_status == "disabled"
                why = "The endpoint is disabled." if disabled else "The event was deleted."
                self._note(due.claimed, "cancelled", now, error=why)
            elif not due.secrets:
                log.error("secret_sealed_for_good", endpoint=due.claimed.endpoint_id)
                self._note_failure(due.claimed, now, error="The service cannot open the endpoint's secret.")
            else:
                begins = monotonic + (due.begins - now).total_seconds()
                pending = PendingDelivery(due, due.body, begins, monotonic + START_WINDOW_S)
                self._waiting[due.claimed.endpoint_id].append(pending)
        return taken.looked_at

    def _is_full(self, endpoint_id: str) -> bool:
        """Whether this worker has claimed enough deliveries of the endpoint."""
        return len(self._waiting[endpoint_id]) + len(self._running.get(endpoint_id, ())) >= MAX_PER_ENDPOINT

    def _send(self) -> None:
        """Start attempts. Deliveries that waited too long, or whose breaker opened, are left to their lease."""
        now = self._runtime.clock.monotonic()
        for endpoint_id, deliveries in list(self._waiting.items()):
            if endpoint_id in self._blocked:
                deliveries.clear()
            while deliveries and deliveries[0].begins <= now and self._may_begin(endpoint_id, now):
                pending = deliveries.popleft()
                if pending.until > now:
                    self._running[endpoint_id].append(now)
                    task = asyncio.create_task(self._attempt(pending, now))
                    self._attempts.add(task)
                    task.add_done_callback(self._attempts.discard)
            if not deliveries:
                del self._waiting[endpoint_id]

    def _may_begin(self, endpoint_id: str, now: float) -> bool:
        """An endpoint without a running attempt gets one of the extra places."""
        running = self._running.get(endpoint_id)
        if not running:
            return len(self._attempts) < 2 * self._width
        breaker = self._breakers[endpoint_id]
        answers = now - min(running) < breaker.patience_s
        return answers and len(running) < breaker.width and len(self._attempts) < self._width

    async def _attempt(self, pending: PendingDelivery, began: float) -> None:
        claimed, clock = pending.due.claimed, self._runtime.clock
        at = clock.now()
        code: int | None = None
        error, answer, response_headers = None, b"", dict[str, str]()
        overloaded = False
        try:
            headers = signed_headers(claimed.event_id, at, pending.body, pending.due.secrets)
            async with self._client.send(
                parse_target(claimed.url),
                method="POST",
                headers={**pending.due.headers, "Content-Type": "application/json", **headers},
                body=pending.body,
            ) as response:
                code = response.status
                response_headers = {
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in response.headers
                }
                answer = await read_body(response, self._client.policy, cut=True)
        except ApiError as failed:
            error, overloaded = failed.title, _timed_out(failed)
            code = None  # an incomplete response does not count
        except Exception as odd:
            log.exception("attempt_error", delivery=claimed.id)
            error = type(odd).__name__
        finally:
            self._running[claimed.endpoint_id].remove(began)
            if not self._running[claimed.endpoint_id]:
                del self._running[claimed.endpoint_id]
        took_s = clock.monotonic() - began
        shown = answer[:STORED_ANSWER].decode("utf-8", "replace").replace("\x00", "")
        succeeded = code is not None and 200 <= code < 300
        self._judge(claimed.endpoint_id, took_s, succeeded=succeeded, silent=overloaded)
        final = (
            code == GONE or response_headers.get("webhook-delivery", "").strip().lower() == "abort-message"
        )
        received = _Answer(code=code, latency_ms=int(took_s * 1000), text=shown)
        if succeeded or final:
            self._note(claimed, "succeeded" if succeeded else "failed", at, received, error=error)
            return
        asked = read_retry_after(response_headers.get("retry-after"), at)
        self._note_failure(
            claimed,
            at,
            received,
            error=error,
            overloaded=overloaded or code == _TOO_MANY,
            retry_after_s=asked,
        )

    def _judge(self, endpoint_id: str, took_s: float, *, succeeded: bool, silent: bool) -> None:
        breaker, now = self._breakers[endpoint_id], self._runtime.clock.monotonic()
        if succeeded and breaker.succeeded(now, took_s):
            self._closed.add(endpoint_id)
        if not succeeded and breaker.failed(now, silent=silent):
            self._opened[endpoint_id] = OPEN_S
            self._blocked[endpoint_id] = breaker.open_until

    def _note_failure(
        self,
        claimed: Claimed,
        began: datetime,
        received: "_Answer | None" = None,
        *,
        error: str | None,
        overloaded: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        """Record a failure and schedule another attempt, if any is left."""
        delay = delay_after(
            claimed.attempts + 1,
            self._chance(),
            delays=self._runtime.settings.delivery_delays_s,
            overloaded=overloaded,
            retry_after_s=retry_after_s,
        )
        self._note(
            claimed, "failed" if delay is None else "pending", began, received, error=error, delay_s=delay
        )

    def _note(
        self,
        claimed: Claimed,
        status: str,
        began: datetime,
        received: "_Answer | None" = None,
        *,
        error: str | None = None,
        delay_s: float | None = None,
    ) -> None:
        clock = self._runtime.clock
        at = clock.now()
        self._outcomes.append(
            Outcome(
                claimed=claimed,
                attempt_id=clock.new_id("att"),
                began=began,
                at=at,
                status=status,
                next_attempt_at=None if delay_s is None else at + timedelta(seconds=delay_s),
                status_code=received.code if received else None,
                latency_ms=received.latency_ms if received else 0,
                error=error,
                answer=received.text if received else "",
            )
        )
        self._wake.set()

    async def _record(self) -> None:
        if not self._outcomes and not self._opened:
            return
        outcomes, opened, closed = self._outcomes, self._opened, self._closed
        self._outcomes, self._opened, self._closed = [], {}, set()
        try:
            await write_outcomes(self._runtime, outcomes, opened, closed)
        except BaseException:
            # recorded in the next round; after its lease a delivery is sent again with the same id
            self._outcomes = outcomes + self._outcomes
            self._opened, self._closed = opened | self._opened, closed | self._closed
            raise


def _timed_out(failed: ApiError) -> bool:
    """Whether the connection or the response timed out."""
    cause = failed.__cause__
    return isinstance(failed, FetchTimeout) or (
        isinstance(cause, ContactRefused) and cause.reason == "silent"
    )

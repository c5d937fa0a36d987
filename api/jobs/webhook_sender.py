"""Sends what is due to subscribers, fairly: an endpoint that does not answer keeps no other one waiting.

An endpoint gets one request at a time, one more with each success, five at most; none more while one takes far
longer than usual. An endpoint that has none under way always finds a place. A queue for each endpoint was the
alternative: ten thousand of them would have to be looked at each time. Instead there is one queue in the order
of due times, and an endpoint leaves it if its breaker is open or it is five hundred deliveries behind: it gets
no rows, and loses those that were never tried. It recovers from the event log by a number on the endpoint that
is set back: after its breaker closes, or when its owner asks, it gets everything from there on that it wants
and did not get.
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
HELD_S: Final = 30.0  # of it, in which an attempt may still begin
BATCH: Final = 200
BEHIND_INTERVAL_S: Final = 5.0
HELD_OF_ONE: Final = 25  # deliveries of one endpoint in this worker's hands
KEPT_ANSWER: Final = 1_024
_TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class PendingDelivery:
    """A delivery that is ready to go."""

    due: Due
    body: bytes
    begins: float
    until: float


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came back. `code` is None where no answer came whole."""

    code: int | None
    latency_ms: int
    text: str


class WebhookSender:
    """One a worker. `run` looks for what is due until it is told to stop, and then lets attempts end."""

    def __init__(
        self, runtime: Runtime, client: GuardedClient, chance: Callable[[], float], *, width: int
    ) -> None:
        """`client` has the policy for deliveries; `chance` is from 0 to 1; `width` is the most at once."""
        self._runtime = runtime
        self._client = client
        self._chance = chance
        self._width = width
        self._breakers: defaultdict[str, Breaker] = defaultdict(Breaker)
        self._waiting: defaultdict[str, deque[PendingDelivery]] = defaultdict(deque)
        self._at_work: defaultdict[str, list[float]] = defaultdict(list)  # when the attempts began
        self._attempts: set[asyncio.Task[None]] = set()
        self._outcomes: list[Outcome] = []
        self._shut: dict[str, float] = {}  # endpoints with an open breaker, and until when
        self._behind: frozenset[str] = frozenset()
        self._looks_behind_at = 0.0
        self._paced: dict[str, float] = {}  # endpoints with a rate limit, and until when they take no more
        self._opened: dict[str, float] = {}
        self._closed: set[str] = set()
        self._recovered = ""  # the endpoint that had its turn last
        self._stir = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                busy = await self.round()
            except (
                Exception
            ) as failed:  # the database is away, or a row is odd: nothing is lost by another round
                log.warning("courier_failed", reason=repr(failed))
                busy = False
            if not busy:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stir.wait(), POLL_INTERVAL_S)
                self._stir.clear()
        with suppress(ApiError):
            await self._give_back()
        if self._attempts:
            await asyncio.wait(self._attempts, timeout=self._client.policy.total_seconds + 1)
        with suppress(ApiError):
            await self._write()

    async def _give_back(self) -> None:
        """What was taken and not begun is due for other workers now, not at the end of its lease."""
        left = [pending for parcels in self._waiting.values() for pending in parcels]
        self._waiting.clear()
        await self._put_back(left)

    async def _drop_changed(self) -> None:
        """What was taken for an endpoint that its owner has changed, disabled or deleted since is taken anew."""
        if not self._waiting:
            return
        async with self._runtime.pool.connection() as connection:
            versions = await endpoint_versions(connection, [*self._waiting])
        dropped = [
            pending
            for endpoint_id, parcels in self._waiting.items()
            for pending in parcels
            if pending.due.claimed.row_version != versions.get(endpoint_id)
        ]
        await self._put_back(dropped)
        for pending in dropped:
            self._waiting[pending.due.claimed.endpoint_id].remove(pending)

    async def _put_back(self, parcels: Iterable[PendingDelivery]) -> None:
        now = self._runtime.clock.now()
        due_at = {one.due.claimed.id: max(now, one.due.begins) for one in parcels}
        if due_at:
            async with self._runtime.pool.transaction() as connection:
                await hold_deliveries(connection, [*due_at])
                await put_back(connection, due_at)

    async def round(self) -> bool:
        """Fan out, write down, take what is due, send; whether there is more to do at once."""
        now = self._runtime.clock.monotonic()
        if now >= self._looks_behind_at:
            self._behind = await find_behind(self._runtime)
            self._looks_behind_at = now + BEHIND_INTERVAL_S
        brought = await fan_out(self._runtime, self._behind)
        recovered = await self._recover()
        await self._write()
        await self._drop_changed()
        taken = await self._take()
        self._send()
        return bool(brought or recovered or taken)

    async def _recover(self) -> bool:
        """Each endpoint in its turn, so that none that recovers much keeps the others waiting."""
        begins = self._recovered
        self._recovered = await recover_missed(self._runtime, begins) or ""
        return bool(begins or self._recovered)

    async def idle(self) -> None:
        """Return once all that was taken is sent and written down."""
        while self._attempts or self._outcomes:
            if self._attempts:
                await asyncio.wait(self._attempts)
            await self._write()
            self._send()

    async def _take(self) -> int:
        room = min(BATCH, 2 * self._width - len(self._attempts))
        if room <= 0:
            return 0
        clock = self._runtime.clock
        monotonic, now = clock.monotonic(), clock.now()
        self._paced = {endpoint: until for endpoint, until in self._paced.items() if until > monotonic}
        self._shut = {endpoint: until for endpoint, until in self._shut.items() if until > monotonic}
        spared = {*self._shut, *self._paced, *filter(self._is_full, self._waiting)}
        taken = await take_due(self._runtime, lease=LEASE, spared=sorted(spared), limit=room)
        for endpoint_id, until in taken.paced.items():
            self._paced[endpoint_id] = monotonic + (until - now).total_seconds()
        for due in taken.due:
            if due.body is None:
                disabled = due.claimed.endpoint_status == "disabled"
                why = "The endpoint is disabled." if disabled else "The event is kept no longer."
                self._note(due.claimed, "cancelled", now, error=why)
            elif not due.secrets:
                log.error("secret_sealed_for_good", endpoint=due.claimed.endpoint_id)
                self._note_failure(due.claimed, now, error="The service cannot open the endpoint's secret.")
            else:
                begins = monotonic + (due.begins - now).total_seconds()
                pending = PendingDelivery(due, due.body, begins, monotonic + HELD_S)
                self._waiting[due.claimed.endpoint_id].append(pending)
        return taken.looked_at

    def _is_full(self, endpoint_id: str) -> bool:
        """Whether this worker has enough of the endpoint's deliveries in its hands."""
        return len(self._waiting[endpoint_id]) + len(self._at_work.get(endpoint_id, ())) >= HELD_OF_ONE

    def _send(self) -> None:
        """Begin the attempts that may; what waited too long, or for an open breaker, is due again anyway."""
        now = self._runtime.clock.monotonic()
        for endpoint_id, parcels in list(self._waiting.items()):
            if endpoint_id in self._shut:
                parcels.clear()
            while parcels and parcels[0].begins <= now and self._may_begin(endpoint_id, now):
                pending = parcels.popleft()
                if pending.until > now:
                    self._at_work[endpoint_id].append(now)
                    task = asyncio.create_task(self._attempt(pending, now))
                    self._attempts.add(task)
                    task.add_done_callback(self._attempts.discard)
            if not parcels:
                del self._waiting[endpoint_id]

    def _may_begin(self, endpoint_id: str, now: float) -> bool:
        """Whoever has nothing at work finds a place, also where those that do not answer keep all others."""
        at_work = self._at_work.get(endpoint_id)
        if not at_work:
            return len(self._attempts) < 2 * self._width
        breaker = self._breakers[endpoint_id]
        answers = now - min(at_work) < breaker.patience_s
        return answers and len(at_work) < breaker.width and len(self._attempts) < self._width

    async def _attempt(self, pending: PendingDelivery, began: float) -> None:
        claimed, clock = pending.due.claimed, self._runtime.clock
        at = clock.now()
        code: int | None = None
        error, answer, said = None, b"", dict[str, str]()
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
                said = {
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in response.headers
                }
                answer = await read_body(response, self._client.policy, cut=True)
        except ApiError as failed:
            error, overloaded = failed.title, _is_silence(failed)
            code = None  # an answer that does not end is none
        except Exception as odd:
            log.exception("attempt_error", delivery=claimed.id)
            error = type(odd).__name__
        finally:
            self._at_work[claimed.endpoint_id].remove(began)
            if not self._at_work[claimed.endpoint_id]:
                del self._at_work[claimed.endpoint_id]
        took_s = clock.monotonic() - began
        shown = answer[:KEPT_ANSWER].decode("utf-8", "replace").replace("\x00", "")
        well = code is not None and 200 <= code < 300
        self._judge(claimed.endpoint_id, took_s, well=well, silent=overloaded)
        final = code == GONE or said.get("webhook-delivery", "").strip().lower() == "abort-message"
        came = _Answer(code=code, latency_ms=int(took_s * 1000), text=shown)
        if well or final:
            self._note(claimed, "succeeded" if well else "failed", at, came, error=error)
            return
        asked = read_retry_after(said.get("retry-after"), at)
        self._note_failure(
            claimed, at, came, error=error, overloaded=overloaded or code == _TOO_MANY, retry_after_s=asked
        )

    def _judge(self, endpoint_id: str, took_s: float, *, well: bool, silent: bool) -> None:
        breaker, now = self._breakers[endpoint_id], self._runtime.clock.monotonic()
        if well and breaker.succeeded(now, took_s):
            self._closed.add(endpoint_id)
        if not well and breaker.failed(now, silent=silent):
            self._opened[endpoint_id] = OPEN_S
            self._shut[endpoint_id] = breaker.open_until

    def _note_failure(
        self,
        claimed: Claimed,
        began: datetime,
        came: "_Answer | None" = None,
        *,
        error: str | None,
        overloaded: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        """Another attempt follows, or none is left."""
        delay = delay_after(
            claimed.attempts + 1,
            self._chance(),
            delays=self._runtime.settings.delivery_delays_s,
            overloaded=overloaded,
            retry_after_s=retry_after_s,
        )
        self._note(claimed, "failed" if delay is None else "pending", began, came, error=error, delay_s=delay)

    def _note(
        self,
        claimed: Claimed,
        status: str,
        began: datetime,
        came: "_Answer | None" = None,
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
                status_code=came.code if came else None,
                latency_ms=came.latency_ms if came else 0,
                error=error,
                answer=came.text if came else "",
            )
        )
        self._stir.set()

    async def _write(self) -> None:
        if not self._outcomes and not self._opened:
            return
        outcomes, opened, closed = self._outcomes, self._opened, self._closed
        self._outcomes, self._opened, self._closed = [], {}, set()
        try:
            await write_outcomes(self._runtime, outcomes, opened, closed)
        except BaseException:
            # written in the next round; a delivery whose lease ends before is sent again, under the same id
            self._outcomes = outcomes + self._outcomes
            self._opened, self._closed = opened | self._opened, closed | self._closed
            raise


def _is_silence(failed: ApiError) -> bool:
    """Whether the receiver said nothing in time, as a connection or as an answer."""
    cause = failed.__cause__
    return isinstance(failed, FetchTimeout) or (
        isinstance(cause, ContactRefused) and cause.reason == "silent"
    )

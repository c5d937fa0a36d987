"""The worker process: consumes jobs with a pool of page processes, and stops cleanly on SIGTERM."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import (
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
    nullcontext,
    suppress,
)
from datetime import timedelta

import structlog
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job

from api.clock import Clock
from api.engines import ENGINES, EngineSpec, engine_of
from api.errors import Unavailable
from api.fetching.client import GuardedClient
from api.fetching.politeness import Pace
from api.fetching.robots import Robots
from api.jobs.export_when_due import export_when_due
from api.jobs.feed_poller import READ_SECONDS, Poller
from api.jobs.housekeeping import sweep
from api.jobs.readers_writer_lock import ReadersWriterLock
from api.jobs.run_analysis import analyze_story
from api.jobs.running_jobs import JobReturned, RunningJobs
from api.jobs.slow_lane import SlowLane
from api.jobs.webhook_sender import WebhookSender
from api.jobs.worker_context import WorkerContext
from api.operations.analyses.claim_analysis import count_hung, excuse_tries
from api.operations.stories.indexnow import tell_search_engines
from api.processes.confinement import missing
from api.processes.pool import Processes
from api.pulse import AtWork, Pulse
from api.queue.consumer import Consumer
from api.queue.enqueue import ANALYZE_STORY, SECOND_OPINION, TELL_SEARCH_ENGINES
from api.queue.schema import queries
from api.runtime.fetch_policy import delivery_policy, fetch_policy, resolver_of
from api.runtime.language_model import model_client
from api.runtime.load_taxonomy import load_taxonomy
from api.runtime.runtime import Runtime, open_runtime
from api.settings import Settings
from api.storage.database.pool import queue_pool
from api.traces import child_of, traced

log = structlog.get_logger(__name__)

GIVE_BACK_S = 4.0  # for running jobs at shutdown: two small transactions each
POLL = timedelta(seconds=5)  # fallback for LISTEN/NOTIFY
MAX_DOUBLINGS = 5  # of the delay of a waiting job
EXCUSE_S = 2.0  # time limit at shutdown
RESTART_PAUSE_S = 1.0  # after losing the database


async def run(
    settings: Settings,
    *,
    stop: asyncio.Event | None = None,
    pulse: Pulse | None = None,
    lost: Sequence[AtWork] = (),
    engines: Sequence[EngineSpec] = ENGINES,
) -> None:
    """Work until SIGTERM, SIGINT or `stop`. A second signal ends at once.

    The worker waits while the database is down. A watcher of `pulse` sees whether the loop runs; `lost` is the
    work of the previous process when it hung. The engine of the setting's profile judges.
    """
    stop, pulse = stop or asyncio.Event(), pulse or Pulse()
    _stop_on_signals(stop)
    async with pulse.beating(), _bench(settings, stop, pulse, engines) as context:
        await _count_hung(context.runtime, lost)
        sweeper = asyncio.create_task(_sweep_until(context, stop))
        exporting = asyncio.create_task(_export_until(context.runtime, stop))
        sending = asyncio.create_task(deliver_until(context.runtime, stop))
        polling = asyncio.create_task(_poll_until(context, stop))
        log.info("worker_started", concurrency=settings.worker_concurrency)
        if lacking := missing():
            log.warning("pages_not_confined", missing=lacking)
        while not stop.is_set():
            try:
                await _consume(context, settings, stop)
            except Exception as away:  # jobs are safe in the database
                log.warning("queue_lost", reason=repr(away))
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), RESTART_PAUSE_S)
        exporting.cancel()  # the next export deletes a partial one; finishing may take minutes
        await asyncio.gather(sweeper, sending, polling)
        await asyncio.gather(exporting, return_exceptions=True)
    log.info("worker_stopped")


async def _count_hung(runtime: Runtime, lost: Sequence[AtWork]) -> None:
    """Without a database the hang counts once instead of twice."""
    try:
        await count_hung(runtime, lost)
    except Unavailable as away:
        log.warning("hang_not_counted", reason=away.detail)


@asynccontextmanager
async def _bench(
    settings: Settings, stop: asyncio.Event, pulse: Pulse, engines: Sequence[EngineSpec]
) -> AsyncIterator[WorkerContext]:
    clock, engine = Clock(), engine_of(settings.engine_profile, engines)
    async with AsyncExitStack() as stack:
        runtime = open_runtime(
            settings,
            load_taxonomy(),
            clock,
            statement_timeout_ms=settings.worker_statement_timeout_ms,
        )
        stack.push_async_callback(runtime.pool.close)
        stack.push_async_callback(runtime.cache.close)
        client = GuardedClient(fetch_policy(settings), resolver_of(settings))
        stack.push_async_callback(client.aclose)
        telling = GuardedClient(fetch_policy(settings).for_deliveries(), resolver_of(settings))
        stack.push_async_callback(telling.aclose)
        model = model_client(settings)
        if model is not None:
            await stack.enter_async_context(model)
        processes = Processes(
            size=settings.worker_concurrency,
            memory_mb=settings.analysis_memory_mb,
            cpu_s=settings.analysis_timeout_s,
            preload=engine.preload,
        )
        stack.push_async_callback(asyncio.to_thread, processes.close)
        await processes.open()
        yield WorkerContext(
            runtime=runtime,
            engine=engine,
            engines=engines,
            client=client,
            telling=telling,
            robots=Robots(client),
            pace=Pace(settings.fetch_delay_s, clock),
            processes=processes,
            lane=ReadersWriterLock(),
            slow_lane=SlowLane(max(1, settings.worker_concurrency - 1), clock),
            pulse=pulse,
            stop=stop,
            model=model,
            waiting=asyncio.Semaphore(settings.llm_concurrency),
        )


async def _consume(context: WorkerContext, settings: Settings, stop: asyncio.Event) -> None:
    """Run the queue's consumer until `stop`; raises if its connections fail."""
    # its own pool, past any pooler, because the queue uses LISTEN
    async with queue_pool(
        settings.direct_database(), timeout_ms=settings.worker_statement_timeout_ms
    ) as pool:
        manager, in_hand = Consumer(queries(AsyncpgPoolDriver(pool))), RunningJobs()

        @manager.entrypoint(ANALYZE_STORY)
        async def analyze(job: Job) -> None:
            with _given_back(), _traced(job, context.runtime.clock):
                retry = await in_hand.run(analyze_story(context, (job.payload or b"").decode()))
            if retry is not None:
                longer = 2 ** min(job.attempts, MAX_DOUBLINGS) if retry.patient else 1
                raise RetryRequested(delay=retry.delay * longer, reason=retry.reason)

        # the limit of an entry point holds for all workers; it makes each look at the queue dearer
        opinions = settings.llm_concurrency if context.model is not None else 0
        waiting = opinions if settings.llm_wait else 0
        manager.entrypoint(SECOND_OPINION, concurrency_limit=opinions)(analyze)

        @manager.entrypoint(TELL_SEARCH_ENGINES)
        async def tell(job: Job) -> None:
            with _given_back():
                told = await in_hand.run(tell_search_engines(context.runtime, context.telling, job.attempts))
            if told.again is not None:
                raise RetryRequested(delay=told.again, reason="pages wait")

        stopper = asyncio.create_task(_shut(manager, context))
        running = asyncio.create_task(
            manager.run(
                dequeue_timeout=POLL,
                batch_size=settings.worker_concurrency,
                max_concurrent_tasks=2 * settings.worker_concurrency + opinions + waiting,
                heartbeat_timeout=timedelta(seconds=settings.heartbeat_timeout_s),
                shutdown_on_listener_failure=True,
            )
        )
        try:
            await asyncio.wait({running, stopper}, return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                await asyncio.wait({running}, timeout=settings.worker_stop_s)
            if not running.done():
                in_hand.give_back()
                await asyncio.wait({running}, timeout=GIVE_BACK_S)
            if running.done():
                await running
        finally:
            stopper.cancel()
            running.cancel()
            await asyncio.gather(stopper, running, return_exceptions=True)


def _traced(job: Job, clock: Clock) -> AbstractContextManager[None]:
    """Continue the trace of the request that queued the job."""
    traceparent = (job.headers or {}).get("traceparent")
    if not isinstance(traceparent, str):
        return nullcontext()
    return traced(child_of(traceparent, clock.new_span_id()))


@contextmanager
def _given_back() -> Iterator[None]:
    """Queue a returned job again at once."""
    try:
        yield
    except JobReturned:
        raise RetryRequested(reason="its worker was stopped") from None


async def _shut(manager: Consumer, context: WorkerContext) -> None:
    await context.stop.wait()
    manager.shutdown.set()
    with suppress(Unavailable, TimeoutError):
        async with asyncio.timeout(EXCUSE_S):
            await excuse_tries(context.runtime, context.pulse.in_hand())


async def _sweep_until(context: WorkerContext, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await sweep(context.runtime)
        except Exception as failed:  # the next round tries again
            log.warning("sweep_failed", reason=repr(failed))
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 30)


async def _export_until(runtime: Runtime, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await export_when_due(runtime)
        except Exception as failed:  # the next round tries again
            log.warning("export_failed", reason=repr(failed))
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 30)


async def deliver_until(runtime: Runtime, stop: asyncio.Event) -> None:
    """Send due deliveries until `stop`."""
    settings = runtime.settings
    client = GuardedClient(delivery_policy(settings), resolver_of(settings))
    try:
        chance = random.SystemRandom().random
        await WebhookSender(runtime, client, chance, width=settings.delivery_concurrency).run(stop)
    finally:
        await client.aclose()


async def _poll_until(context: WorkerContext, stop: asyncio.Event) -> None:
    settings = context.runtime.settings
    if not settings.feed_polling:
        return
    client = GuardedClient(fetch_policy(settings).for_feeds(), resolver_of(settings))
    # a separate pool, so that feeds do not wait for analyses; it shares the fork server
    processes = Processes(
        size=1,
        memory_mb=settings.analysis_memory_mb,
        cpu_s=READ_SECONDS,
        preload=context.engine.preload,
    )
    chance = random.SystemRandom().random
    try:
        await Poller(context.runtime, client, context.robots, context.pace, processes, chance).run(stop)
    finally:
        await asyncio.to_thread(processes.close)
        await client.aclose()


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def ask() -> None:
        if stop.is_set():
            raise SystemExit(1)
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        with suppress(ValueError, NotImplementedError):  # not in the main thread: the owner stops this worker
            loop.add_signal_handler(name, ask)

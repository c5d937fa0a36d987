# Long because one state machine contains all steps, so that any can follow any other.
"""Random histories of submissions, crashes, late publications, retractions and subscribers against a model.

Hypothesis chooses the steps; the real operations run on real servers, deliveries over TCP. Seeds are stored
here, so a failure prints its steps and recurs in the next run.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from api.errors import FetchTimeout, Gone, IdempotencyKeyReused
from api.jobs.housekeeping import LOST_AFTER, sweep
from api.operations.analyses.claim_analysis import MAX_CRASHES, Try, claim_analysis
from api.operations.analyses.finish_analysis import fail_try, release_try
from api.operations.stories.lookups import look_up_url
from api.operations.stories.read_document import read_story, read_verdict
from api.operations.stories.story_lists import list_latest
from api.storage.log.events import list_events
from schemas.analyses import AnalysisSubmission
from schemas.enums import LookupState
from schemas.events import EventType
from tests.conftest import Servers
from tests.kit.servers.fakes import StillClock
from tests.kit.servers.receiver import Receiver, Reply
from tests.kit.worlds import history
from tests.kit.worlds.history import ACCOUNTS, Died, MortalClock
from tests.kit.worlds.history_model import Model, Subscriber
from tests.kit.worlds.history_subscribers import COURIERS, HOST, Hook, Post

T = TypeVar("T")
URLS = [f"http://news.brightwater.example/turbine-{number}" for number in (1, 2)]
_NUMBERS = count(1)


accounts = st.sampled_from(ACCOUNTS)
texts = st.integers(0, 2)
submissions = st.builds(
    AnalysisSubmission, url=st.sampled_from(URLS), max_age=st.sampled_from([None, 0])
) | st.just(AnalysisSubmission(text="Forty roles are impacted."))
# The clock reading at which the process dies; a publication reads it about thirty times.
deaths = st.none() | st.integers(0, 30)
workers = st.integers(0, COURIERS - 1)
wishes = st.sampled_from(
    [
        frozenset[EventType](),
        frozenset({EventType.STORY_PUBLISHED}),
        frozenset({EventType.VERDICT_REVISED, EventType.STORY_RETRACTED}),
        frozenset({EventType.ANALYSIS_COMPLETED, EventType.ANALYSIS_FAILED, EventType.ENDPOINT_DISABLED}),
    ]
)
replies = st.sampled_from(
    [Reply(), Reply(), Reply(500), Reply(429, {"Retry-After": "90"}), Reply(410), Reply(reset=True)]
)
MAX_DAYS = 20  # in one history: analyses are deleted after thirty days


class History(RuleBasedStateMachine):
    """Each step is applied to service and model; then the two must agree."""

    jobs_made, tries = Bundle("jobs"), Bundle("tries")
    requests, readers, hooks = Bundle("requests"), Bundle("readers"), Bundle("hooks")

    def __init__(
        self,
        run: Callable[[Coroutine[Any, Any, T]], T],
        database_url: str,
        redis_url: str,
        tally: Counter[str],
    ) -> None:
        super().__init__()
        self.run, self.time, self.days, self.tally = run, StillClock(), 0, tally
        self.clock = MortalClock(self.time)
        receiver = run(Receiver().__aenter__())
        self.runtime = run(history.open_service(database_url, redis_url, self.clock, (HOST, receiver.port)))
        self.post = run(_post(self.runtime, self.clock, receiver, tally))
        self.model = Model()
        self.subscribers: list[Subscriber] = []
        self.written = run(history.read_all(self.runtime))

    # Steps ---------------------------------------------------------------------------------------------

    @rule(target=jobs_made, account=accounts, body=submissions, dies=deaths)
    def submit(self, account: str, body: AnalysisSubmission, dies: int | None) -> Any:
        return self._submit(account, body, None, dies)

    @rule(target=requests, account=accounts, body=submissions, key=st.sampled_from("abcd"), dies=deaths)
    def send_a_named_request(self, account: str, body: AnalysisSubmission, key: str, dies: int | None) -> Any:
        self._submit(account, body, key, dies)
        return account, body, key

    @rule(target=jobs_made, request=requests, dies=deaths)
    def repeat_a_named_request(self, request: tuple[str, AnalysisSubmission, str], dies: int | None) -> Any:
        return self._submit(*request, dies)

    @rule(pages=st.lists(st.tuples(accounts, st.sampled_from(URLS), texts), min_size=1, max_size=4))
    def read_pages(self, pages: list[tuple[str, str, int]]) -> None:
        for account, url, text in pages:
            body = AnalysisSubmission(url=url, max_age=0)
            if not self.model.is_retracted(url):
                attempt = self.claim(self._submit(account, body, None, None), alone=False)
                if attempt.__class__ is Try:
                    self.publish(attempt, text, None)

    @rule(target=jobs_made, url=st.sampled_from(URLS))
    def submit_together(self, url: str) -> Any:
        body = AnalysisSubmission(url=url, max_age=0)
        if self.model.is_retracted(url):
            return multiple()
        calls = [history.submit(self.runtime, account, body, None) for account in ACCOUNTS]
        created = [
            self._accepted(account, body, name)
            for account, name in zip(ACCOUNTS, self.run(_gather(calls)), strict=True)
        ]
        assert created[0] == created[1], "one job for one page"
        return created[0]

    @rule(target=tries, job_id=jobs_made, alone=st.booleans())
    def claim(self, job_id: str, alone: bool) -> Any:
        """Also claims a running job, whose worker is taken for dead."""
        job = self.model.jobs[job_id]
        attempt = self.run(claim_analysis(self.runtime, job_id, alone=alone))
        if job.over:
            assert attempt is None
            return multiple()
        job.crashes += job.status == "running" and job.alone
        if job.crashes >= MAX_CRASHES:
            assert attempt is None
            self.model.end(job, "failed")
            return multiple()
        job.status, job.tries, job.alone = "running", job.tries + 1, alone
        assert attempt is not None
        assert attempt.number == job.tries
        return attempt

    @rule(target=tries, job_id=jobs_made)
    def take_back(self, job_id: str) -> Any:
        """A worker stalls, another claims the job, and both may publish."""
        begun = [self.claim(job_id, alone=False), self.claim(job_id, alone=False)]
        return multiple(*(attempt for attempt in begun if isinstance(attempt, Try)))

    @rule(attempt=tries, text=texts, dies=deaths)
    def publish(self, attempt: Try, text: int, dies: int | None) -> None:
        url = self.model.jobs[attempt.job.id].url
        done = self._unless_it_dies(dies, history.publish(self.runtime, attempt, url, text))
        if done is not None:
            assert done == self._holds(attempt), "the try that holds the job publishes, and no other"
            if done:
                self.model.publish(self.model.jobs[attempt.job.id], text, self.clock.now())

    @rule(attempt=tries, text=texts)
    def publish_all_at_once(self, attempt: Try, text: int) -> None:
        job = self.model.jobs[attempt.job.id]
        rivals = [msgspec.structs.replace(attempt, number=number) for number in range(1, job.tries + 1)]
        calls = [history.publish(self.runtime, rival, job.url, text) for rival in rivals]
        assert self.run(_gather(calls)) == [self._holds(rival) for rival in rivals]
        if job.status == "running":
            self.model.publish(job, text, self.clock.now())

    @rule(attempt=tries)
    def fail(self, attempt: Try) -> None:
        error = FetchTimeout("The site did not answer in 20 s.")
        done = self.run(fail_try(self.runtime, attempt.job.id, attempt.number, error))
        assert done == self._holds(attempt)
        if done:
            self.model.end(self.model.jobs[attempt.job.id], "failed")

    @rule(attempt=tries, crashed=st.booleans())
    def give_back(self, attempt: Try, crashed: bool) -> None:
        job = self.model.jobs[attempt.job.id]
        done = self.run(release_try(self.runtime, attempt.job.id, attempt.number, crashed=crashed))
        assert done == self._holds(attempt)
        if done:
            job.status, job.alone, job.crashes = "queued", False, job.crashes + crashed

    @precondition(lambda self: self.days < MAX_DAYS)
    @rule(target=jobs_made, days=st.integers(1, 8))
    def let_days_pass_and_recover(self, days: int) -> Any:
        """Caches expire, stories become too old for reuse, keys are deleted, lost jobs are recovered.

        Jobs of the service itself read pages again.
        """
        self.days += days
        self.time.advance(days * 86_400 + 1)
        self.run(history.forget_cache(self.runtime))
        now, kept_s = self.clock.now(), self.runtime.settings.idempotency_kept_s
        open_jobs = [job for job in self.model.jobs.values() if not job.over]
        assert self.run(sweep(self.runtime)) == sum(job.made_at < now - LOST_AFTER for job in open_jobs)
        lifetime = timedelta(seconds=kept_s)
        self.run(history.forget_named_requests(self.runtime, now - lifetime))
        self.model.responses = {
            name: value for name, value in self.model.responses.items() if value[2] >= now - lifetime
        }
        found = {row["id"]: row["url"] for row in self.run(history.list_jobs(self.runtime))}
        begun = [job_id for job_id in found if job_id not in self.model.jobs]
        for job_id in begun:
            self.model.read_again(job_id, found[job_id], now)
        return multiple(*begun)

    @rule(url=st.sampled_from(URLS), notified=st.booleans())
    def retract(self, url: str, notified: bool) -> None:
        story = self.model.stories.get(url)
        if story is not None and not story.retracted:
            self.run(history.retract(self.runtime, self._story_id(url), notified=notified))
            story.retracted = True
            self.model.log.append(("story.retracted", None, url))

    @rule(target=readers, account=st.none() | accounts, late=st.booleans())
    def subscribe(self, account: str | None, late: bool) -> Subscriber:
        self.subscribers.append(Subscriber(account, len(self.model.log) if late else 0))
        return self.subscribers[-1]

    @rule(reader=readers, limit=st.integers(1, 5))
    def read_events(self, reader: Subscriber, limit: int) -> None:
        self.run(self._read(reader, limit))

    @initialize(target=hooks, wanted=st.lists(st.tuples(accounts, wishes), min_size=2, max_size=4))
    def begin_with_endpoints(self, wanted: list[tuple[str, frozenset[EventType]]]) -> Any:
        return multiple(*(self.open_an_endpoint(account, types) for account, types in wanted))

    @rule(target=hooks, account=accounts, types=wishes)
    def open_an_endpoint(self, account: str, types: frozenset[EventType]) -> Hook:
        return self.run(self.post.subscribe(account, types, len(self.model.log)))

    @precondition(lambda self: len(self.post.hooks) > 2)
    @rule(hook=consumes(hooks))
    def delete_an_endpoint(self, hook: Hook) -> None:
        self.run(self.post.unsubscribe(hook))

    @rule(hook=hooks, reply=replies)
    def let_an_endpoint_answer(self, hook: Hook, reply: Reply) -> None:
        """The endpoint succeeds or fails from now on."""
        hook.reply = reply

    @rule(hook=hooks, what=st.sampled_from(["on", "off", "recover", "new secret", "new secret at once"]))
    def change_an_endpoint(self, hook: Hook, what: str) -> None:
        """Enable or disable it, recover missed events, or rotate its secret."""
        if what == "recover":
            self.run(self.post.recover(hook))
        elif what in ("on", "off"):
            self.run(self.post.switch(hook, on=what == "on"))
        else:
            self.run(self.post.rotate(hook, 86_400 if what == "new secret" else 0))

    @rule(seconds=st.sampled_from([0, 6, 61, 400, 7_500, 40_000]), lives=st.lists(st.tuples(workers, deaths)))
    def deliver(self, seconds: int, lives: list[tuple[int, int | None]]) -> None:
        """Leases end, retries are due, breakers close; workers deliver and may die."""
        self.time.advance(seconds)
        for worker, dies in lives:
            self.run(self.post.deliver(worker, dies))
        self._hear_of_the_disabled()

    @rule(worker=workers, seconds=st.sampled_from([0, 61]))
    def stall_in_delivery(self, worker: int, seconds: int) -> None:
        self.run(self.post.stall(worker))
        self.time.advance(seconds)
        self._hear_of_the_disabled()

    # What must hold ------------------------------------------------------------------------------------

    @invariant()
    def all_agrees(self) -> None:
        self.written = self.run(history.read_all(self.runtime))
        self._check_effects()
        self._check_events()
        self.run(self.post.look())
        self.post.check(self.written.events)
        self.run(self._check_served())

    def _check_effects(self) -> None:
        assert {(row[0], row[1], row[2], row[3], row[4]) for row in self.written.accepted} == {
            (name, account, job_id, job.status, job.tries)
            for job_id, job in self.model.jobs.items()
            for account, name in job.owners.items()
        }
        sequence, jobs, stories = self.written.counts
        assert (sequence, jobs, stories) == (
            len(self.model.log),
            len(self.model.jobs),
            len(self.model.stories),
        )
        assert {(row[3], row[1]) for row in self.written.verdicts} == {
            (url, version)
            for url, story in self.model.stories.items()
            for version in range(1, story.versions + 1)
        }

    def _check_events(self) -> None:
        """Events have no gap; each verdict and each end of an analysis has one."""
        events, verdicts = self.written.events, {row[0]: row for row in self.written.verdicts}
        assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
        assert len({event["id"] for event in events}) == len(events)
        notified, log, urls = [], [], {row[2]: row[3] for row in self.written.verdicts}
        for event in events:
            data = msgspec.json.decode(event["data"])
            if event["type"] in ("story.published", "verdict.revised"):
                notified.append(data["verdict_id"])
                subject = f"{data['url']} {verdicts[data['verdict_id']][1]}"
            else:
                subject = data.get("analysis_id") or data.get("endpoint_id") or urls[data["story_id"]]
            log.append((event["type"], event["account_id"], subject))
        assert sorted(notified) == sorted(verdicts)
        assert log == self.model.log
        ends = [subject for kind, _, subject in log if kind.startswith("analysis.")]
        waited = [job for job in self.model.jobs.values() if job.over and not job.quiet]
        assert sorted(ends) == sorted(name for job in waited for name in job.owners.values())

    def teardown(self) -> None:
        """Accepted analyses end, and every subscriber is notified."""
        try:
            for job_id, job in self.model.jobs.items():
                while not job.over:
                    attempt = self.claim(job_id, alone=False)
                    if not job.over:
                        self.publish(attempt, 0, None)
            self.all_agrees()
            self.run(self.post.settle())
            self._hear_of_the_disabled()
            self.all_agrees()
            self.post.check_all_came(self.written.events)
            self.tally.update(kind for kind, _, _ in self.model.log)
            for reader in self.subscribers:
                self.run(self._read(reader, len(self.model.log) + 1))
                assert reader.seen == self._visible_to(reader)
        finally:
            self.run(self._close())

    # How -------------------------------------------------------------------------------------------

    def _submit(self, account: str, body: AnalysisSubmission, key: str | None, dies: int | None) -> Any:
        replay = self.model.responses.get((account, key)) if key else None
        call = history.submit(self.runtime, account, body, key)
        if replay is not None and replay[0] != body:
            with pytest.raises(IdempotencyKeyReused):
                self.run(call)
            return multiple()
        if replay is not None:
            assert self.run(call) == replay[1], "the same request has the same answer"
            return next(job_id for job_id, job in self.model.jobs.items() if replay[1] in job.owners.values())
        if self.model.is_retracted(body.url):
            with pytest.raises(Gone):
                self.run(call)
            return multiple()
        name = self._unless_it_dies(dies, call)
        if name is None:
            return multiple()
        if key is not None:
            self.model.responses[account, key] = (body, name, self.clock.now())
        return self._accepted(account, body, name)

    def _accepted(self, account: str, body: AnalysisSubmission, name: str) -> str:
        """Adds the accepted analysis to the model; returns the id of its job."""
        (job_id,) = [row[2] for row in self.run(history.read_all(self.runtime)).accepted if row[0] == name]
        self.model.accept(account, body, name, job_id, self.clock.now())
        return str(job_id)

    def _unless_it_dies(self, looks: int | None, call: Coroutine[Any, Any, T]) -> T | None:
        self.clock.looks_left = looks
        try:
            return self.run(call)
        except Died:
            return None
        finally:
            self.clock.looks_left = None

    def _hear_of_the_disabled(self) -> None:
        """The model does not include disabling; the log must contain it once."""
        for event in self.run(history.read_all(self.runtime)).events[len(self.model.log) :]:
            assert event["type"] == "endpoint.disabled"
            name = msgspec.json.decode(event["data"])["endpoint_id"]
            (hook,) = [hook for hook in self.post.hooks if hook.id == name]
            assert event["account_id"] == hook.account
            self.model.log.append(("endpoint.disabled", hook.account, hook.id))

    def _holds(self, attempt: Try) -> bool:
        return self.model.jobs[attempt.job.id].held_by(attempt.number)

    def _visible_to(self, reader: Subscriber) -> list[tuple[int, str]]:
        return [
            (event["sequence"], event["id"])
            for event in self.written.events
            if event["sequence"] > reader.start and event["account_id"] in (None, reader.account)
        ]

    async def _read(self, reader: Subscriber, limit: int) -> None:
        after = reader.seen[-1][0] if reader.seen else reader.start
        async with self.runtime.pool.connection() as connection:
            found = await list_events(connection, after=after, account_id=reader.account, limit=limit)
        more = [(event.sequence, event.id) for event in found]
        start = len(reader.seen)
        assert more == self._visible_to(reader)[start : start + limit]
        reader.seen += more

    def _story_id(self, url: str) -> str:
        return next(row[2] for row in self.written.verdicts if row[3] == url)

    async def _check_served(self) -> None:
        """Stories are served with their last version, retracted ones are not."""
        listed = {row.id for row in await list_latest(self.runtime)}
        for url, story in self.model.stories.items():
            story_id = self._story_id(url)
            assert (story_id in listed) != story.retracted
            if not story.retracted:
                (current,) = [row for row in self.written.verdicts if row[0] == row[4] and row[3] == url]
                assert current[1] == story.versions
                _, document = await read_story(self.runtime, story_id)
                assert msgspec.json.decode(document.body)["verdict"]["id"] == current[0]
                continue
            verdicts = [read_verdict(self.runtime, row[0]) for row in self.written.verdicts if row[3] == url]
            assert (await look_up_url(self.runtime, url)).state is LookupState.RETRACTED
            for ask in [read_story(self.runtime, story_id), *verdicts]:
                with pytest.raises(Gone):
                    await ask

    async def _close(self) -> None:
        await self.post.close()
        await self.runtime.pool.close()
        await self.runtime.cache.close()


async def _post(*arguments: Any) -> Post:
    """Created inside the running loop."""
    return Post(*arguments)


async def _gather(calls: list[Coroutine[Any, Any, T]]) -> list[T]:
    return await asyncio.gather(*calls)


class TestAnyHistory:
    @pytest.mark.parametrize(
        ("number", "runs", "steps"),
        [
            pytest.param(1, 3, 20, id="short", marks=pytest.mark.slow),
            pytest.param(2, 100, 50, id="seed-2", marks=pytest.mark.chaos),
            pytest.param(3, 100, 50, id="seed-3", marks=pytest.mark.chaos),
        ],
    )
    def test_ends_as_it_should(
        self, servers: Servers, template: str, number: int, runs: int, steps: int
    ) -> None:
        ran, tally = 0, Counter[str]()
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            names: list[str] = []

            def machine() -> History:
                nonlocal ran
                ran += 1
                if names:
                    runner.run(servers.execute(f"DROP DATABASE {names.pop()} WITH (FORCE)"))
                names.append(f"unspun_history_{number}_{next(_NUMBERS)}")
                runner.run(servers.copy(template, names[-1]))
                return History(runner.run, servers.database(names[-1]), servers.redis_url, tally)

            try:
                run_state_machine_as_test(
                    seed(number)(machine),
                    settings=settings(
                        max_examples=runs,
                        stateful_step_count=steps,
                        deadline=None,
                        database=None,
                        phases=(Phase.generate,),  # shrinking a failure takes a quarter of an hour
                        suppress_health_check=list(HealthCheck),
                    ),
                )
            finally:
                runner.run(servers.execute(f"DROP DATABASE {names.pop()} WITH (FORCE)"))
        counted = ", ".join(f"{times} {what}" for what, times in sorted(tally.items()))
        print(f"seed {number}: {ran} runs of {steps} steps: {counted}")
        assert ran >= runs

"""The expected outcome of any history: a model of jobs, stories and the event log without a server."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from api.operations.analyses.open_analysis import DEFAULT_MAX_AGE_S
from schemas.analyses import AnalysisSubmission

OVER = ("succeeded", "failed")


@dataclass
class Job:
    """`owners`: each account's analysis of it. `quiet`: responded at once, so nobody waits for an event."""

    url: str | None
    made_at: datetime
    status: str = "queued"
    tries: int = 0
    crashes: int = 0
    alone: bool = False
    owners: dict[str, str] = field(default_factory=dict)
    quiet: bool = False

    @property
    def over(self) -> bool:
        return self.status in OVER

    def held_by(self, number: int) -> bool:
        """Whether the try of this number may publish."""
        return self.status == "running" and number == self.tries


@dataclass
class Story:
    """`text` is the text of its page that the last version judges."""

    text: int
    checked_at: datetime
    versions: int = 1
    retracted: bool = False


@dataclass
class Subscriber:
    account: str | None
    start: int
    seen: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Model:
    """`responses` are responses to idempotent requests; `log` the expected events: type, account, subject."""

    jobs: dict[str, Job] = field(default_factory=dict)
    stories: dict[str, Story] = field(default_factory=dict)
    responses: dict[tuple[str, str], tuple[AnalysisSubmission, str, datetime]] = field(default_factory=dict)
    log: list[tuple[str, str | None, str]] = field(default_factory=list)

    def is_retracted(self, url: str | None) -> bool:
        return url in self.stories and self.stories[url].retracted

    def accept(self, account: str, body: AnalysisSubmission, name: str, job_id: str, now: datetime) -> None:
        """Records an accepted analysis. Returns whether it belongs to the expected job."""
        story = self.stories.get(body.url or "")
        max_age = DEFAULT_MAX_AGE_S if body.max_age is None else body.max_age
        answered = story is not None and story.checked_at > now - timedelta(seconds=max_age)
        same = [id_ for id_, job in self.jobs.items() if body.url and job.url == body.url and not job.over]
        if same and not answered:
            assert job_id == same[0], "one open job for one page"
        else:
            assert job_id not in self.jobs
            self.jobs[job_id] = Job(body.url, now, "succeeded" if answered else "queued", quiet=answered)
        assert self.jobs[job_id].owners.setdefault(account, name) == name

    def read_again(self, job_id: str, url: str, now: datetime) -> None:
        """A job for which nobody waits."""
        assert url in self.stories
        assert not self.is_retracted(url)
        assert not [job for job in self.jobs.values() if job.url == url and not job.over]
        self.jobs[job_id] = Job(url, now)

    def publish(self, job: Job, text: int, now: datetime) -> None:
        if job.url is not None:
            story = self.stories.get(job.url)
            if story is None:
                self.stories[job.url] = Story(text, now)
                self.log.append(("story.published", None, f"{job.url} 1"))
            elif not story.retracted:
                story.checked_at = now
                if story.text != text:
                    story.text, story.versions = text, story.versions + 1
                    self.log.append(("verdict.revised", None, f"{job.url} {story.versions}"))
        self.end(job, "succeeded")

    def end(self, job: Job, status: str) -> None:
        job.status = status
        event_type = "analysis.completed" if status == "succeeded" else "analysis.failed"
        owners = sorted(job.owners.items(), key=lambda owner: owner[1])
        self.log += [(event_type, account, name) for account, name in owners]

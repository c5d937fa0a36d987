"""The soak's figures as a table, and its faults."""

from dataclasses import dataclass
from statistics import quantiles

from tests.soak.client import Outcome
from tests.soak.samples import Course

GROWTH_SHARE, GROWTH_MB = 0.05, 10.0  # of memory from the second quarter to the last; allocators vary
MORE_DESCRIPTORS = 10  # connections that happen to be open


@dataclass(frozen=True)
class Figures:
    """`behind`: unfinished analyses at the end of the load."""

    seconds: float
    reads: Outcome
    submissions: Outcome
    courses: dict[str, Course]
    behind: int
    ends: dict[str, int]
    most_connections: int

    def faults(self) -> list[str]:
        """One line for each; none on success."""
        found = [f"{name}: {line}" for name, line in self._errors()[:10]]
        if lost := {end: n for end, n in self.ends.items() if end != "succeeded"}:
            found.append(f"analyses that did not succeed: {lost}")
        for name, course in self.courses.items():
            _, second, _, last = course.quarters()
            if name.endswith("memory") and last > second * (1 + GROWTH_SHARE) + GROWTH_MB:
                found.append(f"{name} grew from {second:.0f} to {last:.0f} MB")
            if name.endswith("descriptors") and last > second + MORE_DESCRIPTORS:
                found.append(f"{name} grew from {second:.0f} to {last:.0f}")
        if (most := max(self.courses["connections"].values)) > self.most_connections:
            found.append(f"{most:.0f} connections to the database, {self.most_connections} are allowed")
        return found

    def _errors(self) -> list[tuple[str, str]]:
        sides = (("read", self.reads), ("submission", self.submissions))
        return [(name, line) for name, outcome in sides for line in outcome.errors]


def report(figures: Figures) -> str:
    lines = [f"soak of {figures.seconds:.0f} s", ""]
    lines.append(
        f"{'requests':<24}{'number':>9}{'a second':>10}{'errors':>8}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}"
    )
    for name, outcome in (("reads", figures.reads), ("submissions", figures.submissions)):
        lines.append(_requests(name, outcome, figures.seconds))
    lines.append(f"statuses: {_statuses(figures.reads)}; {_statuses(figures.submissions)}")
    lines += ["", f"{'held':<24}{'1st quarter':>12}{'2nd':>10}{'3rd':>10}{'4th':>10}{'most':>10}"]
    for course in figures.courses.values():
        if not course.name.endswith("processor time"):
            quarters = "".join(
                f"{value:>{12 if n == 0 else 10}.0f}" for n, value in enumerate(course.quarters())
            )
            name = f"{course.name}, {course.unit}" if course.unit else course.name
            lines.append(f"{name:<24}{quarters}{max(course.values):>10.0f}")
    ends = ", ".join(f"{count} {end}" for end, count in sorted(figures.ends.items()))
    lines += ["", f"analyses: {ends}; {figures.behind} unfinished when the load ended"]
    lines += [_cost(figures, "API", len(figures.reads.waits) + len(figures.submissions.waits), "request")]
    return "\n".join(
        [*lines, _cost(figures, "worker", sum(figures.ends.values()) - figures.behind, "analysis")]
    )


def _requests(name: str, outcome: Outcome, seconds: float) -> str:
    cuts = [1000 * cut for cut in quantiles(outcome.waits or [0.0, 0.0], n=100, method="inclusive")]
    most = 1000 * max(outcome.waits, default=0)
    number = len(outcome.waits)
    return (
        f"{name:<24}{number:>9}{number / seconds:>10.1f}{len(outcome.errors):>8}"
        f"{cuts[49]:>9.1f}{cuts[98]:>9.1f}{most:>9.0f}"
    )


def _statuses(outcome: Outcome) -> str:
    return ", ".join(f"{number} x {status}" for status, number in sorted(outcome.statuses.items()))


def _cost(figures: Figures, who: str, number: int, what: str) -> str:
    values = figures.courses[f"{who} processor time"].values
    spent = values[-1] - values[0]
    return f"{who}: {spent:.0f} s of processor time, {1000 * spent / max(number, 1):.2f} ms a {what}"

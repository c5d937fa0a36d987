"""Writes `api/guide/engine_figures.md` from `recorded.json`."""

from collections.abc import Iterable, Sequence

from api.evaluation.figures import Figure
from tests.benchmarks.figures import Recorded
from tests.benchmarks.held_out import PARTS as HELD_OUT
from tests.benchmarks.table import OTHERS, ablation_heads, ablation_rows, number, span
from tests.benchmarks.targets import target

_HEAD = """\
# How good the engine is, in figures

How well the engine agrees with labelled stories and public sets, what it refuses, which part earns its place, and
what a verdict costs.

Every figure stands with the number of records it rests on (n) and, in brackets, its 95 % interval: 1,000
bootstrap draws with a fixed seed, Wilson's for the shares of refusals and of sample stories. This page is written
by `make bench-engine ARGS=--record`; do not edit it.
"""

_GOLD = """\
## Against labelled stories

The development set of labelled stories: press releases, company blogs and press articles on technology and
business. **The labels were made by language-model annotators**, two for each story, who worked blind under the
same codebook. They share one model's habits: agreement with them is consistency, not truth. *Readers* is how
well the two agree with each other, *bag of words* a TF-IDF model that learned from the training stories, *bar*
and *aim* what we set ourselves. The engine learned from none of these stories, but its developers see the
figures while they work, so a text of the same kind that nobody has seen may be judged a little worse.

Confidence is calibrated where the calibration error is small; the 90 % interval of the score where it covers
nine labels of ten and is no wider than it must be. The F1 of a single type rests on few stories.
"""

_OWN = """\
## Against stories that taught nothing

Invented stories in the manner of press articles, releases, blogs and posts
(`tests/benchmarks/data/held_back_stories.jsonl`), each read by its author and, blind, by a second reader. They
were written when the engine was finished, and no engine has learned from them. Their subjects were chosen where
it errs: praise and doubt side by side, satire, lively prose that shows what it claims. Made-up stories are
plainer than real ones: read these beside the others.
"""

_QUIET = """\
## Against stories that steer quietly

More invented stories of the same kinds (`tests/benchmarks/data/held_back_quiet_stories.jsonl`), by twenty-four
writers who were asked for hard ones: few telling words among many facts, sober texts that steer by what they
choose, lively ones that do not, titles that mislead. A second reader, blind, gave the same type to 96 in 100 of
them and the same stance to 90. No engine has learned from them, but since 0.10.0 the engines have learned from
other stories by the same writers, so these figures are flattered. Those of `full` 0.9.0, which had seen nothing
by these writers, are the soberer ones: Spearman .83, mean error 11.8, type .75, stance .58, 62 of 100 scores
within the interval.
"""

_HELD_OUT = """\
## By cross-validation

The published stories that the encoder has not seen, each judged by heads fitted without its publisher; the tagger
of loaded terms and the ranking of claims have not seen them either. They were labelled by one reader each. The
bars are those of all collections together.
"""

_HELD_OUT_PARTS = {
    HELD_OUT[0]: f"{_HELD_OUT}\n### The first collection\n",
    HELD_OUT[1]: f"{_HELD_OUT}\n### The broader collection\n",
    HELD_OUT[2]: "### Stories of rare types\n",
    HELD_OUT[3]: "### The publisher with a fifth of all stories\n",
}

_GOLD2 = """\
## On the second development set

Broader kinds of text, read twice and blind; looked at once, after all was fitted.
"""

_REFUSALS = """\
## Texts that cannot be judged

Labelled stories of the development and the training set and saved web pages, some of which cannot be judged:
navigation, recipes, several stories run together, other languages. The right answer is to refuse those, and
nothing else. Most of these stories are training stories.
"""

_SATIRE = """\
## Satire

Whether satire is known as such (`spin.satire`), and nothing else is taken for it. The satires are twenty of the
stories that taught nothing; the articles of SemEval 2023 are political polemics, put together from their
paragraphs. None of these texts taught it anything, but they were looked at while this was built: when five of the
polemics had been taken for satire, sincere texts in a learned or partisan manner were added to what taught it.
"""

_MARKS = """\
## Where the findings stand

Two readers, language models like the others, marked the development stories sentence by sentence, blind to labels
and verdicts: by which of the types each steers, or that it runs something down. They agree in 88 of 100 sentences
whether it steers at all. A finding should stand where a reader sees the text steer, and by the type that the
reader sees; where both see it clearly, there should be one. The last row is what a finding dropped on any
sentence would have of the first. The encoder of the full engine learned from such marks of the training stories,
so here it is held against readers of the kind that taught it.
"""

_SEEDS = """\
## The sample stories

The invented stories that ship with the service, and what a careful reader would expect of them. An expectation
is never edited to please the engine.
"""

_OUTSIDE = """\
## From outside: public sets, not learned from, not tuned on

What the engine says of a single sentence or short text, against labels by people who asked other questions than
ours. The figure is the area under the curve (AUC): how often a positive record is ranked above a negative one;
.5 is chance. *Others* are models that were trained on that very set, mostly with another measure, so they show
how hard a set is and are no rivals. BABE and SemEval are political news, ClaimBuster is political debates, the
shop texts are mostly labels and buttons: far from the press releases and tech news that the engine is made for.
"""

_SPEED = """\
## Cost

CPU time of one process on articles of 800 words, put together from the sample stories; engine and spaCy's small
English model in turn in the same run; the median of the ratios. Wall time is that of a machine with other work.
"""

_ABLATION = """\
## What each part brings

The same weights on the development set with a part switched off and nothing fitted anew, so the score's level
moves too. A type is said only where a finding stands: without detectors it is always "none".
"""

_PARTS = {
    "gold": _GOLD,
    "gold2": _GOLD2,
    "own": _OWN,
    "quiet": _QUIET,
    **_HELD_OUT_PARTS,
    "refusals": _REFUSALS,
    "satire": _SATIRE,
    "marks": _MARKS,
    "seeds": _SEEDS,
    "outside": _OUTSIDE,
    "speed": _SPEED,
}


def guide(recorded: Recorded) -> str:
    """The page as Markdown with a column for each profile."""
    runs = [
        f"- profile `{profile}`: engine `{run.engine}` {run.version}, {run.date}, digest `{run.digest}`"
        for profile, run in recorded.items()
    ]
    sections = [f"{text}\n{_section(part, recorded)}" for part, text in _PARTS.items()]
    return "\n".join([_HEAD, *runs, "", *sections, f"{_ABLATION}\n{_ablation(recorded)}"])


def _section(part: str, recorded: Recorded) -> str:
    extra = {
        "gold": ("bar", "aim", "readers", "bag of words"),
        "gold2": ("bar",),
        **dict.fromkeys(HELD_OUT, ("bar",)),
        "refusals": ("bar", "aim"),
        "outside": ("others, trained on it",),
        "speed": ("bar", "aim"),
    }.get(part, ())
    rows = []
    for figure in _first(recorded, part):
        wanted = target(next(iter(recorded)), figure.key)
        bars = [_bar(figure, wanted.least), number(wanted.aim)]
        beside = {
            "gold": [*bars, wanted.readers, wanted.words],
            "gold2": bars[:1],
            **dict.fromkeys(HELD_OUT, bars[:1]),
            "refusals": bars,
            "outside": [OTHERS.get(figure.key, "-")],
            "speed": bars,
        }.get(part, [])
        rows.append([figure.label, str(figure.n), *_cells(recorded, figure.key), *beside])
    return _markdown(["measure", "n", *recorded, *extra], rows)


def _ablation(recorded: Recorded) -> str:
    rows = [[profile, *row] for profile, run in recorded.items() for row in ablation_rows(run)]
    return _markdown(["profile", *ablation_heads()], rows)


def _first(recorded: Recorded, part: str) -> Iterable[Figure]:
    """Each figure of the part once, in the order of the first profile that contains it."""
    known = {f.key: f for run in reversed(recorded.values()) for f in run.figures if f.part == part}
    order = dict.fromkeys(f.key for run in recorded.values() for f in run.figures if f.part == part)
    return [known[key] for key in order]


def _cells(recorded: Recorded, key: str) -> list[str]:
    found = [run.figure(key) for run in recorded.values()]
    return [
        "-" if f is None else f"{number(f.value)}" + (f" ({span(f)})" if f.low is not None else "")
        for f in found
    ]


def _bar(figure: Figure, bar: float | None) -> str:
    if bar is None:
        return "-"
    return number(bar) if figure.better == "higher" else f"at most {number(bar)}"


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return "Not measured in this record.\n"
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)

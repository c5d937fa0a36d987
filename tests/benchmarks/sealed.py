"""The sealed sets (`data/sealed/README.md`): measured at the end, never tuned on.

Opening them uses them up, so they are measured only if they are asked for: `--only sealed`.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from api.evaluation.figures import Figure
from api.pages.articles import article_from_text
from schemas.enums import SourceType, SpinType, StoryStatus
from tests.benchmarks.labelled import page_article
from tests.benchmarks.shares import share
from tests.benchmarks.verdicts import Measured, Verdicts
from tests.kit.texts.speaker_charges import wrong_charges
from tests.kit.texts.speaker_traps import DOCUMENT, Trap

PART = "sealed"
FOLDER = Path(__file__).with_name("data") / "sealed"
_KINDS = {"blog": SourceType.COMPANY_BLOG}  # as the writers named them


def sealed_figures(verdicts: Verdicts) -> Measured:
    """Shares of right answers in each set; a note for each wrong speaker and each wrong refusal."""
    notes: list[str] = []
    return Measured(
        [
            *_traps(verdicts, notes, "traps", "texts without a wrong speaker"),
            *_traps(verdicts, notes, "more_traps", "newer texts without a wrong speaker"),
            *_owning(verdicts),
            *_types(verdicts),
            *_pages(verdicts, notes, "non_articles", ""),
            *_pages(verdicts, notes, "more_non_articles", "newer "),
        ],
        notes,
    )


def _traps(verdicts: Verdicts, notes: list[str], name: str, label: str) -> Iterator[Figure]:
    passed = []
    for record in _records(name):
        trap = Trap(
            name=record["id"],
            publisher=record["source"],
            kind=_kind(record),
            title=record["title"],
            body=record["text"],
            said=[(check["words"], _speaker(check["speaker"])) for check in record["checks"]],
        )
        article = _article(record)
        wrong = wrong_charges(trap, verdicts.assess(article), article.text)
        notes += wrong
        passed.append(not wrong)
    yield share(PART, name, label, passed)


def _speaker(named: str) -> str:
    """As the kit names it: the writers wrote "the document"."""
    return DOCUMENT if named == "the document" else named


def _owning(verdicts: Verdicts) -> Iterator[Figure]:
    said = [(r["primary"], _primary(verdicts, r)) for r in _records("owning")]
    none = [found == SpinType.NONE for label, found in said if label == SpinType.NONE]
    yield share(PART, "owning_none", "apologies and critics' columns that are none, judged so", none)
    typed = [found == label for label, found in said if label != SpinType.NONE]
    yield share(PART, "owning_typed", "those of a type, judged so", typed)


def _types(verdicts: Verdicts) -> Iterator[Figure]:
    said = [(r["primary"], _primary(verdicts, r)) for r in _records("shield_fog")]
    yield share(PART, "shield_fog", "Shield, Fog and near misses, type right", [a == b for a, b in said])
    for kind in (SpinType.SHIELD, SpinType.FOG):
        hits = sum(label == found == kind for label, found in said)
        named = sum(label == kind for label, _ in said) + sum(found == kind for _, found in said)
        yield Figure(
            part=PART,
            code=f"f1_{kind.value}",
            label=f"F1 of {kind.value}",
            value=2 * hits / named if named else 0.0,
            n=len(said),
            better="higher",
            slack=None,
        )


def _pages(verdicts: Verdicts, notes: list[str], name: str, age: str) -> Iterator[Figure]:
    refused: dict[bool, list[bool]] = {True: [], False: []}
    for record in _records(name):
        verdict = verdicts.assess(page_article(record["html"].encode(), record["url"]))
        was_refused = verdict.status is StoryStatus.NOT_SCORABLE
        refused[record["scorable"]].append(was_refused)
        if was_refused is record["scorable"]:
            notes.append(f"{record['id']}: {'refused' if was_refused else 'judged'}")
    yield share(PART, name, f"{age}pages that are no articles, refused", refused[False])
    yield share(
        PART, name.replace("non_", ""), f"{age}articles of difficult shape, refused", refused[True], "lower"
    )


def _primary(verdicts: Verdicts, record: dict[str, Any]) -> SpinType | None:
    spin = verdicts.assess(_article(record)).spin
    return spin.primary if spin else None


def _article(record: dict[str, Any]) -> Any:
    return article_from_text(record["title"], record["text"], record["source"], _kind(record))


def _kind(record: dict[str, Any]) -> SourceType:
    named = record["source_type"]
    return _KINDS.get(named) or SourceType(named)


def _records(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(FOLDER / f"{name}.jsonl.gz") as file:
        yield from (msgspec.json.decode(line) for line in file)

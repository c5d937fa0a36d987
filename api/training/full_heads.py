"""`python -m api.training.full_heads`: refits all above the encoder that ships, in minutes.

Published stories must be new to that encoder. Parse and the encoder's outputs are cached.
"""

from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
import msgspec
import numpy as np

from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.encoder import States, states_of
from api.training.full_training import fit_above, head_story
from api.training.heads_training import HeadStory
from api.training.labelled import Labelled, is_published, labelled, training_records
from api.training.lacks import read_lacks
from api.training.reading_cache import cached_reading
from api.training.sentence_marks import Reading, read_marks
from schemas.enums import SpinType

_FOLDER = Path(__file__).resolve().parents[1] / "analysis" / "models"
_RARE = frozenset({SpinType.SHIELD, SpinType.FOG})  # of which published stories are too few


@click.command()
@click.argument(
    "labels", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--marks",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="JSONL file of what readers marked in some of the stories, sentence by sentence.",
)
@click.option(
    "--lacks",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSONL file of what readers miss in some of the stories.",
)
@click.option("--written", default=600, show_default=True, help="Most stories written for training.")
@click.option(
    "--cache",
    type=click.Path(file_okay=False, writable=True, path_type=Path),
    default=Path("build/readings"),
    show_default=True,
    help="Folder of parses and encodings.",
)
@click.option(
    "--held-out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write here how each published story is judged by heads that have not seen its publisher.",
)
@click.option(
    "--into",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    default=_FOLDER,
    help="Folder that gets the files; else the package's own.",
)
def train_heads(
    labels: tuple[Path, ...],
    marks: tuple[Path, ...],
    lacks: Path | None,
    written: int,
    cache: Path,
    held_out: Path | None,
    into: Path,
) -> None:
    """Fit the heads to LABELS, JSONL files of labelled stories. Equal files give equal bytes on one machine."""
    readings: dict[str, list[Reading]] = defaultdict(list)
    for path in marks:
        for reading in read_marks(path.read_bytes()):
            readings[reading.id].append(reading)
    try:
        missed = read_lacks(lacks.read_bytes()) if lacks else {}
        records = _chosen(training_records(labels), written)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    cache.mkdir(parents=True, exist_ok=True)
    stories: list[Labelled[EncodedDocument]] = []
    heads: list[HeadStory] = []
    for number, record in enumerate(records, 1):
        story = labelled(record, lambda article: cached_reading(article, cache))
        stories.append(story)
        states, lacking = _states(story.document, cache), missed.get(story.id)
        heads.append(head_story(record, story, story.document.encoded, states, readings[story.id], lacking))
        if number % 100 == 0 or number == len(records):
            click.echo(f"{number} of {len(records)} stories read", err=True)
    fitted = fit_above(
        stories,
        heads,
        [story.document.tagged for story in stories],
        into,
        origin=f"{len(records)} scorable stories of {' and '.join(path.name for path in labels)}",
    )
    if held_out:
        rows = (fitted.held_out_row(number) for number, story in enumerate(stories) if story.is_real)
        held_out.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))


def _chosen(records: Sequence[dict[str, Any]], written: int) -> list[dict[str, Any]]:
    """All published stories, and written ones: those of rare types, then others in the order of a digest."""
    ours = [record for record in records if not is_published(record)]
    ours.sort(key=lambda r: (r["primary"] not in _RARE, sha256(r["id"].encode()).digest()))
    chosen = [*(record for record in records if is_published(record)), *ours[:written]]
    return sorted(chosen, key=lambda record: str(record["id"]))


def _states(document: EncodedDocument, cache: Path) -> States:
    """The encoder's states, in half precision, from the cache if present."""
    path = cache / f"{document.article.digest}.states.npz"
    if not path.exists():
        states, _ = states_of(document)
        np.savez_compressed(
            path,
            vectors=states.vectors.astype(np.float16),
            positions=states.positions.astype(np.float16),
            read=states.read,
        )
    with np.load(path) as stored:
        vectors, positions = (stored[name].astype(np.float32) for name in ("vectors", "positions"))
        return States(vectors, positions, stored["read"])


if __name__ == "__main__":
    train_heads()

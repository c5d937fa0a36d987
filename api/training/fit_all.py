"""`unspun train`: from labelled stories to the weights in the package."""

import json
import multiprocessing
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click
import msgspec

from api.cli.commands import Failure

if TYPE_CHECKING:
    from api.analysis.engines.fast.skimming import TaggedText
    from api.analysis.models.encoded_document import EncodedDocument
    from api.analysis.models.encoder import Encoded
    from api.training.base_training import Base
    from api.training.labelled import Labelled
    from api.training.net_training import Below

_SECONDARY, _PLAIN = 0.2, 15  # least probability of a secondary type; highest score that has no type
_SEED = 1
_FOLDER = Path(__file__).resolve().parents[1] / "analysis" / "models"


@click.command()
@click.argument(
    "labels", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--base",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of MPNet's weights (deploy/bring_weights.py); the full profile needs it.",
)
@click.option(
    "--second",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSONL file of what a second reader says of some of the stories.",
)
@click.option(
    "--marks",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="JSONL file of what readers marked in some of the stories, sentence by sentence.",
)
@click.option(
    "--nets",
    type=click.Path(file_okay=False, writable=True, path_type=Path),
    help="Keep the rounds of the base and each encoder here, and take up what an equal run left on this machine.",
)
@click.option(
    "--held-out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write here how each story is judged by weights that have not seen it, as `analyze --flat` would.",
)
@click.option(
    "--into",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    default=_FOLDER,
    help="Folder that gets the weights; else the package's own.",
)
@click.option("--processes", type=click.IntRange(1, 4), default=2, show_default=True)
@click.option(
    "--profile",
    type=click.Choice(["satire", "full", "fast"]),
    default="full",
    show_default=True,
    help="satire: what tells satire, for both engines; fast: the engine without parser and encoder, after the "
    "full one, whose wording it shares.",
)
@click.option(
    "--satires",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --profile satire: JSONL file of satires and of sincere texts that are near them.",
)
def train(
    labels: tuple[Path, ...],
    base: Path | None,
    second: Path | None,
    marks: tuple[Path, ...],
    nets: Path | None,
    held_out: Path | None,
    into: Path,
    processes: int,
    profile: str,
    satires: Path | None,
) -> None:
    """Fit weights to LABELS, JSONL files of labelled stories, and write them into the package or a folder.

    The same files and processes give the same bytes on one machine. The full profile takes two to three hours of
    two cores, the others minutes. Needs the packages of requirements-train.lock beside the others.
    """
    if profile == "satire" and satires is None:
        raise click.UsageError("--profile satire needs --satires")
    from api.analysis.engines.reading import read
    from api.training.labelled import folds, is_published, labelled
    from api.training.second_readings import with_second_readings
    from api.training.sentence_marks import read_marks

    records = [record for path in labels for record in _lines(path)]
    records = list(with_second_readings(records, _lines(second) if second else ()))
    records = [record for record in records if record.get("confidence") != 0]
    if not records:
        raise Failure("no story in the files can be scored")
    files = [*labels, second] if second else list(labels)
    if profile != "satire" and not any(is_published(record["id"]) for record in records):
        raise Failure("no published story in the files: how sure the engine is must be learned from such")
    if profile == "satire" and satires:
        _fit_satire(records, satires, _origin(records, [*files, satires]), into)
        return
    if profile == "fast":
        _report(_fit_fast(records, files, into), held_out)
        return
    readings = defaultdict(list)
    for path in marks:
        for reading in read_marks(path.read_bytes()):
            readings[reading.id].append(reading)
    if base is None:
        raise click.UsageError("--profile full needs --base")
    stories = []
    for number, record in enumerate(records, 1):
        stories.append(labelled(record, read, readings[record["id"]]))
        if number % 50 == 0 or number == len(records):
            click.echo(f"{number} of {len(records)} stories read", err=True)
    own = folds(stories).tolist()
    encoded = _encoders(stories, own, base, processes, into, nets)
    files += marks
    rows = fit_all(stories, own, encoded, origin=_origin(records, files), folder=into)
    _report(rows, held_out)


def _origin(records: Sequence[Any], files: Sequence[Path]) -> str:
    return f"{len(records)} scorable stories of {' and '.join(path.name for path in files)}"


def _report(rows: list[dict[str, object]], held_out: Path | None) -> None:
    if held_out:
        held_out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    click.echo("Wrote the engine's weights.", err=True)
    sys.stdout.flush()


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


def fit_all(
    stories: "Sequence[Labelled[EncodedDocument]]",
    folds: Sequence[int],
    encoded: "Sequence[Encoded]",
    *,
    origin: str,
    folder: Path,
) -> list[dict[str, object]]:
    """All above the encoder; how each story is judged by weights that have not seen it.

    `encoded` are the stories as seen by encoders that were not taught on them.
    """
    from api.analysis.models.sentence_features import sentence_features
    from api.training.claim_training import LabelledStory
    from api.training.claim_training import fit as fit_claims
    from api.training.held_out import held_out_row
    from api.training.term_training import TaggedStory, fit_terms
    from api.training.training import fit

    tagged = [
        TaggedStory(s.document, s.terms, s.terms_of_one, fold, s.term_weight)
        for s, fold in zip(stories, folds, strict=True)
    ]
    terms, found = fit_terms(tagged, encoded, origin=origin)
    _write(folder / "term_weights.json", msgspec.json.format(msgspec.json.encode(terms), indent=1))
    click.echo("Terms are fitted.", err=True)
    examples = [
        _example(story, story.document.as_read(own, mine))
        for story, own, mine in zip(stories, encoded, found, strict=True)
    ]
    fitted = fit(examples, trained_on=origin, secondary=_SECONDARY, plain=_PLAIN)
    _write(folder / "weights.json", msgspec.json.format(msgspec.json.encode(fitted.weights), indent=1))
    wording = msgspec.json.encode(fitted.wording).replace(b'],"', b'],\n"')  # a line a term
    _write(folder / "wording.json", wording)
    click.echo("Score, types and stances are fitted.", err=True)
    told = [LabelledStory(s.document, sentence_features(s.document), s.claims) for s in stories]
    claims = fit_claims(told, origin)
    _write(folder / "claim_weights.json", msgspec.json.encode(claims).replace(b',"', b',\n"'))
    parts = {
        fold: fit_claims([s for s, own in zip(told, folds, strict=True) if own != fold], origin).centrality
        for fold in sorted(set(folds))
    }
    return [
        held_out_row(story.id, story.document.as_read(own, mine), points, kind, parts[fold])
        for story, own, mine, (points, kind), fold in zip(
            stories, encoded, found, fitted.held_out, folds, strict=True
        )
    ]


def _fit_satire(records: Sequence[dict[str, Any]], satires: Path, origin: str, folder: Path) -> None:
    """Fit and write what tells satire."""
    from api.analysis.engines.fast.skimming import skim
    from api.training.labelled import article_of
    from api.training.satire_training import Example, fit_satire
    from api.training.wording_training import Words, count_words

    def words(record: dict[str, Any]) -> Words:
        document = skim(article_of(record))
        return count_words(document.text, document.folded)

    told = [Example(words(r), r["writer"], r["satire"]) for r in _lines(satires)]
    if len({text.satire for text in told}) < 2:
        raise Failure(f"{satires.name} needs satires and texts that are none")
    model = fit_satire(told, [words(record) for record in records], origin)
    _write(folder / "satire.json", msgspec.json.encode(model).replace(b'],"', b'],\n"'))
    click.echo("Wrote what tells satire.", err=True)


def _fit_fast(
    records: Sequence[dict[str, Any]], files: Sequence[Path], folder: Path
) -> list[dict[str, object]]:
    """Fit the fast engine's files; how each story is judged by weights that have not seen it."""
    from api.analysis.engines.fast.skimming import skim
    from api.runtime.load_taxonomy import load_taxonomy
    from api.training.fast_training import fit_fast
    from api.training.labelled import folds, labelled

    stories: list[Labelled[TaggedText]] = [labelled(record, skim) for record in records]
    fitted = fit_fast(
        stories,
        folds(stories).tolist(),
        load_taxonomy(),
        origin=_origin(records, files),
        secondary=_SECONDARY,
        plain=_PLAIN,
    )
    for name in ("terms", "weights", "evidence", "claims"):
        content = msgspec.json.format(msgspec.json.encode(getattr(fitted, name)), indent=1)
        _write(folder / f"fast_{name}.json", content)
    return fitted.held_out


def _encoders(
    stories: "Sequence[Labelled[EncodedDocument]]",
    folds: Sequence[int],
    base: Path,
    processes: int,
    folder: Path,
    nets: Path | None,
) -> "list[Encoded]":
    """Each story by an encoder that has not seen it; the one that has seen all is written into the folder."""
    global _READ  # the children inherit it: parses cannot be sent
    start, lower = _below(stories, base, processes, nets)
    _READ = (stories, folds, start, lower, folder, nets)
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        held = [pool.submit(_teach, fold) for fold in sorted(set(folds))]
        whole = pool.submit(_teach, None)
        found: dict[int, Encoded] = {number: one for part in held for number, one in part.result().items()}
        whole.result()
    return [found[number] for number in range(len(stories))]


_READ: "tuple[Sequence[Labelled[EncodedDocument]], Sequence[int], Base, list[list[Below]], Path, Path | None]"


def _below(
    stories: "Sequence[Labelled[EncodedDocument]]", base: Path, threads: int, nets: Path | None
) -> "tuple[Base, list[list[Below]]]":
    """The layers from which teaching starts, and the stories by them."""
    import torch

    from api.training.distillation_training import distil, kept_base, plan
    from api.training.encoder_training import below

    torch.set_num_threads(1)  # threads would not live on in the children
    with TemporaryDirectory() as scratch:
        planned = plan(
            base,
            [story.document for story in stories if story.is_real],
            [story.document for story in stories],
            kept_in=nets or Path(scratch),
            threads=threads,
        )
        report = partial(click.echo, err=True)
        child = multiprocessing.get_context("fork").Process(target=distil, args=(planned, report))
        child.start()
        child.join()
        if child.exitcode:
            raise Failure("the encoder's base could not be made")
        start = kept_base(planned)
    found = [below(start, story.document) for story in stories]
    click.echo("All stories are read by the base.", err=True)
    return start, found


def _teach(fold: int | None) -> "dict[int, Encoded]":
    """Teach an encoder on all folds but this, and read this one's stories with it."""
    import torch

    from api.training.distillation_training import keep
    from api.training.encoder_training import inputs_digest, teach
    from api.training.net_training import Net

    stories, folds, base, below, folder, nets = _READ
    chosen = [_encoder_story(s, b) for s, f, b in zip(stories, folds, below, strict=True) if f != fold]
    report: Callable[[str], None] = partial(_say, "all stories" if fold is None else f"without fold {fold}")
    kept = nets / f"{inputs_digest(chosen, base, _SEED)}.pt" if nets else None
    if kept and kept.exists():
        net = Net(base)
        net.load_state_dict(torch.load(kept, weights_only=True))
        report("taken up")
    else:
        net = teach(chosen, base=base, seed=_SEED, report=report)
        if kept:
            keep(net, kept)
    if fold is None:
        net.write(folder)
        return {}
    return {n: net.encode(s.document, below[n]) for n, s in enumerate(stories) if folds[n] == fold}


def _say(name: str, what: str) -> None:
    click.echo(f"{name}: {what}", err=True)


def _encoder_story(story: "Labelled[EncodedDocument]", below: "list[Below]") -> Any:
    import numpy as np

    from api.training.encoder_training import support_place
    from api.training.labelled import claim_supports, loaded_tokens
    from api.training.net_training import EncoderStory

    supports = claim_supports(story.document, story.claims)
    return EncoderStory(
        document=story.document,
        score=story.score,
        primary=story.primary,
        secondary=story.secondary,
        stance=story.stance,
        evidence=story.evidence,
        loaded=loaded_tokens(story.document, story.terms),
        claims=np.array([support is not None for support in supports], np.float32),
        marks=story.marks,
        supports=np.array([-1 if s is None else support_place(s) for s in supports], np.int64),
        weight=story.weight,
        term_weight=story.term_weight,
        below=below,
    )


def _example(story: "Labelled[EncodedDocument]", document: "EncodedDocument") -> Any:
    from api.analysis.framing.evidence import gather, strengths, weighed
    from api.analysis.text.features import measures
    from api.runtime.load_taxonomy import load_taxonomy
    from api.training.training import Example
    from api.training.wording_training import count_words

    tactics = {t.name.lower(): t.code for kind in load_taxonomy().types for t in kind.tactics}
    views = {m.code.removeprefix("sees_"): m.value for m in document.other_measures() if not m.places}
    return Example(
        strengths=strengths(weighed(gather(document)), len(document.text.split())),
        measures={measure.code: measure.value for measure in measures(document)},
        views=views,
        words=count_words(document.text, document.folded),
        score=story.score,
        primary=story.primary,
        secondary=story.secondary,
        stance=story.stance,
        tactic=tactics.get(story.tactic),
        weight=story.weight,
    )


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content + b"\n")

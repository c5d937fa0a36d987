"""Runs all fits of each profile in order, and writes their files.

Modules that need PyTorch or scikit-learn are imported late, so that the command can reject its arguments without
them.
"""

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click
import msgspec
import numpy as np

from api.analysis.engines.fast.skimming import TaggedText, skim
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.encoder import Encoded, States
from api.analysis.models.sentence_features import sentence_features
from api.training import satire_training
from api.training.claim_training import LabelledStory
from api.training.claim_training import fit as fit_claims
from api.training.full_training import fit_above, head_story
from api.training.labelled import Labelled, article_of, claim_supports, labelled, loaded_tokens
from api.training.labelled import folds as folds_of
from api.training.sentence_marks import Reading
from api.training.wording_training import Words, count_words

if TYPE_CHECKING:
    from api.training.base_training import Base
    from api.training.net_training import Below

_SECONDARY, _PLAIN = 0.2, 15  # least probability of a secondary type; highest score without a type
_SEED = 1


def fit_all(
    records: Sequence[dict[str, Any]],
    stories: Sequence[Labelled[EncodedDocument]],
    folds: Sequence[int],
    encoded: Sequence[tuple[Encoded, States]],
    readings: Mapping[str, Sequence[Reading]],
    *,
    origin: str,
    folder: Path,
) -> list[dict[str, object]]:
    """Fit everything above the encoder; return each story as judged by weights that have not seen it.

    `encoded` are the outputs of encoders that have not seen the stories; `readings` are readers' marks by story.
    """
    from api.training.term_training import TaggedStory, fit_terms

    tagged = [
        TaggedStory(s.document, s.terms, s.terms_of_one, fold, s.term_weight)
        for s, fold in zip(stories, folds, strict=True)
    ]
    terms, found = fit_terms(tagged, [one for one, _ in encoded], origin=origin)
    _write(folder / "term_weights.json", msgspec.json.format(msgspec.json.encode(terms), indent=1))
    click.echo("Terms are fitted.", err=True)
    heads = [
        head_story(record, story, one, states, readings.get(story.id, ()), None)
        for record, story, (one, states) in zip(records, stories, encoded, strict=True)
    ]
    fitted = fit_above(stories, heads, found, folder, origin=origin)
    claim_stories = [LabelledStory(s.document, sentence_features(s.document), s.claims) for s in stories]
    claims = fit_claims(claim_stories, origin)
    _write(folder / "claim_weights.json", msgspec.json.encode(claims).replace(b',"', b',\n"'))
    parts = {
        fold: fit_claims(
            [s for s, f in zip(claim_stories, folds, strict=True) if f != fold], origin
        ).centrality
        for fold in sorted(set(folds))
    }
    return [fitted.held_out_row(number, parts[fold]) for number, fold in enumerate(folds)]


def fit_satire(
    records: Sequence[dict[str, Any]], texts: Sequence[dict[str, Any]], *, origin: str, folder: Path
) -> None:
    """Fit and write the satire model, from `texts` (satires and sincere texts) and stories without satire."""

    def words(record: dict[str, Any]) -> Words:
        document = skim(article_of(record))
        return count_words(document.text, document.folded)

    examples = [satire_training.Example(words(r), r["writer"], r["satire"]) for r in texts]
    model = satire_training.fit_satire(examples, [words(record) for record in records], origin)
    _write(folder / "satire.json", msgspec.json.encode(model).replace(b'],"', b'],\n"'))
    click.echo("Wrote what tells satire.", err=True)


def fit_fast(records: Sequence[dict[str, Any]], *, origin: str, folder: Path) -> list[dict[str, object]]:
    """Fit and write the fast engine's files; return each story as judged by weights that have not seen it."""
    from api.training import fast_training

    stories: list[Labelled[TaggedText]] = [labelled(record, skim) for record in records]
    fitted = fast_training.fit_fast(
        stories,
        folds_of(stories).tolist(),
        origin=origin,
        secondary=_SECONDARY,
        plain=_PLAIN,
    )
    wording = msgspec.json.encode(fitted.wording).replace(b'],"', b'],\n"')  # a line a term
    _write(folder / "wording.json", wording)
    for name in ("terms", "weights", "evidence", "claims"):
        content = msgspec.json.format(msgspec.json.encode(getattr(fitted, name)), indent=1)
        _write(folder / f"fast_{name}.json", content)
    return fitted.held_out


def encoders(
    stories: Sequence[Labelled[EncodedDocument]],
    folds: Sequence[int],
    base: Path,
    *,
    processes: int,
    folder: Path,
    nets: Path | None,
) -> list[tuple[Encoded, States]]:
    """Encode each story by an encoder that has not seen it; write the encoder trained on all into the folder.

    `base` has MPNet's weights; `nets` stores trained nets. Raises ClickException if the base cannot be made.
    """
    global _READ  # inherited by child processes: parses cannot be pickled
    start, lower = _below(stories, base, processes, nets)
    _READ = (stories, folds, start, lower, folder, nets)
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        futures = [pool.submit(_teach, fold) for fold in sorted(set(folds))]
        whole = pool.submit(_teach, None)
        found: dict[int, tuple[Encoded, States]] = {
            number: one for part in futures for number, one in part.result().items()
        }
        whole.result()
    return [found[number] for number in range(len(stories))]


_READ: "tuple[Sequence[Labelled[EncodedDocument]], Sequence[int], Base, list[list[Below]], Path, Path | None]"


def _below(
    stories: Sequence[Labelled[EncodedDocument]], base: Path, threads: int, nets: Path | None
) -> "tuple[Base, list[list[Below]]]":
    """The initial layers, and the stories' outputs of them."""
    import torch

    from api.training.distillation_training import distil, plan, stored_base
    from api.training.encoder_training import below

    torch.set_num_threads(1)  # threads do not survive a fork
    with TemporaryDirectory() as scratch:
        planned = plan(
            base,
            [story.document for story in stories if story.is_real],
            [story.document for story in stories],
            stored_in=nets or Path(scratch),
            threads=threads,
        )
        report = partial(click.echo, err=True)
        child = multiprocessing.get_context("fork").Process(target=distil, args=(planned, report))
        child.start()
        child.join()
        if child.exitcode:
            raise click.ClickException("the encoder's base could not be made")
        start = stored_base(planned)
    found = [below(start, story.document) for story in stories]
    click.echo("All stories are read by the base.", err=True)
    return start, found


def _teach(fold: int | None) -> dict[int, tuple[Encoded, States]]:
    """Train an encoder on all folds but this one, and encode this one's stories."""
    import torch

    from api.training.distillation_training import store
    from api.training.encoder_training import inputs_digest, teach
    from api.training.net_training import Net

    stories, folds, base, below, folder, nets = _READ
    chosen = [_encoder_story(s, b) for s, f, b in zip(stories, folds, below, strict=True) if f != fold]
    report: Callable[[str], None] = partial(
        _print_progress, "all stories" if fold is None else f"without fold {fold}"
    )
    stored = nets / f"{inputs_digest(chosen, base, _SEED)}.pt" if nets else None
    if stored and stored.exists():
        net = Net(base)
        net.load_state_dict(torch.load(stored, weights_only=True))
        report("taken up")
    else:
        net = teach(chosen, base=base, seed=_SEED, report=report)
        if stored:
            store(net, stored)
    if fold is None:
        net.write(folder)
        return {}
    return {n: net.encode(s.document, below[n]) for n, s in enumerate(stories) if folds[n] == fold}


def _print_progress(name: str, message: str) -> None:
    click.echo(f"{name}: {message}", err=True)


def _encoder_story(story: Labelled[EncodedDocument], below: "list[Below]") -> Any:
    from api.training.encoder_training import support_place
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


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content + b"\n")

"""`python -m api.training.full_heads`: refits all above the encoder that ships, in minutes.

Reads stories that this encoder has not seen and some of ours, fits the heads (`heads_training.py`), then the
score's weights (`score_training.py`), and writes the files into the package or a folder. Parse and encoder's
outputs are cached.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
import msgspec
import numpy as np

from api.analysis.content.claims import central_claims
from api.analysis.content.score_facts import score_facts
from api.analysis.framing.evidence import gather, strengths, typed_evidence
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.encoder import States, states_of
from api.analysis.models.sentence_features import sentence_features
from api.analysis.models.sentence_heads import MARKS
from api.runtime.load_taxonomy import load_taxonomy
from api.training.heads_training import FittedHeads, HeadStory, fit_heads, with_marks
from api.training.labelled import Labelled, claim_supports, is_published, labelled, training_records
from api.training.reading_cache import cached_reading
from api.training.score_training import ScoredStory, fit_score
from api.training.sentence_marks import Reading, mean_marks, read_marks
from api.training.wording_training import count_words
from schemas.enums import ClaimSupport, EvidenceStrength, HappeningKind, SpinType

_FOLDER = Path(__file__).resolve().parents[1] / "analysis" / "models"
_SECONDARY, _PLAIN = 0.2, 12  # least probability of a secondary type; highest score without a type
_RARE = frozenset({SpinType.SHIELD, SpinType.FOG})  # of which real stories are too few
_EVIDENCE = list(EvidenceStrength)
_MARKED_NEWS = 0.7  # of a sentence that another reader marks as the news, beside 1 for the label's
_SAME_NEWS = 0.4  # Jaccard index of words
_WORD = re.compile(r"\w+")


@click.command()
@click.argument(
    "labels", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--marks", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--written", default=600, show_default=True, help="Stories written for training: at most this many."
)
@click.option(
    "--cache",
    type=click.Path(file_okay=False, writable=True, path_type=Path),
    default=Path("build/readings"),
    show_default=True,
)
@click.option(
    "--into",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    default=_FOLDER,
    help="Folder that gets the files; else the package's own.",
)
def train_heads(
    labels: tuple[Path, ...], marks: tuple[Path, ...], written: int, cache: Path, into: Path
) -> None:
    """Fit the heads to LABELS, JSONL files of labelled stories, by readers' marks of their sentences.

    Published stories must be new to the encoder. The same files give the same bytes on one machine.
    """
    readings: dict[str, list[Reading]] = defaultdict(list)
    for path in marks:
        for reading in read_marks(path.read_bytes()):
            readings[reading.id].append(reading)
    try:
        records = _chosen(training_records(labels), written)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    cache.mkdir(parents=True, exist_ok=True)
    stories: list[Labelled[EncodedDocument]] = []
    heads: list[HeadStory] = []
    for number, record in enumerate(records, 1):
        story = labelled(record, lambda article: cached_reading(article, cache))
        stories.append(story)
        heads.append(_head_story(record, story, _states(story.document, cache), readings[story.id]))
        if number % 100 == 0 or number == len(records):
            click.echo(f"{number} of {len(records)} stories read", err=True)
    tactics = [tactic.code for kind in load_taxonomy().types for tactic in kind.tactics]
    fitted = fit_heads(heads, tactics)
    click.echo("Heads are fitted.", err=True)
    np.savez_compressed(into / "sentence_heads.npz", **fitted.sentence)
    np.savez_compressed(into / "document_heads.npz", **fitted.document)
    score = fit_score(
        [_scored_story(number, story, fitted) for number, story in enumerate(stories)],
        tactics,
        trained_on=f"{len(records)} scorable stories of {' and '.join(path.name for path in labels)}",
        secondary=_SECONDARY,
        plain=_PLAIN,
    )
    content = msgspec.json.format(msgspec.json.encode(score.weights), indent=1)
    (into / "weights.json").write_bytes(content + b"\n")
    click.echo(
        f"Of the score's variance {score.share:.3f} is not in the row of the reading beyond its parts."
    )
    for name, share in score.own.items():
        click.echo(f"  {name}: {share:.3f} by itself")


def _chosen(records: Sequence[dict[str, Any]], written: int) -> list[dict[str, Any]]:
    """All published stories, and written ones: those of rare types, then others in the order of a digest."""
    ours = [r for r in records if not is_published(r)]
    ours.sort(key=lambda r: (r["primary"] not in _RARE, sha256(r["id"].encode()).digest()))
    chosen = [*(r for r in records if is_published(r)), *ours[:written]]
    return sorted(chosen, key=lambda r: str(r["id"]))


def _states(document: EncodedDocument, cache: Path) -> States:
    """The encoder's states, from the cache if present; in half precision."""
    path = cache / f"{document.article.digest}.states.npz"
    if not path.exists():
        states, _ = states_of(document)
        np.savez_compressed(
            path, m=states.vectors.astype(np.float16), p=states.positions.astype(np.float16), r=states.read
        )
    with np.load(path) as stored:
        return States(stored["m"].astype(np.float32), stored["p"].astype(np.float32), stored["r"])


def _head_story(
    record: dict[str, Any], story: Labelled[EncodedDocument], states: States, readings: Sequence[Reading]
) -> HeadStory:
    document = story.document
    supports = claim_supports(document, story.claims)
    claims = np.array([[s is not None, s is ClaimSupport.ASSERTED] for s in supports], np.float32)
    marks = np.concatenate([mean_marks(document.sentences, readings), claims.reshape(-1, 2)], axis=1)
    if (news := _news_of(document, record.get("news"))) is not None:
        column = MARKS.index("news")
        marks[:, column] *= _MARKED_NEWS
        marks[news, column] = 1.0
    kind = record.get("event") if story.is_real else None
    return HeadStory(
        id=story.id,
        publisher=story.publisher,
        is_real=story.is_real,
        vectors=states.vectors,
        positions=states.positions,
        encoded=document.encoded,
        words=count_words(document.text, document.folded),
        length=len(document.text.split()),
        marks=marks,
        score=story.score,
        primary=story.primary,
        secondary=story.secondary,
        stance=story.stance,
        evidence=float(_EVIDENCE.index(story.evidence)),
        kind=HappeningKind(kind) if kind else None,
        tactic=story.tactic,
    )


def _news_of(document: EncodedDocument, news: str | None) -> int | None:
    """The index of the sentence that the label quotes, title allowed."""
    own = frozenset(_WORD.findall((news or "").lower()))
    bags = [frozenset(_WORD.findall(sentence.text.lower())) for sentence in document.sentences]
    shared = [len(own & bag) / max(len(own | bag), 1) for bag in bags]
    best = max(range(len(shared)), key=lambda n: (shared[n], -n), default=None)
    return best if best is not None and shared[best] >= _SAME_NEWS else None


def _scored_story(number: int, story: Labelled[EncodedDocument], fitted: FittedHeads) -> ScoredStory:
    """The story as judged by heads that have not seen it."""
    document = _unseen(number, story, fitted)
    central = central_claims(document, sentence_features(document))
    facts = [*document.model_measures(), *score_facts(document, central)]
    return ScoredStory(
        strengths=strengths(typed_evidence(gather(document)), len(document.text.split())),
        facts={m.code: m.value for m in facts if m.of is not None},
        estimate=document.estimate,
        logits=fitted.logits[number],
        score=story.score,
        primary=story.primary,
        is_real=story.is_real,
        fold=int(fitted.folds[number]),
    )


def _unseen(number: int, story: Labelled[EncodedDocument], fitted: FittedHeads) -> EncodedDocument:
    """The story's document as the heads of the other folds see it."""
    known = story.document
    encoded = with_marks(known.encoded, fitted.marks[number])
    return known.with_outputs(encoded, known.tagged, fitted.values(number))


if __name__ == "__main__":
    train_heads()

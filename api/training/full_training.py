"""Fits the heads and weights of the full engine to stories as an encoder reads them, and judges each unseen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import click
import msgspec
import numpy as np
from msgspec import Struct

from api.analysis.claims.claims import central_claims, central_places
from api.analysis.content.score_facts import score_facts
from api.analysis.engines.rules import RulesEngine
from api.analysis.framing.evidence import gather, strengths, typed_evidence
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.encoder import Encoded, States
from api.analysis.models.linear_models import LinearModel
from api.analysis.models.sentence_features import sentence_features
from api.analysis.models.sentence_heads import MARKS
from api.analysis.models.weights import Weights
from api.analysis.text.signals import TaggedTerm
from api.rendering.flat import flat
from api.runtime.load_taxonomy import load_taxonomy
from api.training.heads_training import FittedHeads, HeadStory, fit_heads, with_marks
from api.training.labelled import Labelled, claim_supports
from api.training.news_training import NamedNews, fit_news, named_news
from api.training.score_training import ScoredStory, fit_score
from api.training.sentence_marks import Reading, mean_marks
from api.training.wording_training import count_words
from schemas.enums import ClaimSupport, EvidenceStrength, HappeningKind

_SECONDARY, _PLAIN = 0.2, 12  # least probability of a secondary type; highest score without a type
_EVIDENCE = list(EvidenceStrength)
_MARKED_NEWS = 0.7  # of a sentence that another reader marks as the news, beside 1 for the label's
_SAME_NEWS = 0.4  # Jaccard index of words
_WORD = re.compile(r"\w+")
# Written stories have no label of the kind; published ones of this kind are rare.
_KIND_OF_TACTIC = {"job_loss_softening": "job_cuts"}


@dataclass(frozen=True)
class FittedEngine:
    """The engine's heads and weights, which also lie in the folder."""

    stories: Sequence[Labelled[EncodedDocument]]
    documents: Sequence[EncodedDocument]
    heads: FittedHeads
    weights: Weights

    def held_out_row(self, number: int, centrality: LinearModel | None = None) -> dict[str, object]:
        """The story in the flat form by heads that have not seen it, with its claims by this `centrality`."""
        document = self.documents[number]
        taxonomy = load_taxonomy()
        row = flat(self._engine.scored(document.article, document, taxonomy, ()), taxonomy)
        if centrality is not None:
            places = central_places(document, sentence_features(document), centrality)
            row["claims"] = [{"text": document.sentences[place].text} for place in places]
        return {"id": self.stories[number].id, **row}

    @cached_property
    def _engine(self) -> RulesEngine:
        return RulesEngine(self.weights)


def head_story(
    record: dict[str, Any],
    story: Labelled[EncodedDocument],
    encoded: Encoded,
    states: States,
    readings: Sequence[Reading],
    lacks: frozenset[str] | None,
) -> HeadStory:
    """The story with its labels, readers' marks and what they miss in it, as this encoder reads it."""
    document = story.document
    supports = claim_supports(document, story.claims)
    claims = np.array([[s is not None, s is ClaimSupport.ASSERTED] for s in supports], np.float32)
    marks = np.concatenate([mean_marks(document.sentences, readings), claims.reshape(-1, 2)], axis=1)
    if (news := _news_of(document, record.get("news"))) is not None:
        column = MARKS.index("news")
        marks[:, column] *= _MARKED_NEWS
        marks[news, column] += 1.0 - marks[news, column]
    kind = record.get("event") if story.is_real else _KIND_OF_TACTIC.get(story.tactic or "")
    return HeadStory(
        id=story.id,
        publisher=story.publisher,
        is_real=story.is_real,
        vectors=states.vectors,
        positions=states.positions,
        encoded=encoded,
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
        lacks=lacks,
    )


def fit_above(
    stories: Sequence[Labelled[EncodedDocument]],
    heads: Sequence[HeadStory],
    tagged: Sequence[list[TaggedTerm]],
    folder: Path,
    *,
    origin: str,
) -> FittedEngine:
    """Fit and write both heads, `news.json` and `weights.json`; `tagged` are loaded terms."""
    tactics = [tactic.code for kind in load_taxonomy().types for tactic in kind.tactics]
    fitted = fit_heads(heads, tactics)
    click.echo("Heads are fitted.", err=True)
    np.savez_compressed(folder / "sentence_heads.npz", allow_pickle=False, **fitted.sentence)
    np.savez_compressed(folder / "document_heads.npz", allow_pickle=False, **fitted.document)
    documents = [
        story.document.with_outputs(with_marks(head.encoded, marks), terms, fitted.values(number))
        for number, (story, head, marks, terms) in enumerate(
            zip(stories, heads, fitted.marks, tagged, strict=True)
        )
    ]
    scored = [
        _scored_story(story, document, fitted, number)
        for number, (story, document) in enumerate(zip(stories, documents, strict=True))
    ]
    named = [
        _named_news(document, head) for document, head in zip(documents, heads, strict=True) if head.is_real
    ]
    _write(folder / "news.json", fit_news([news for news in named if news is not None]))
    score = fit_score(scored, tactics, trained_on=origin, secondary=_SECONDARY, plain=_PLAIN)
    _write(folder / "weights.json", score.weights)
    click.echo(
        f"Of the score's variance {score.share:.3f} is not in the row of the reading beyond its parts."
    )
    for name, share in score.own.items():
        click.echo(f"  {name}: {share:.3f} by itself")
    return FittedEngine(stories, documents, fitted, score.weights)


def _write(path: Path, model: Struct) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(model), indent=1) + b"\n")


def _named_news(document: EncodedDocument, head: HeadStory) -> NamedNews | None:
    """By the values of the story's marks: 1 for the sentence of its label, less for that of another reader."""
    marks = head.marks[:, MARKS.index("news")].tolist()
    chosen = next((place for place, mark in enumerate(marks) if mark == 1.0), None)
    return named_news(document, chosen, [place for place, mark in enumerate(marks) if mark > 0])


def _news_of(document: EncodedDocument, news: str | None) -> int | None:
    """The index of the sentence that the label quotes, title allowed."""
    own = frozenset(_WORD.findall((news or "").lower()))
    bags = [frozenset(_WORD.findall(sentence.text.lower())) for sentence in document.sentences]
    shared = [len(own & bag) / max(len(own | bag), 1) for bag in bags]
    best = max(range(len(shared)), key=lambda n: (shared[n], -n), default=None)
    return best if best is not None and shared[best] >= _SAME_NEWS else None


def _scored_story(
    story: Labelled[EncodedDocument], document: EncodedDocument, fitted: FittedHeads, number: int
) -> ScoredStory:
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

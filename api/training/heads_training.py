"""Fits the heads above the encoder: `sentence_heads.npz` and `document_heads.npz`.

Sentence heads are ridge regressions on readers' marks and claims, the document heads one kernel ridge regression
with an output for each score, type, stance, kind of happening, strength of evidence, and item that readers miss.
Stories of a publisher
share a fold; a story's marks under the document heads come of sentence heads that have not seen it. Type and
stance are multinomial logits over the held-out outputs. The shipped encoder must not have seen the published
stories; written ones, which it has, count WRITTEN_WEIGHT each. Penalties and weights were chosen by
cross-validation on the published stories. Deterministic.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.analysis.models.document_heads import (
    BLOCKS,
    CENTRED,
    DISTRIBUTIONS,
    EVIDENCE,
    FIRST_TACTIC,
    JUDGED,
    KIND_OUTPUTS,
    KINDS,
    LINES,
    SCORE,
    STANCE_OUTPUTS,
    STANCES,
    TYPE_OUTPUTS,
    TYPES,
    VIEWS,
    DocumentValues,
    gaussians,
    scaled_views,
    views,
)
from api.analysis.models.encoder import Encoded
from api.analysis.models.sentence_heads import MARKS, MAX_COLUMN
from api.training.labelled import publisher_folds
from api.training.multinomial import softmax_regression
from api.training.wording_training import Words, design, vocabulary
from schemas.enums import HappeningKind, SpinType, Stance

Matrix = NDArray[np.float64]
Floats = NDArray[np.float32]
FOLDS = 8
MARK_RIDGE, COLUMN_RIDGE = 3_000.0, 300.0  # of vectors, and of columns and positions; on scaled columns
DOCUMENT_RIDGE = 2.0
FEWEST = 15  # stories that contain a term, or lack an item
WRITTEN_WEIGHT = 0.15
CENTRES = 512  # training stories that approximate the Gaussian kernels
BLOCK_WEIGHTS = (1.0, 1.0, 1.0, 1.0)  # of columns, marks, mean vector, first vector
JITTER = 1e-3
SECONDARY = 0.3  # a secondary type's share in the target; the primary's is 1
LOGIT_RIDGE = 10.0  # of the logits over the outputs
RARE = 0.5  # power of the weight of rare types, without which they are never chosen
_VECTORS = VIEWS - DISTRIBUTIONS
_MARKED = MARKS.index("claim")  # the marks before it are readers', the others by labelled claims


@dataclass(frozen=True)
class HeadStory:
    """One labelled story as the encoder reads it.

    `vectors` and `positions` are its `States`; `encoded` has marks without meaning. `marks` are the readers'
    values, one row a sentence, NaN where no reader marked the story; `kind` and `lacks` are None without a label.
    """

    id: str
    publisher: str
    is_real: bool
    vectors: Floats
    positions: Floats
    encoded: Encoded
    words: Words
    length: int
    marks: Floats
    score: float
    primary: SpinType
    secondary: SpinType | None
    stance: Stance
    evidence: float
    kind: HappeningKind | None
    tactic: str | None
    lacks: frozenset[str] | None


@dataclass(frozen=True)
class FittedHeads:
    """The arrays of both files, and how heads that have not seen a story judge it, one row a story.

    `held_out` are the outputs, `logits` those of types, then of stances, `marks` the marks of its sentences.
    """

    sentence: dict[str, Floats]
    document: dict[str, NDArray[np.generic]]
    folds: NDArray[np.int_]
    held_out: Matrix
    logits: Matrix
    marks: list[Floats]
    tactics: Sequence[str]
    lacks: Sequence[str]

    def values(self, number: int) -> DocumentValues:
        """The story's values by heads that have not seen it."""
        outputs, logits = self.held_out[number], self.logits[number].tolist()
        return DocumentValues(
            score=float(outputs[SCORE]),
            types=dict(zip(TYPES, logits, strict=False)),
            stances=dict(zip(STANCES, logits[len(TYPES) :], strict=True)),
            kinds=dict(zip(KINDS, outputs[KIND_OUTPUTS].tolist(), strict=True)),
            evidence=float(outputs[EVIDENCE]),
            tactics=dict(zip(self.tactics, outputs[FIRST_TACTIC:].tolist(), strict=False)),
            lacks=dict(zip(self.lacks, outputs[FIRST_TACTIC + len(self.tactics) :].tolist(), strict=True)),
        )


def fit_heads(stories: Sequence[HeadStory], tactics: Sequence[str]) -> FittedHeads:
    """Fit both files to all stories, and judge each by heads fitted without its publisher.

    `tactics` are the codes of all tactics. What fewer than FEWEST stories lack has no output.
    """
    missed = Counter(code for story in stories for code in story.lacks or ())
    lacks = sorted(code for code, count in missed.items() if count >= FEWEST)
    of = publisher_folds(((s.publisher, s.primary.value, s.is_real) for s in stories), FOLDS)
    folds = np.array([of[story.publisher] for story in stories])
    numbers = sorted(set(folds.tolist()))
    sentences = _Sentences(stories, folds)
    own = sentences.without  # cached fits by the folds left out
    held_marks = sentences.apply({n: own((n,)) for n in numbers})
    held_out = np.zeros((len(stories), FIRST_TACTIC + len(tactics) + len(lacks)))
    for number in numbers:
        # the other folds' marks come of heads that have seen neither them nor this fold
        inner = {n: own((n,)) if n == number else own(tuple(sorted((n, number)))) for n in numbers}
        marks = sentences.apply(inner)
        train, test = np.flatnonzero(folds != number).tolist(), np.flatnonzero(folds == number).tolist()
        fitted = _fit_documents([stories[i] for i in train], [marks[i] for i in train], tactics, lacks)
        held_out[test] = _apply(fitted, [stories[i] for i in test], [marks[i] for i in test])
    logits = np.zeros((len(stories), len(TYPES) + len(STANCES)))
    for number in numbers:
        train, test = np.flatnonzero(folds != number).tolist(), np.flatnonzero(folds == number).tolist()
        logits[test] = _logits(held_out[test], *_fit_logits(held_out[train], [stories[i] for i in train]))
    whole = _fit_documents(stories, held_marks, tactics, lacks)
    types, stances = _fit_logits(held_out, stories)
    document: dict[str, NDArray[np.generic]] = {
        **whole,
        "types": types.astype(np.float32),
        "stances": stances.astype(np.float32),
    }
    return FittedHeads({"weights": own(())}, document, folds, held_out, logits, held_marks, tactics, lacks)


class _Sentences:
    """Ridge regressions of the marks of all sentences, from sums by fold."""

    def __init__(self, stories: Sequence[HeadStory], folds: NDArray[np.int_]) -> None:
        self._stories, self._folds = stories, folds
        inputs = [_inputs(story) for story in stories]
        every = np.concatenate(inputs)
        self._middle = every.mean(axis=0)
        spread = every.std(axis=0)
        self._spread = np.where(spread > 1e-3, spread, 1.0).astype(np.float32)
        self._inputs = inputs
        del every
        self._sums: dict[tuple[int, int], tuple[Matrix, Matrix]] = {}
        for fold in sorted(set(folds.tolist())):
            for part, columns in enumerate((slice(0, _MARKED), slice(_MARKED, len(MARKS)))):
                self._sums[fold, part] = self._sum(fold, columns)
        self._fits: dict[tuple[int, ...], Floats] = {}

    def _sum(self, fold: int, columns: slice) -> tuple[Matrix, Matrix]:
        size = len(self._middle) + 1
        products, pulls = np.zeros((size, size)), np.zeros((size, columns.stop - columns.start))
        for story, own, inputs in zip(self._stories, self._folds, self._inputs, strict=True):
            target = story.marks[:, columns]
            if own != fold or not len(target) or np.isnan(target).any():
                continue
            x = np.column_stack([(inputs - self._middle) / self._spread, np.ones(len(inputs))])
            weight = 1.0 if story.is_real else WRITTEN_WEIGHT
            products += weight * (x.T @ x)
            pulls += weight * (x.T @ target)
        return products, pulls

    def without(self, folds: tuple[int, ...]) -> Floats:
        """The weights fitted to the other folds, for unscaled inputs, the base last."""
        if folds not in self._fits:
            ridge = np.full(len(self._middle) + 1, MARK_RIDGE)
            ridge[_VECTORS // 2 :] = COLUMN_RIDGE
            ridge[-1] = 1.0
            parts = []
            for part in (0, 1):
                chosen = [
                    sums for (fold, own), sums in self._sums.items() if own == part and fold not in folds
                ]
                products = sum((one for one, _ in chosen), np.diag(ridge))
                parts.append(np.linalg.solve(products, sum(pulls for _, pulls in chosen)))
            beta = np.hstack(parts)
            weights = beta[:-1] / self._spread[:, None]
            self._fits[folds] = np.vstack([weights, beta[-1] - self._middle @ weights]).astype(np.float32)
        return self._fits[folds]

    def apply(self, weights: Mapping[int, Floats]) -> list[Floats]:
        """The marks of each story's sentences by the weights of its fold."""
        return [
            np.asarray(inputs @ weights[fold][:-1] + weights[fold][-1], np.float32)
            for inputs, fold in zip(self._inputs, self._folds.tolist(), strict=True)
        ]


def _inputs(story: HeadStory) -> Floats:
    columns = np.clip(story.encoded.sentences, -MAX_COLUMN, MAX_COLUMN)
    return np.concatenate([story.vectors, columns, story.positions], axis=1).astype(np.float32)


def _views(stories: Sequence[HeadStory], marks: Sequence[Floats]) -> Floats:
    return np.array(
        [
            views(with_marks(story.encoded, own), story.length)
            for story, own in zip(stories, marks, strict=True)
        ]
    )


def with_marks(encoded: Encoded, marks: Floats) -> Encoded:
    """The encoder's outputs with other marks."""
    return Encoded(encoded.tokens, encoded.sentences, encoded.shares, marks, encoded.pooled, encoded.first)


def _fit_documents(
    stories: Sequence[HeadStory], marks: Sequence[Floats], tactics: Sequence[str], lacks: Sequence[str]
) -> dict[str, NDArray[np.generic]]:
    """The arrays of the document heads but for the logits."""
    raw = _views(stories, marks)
    middle, scale = _scales(raw)
    x = scaled_views(raw, middle, scale)
    idf = vocabulary([story.words for story in stories], fewest=FEWEST)
    words = design([story.words for story in stories], idf)
    word_middle = words.mean(axis=0)
    centred = words - word_middle
    word_scale = 1 / float(np.sqrt((centred * centred).sum(axis=1).mean()))
    centred *= word_scale
    chosen = np.linspace(0, len(stories) - 1, min(CENTRES, len(stories))).round().astype(int)
    centres = x[chosen][:, :CENTRED].astype(np.float16).astype(np.float32)
    roots = _inverse_roots(gaussians(centres, centres).astype(float), len(chosen))
    features = gaussians(x, centres).astype(float) @ roots
    long_x = x.astype(float)
    kernel = long_x @ long_x.T + features @ features.T + centred @ centred.T
    dual, base = _solve(kernel, stories, tactics, lacks)
    terms = centred.T @ dual * word_scale
    return {
        "middle": middle,
        "scale": scale,
        "linear": (long_x.T @ dual).astype(np.float16),
        "centres": centres.astype(np.float16),
        "tactics": np.array("\n".join(tactics)),
        "lacks": np.array("\n".join(lacks)),
        "kernel": (roots @ (features.T @ dual)).astype(np.float16),
        "words": np.array("\n".join(idf)),
        "idf": np.array(list(idf.values()), np.float32),
        "terms": terms.astype(np.float16),
        "base": (base - word_middle @ terms).astype(np.float32),
    }


def _scales(raw: Floats) -> tuple[Floats, Floats]:
    """The views' means; one over their spreads, and over their blocks' mean lengths."""
    middle, spread = raw.mean(axis=0), raw.std(axis=0)
    inverse = 1 / np.where(spread > 1e-6, spread, np.inf)
    lengths = np.ones(VIEWS, np.float32)
    columns = DISTRIBUTIONS - 5 * len(MARKS)
    half = DISTRIBUTIONS + _VECTORS // 2
    edges = (0, columns, DISTRIBUTIONS, half, VIEWS)
    flat = scaled_views(raw, middle, np.array([inverse, lengths], np.float32))
    for start, stop, weight in zip(edges, edges[1:], BLOCK_WEIGHTS, strict=False):
        block = flat[:, start:stop]
        lengths[start:stop] = np.sqrt(weight / float((block * block).sum(axis=1).mean()))
    return middle.astype(np.float32), np.array([inverse, lengths], np.float32)


def _inverse_roots(products: Matrix, centres: int) -> Matrix:
    """The inverse square roots of the blocks' kernel matrices, as one block-diagonal matrix."""
    whole = np.zeros((len(BLOCKS) * centres, len(BLOCKS) * centres))
    for block in range(len(BLOCKS)):
        values, vectors = np.linalg.eigh(products[:, block * centres : (block + 1) * centres])
        root = vectors @ (vectors / np.sqrt(np.maximum(values, 0) + JITTER)).T
        part = slice(block * centres, (block + 1) * centres)
        whole[part, part] = root
    return whole


def _solve(
    kernel: Matrix, stories: Sequence[HeadStory], tactics: Sequence[str], lacks: Sequence[str]
) -> tuple[Matrix, Matrix]:
    """Dual coefficients and bases of all outputs; those of kinds and of what is missed count labelled stories."""
    target = _targets(stories, tactics, lacks)
    weight = np.array([1.0 if story.is_real else WRITTEN_WEIGHT for story in stories])
    dual, base = np.zeros(target.shape), np.zeros(target.shape[1])
    told = np.array([story.kind is not None for story in stories])
    missed = np.array([story.lacks is not None for story in stories])
    first_lack = FIRST_TACTIC + len(tactics)
    every = np.ones(len(stories), bool)
    groups = (
        (slice(0, KIND_OUTPUTS.start), every),
        (KIND_OUTPUTS, told),
        (slice(FIRST_TACTIC, first_lack), every),
        (slice(first_lack, target.shape[1]), missed if missed.any() else every),
    )
    for columns, rows in groups:
        own = target[rows][:, columns]
        base[columns] = np.average(own, axis=0, weights=weight[rows])
        noise = np.diag(DOCUMENT_RIDGE / weight[rows])
        dual[rows, columns] = np.linalg.solve(kernel[np.ix_(rows, rows)] + noise, own - base[columns])
    return dual, base


def _targets(stories: Sequence[HeadStory], tactics: Sequence[str], lacks: Sequence[str]) -> Matrix:
    first_lack = FIRST_TACTIC + len(tactics)
    table = np.zeros((len(stories), first_lack + len(lacks)))
    for row, story in zip(table, stories, strict=True):
        row[SCORE], row[EVIDENCE] = story.score, story.evidence
        shares = {story.primary: 1.0}
        if story.secondary and story.secondary is not story.primary:
            shares[story.secondary] = SECONDARY
        for kind, share in shares.items():
            row[TYPE_OUTPUTS.start + TYPES.index(kind)] = share / sum(shares.values())
        row[STANCE_OUTPUTS.start + STANCES.index(story.stance)] = 1.0
        if story.kind is not None:
            row[KIND_OUTPUTS.start + KINDS.index(story.kind)] = 1.0
        if story.tactic is not None:
            row[FIRST_TACTIC + tactics.index(story.tactic)] = 1.0
        for code in sorted((story.lacks or frozenset()) & set(lacks)):
            row[first_lack + lacks.index(code)] = 1.0
    return table


def _apply(
    fitted: Mapping[str, NDArray[np.generic]], stories: Sequence[HeadStory], marks: Sequence[Floats]
) -> Matrix:
    """The outputs of stories by fitted arrays."""
    arrays = {name: np.asarray(values, float) for name, values in fitted.items() if name not in LINES}
    x = scaled_views(_views(stories, marks), arrays["middle"], arrays["scale"]).astype(float)
    idf = dict(zip(str(fitted["words"]).split("\n"), arrays["idf"].tolist(), strict=True))
    words = design([story.words for story in stories], idf)
    outputs: Matrix = (
        arrays["base"]
        + x @ arrays["linear"]
        + gaussians(x, arrays["centres"]) @ arrays["kernel"]
        + words @ arrays["terms"]
    )
    return outputs


def _fit_logits(outputs: Matrix, stories: Sequence[HeadStory]) -> tuple[Matrix, Matrix]:
    """The coefficients of the logits of type and stance over the outputs, the base last."""
    x = outputs[:, JUDGED]
    weight = np.array([1.0 if story.is_real else WRITTEN_WEIGHT for story in stories])
    kinds = np.array([TYPES.index(story.primary) for story in stories])
    count = np.bincount(kinds, weight, len(TYPES)) + 1e-9
    rare = weight * ((count.mean() / count) ** RARE)[kinds]
    types = softmax_regression(x, kinds, rare, len(TYPES), LOGIT_RIDGE)
    moods = np.array([STANCES.index(story.stance) for story in stories])
    return types, softmax_regression(x, moods, weight, len(STANCES), LOGIT_RIDGE)


def _logits(outputs: Matrix, types: Matrix, stances: Matrix) -> Matrix:
    x = outputs[:, JUDGED]
    return np.hstack([x @ types[:-1] + types[-1], x @ stances[:-1] + stances[-1]])

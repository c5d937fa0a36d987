"""The heads of a whole text: score, type, stance, tactic, kind of happening, strength of evidence, what it lacks.

One kernel ridge regression (Saunders and others 1998) with an output for each, over views of the text that are
cheap beside the encoder: how its sentences' columns and marks are distributed, the mean and the first sentence's
vector, and TF-IDF of words. The kernel is linear in all views, plus Gaussians of the distributions and the mean
vector, approximated by some training stories (Nyström; Williams and Seeger 2001). Type and stance are multinomial
logits over these outputs. `heads_training.py` fits `document_heads.npz`; `sentence_heads.py` gives the marks.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log, log1p

import numpy as np
from numpy.typing import NDArray

from api.analysis.models.encoder import COLUMNS, MARKS, Encoded
from api.analysis.models.sentence_heads import MARKS as MARK_NAMES
from api.analysis.text.signals import Places
from schemas.enums import HappeningKind, SpinType, Stance

Floats = NDArray[np.float32]
TYPES, STANCES, KINDS = tuple(SpinType), tuple(Stance), tuple(HappeningKind)
SCORE = 0
TYPE_OUTPUTS = slice(1, 1 + len(TYPES))
STANCE_OUTPUTS = slice(TYPE_OUTPUTS.stop, TYPE_OUTPUTS.stop + len(STANCES))
EVIDENCE = STANCE_OUTPUTS.stop
KIND_OUTPUTS = slice(EVIDENCE + 1, EVIDENCE + 1 + len(KINDS))
FIRST_TACTIC = KIND_OUTPUTS.stop
JUDGED = slice(0, EVIDENCE)  # the outputs under the logits of type and stance
MAX_SPREADS = 4.0  # bound of a view's value, in standard deviations
LINES = ("words", "tactics", "lacks")  # lists of strings, one a line
UNKNOWN_RARITY = 7.0  # rarity of a word in hardly any training story
TOP = 3  # sentences whose mean is the top of a column


@dataclass(frozen=True, slots=True)
class DocumentValues:
    """Score in points; logits by type and stance; values by kind and by tactic; evidence in steps from 0 to 3.

    `lacks` are the chances that a reader misses an item of `expected.json`, or a party (`voice_code`).
    """

    score: float
    types: dict[SpinType, float]
    stances: dict[Stance, float]
    kinds: dict[HappeningKind, float]
    evidence: float
    tactics: dict[str, float]
    lacks: dict[str, float]


def voice_code(party: str) -> str:
    """The name of a party among the items that a text may lack."""
    return f"voice:{party}"


def document_values(encoded: Encoded, places: dict[str, Places], words: int) -> DocumentValues:
    """The values for one text; `places` are those of its known words, `words` is their number."""
    heads = _heads()
    outputs = heads["base"].copy()
    scaled = scaled_views(views(encoded, words), heads["middle"], heads["scale"])
    outputs += scaled @ heads["linear"]
    outputs += gaussians(scaled[None], heads["centres"])[0] @ heads["kernel"]
    terms = _terms()
    known = sorted(terms[term] for term in places if term in terms)
    if known:
        counts = {terms[term]: len(found) for term, found in places.items() if term in terms}
        values = np.array([log1p(counts[number]) for number in known], np.float32) * heads["idf"][known]
        outputs += (values / np.sqrt(values @ values)) @ heads["terms"][known].astype(np.float32)
    judged, tactics = outputs[JUDGED], _lines("tactics")
    types = judged @ heads["types"][:-1] + heads["types"][-1]
    stances = judged @ heads["stances"][:-1] + heads["stances"][-1]
    return DocumentValues(
        score=float(outputs[SCORE]),
        types=dict(zip(TYPES, types.tolist(), strict=True)),
        stances=dict(zip(STANCES, stances.tolist(), strict=True)),
        kinds=dict(zip(KINDS, outputs[KIND_OUTPUTS].tolist(), strict=True)),
        evidence=float(outputs[EVIDENCE]),
        tactics=dict(zip(tactics, outputs[FIRST_TACTIC:].tolist(), strict=False)),
        lacks=dict(zip(_lines("lacks"), outputs[FIRST_TACTIC + len(tactics) :].tolist(), strict=True)),
    )


def known_terms() -> frozenset[str]:
    """The words and pairs with weights."""
    return frozenset(_terms())


def rarity(word: str) -> float:
    """How rare a word in lower case is in published stories: its inverse document frequency, in nats."""
    number = _terms().get(word)
    return UNKNOWN_RARITY if number is None else float(_heads()["idf"][number])


def views(encoded: Encoded, words: int) -> Floats:
    """The distributions of columns and marks, then the mean vector and that of the first sentence."""
    read = encoded.read
    if not read.any():
        return np.zeros(VIEWS, np.float32)
    columns, marks, shares = encoded.sentences, encoded.marks, encoded.shares
    chances = 1 / (1 + np.exp(-columns[read][:, MARKS]))
    parts = [
        *_distribution(columns, shares, read),
        chances.mean(axis=0),
        (chances > 0.5).mean(axis=0),
        np.array([log(words + 1), log(len(shares) + 1)]),
        *_distribution(marks, shares, read),
        encoded.pooled,
        encoded.first,
    ]
    return np.concatenate(parts).astype(np.float32)


_MARK_COLUMNS = MARKS.stop - MARKS.start
DISTRIBUTIONS = 5 * COLUMNS + 2 * _MARK_COLUMNS + 2 + 5 * len(MARK_NAMES)
_COLUMN_VIEWS = 5 * COLUMNS + 2 * _MARK_COLUMNS + 2
VIEWS = DISTRIBUTIONS + 2 * 1536
CENTRED = DISTRIBUTIONS + 1536  # the views under the Gaussians
BLOCKS = (slice(0, _COLUMN_VIEWS), slice(_COLUMN_VIEWS, DISTRIBUTIONS), slice(DISTRIBUTIONS, CENTRED))


def scaled_views(values: Floats, middle: Floats, scale: Floats) -> Floats:
    """Views in standard deviations, bounded, each block weighted to a mean length of 1; one text a row."""
    spreads = np.clip((values - middle) * scale[0], -MAX_SPREADS, MAX_SPREADS)
    return np.asarray(spreads * scale[1], np.float32)


def gaussians(scaled: Floats, centres: Floats) -> Floats:
    """The kernel of each row with each centre, by block: first all centres by columns, then by marks, vector."""
    parts = []
    for block in BLOCKS:
        own, other = scaled[:, block], centres[:, block]
        squares = (own * own).sum(1)[:, None] + (other * other).sum(1) - 2 * own @ other.T
        parts.append(np.exp(-np.maximum(squares, 0)))
    return np.concatenate(parts, axis=1)


def _distribution(values: Floats, shares: Floats, read: NDArray[np.bool_]) -> list[Floats]:
    """By column: the mean by share, the plain mean, the spread, the top, the first sentence's value."""
    body = values[read]
    top = np.sort(body, axis=0)[::-1][:TOP].mean(axis=0)
    return [shares @ values, body.mean(axis=0), body.std(axis=0), top, values[0]]


@cache
def _heads() -> dict[str, Floats]:
    with (files("api.analysis.models") / "document_heads.npz").open("rb") as file, np.load(file) as stored:
        return {
            name: stored[name] if name in LINES else stored[name].astype(np.float32)
            for name in stored.files
            if name != "terms"
        } | {"terms": stored["terms"]}


def _lines(name: str) -> list[str]:
    text = str(_heads()[name])
    return text.split("\n") if text else []


@cache
def _terms() -> dict[str, int]:
    return {term: number for number, term in enumerate(_lines("words"))}

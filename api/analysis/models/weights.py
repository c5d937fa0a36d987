"""The weights of the additive model (`weights.json`), fitted by `training.py`.

`score` is in hundredths of a score point per unit of a strength or a measure, in integers. `types`, `stances`
and `tactics` are multinomial logits per unit.
"""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from schemas.enums import SpinType, Stance


class Linear(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A linear form over detectors' strengths and features' values, by code."""

    base: float
    detectors: dict[str, float]
    features: dict[str, float]


class ScoreWeights(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Hundredths of a score point: the base, and the points per unit.

    `plain` has the mean of a feature in plain reports: only what a text has above it earns points.
    """

    base: int
    detectors: dict[str, int]
    features: dict[str, int]
    plain: dict[str, float] = {}


class IntervalStep(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """For scores up to `up_to` the 90 % interval is score - `below` to score + `above`."""

    up_to: int
    below: int
    above: int


class Weights(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The whole file. `temperature` divides the types' logits.

    `secondary` is the least probability of a secondary type. Up to the score `plain` the type is `none` whatever
    the logits; `plain_confidence` is how often that is right. `confidence` has pairs of a type's probability by
    the logits and how often such a type is right, both rising; without it, the probability stands as it is.
    """

    trained_on: str
    score: ScoreWeights
    types: dict[SpinType, Linear]
    stances: dict[Stance, Linear]
    tactics: dict[str, Linear]
    temperature: float
    secondary: float
    plain: int
    plain_confidence: float
    interval: list[IntervalStep]
    confidence: list[tuple[float, float]] = []


@cache
def weights() -> Weights:
    """The shipped weights."""
    return msgspec.json.decode(weights_bytes(), type=Weights)


@cache
def weights_bytes() -> bytes:
    """The file's bytes, for the engine's digest."""
    return files("api.analysis").joinpath("models/weights.json").read_bytes()

"""The weights of the additive model: `weights.json`, read once a process.

`score` is in hundredths of a score point per unit of a strength or a measure, whole numbers only. `types`,
`stances` and `tactics` are multinomial logits per unit. How they were fitted: `training.py`.
"""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from schemas.enums import SpinType, Stance


class Linear(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A linear form over strengths of detectors and values of features, by code."""

    base: float
    detectors: dict[str, float]
    features: dict[str, float]


class ScoreWeights(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Hundredths of a score point: where the score starts, and what a unit adds or takes away."""

    base: int
    detectors: dict[str, int]
    features: dict[str, int]


class IntervalStep(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """For scores up to `up_to`: the 90 % interval reaches from score - `below` to score + `above`."""

    up_to: int
    below: int
    above: int


class Weights(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The whole file. `temperature` divides the types' logits; `secondary` is the least probability of a
    secondary type; `plain` the highest score at which the type is `none` whatever the logits say, and
    `plain_confidence` how often that is right."""

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


@cache
def weights() -> Weights:
    """The shipped weights."""
    return msgspec.json.decode(weights_bytes(), type=Weights)


@cache
def weights_bytes() -> bytes:
    """The file itself, for the engine's digest."""
    return files("api.analysis").joinpath("models/weights.json").read_bytes()

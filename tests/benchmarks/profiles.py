"""The engines that can be measured, by the name of their profile. A new profile is a new entry."""

from collections.abc import Callable
from dataclasses import dataclass

from api.analysis.engine import Engine
from api.analysis.fast.engine import FastEngine
from api.analysis.fast.sentence_output import text_outputs as fast_text_outputs
from api.analysis.rules import RulesEngine
from api.analysis.sentence_output import SentenceOutput, text_outputs
from schemas.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Profile:
    """How the engine is made, and what it says of a text sentence by sentence."""

    engine: Callable[[], Engine]
    outputs: Callable[[str, Taxonomy], list[SentenceOutput]]


PROFILES = {
    "full": Profile(RulesEngine, text_outputs),
    "fast": Profile(FastEngine, fast_text_outputs),
}

"""The engines that can be measured, by profile."""

from collections.abc import Callable
from dataclasses import dataclass

from api.analysis.engines.engine import Engine
from api.analysis.engines.fast.engine import FastEngine, fast_weights
from api.analysis.engines.fast.skimming import skim
from api.analysis.engines.reading import read
from api.analysis.engines.rules import RulesEngine
from api.analysis.models.weights import Weights, weights
from api.analysis.text.article import Article
from api.analysis.text.document import Text
from api.evaluation.sentence_output import SentenceOutput, text_outputs
from schemas.taxonomy import Taxonomy
from tests.benchmarks.fast_sentence_output import text_outputs as fast_text_outputs


@dataclass(frozen=True, slots=True)
class Profile:
    """Functions that build an engine, output sentences and read a text; its weights; ablations that it lacks."""

    engine: Callable[[], Engine]
    outputs: Callable[[str, Taxonomy], list[SentenceOutput]]
    read: Callable[[Article], Text]
    weights: Callable[[], Weights]
    without: frozenset[str] = frozenset()


PROFILES = {
    "full": Profile(
        RulesEngine,
        text_outputs,
        read,
        weights,
        frozenset({"without counts", "without wording", "detectors only", "wording only"}),
    ),
    "fast": Profile(
        FastEngine,
        fast_text_outputs,
        skim,
        fast_weights,
        frozenset({"without reading", "without steering sentences"}),
    ),
}

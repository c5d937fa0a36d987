"""The fit of the claim models: deterministic, in the shipped shape."""

import msgspec
import pytest

from api.analysis.models.linear_models import CENTRALITY, SUPPORT, ClaimWeights, words_of
from api.analysis.models.sentence_features import sentence_features
from api.training.claim_training import LabelledStory, fit
from schemas.enums import ClaimSupport
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_LAYOFF, PLAIN_REPORT, STAMPEDE


def stories() -> list[LabelledStory]:
    """Invented stories, four times over, with the second sentence as the central claim."""
    found = []
    for title, body in (HYPE, CUSHION, STAMPEDE, PLAIN_REPORT, PLAIN_LAYOFF):
        read = document(body, title)
        shown = (title, body) in (PLAIN_REPORT, PLAIN_LAYOFF)
        claims = [
            (read.sentences[2].text, ClaimSupport.SHOWN if shown else ClaimSupport.ASSERTED),
            (read.sentences[4].text, ClaimSupport.ATTRIBUTED if shown else ClaimSupport.ASSERTED),
        ]
        found += [LabelledStory(read, sentence_features(read), claims)] * 4
    return found


@pytest.fixture(scope="module")
def fitted() -> ClaimWeights:
    return fit(stories(), "Invented stories.")


class TestFit:
    @pytest.mark.slow
    def test_gives_the_same_weights_again(self, fitted: ClaimWeights) -> None:
        assert fit(stories(), "Invented stories.") == fitted

    def test_knows_each_support(self, fitted: ClaimWeights) -> None:
        assert set(fitted.support) == set(SUPPORT) == {support.value for support in ClaimSupport}

    def test_can_be_written_and_read(self, fitted: ClaimWeights) -> None:
        assert msgspec.json.decode(msgspec.json.encode(fitted), type=ClaimWeights) == fitted

    def test_uses_the_features_of_the_shipped_weights(self, fitted: ClaimWeights) -> None:
        assert set(CENTRALITY.features) >= set(fitted.centrality.features) - {
            "boilerplate",
            "link",
            "very_long",
        }


class TestLinearModel:
    def test_counts_what_it_does_not_know_as_nothing(self) -> None:
        assert CENTRALITY.score({}, words_of("zyzzyva")) == 0
        assert CENTRALITY.score({"no such feature": 5.0}, {}) == 0

"""What a steering text wants to have believed, told in its own words, else quoted."""

import re

import pytest

from api.analysis.content.promises import NO_PROMISES, promises
from api.analysis.models.encoded_document import EncodedDocument
from schemas.enums import SpinType
from tests.kit.texts.articles import document
from tests.unit.analysis.prose.test_explanations import make_story

NEWS = "Orrinware opens its planning engine for farms in Tarn to all growers in May."
PRAISE = "The engine is a truly groundbreaking leap that transforms farming for every grower."
BOX = "About Orrinware"


def places(read: EncodedDocument) -> list[tuple[int, int]]:
    return [m.span() for m in re.finditer("groundbreaking", read.text)]


def found(*sentences: str, kind: SpinType = SpinType.HYPE) -> list[str]:
    read = document("\n".join([NEWS, *sentences]), "Orrinware opens its engine")
    return promises(
        read, make_story(kind, None).spin, [read.sentences[1]], "Orrinware", "Orrinware", places(read)
    ).told


class TestPromises:
    @pytest.mark.parametrize("kind", [SpinType.NONE, SpinType.CUSHION, SpinType.SHIELD, SpinType.FOG])
    def test_are_none_without_a_type_or_of_one_that_promises_little(self, kind: SpinType) -> None:
        read = document(PRAISE)
        assert promises(read, make_story(kind, None).spin, [], None, None, places(read)) == NO_PROMISES

    @pytest.mark.parametrize(
        "sentence",
        [
            NEWS,
            "The growers of the valley met in a hall on Monday.",
            "The truly remarkable engine transforms farming for every grower of the valley.",
            "Orrinware took a truly groundbreaking leap in May that transformed farming for every grower.",
            "It is a truly groundbreaking leap that transforms farming for every grower.",
            "Talia Brandmoor says that the engine is a truly groundbreaking leap that transforms farming.",
            "Talia Brandmoor highlighted that the engine is a truly groundbreaking leap that transforms farming.",
            "The groundbreaking success of the engine clearly and truly illustrates this trend.",
            "Groundbreaking engines positioned to truly transform farming, and seen by every grower.",
            "Is the engine a truly groundbreaking leap that transforms farming for every grower?",
            f"The shop is in Tarn. The shop opens at ten. {BOX}\n{BOX}: {PRAISE}",
        ],
    )
    def test_are_no_news_nor_plain_reported_asked_or_of_the_box(self, sentence: str) -> None:
        assert found(sentence) == []

    def test_are_statements_of_the_text_that_steer(self) -> None:
        assert found(PRAISE) == [f"t{PRAISE[1:-1]}"]

    def test_do_not_repeat_each_other(self) -> None:
        assert len(found(PRAISE, PRAISE.replace("every grower", "each grower"))) == 1

    def test_are_quoted_if_none_can_be_told(self) -> None:
        read = document(
            f"{NEWS} This is a truly groundbreaking leap that transforms farming for you.", "Tarn"
        )
        said = promises(read, make_story().spin, [read.sentences[1]], "Orrinware", "Orrinware", places(read))
        assert (said.told, said.voice) == ([], "document")
        assert said.quoted == "This is a truly groundbreaking leap that transforms farming for you"

    def test_are_told_behind_a_connective(self) -> None:
        assert found(f"However, t{PRAISE[1:]}") == [f"t{PRAISE[1:-1]}"]

    def test_are_rather_those_that_no_other_sentence_explains(self) -> None:
        hanging = PRAISE.replace("The engine", "A step to that engine")
        assert found(hanging, PRAISE) == [f"t{PRAISE[1:-1]}"]

    @pytest.mark.parametrize(
        "sentence",
        [
            "The engine will transform farming for every grower of the valley.",
            "The engine works best when every grower comes together to transform farming.",
        ],
    )
    def test_may_judge_without_a_loaded_word(self, sentence: str) -> None:
        assert found(sentence) == [f"t{sentence[1:-1]}"]

    def test_are_not_quoted_at_length(self) -> None:
        long = (
            f"{NEWS} This is a truly groundbreaking leap that transforms farming for you{' and for us' * 4}."
        )
        read = document(long, "Tarn")
        assert (
            promises(read, make_story().spin, [read.sentences[1]], "Orrinware", "Orrinware", places(read))
            == NO_PROMISES
        )

"""Entities: names put together, typed, and ranked."""

import pytest

from api.analysis.entities import entities
from api.analysis.names import bare, is_site, same_party
from schemas.assessments import EntityMention
from schemas.enums import EntityType
from tests.articles import document

ROBOTS = (
    "Quillon Robotics Inc said on Monday that it would open a plant in Norway. Quillon will hire 40 people. "
    "“We need the space,” said Marta Eide, who leads Quillon Robotics. Eide did not say what the plant costs. "
    "Google and Microsoft are customers of Quillon, and both run Kubernetes."
)


def found(body: str, title: str = "") -> dict[str, EntityMention]:
    return {e.name: e for e in entities(document(body, title))}


class TestEntities:
    @pytest.mark.parametrize("body", ["", "nothing here has a name", "🙂 ... 12", "12 34 56"])
    def test_are_none_where_nothing_is_named(self, body: str) -> None:
        assert found(body) == {}

    def test_put_short_and_long_forms_of_one_name_together(self) -> None:
        names = [name for name in found(ROBOTS) if "Quillon" in name]
        assert names == ["Quillon Robotics Inc"]
        assert len(found(ROBOTS)["Quillon Robotics Inc"].spans) == 4

    def test_put_a_surname_to_its_full_name(self) -> None:
        assert [name for name in found(ROBOTS) if "Eide" in name] == ["Marta Eide"]
        assert found(ROBOTS)["Marta Eide"].type is EntityType.PERSON

    def test_take_the_type_of_the_gazetteer(self) -> None:
        assert found(ROBOTS)["Kubernetes"].type is EntityType.PRODUCT
        assert found(ROBOTS)["Google"].type is EntityType.ORGANIZATION
        assert found(ROBOTS)["Norway"].type is EntityType.PLACE

    def test_rank_the_subject_of_the_story_first(self) -> None:
        first = entities(document(ROBOTS, "Quillon Robotics opens a plant"))[0]
        assert (first.name, first.salience) == ("Quillon Robotics Inc", 1.0)

    def test_stand_where_their_spans_say(self) -> None:
        read = document(ROBOTS)
        for entity in entities(read):
            assert all(read.text[s.start : s.end] == s.quote for s in entity.spans)


class TestNames:
    @pytest.mark.parametrize(
        ("name", "plain"),
        [
            ("Quillon Robotics, Inc.", "Quillon Robotics"),
            ("the Quillon Group", "Quillon"),
            ("Dr. Marta Eide's", "Marta Eide"),
            ("  ", ""),
        ],
    )
    def test_are_bare_without_title_and_legal_form(self, name: str, plain: str) -> None:
        assert bare(name) == plain

    @pytest.mark.parametrize(
        ("one", "other"),
        [("University of Vell", "University of Tarn"), ("Corvell", "Quillon"), (None, "Quillon"), ("", "")],
    )
    def test_are_of_two_parties(self, one: str | None, other: str) -> None:
        assert not same_party(one, other)

    def test_are_of_one_party(self) -> None:
        assert same_party("Quillon", "Quillon Robotics Inc")
        assert is_site("Quillon", "quillon.example", None)
        assert not is_site("Corvell", "quillon.example", None)

"""Entities: names merged, typed, and ranked."""

import re

import pytest

from api.analysis.engines.reading import read as read_article
from api.analysis.people.entities import entities
from api.analysis.people.name_types import type_by_context, type_by_shape
from api.analysis.text.article import SourceFacts
from api.analysis.text.names import bare_name, is_site, same_party
from schemas.assessments import EntityMention
from schemas.enums import EntityType, SourceType
from tests.kit.texts.articles import article, document, labelled

ORG, MAN = EntityType.ORGANIZATION, EntityType.PERSON
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

    def test_are_no_parts_of_a_dateline_or_of_a_symbol(self) -> None:
        imprint = "OSLO, NO - (NewMediaWire) - May 3, 2024 - "
        names = found(f"{imprint}Quillon Robotics Inc (NASDAQ: QLNR) grows. {ROBOTS}")
        assert names.keys().isdisjoint({"NO", "NewMediaWire", "QLNR", "NASDAQ"})
        assert "Quillon Robotics Inc" in names

    def test_have_no_verb_of_the_headline(self) -> None:
        names = found(ROBOTS, "Quillon Robotics Provides Update on Its Plant in Norway")
        assert not any("Provides" in name for name in names)

    def test_are_one_with_the_abbreviation_in_brackets_behind_them(self) -> None:
        names = found(
            "The Farm Development Committee (FDCN) met. The FDCN will hire 40 people, and FDCN pays."
        )
        assert "FDCN" not in names

    def test_are_not_taken_from_a_title_in_capitals_alone(self) -> None:
        title = "Quillon Robotics Nears Key Milestones With Brand Partnership"
        names = found(ROBOTS, title)
        assert "Quillon Robotics" in names
        assert all(any(s.start > len(title) for s in e.spans) for e in names.values())

    def test_may_stand_in_an_ordinary_title_alone(self) -> None:
        names = found("The plant opens in May. It will cost a lot.", "Marta Eide opens a plant for robots")
        assert "Marta Eide" in names

    def test_put_short_and_long_forms_of_one_name_together(self) -> None:
        assert [name for name in found(ROBOTS) if "Quillon" in name] == ["Quillon Robotics Inc"]
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

    @pytest.mark.parametrize(
        ("name", "body", "label", "kept"),
        [
            ("Corvell Chief Executive", "Corvell Chief Executive spoke.", "WORK_OF_ART", "Corvell"),
            (
                "Corvell Energy 6.4 million",
                "Corvell Energy 6.4 million fine. Corvell Energy paid.",
                "ORG",
                "Corvell Energy",
            ),
            (
                "Corvell Semiconductor Reports",
                "Corvell Semiconductor Reports results. Corvell Semiconductor grew.",
                "ORG",
                "Corvell Semiconductor",
            ),
            (
                "Kovacek told Seedling Report",
                "Kovacek told Seedling Report on Monday.",
                "WORK_OF_ART",
                "Kovacek",
            ),
            ("Jane Roe Jane Roe", "Jane Roe Jane Roe wrote.", "PERSON", "Jane Roe"),
            ("VP of Marketing", "VP of Marketing at a firm.", "ORG", None),
            ("Digital Bank of", "Digital Bank of the Year.", "ORG", None),
            ("Before Ledgerly", "Before Ledgerly it was slow. Ledgerly is fast.", "WORK_OF_ART", None),
            ("Before Sunrise", "Before Sunrise was long.", "WORK_OF_ART", "Before Sunrise"),
            (
                "Seedling Reports",
                "Seedling Reports wrote it. We read Seedling Reports.",
                "ORG",
                "Seedling Reports",
            ),
            ("Halden Loft 2", "Halden Loft 2 is out.", "PRODUCT", "Halden Loft 2"),
            ("Jane Roe March 1", "Jane Roe March 1 was there.", "PERSON", None),
            ("Vireo1.5-72B", "It beats Vireo1.5-72B by far.", "PERSON", "Vireo1.5-72B"),
            ("Washington D.C.", "It moved to Washington D.C. last year.", "GPE", "Washington D.C."),
            ("Quillon’s Search", "We use Quillon’s Search now.", "ORG", "Quillon’s Search"),
            ("Norway’s New", "Norway’s New Year.", "ORG", "Norway"),
        ],
    )
    def test_are_cut_where_the_name_ends(self, name: str, body: str, label: str, kept: str | None) -> None:
        assert [e.name for e in entities(labelled(body, [(name, label)]))] == ([kept] if kept else [])

    @pytest.mark.parametrize(
        ("name", "label", "kept"),
        [
            ("Mara Eklund’s Quillon", "PERSON", {"Mara Eklund": MAN, "Quillon": ORG}),
            ("Norway’s Quillon Robotics", "ORG", {"Norway": EntityType.PLACE, "Quillon Robotics": ORG}),
            ("Google’s Quillon", "ORG", {"Google": ORG}),
        ],
    )
    def test_are_parted_where_one_owns_the_other(
        self, name: str, label: str, kept: dict[str, EntityType]
    ) -> None:
        read = labelled(f"It was {name} that closed.", [(name, label)])
        assert {e.name: e.type for e in entities(read)} == kept

    def test_call_people_by_a_given_name_that_one_of_them_has(self) -> None:
        body = "Mara Eklund came with Ines Tveit and Ines Moe. Mara left early. We met Ines there."
        names = [("Mara Eklund", "PERSON"), ("Ines Tveit", "PERSON"), ("Ines Moe", "PERSON")]
        people = {
            e.name: len(e.spans) for e in entities(labelled(body, [*names, ("Mara", "ORG"), ("Ines", "ORG")]))
        }
        assert people == {"Mara Eklund": 2, "Ines Tveit": 1, "Ines Moe": 1, "Ines": 1}

    def test_keep_a_full_name_that_page_furniture_is_glued_to(self) -> None:
        body = (
            "Save this story Share One day the director of research, Mara Eklund, left the car.\n\n"
            "Eklund came back by train. The firm said Eklund was well."
        )
        names = [("Mara Eklund", "PERSON"), ("Eklund", "ORG"), ("Eklund", "ORG")]
        assert [(e.name, e.type, len(e.spans)) for e in entities(labelled(body, names))] == [
            ("Mara Eklund", MAN, 2)
        ]

    def test_leave_a_menu_out(self) -> None:
        body = "Save this story Share Search Eklund\n\nEklund makes cars in two plants."
        names = [("Search Eklund", "PERSON"), ("Eklund", "ORG")]
        assert [e.name for e in entities(labelled(body, names))] == ["Eklund"]

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("Norway", EntityType.PLACE),
            ("Washington", EntityType.PLACE),
            ("Norwegian", EntityType.GROUP),
            ("Washington Heraldist", ORG),
        ],
    )
    def test_know_countries_and_peoples_but_no_names_that_begin_so(self, name: str, kind: EntityType) -> None:
        read = labelled(f"It was {name} that closed.", [(name, "ORG")])
        assert [(e.name, e.type) for e in entities(read)] == [(name, kind)]


class TestTypes:
    def test_are_left_to_the_recogniser_without_cues(self) -> None:
        assert type_by_context(document("Harnworth Glass was there."), ["Harnworth Glass"], [(0, 15)]) is None

    @pytest.mark.parametrize(
        ("body", "name", "kind"),
        [
            (
                "Harnworth Glass will close a furnace. Harnworth Glass's staff were told.",
                "Harnworth Glass",
                ORG,
            ),
            ("Staff at Wexcombe Mutual know. Wexcombe Mutual's customers do not.", "Wexcombe Mutual", ORG),
            (
                "Hugh Lorimer, vice president of Corvell, left. Hugh Lorimer said that he was late.",
                "Hugh Lorimer",
                MAN,
            ),
        ],
    )
    def test_follow_what_stands_around_the_name(self, body: str, name: str, kind: EntityType) -> None:
        read = document(body)
        assert type_by_context(read, [name], [(m.start(), m.end()) for m in re.finditer(name, body)]) is kind

    @pytest.mark.parametrize(
        ("body", "name", "kind"),
        [
            ("Ruben Aldous, general secretary of the union, left.", "Ruben Aldous", MAN),
            ("The plan of chief executive Dorothea Quill is old.", "Dorothea Quill", MAN),
            ("Acreline, the leader in seed drills, left.", "Acreline", None),
            ("A Lindholm-based startup left.", "Lindholm", EntityType.PLACE),
            ("The mine near Sorrel Tarn is old.", "Sorrel Tarn", EntityType.PLACE),
            ("A Tensorly-based model was late.", "Tensorly", None),
            ("Staff at Quill know. She lives in Quill.", "Quill", None),
        ],
    )
    def test_follow_one_cue_that_has_no_other_reading(
        self, body: str, name: str, kind: EntityType | None
    ) -> None:
        places = [(m.start(), m.end()) for m in re.finditer(name, body)]
        assert type_by_context(document(body), [name], places) is kind

    def test_of_a_full_name_are_not_those_of_its_surname(self) -> None:
        labels = [
            ("Dorothea Quill", "PERSON"),
            ("Quill", "ORG"),
            ("Quill", "ORG"),
        ]
        body = "Dorothea Quill came. Quill sang. Then Quill went."
        assert {e.name: e.type for e in entities(labelled(body, labels))} == {"Dorothea Quill": MAN}

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("Bastien Okwuosa-Reed", MAN),
            ("Marguerite E. Pellworth-Sands", MAN),
            ("Mill Lane", EntityType.PLACE),
            ("Corvane Packaging", ORG),
            ("Tarrant-Vale Foundry", None),
            ("Merrow Card", None),
        ],
    )
    def test_follow_what_a_name_looks_like(self, name: str, kind: EntityType | None) -> None:
        assert type_by_shape([name.split()[-1], name]) is kind

    def test_are_not_given_to_an_office_that_is_called_by_its_kind(self) -> None:
        names = found(
            "The Department met the Council of Skerry. The Department and the Assembly then agreed."
        )
        assert not {"Department", "Assembly"} & set(names)

    def test_of_author_and_publisher_are_those_of_the_record(self) -> None:
        record = article(
            "Orrin Vale and Quillon met.",
            author="Orrin Vale",
            source=SourceFacts(name="Quillon", type=SourceType.COMPANY_BLOG, host="quillon.example"),
        )
        assert type_by_context(read_article(record), ["Orrin Vale"], []) is MAN
        assert type_by_context(read_article(record), ["Quillon"], []) is ORG

    def test_are_not_given_to_words_that_only_open_a_sentence(self) -> None:
        names = found("Attendance was 31 percent. The attendance had been lower. Attendance rose in Norway.")
        assert "Attendance" not in names
        assert "Norway" in names


class TestNames:
    @pytest.mark.parametrize(
        ("name", "plain"),
        [
            ("Quillon Robotics, Inc.", "Quillon Robotics"),
            ("the Quillon Group", "Quillon"),
            ("Dr. Marta Eide's", "Marta Eide"),
            ("Cllr Beatrix Onslow", "Beatrix Onslow"),
            ("Rev. Orrin Vale", "Orrin Vale"),
            ("Justice Department", "Justice Department"),
            ("President of the Board", "President of the Board"),
            ("  ", ""),
        ],
    )
    def test_are_bare_without_title_and_legal_form(self, name: str, plain: str) -> None:
        assert bare_name(name) == plain

    @pytest.mark.parametrize(
        ("one", "other"),
        [("University of Vell", "University of Tarn"), ("Corvell", "Quillon"), (None, "Quillon"), ("", "")],
    )
    def test_are_of_two_parties(self, one: str | None, other: str) -> None:
        assert not same_party(one, other)

    def test_are_of_one_party(self) -> None:
        assert same_party("Quillon", "Quillon Robotics Inc")
        assert is_site("Quillon", "quillon.example", None)
        assert is_site("The Quill", "thequill.example", None)
        assert not is_site("Corvell", "quillon.example", None)


class TestNoiseAndKinds:
    @pytest.mark.parametrize(
        ("name", "label", "body"),
        [
            ("UTC", "ORG", "It began at 14:00 UTC on Monday."),
            ("CI", "GPE", "We moved the tests to CI last week."),
            ("Incident", "ORG", "Incident ended at noon."),
            ("State", "ORG", "State rules ask for it."),
            ("quillon.example.org", "ORG", "See quillon.example.org for more."),
            ("Around February", "EVENT", "Around February it began."),
            ("Philanthropy Officer", "PERSON", "Ask the Philanthropy Officer about it."),
            ("Pitch for Good", "PERSON", "It runs Pitch for Good in two towns."),
            ("Corva di Merlo", "LAW", "It sells Corva di Merlo in cans."),
            ("ORB", "ORG", "The voltage of the ORB is low."),
        ],
    )
    def test_what_is_no_name_or_of_no_such_kind_is_left_out(self, name: str, label: str, body: str) -> None:
        assert entities(labelled(body, [(name, label)])) == []

    @pytest.mark.parametrize(
        ("name", "label", "body", "kind"),
        [
            ("Jared Tolliver", "PRODUCT", "Later Jared Tolliver went home.", EntityType.PERSON),
            ("Helena Strake", "ORG", "Later Helena Strake went home.", EntityType.PERSON),
            ("Vellum.js", "GPE", "We rebuilt it with Vellum.js in May.", EntityType.PRODUCT),
            ("WebLumbra", "GPE", "We rebuilt it with WebLumbra in May.", EntityType.PRODUCT),
            ("Lumbra 3.0", "PERSON", "We rebuilt it with Lumbra 3.0 in May.", EntityType.PRODUCT),
            ("Quillon Foundation", "PERSON", "He praised the Quillon Foundation.", EntityType.ORGANIZATION),
            ("Quillsian", "NORP", "Two Quillsian towns took part.", EntityType.GROUP),
            ("Quillon", "NORP", "They bought it from Quillon in May.", EntityType.ORGANIZATION),
            ("ORB", "ORG", "The ORB fined two firms in May.", EntityType.ORGANIZATION),
            ("Solutions", "ORG", "Solutions won. Solutions grew. Solutions left. We met Solutions.",
             EntityType.ORGANIZATION),
        ],
    )  # fmt: skip
    def test_a_name_has_the_kind_that_its_form_shows(
        self, name: str, label: str, body: str, kind: EntityType
    ) -> None:
        assert [(e.name, e.type) for e in entities(labelled(body, [(name, label)]))] == [(name, kind)]


class TestForms:
    def test_of_two_names_are_told_apart(self) -> None:
        body = "They move to Quillon Learn with Tarn Initiatives. Tarn Initiatives helps them."
        parsed = labelled(body, [("Quillon Learn with Tarn Initiatives", "ORG"), ("Tarn Initiatives", "ORG")])
        assert {e.name for e in entities(parsed)} == {"Quillon Learn", "Tarn Initiatives"}

    @pytest.mark.parametrize(
        "office", ["SVP Operational Excellence", "Chief Marketing Officer", "COO of Corvell"]
    )
    def test_of_offices_are_no_names(self, office: str) -> None:
        parsed = labelled(f"Ada Roe is {office} in Tarn.", [("Ada Roe", "PERSON"), (office, "ORG")])
        assert [e.name for e in entities(parsed)] == ["Ada Roe"]

    def test_of_ships_and_islands_are_no_firms(self) -> None:
        body = "The ferry ran aground off Tarn Island. The Maid of Orrin, a 68-metre ship, was new."
        parsed = labelled(body, [("Tarn Island", "ORG"), ("Maid of Orrin", "ORG")])
        types = {e.name: e.type for e in entities(parsed)}
        assert types == {"Tarn Island": EntityType.PLACE, "Maid of Orrin": EntityType.PRODUCT}

    def test_of_a_dateline_are_no_firms(self) -> None:
        body = "Corvell grows.\n\nTARNHOLM, May 4 - Corvell grew in May."
        parsed = labelled(body, [("Corvell", "ORG"), ("TARNHOLM", "ORG"), ("Corvell", "ORG")])
        assert [e.name for e in entities(parsed)] == ["Corvell"]

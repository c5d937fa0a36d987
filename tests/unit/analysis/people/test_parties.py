"""Entities that are parties of the story: no headings and salutations, each once and of the right kind."""

import pytest

from api.analysis.engines.reading import read as read_article
from api.analysis.people.entities import entities
from api.analysis.text.article import SourceFacts
from schemas.enums import EntityType, SourceType
from tests.kit.texts.articles import article, labelled

ORG, MAN = EntityType.ORGANIZATION, EntityType.PERSON


class TestParties:
    def test_are_no_words_of_headings_within_the_body(self) -> None:
        body = (
            "It grows.\n\nExpanding Our Presence\n\nWe met Quillon.\n\nUnsafe Working Conditions\n\nIt pays."
        )
        labels = [
            ("Our Presence", "ORG"),
            ("Quillon", "ORG"),
            ("Unsafe Working Conditions", "ORG"),
        ]
        assert [e.name for e in entities(labelled(body, labels))] == ["Quillon"]

    def test_are_kept_where_a_sentence_names_them_too(self) -> None:
        body = "The Harbour Museum\n\nWe went to the Harbour Museum in May."
        labels = [("Harbour Museum", "ORG"), ("Harbour Museum", "ORG")]
        assert [e.name for e in entities(labelled(body, labels))] == ["Harbour Museum"]

    @pytest.mark.parametrize(
        ("name", "label", "body"),
        [
            ("Dear Valued Members", "ORG", "Dear Valued Members of the trust, we grow."),
            ("4th Annual", "ORG", "It held its 4th Annual fair in Tarn."),
            ("Orrin RoeltChairman", "PERSON", "Yours, Orrin RoeltChairman of the trust"),
            ("Company’s Note", "ORG", "It paid the Company’s Note in May."),
            ("Q&A", "GPE", "A Q&A follows in May."),
            ("CVE-2018-12122", "ORG", "It mends CVE-2018-12122 in May."),
            ("Chair of the Orrin Council", "ORG", "She is Chair of the Orrin Council now."),
        ],
    )
    def test_are_no_salutations_ordinals_codes_and_offices(self, name: str, label: str, body: str) -> None:
        assert entities(labelled(body, [(name, label)])) == []

    @pytest.mark.parametrize(
        ("name", "label", "body", "kind"),
        [
            ("Sourcefall", "GPE", "It bought firms, including Sourcefall, which makes pumps.", ORG),
            ("Sorrel Tarn", "GPE", "The ferry goes to Sorrel Tarn in May.", EntityType.PLACE),
            ("Asia-Pacific", "LOC", "It is a leading Asia-Pacific provider of pumps.", EntityType.PLACE),
            ("Lindmoor", "GPE", "It has offices in Tarn and Lindmoor.", EntityType.PLACE),
            ("Arvanta", "GPE", "Arvanta said that it would pay. Arvanta said no more.", ORG),
            ("Bronagh Tellert", "WORK_OF_ART", "“It is a good pump,” said Bronagh Tellert.", MAN),
            ("Guill Marchant", "ORG", "Guill Marchant came. “It is a good pump,” Marchant said.", MAN),
            ("Guill Marchant", "ORG", "It was told by Guill Marchant, OVHold’s Technical Team Lead.", MAN),
            ("Tyre Coat", "PERSON", "It sells Tyre Coat. The coat shines.", ORG),
        ],
    )
    def test_have_the_kind_that_their_place_and_speech_show(
        self, name: str, label: str, body: str, kind: EntityType
    ) -> None:
        at = [(name, label)] * body.count(name)
        assert [e.type for e in entities(labelled(body, at)) if e.name == name] == [kind]

    def test_are_two_where_and_joins_names_that_stand_alone_too(self) -> None:
        body = "Shares of Allstade and Progressa rose. Allstade pays. Progressa does not."
        labels = [("Allstade and Progressa", "ORG"), ("Allstade", "ORG"), ("Progressa", "ORG")]
        assert {e.name for e in entities(labelled(body, labels))} == {"Allstade", "Progressa"}
        law = "The Farm and Forest helps. Farm and Forest is a firm."
        labels = [("Farm and Forest", "ORG"), ("Farm and Forest", "ORG")]
        assert {e.name for e in entities(labelled(law, labels))} == {"Farm and Forest"}

    def test_are_one_with_their_abbreviation_behind_a_legal_form(self) -> None:
        body = "Quillon Pump Concepts, Inc. (QPCV) grows. QPCV will hire. QPCV pays."
        labels = [("QPCV", "GPE")] * 3
        assert [(e.name, e.type, len(e.spans)) for e in entities(labelled(body, labels))] == [
            ("Quillon Pump Concepts", ORG, 4)
        ]

    def test_are_one_with_the_last_words_of_their_name(self) -> None:
        body = "The Tarn Executive Council met. The Executive Council agreed, and the Executive Council left."
        labels = [
            ("Tarn Executive Council", "ORG"),
            ("Executive Council", "ORG"),
            ("Executive Council", "ORG"),
        ]
        assert [e.name for e in entities(labelled(body, labels))] == ["Tarn Executive Council"]

    def test_are_no_kinds_of_another_party(self) -> None:
        body = (
            "We met Quillon. Quillon Administrators see it. The administrators know. No administrators left."
        )
        labels = [("Quillon", "ORG"), ("Quillon Administrators", "ORG")]
        assert [e.name for e in entities(labelled(body, labels))] == ["Quillon"]

    @pytest.mark.parametrize(
        ("kind", "count"), [(SourceType.NGO, 1), (SourceType.COMPANY_BLOG, 1), (SourceType.MEDIA, 0)]
    )
    def test_include_a_publisher_that_tells_of_itself(self, kind: SourceType, count: int) -> None:
        source = SourceFacts(name="Let's Knit", type=kind, host=None)
        record = article(
            "Let’s Knit has a new hall. We knit there, and Let’s Knit pays the rent.", source=source
        )
        assert [e.name for e in entities(read_article(record))].count("Let’s Knit") == count

    def test_are_not_the_author_of_a_byline_and_the_outlet(self) -> None:
        source = SourceFacts(name="Harbour Courier", type=SourceType.MEDIA, host=None)
        body = "By Meg Flipp, Harbour Courier\n\nQuillon makes pumps, it told Harbour Courier. Quillon grows."
        names = {e.name for e in entities(read_article(article(body, source=source)))}
        assert names.isdisjoint({"Meg Flipp", "Harbour Courier"})

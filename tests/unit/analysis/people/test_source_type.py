"""Types of publishers inferred from names, addresses, declared types and texts."""

from typing import Any

import msgspec
import pytest

from api.analysis.engines.reading import read
from api.analysis.people.entities import entities
from api.analysis.people.source_role import source_role
from api.analysis.people.source_type import LEAST, source_type
from api.analysis.text.article import Article, SourceFacts
from schemas.assessments import SourceRole
from schemas.enums import SourceType
from tests.kit.texts.articles import article
from tests.kit.texts.framed_texts import HYPE, PLAIN_REPORT

PLAIN = "Two of nine pools close in June. Repairs cost more than new pools. Swimmers may use the others."
OWN = (
    "At Quillon we build forms. Today we are excited to share that Quillon reads handwriting. Our customers "
    "asked for it, our team built it, and our product is better for it. Quillon will add more."
)
RELEASE = (
    "TARN, March 3, 2031 -- Corvell Corporation (NYSE: CVL) today announced a new pump. “We are proud,” said its "
    "director, Runa Feld.\n\nAbout Corvell\n\nCorvell is a leading maker of pumps. For more information, visit "
    "corvell.example."
)


def record(body: str, name: str | None = None, host: str | None = None, **fields: Any) -> Article:
    source = SourceFacts(name=name, type=SourceType.OTHER, host=host)
    return article(body, source=source, **fields)


def role(given: Article) -> SourceRole:
    document = read(given)
    return source_role(document, entities(document), [], None)


class TestSourceType:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            (record(PLAIN), SourceType.OTHER),
            (record(PLAIN, "Quillon"), SourceType.OTHER),
            (record(HYPE[1], "Harbour Courier"), SourceType.MEDIA),
            (record(PLAIN_REPORT[1], publisher_kind="NewsMediaOrganization"), SourceType.MEDIA),
            (record("MARL (Reuters) - " + PLAIN), SourceType.MEDIA),
            (record(RELEASE), SourceType.PRESS_RELEASE),
            (record(PLAIN, "Fieldline Newswire"), SourceType.PRESS_RELEASE),
            (record(PLAIN, url="https://corvell.example/press-releases/pump"), SourceType.PRESS_RELEASE),
            (record(OWN, "Quillon"), SourceType.COMPANY_BLOG),
            (record(PLAIN, "Quillon Blog"), SourceType.COMPANY_BLOG),
            (record(PLAIN, host="blog.quillon.example"), SourceType.COMPANY_BLOG),
            (record(PLAIN, "Ministry of Works, Merrow"), SourceType.GOVERNMENT),
            (record(PLAIN, host="works.merrow.gov"), SourceType.GOVERNMENT),
            (record(PLAIN, "Vell University"), SourceType.RESEARCH),
            (record(PLAIN, page_type="ScholarlyArticle"), SourceType.RESEARCH),
            (record(PLAIN, "Canal Trust Foundation"), SourceType.NGO),
            (record(PLAIN, "Pumpforum", page_type="DiscussionForumPosting"), SourceType.COMMUNITY),
            (record(PLAIN, host="herons.substack.com"), SourceType.NEWSLETTER),
        ],
    )
    def test_is_read_from_what_is_known(self, given: Article, expected: SourceType) -> None:
        found = source_type(read(given))
        assert found.type is expected
        assert (found.confidence is None) == (expected is SourceType.OTHER)
        assert found.confidence is None or LEAST <= found.confidence <= 1

    def test_is_not_inferred_where_it_is_given(self) -> None:
        given = article(RELEASE, source=SourceFacts(name="Tarn Times", type=SourceType.NGO, host=None))
        assert source_type(read(given)) == source_type(read(given))
        assert (source_type(read(given)).type, source_type(read(given)).confidence) == (SourceType.NGO, None)

    def test_stands_in_the_role_with_its_confidence(self) -> None:
        found = role(record(PLAIN, "Vell University"))
        assert found.publisher_type is SourceType.RESEARCH
        assert found.confidence is not None
        assert role(record(PLAIN)).confidence is None


class TestNames:
    def test_of_publishers_are_no_domains(self) -> None:
        found = role(record(PLAIN, "pools.example", host="pools.example"))
        assert (found.publisher, found.host) == (None, "pools.example")

    def test_are_spelled_as_in_the_text(self) -> None:
        body = (
            "Quillon opened an office in Tarn. Quillon, a maker of forms, said that it will hire ten people."
        )
        found = role(record(body, "quillon.example", host="quillon.example"))
        assert (found.publisher, found.host) == ("Quillon", None)

    @pytest.mark.parametrize("name", ["Node.js", "Booking.example"])
    def test_with_a_point_and_capitals_stay(self, name: str) -> None:
        assert role(record(PLAIN, name)).publisher == name


class TestOldRecords:
    def test_have_the_digest_that_they_had(self) -> None:
        given = record(PLAIN)
        stored = msgspec.json.encode(given)
        assert b"publisher_kind" not in stored
        assert msgspec.json.decode(stored, type=Article) == given
        assert record(PLAIN, publisher_kind="NGO").digest != given.digest

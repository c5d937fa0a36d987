"""What happened: the sentence that tells it, and who acts, by marks that the tests set."""

from dataclasses import replace

import numpy as np
import pytest
from msgspec import structs

from api.analysis.content.happening import (
    SURE,
    generic_if_unsure,
    happening_of,
    news_sentence,
    with_subject,
)
from api.analysis.content.news_choice import happening_kind
from api.analysis.models.document_heads import KINDS
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.people.entities import entities
from schemas.assessments import SourceRole
from schemas.enums import HappeningKind, Independence, Intent, SourceType
from tests.kit.texts.articles import document

TITLE = "Quillon closes pump works in Tarn"
CLOSES = "Quillon Corp. will close its pump works in Tarn in May."
BODY = f"Rain fell on the valley. {CLOSES} Mara Venn chairs the council."


def told(
    body: str,
    title: str = "",
    *,
    news: str = "",
    kind: HappeningKind = HappeningKind.LAUNCH,
    sure: float = 1.0,
) -> EncodedDocument:
    """The text as heads would read it that mark the sentence `news` and are `sure` of the kind."""
    read = document(body, title)
    marks = np.zeros_like(read.encoded.marks)
    for sentence in read.sentences:
        marks[sentence.index, COLUMN["news"]] = bool(news) and sentence.text.startswith(news)
    kinds = {one: sure if one is kind else 0.0 for one in KINDS}
    return read.with_outputs(
        replace(read.encoded, marks=marks), read.tagged, replace(read.values, kinds=kinds)
    )


def role(publisher: str | None, kind: SourceType = SourceType.MEDIA) -> SourceRole:
    return SourceRole(
        publisher=publisher,
        publisher_type=kind,
        host=None,
        intent=Intent.EDITORIAL_REPORTING,
        independence=Independence.MEDIUM,
    )


def replace_host(source: SourceRole, host: str) -> SourceRole:
    return structs.replace(source, host=host)


def subject(read: EncodedDocument, source: SourceRole) -> str | None:
    found = with_subject(read, happening_of(read), entities(read), source)
    assert found is not None
    return found.subject


class TestNewsSentence:
    @pytest.mark.parametrize("text", ["", " \n ", "\u0301 \u0302", "Please subscribe to our newsletter."])
    def test_is_none_without_a_sentence_of_the_story(self, text: str) -> None:
        read = document(text)
        assert news_sentence(read) is None
        assert happening_of(read) is None
        assert with_subject(read, None, [], role("Quillon")) is None
        assert generic_if_unsure(read, None) is None

    def test_is_never_page_furniture(self) -> None:
        read = told(f"Subscribe to read that Quillon closes. {BODY}", news="Subscribe")
        found = news_sentence(read)
        assert found is not None
        assert not found.text.startswith("Subscribe")

    def test_is_the_one_with_the_highest_mark(self) -> None:
        for news in ("Rain", "Quillon", "Mara"):
            found = news_sentence(told(BODY, news=news))
            assert found is not None
            assert found.text.startswith(news)

    def test_is_the_headline_if_the_body_says_something_else(self) -> None:
        found = news_sentence(told("Rain fell on the valley. The river rose.", TITLE))
        assert found is not None
        assert found.role == "title"

    def test_is_no_headline_that_states_nothing(self) -> None:
        found = news_sentence(
            told("Rain fell on the valley. The river rose.", "Why the river rises: a story")
        )
        assert found is not None
        assert found.role != "title"

    def test_is_another_sentence_of_the_body_if_its_mark_is_high_enough(self) -> None:
        found = news_sentence(told(BODY, TITLE, news="Mara"))
        assert found is not None
        assert found.text.startswith("Mara")


class TestHappeningOf:
    def test_is_at_the_news_sentence_and_of_the_likeliest_kind(self) -> None:
        read = told(BODY, news="Quillon", kind=HappeningKind.CLOSURE)
        found = happening_of(read)
        assert found is not None
        assert (found.kind, found.subject) == (HappeningKind.CLOSURE, None)
        assert [span.quote for span in found.spans] == [CLOSES]
        assert happening_kind(read) is HappeningKind.CLOSURE

    def test_has_no_place_if_nothing_happened(self) -> None:
        found = happening_of(told(BODY, news="Rain", kind=HappeningKind.NO_EVENT))
        assert found is not None
        assert found.spans == []

    @pytest.mark.parametrize(
        ("sure", "kind"), [(SURE, HappeningKind.LAUNCH), (SURE - 0.01, HappeningKind.OTHER_EVENT)]
    )
    def test_is_of_no_kind_of_its_own_if_the_heads_are_unsure(self, sure: float, kind: HappeningKind) -> None:
        read = told(BODY, news="Quillon", sure=sure)
        found = happening_of(read)
        generic = generic_if_unsure(read, found)
        assert found is not None
        assert generic is not None
        assert (generic.kind, generic.spans) == (kind, found.spans)


class TestSubject:
    def test_is_the_grammatical_subject_of_the_news(self) -> None:
        assert subject(told(BODY, news="Quillon"), role("The Tarn Post")) == "Quillon Corp"
        assert subject(told(BODY, "Mara Venn in Tarn", news="Mara Venn chairs"), role(None)) == "Mara Venn"

    @pytest.mark.parametrize(
        "kind", [SourceType.COMPANY_BLOG, SourceType.PRESS_RELEASE, SourceType.NEWSLETTER]
    )
    def test_is_the_publisher_if_it_tells_the_news_in_the_first_person(self, kind: SourceType) -> None:
        read = told("We will close our works at Ostrava Ridge. Quillon makes pumps.", news="We")
        assert subject(read, role("Quillon", kind)) == "Quillon"

    def test_is_who_speaks_of_himself_or_of_what_is_his(self) -> None:
        said = told("“My first job was at a pump works in Quell,” said Mara Venn on Monday.", news="“My")
        assert subject(said, role("Quillon", SourceType.COMPANY_BLOG)) == "Mara Venn"
        own = told("Our Orrin pump is the only pump without a valve. Quillon makes it.", news="Our")
        assert subject(own, role("Quillon", SourceType.COMMUNITY)) == "Quillon"
        of_country = told("The US bought a pump works. Quillon makes pumps.", news="The US")
        assert subject(of_country, role("The Tarn Post")) != "The Tarn Post"

    def test_is_nobody_whom_the_news_does_not_name(self) -> None:
        body = "A plan may save water. Mara Venn chairs the council. Mara Venn likes pumps."
        assert subject(told(body, "Plan may save water", news="A plan"), role("The Tarn Post")) is None

    def test_is_nobody_whom_title_and_lead_do_not_name(self) -> None:
        body = (
            "Rain fell. The lake rose. Orrin Corp. had a pump. Quillon Corp. has no pump. Orrin Corp. pumps."
        )
        read = told(body, "Rain falls on the lake", news="Quillon")
        assert subject(read, role(None, SourceType.PRESS_RELEASE)) is None
        early = told(body, "Quillon Corp. has no pump", news="Quillon Corp. has no pump.")
        assert subject(early, role(None, SourceType.PRESS_RELEASE)) == "Quillon Corp"

    def test_is_no_carrier_of_a_release(self) -> None:
        read = told("Tarnwire Service (TWS) announced a report on Monday. It is small.", news="Tarnwire")
        release = role(None, SourceType.PRESS_RELEASE)
        assert subject(read, release) is not None
        assert subject(read, replace_host(release, "Tarnwire Service")) is None

    def test_is_not_who_reports_what_another_did(self) -> None:
        body = "Quillon Corp. has closed its works in Tarn, Orrin News reported. Quell is small."
        assert subject(told(body, news="Quillon"), role(None)) == "Quillon Corp"

    def test_is_no_date_and_has_no_abbreviation(self) -> None:
        body = "The Wells Are Deep (WAD) Foundation announces its plan in the valley. It is small."
        assert subject(told(body, news="The Wells"), role(None)) == "Wells Are Deep Foundation"
        dated = told("Tuesday called for a new works in the valley. Quell is small.", news="Tuesday")
        assert subject(dated, role(None)) != "Tuesday"

    @pytest.mark.parametrize(
        "source",
        [
            role("Harbourwire", SourceType.PRESS_RELEASE),  # a wire, which the text does not name
            role("The Tarn Post", SourceType.MEDIA),
            role("Quillon", SourceType.OTHER),
        ],
        ids=["wire", "medium", "unknown"],
    )
    def test_is_no_publisher_that_does_not_speak_for_itself(self, source: SourceRole) -> None:
        read = told("We will close the works, said Orrin Corp. on Monday.", news="We")
        assert subject(read, source) != source.publisher

    @pytest.mark.parametrize(
        ("source", "own"),
        [
            (role("Quillon", SourceType.COMPANY_BLOG), "Quillon"),
            (role("Quillon", SourceType.MEDIA), None),
            (role("The Tarn Post", SourceType.MEDIA), None),
            (role("Harbourwire", SourceType.PRESS_RELEASE), None),
            (role(None), None),
        ],
    )
    def test_of_an_argument_is_its_publishers_own_or_nobodys(
        self, source: SourceRole, own: str | None
    ) -> None:
        read = told(BODY, news="Quillon", kind=HappeningKind.TREND_OR_ARGUMENT)
        assert subject(read, source) == own

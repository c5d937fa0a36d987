"""Which of a judgement's omissions a verdict has, and in which words."""

import pytest

from api.analysis.engines.reading import read
from api.analysis.text.article import SourceFacts
from api.proposals.drops import DropReason
from api.proposals.published_omissions import published_omission
from schemas.assessments import Happening, Omission
from schemas.enums import HappeningKind, SourceType
from tests.kit.tables import each
from tests.kit.texts.articles import article

NOBODY = SourceFacts(name=None, type=SourceType.OTHER, host=None)
REST = " The yard of Corvell lies on the Tarn, and its gates open at seven every day of the week but Sunday."


def published(
    item: str,
    body: str,
    kind: HappeningKind | None = HappeningKind.LAUNCH,
    subject: str | None = "Corvell",
    source: SourceFacts = NOBODY,
) -> Omission | DropReason:
    happening = None if kind is None else Happening(kind=kind, subject=subject, spans=[])
    given = Omission(item=item, text="Does not say it.", looked_for="", claims=[])
    return published_omission(read(article(body + REST, source=source)), happening, given)


def told(found: Omission | DropReason) -> str:
    assert isinstance(found, Omission), found
    return found.text


class TestIsNotPublished:
    @each(
        ("item", "body"),
        [
            ("objections", "A club has raised questions about the rules of the port."),
            ("objections", "Several of the clubs have asked why the rules are new."),
            ("total_cost", "The programme takes a contribution of 35 from each sailor."),
            ("price", "A berth comes at 35 a month."),
            ("limits", "Two of the nine boats showed no response."),
            ("drawbacks", "The engine did not start in one of the trials."),
            ("other_side", "The company told the office that it had changed the hull."),
            ("other_side", "Others would say that it cannot float."),
            ("example", "One small company in Tarn raised its sales by 40."),
        ],
    )
    def test_if_the_text_has_it(self, item: str, body: str) -> None:
        assert published(item, body) is DropReason.IN_TEXT

    @each(
        ("item", "kind"),
        [
            ("end_reason", HappeningKind.EARNINGS),
            ("savings", HappeningKind.CLOSURE),
            ("jobs_count", HappeningKind.ACQUISITION_OR_MERGER),
            ("deal_price", HappeningKind.LAUNCH),
        ],
    )
    def test_if_it_presupposes_another_event(self, item: str, kind: HappeningKind) -> None:
        assert published(item, "Corvell sails on.", kind) is DropReason.NO_SUCH_EVENT


class TestIsPublished:
    @each(
        ("item", "body"),
        [
            ("objections", "The rules of the port are new."),
            ("total_cost", "The programme has 35 sailors."),
            ("limits", "The boat sails in any wind."),
            ("other_side", "The office has ordered the recall."),
            ("example", "One boat has a new hull."),
        ],
    )
    def test_if_the_text_has_no_word_of_it(self, item: str, body: str) -> None:
        assert told(published(item, body)).startswith("Does not say ")

    def test_if_nothing_is_known_of_the_event(self) -> None:
        assert (
            told(published("end_reason", "Corvell sails on.", None)) == "Does not say why it comes to an end."
        )

    def test_in_the_answers_words_if_it_is_no_item(self) -> None:
        assert told(published("other", "Corvell sails on.")) == "Does not say it."

    @each(
        ("kind", "event"),
        [
            (HappeningKind.EARNINGS, "these results"),
            (HappeningKind.CLOSURE, "the closure"),
            (HappeningKind.TREND_OR_ARGUMENT, "the trouble that it reports"),
        ],
    )
    def test_with_the_event_by_name(self, kind: HappeningKind, event: str) -> None:
        found = told(published("own_part", "Corvell made a loss.", kind))
        assert found == f"Does not say which decisions of those in charge led to {event}."

    def test_as_the_half_that_is_missing(self) -> None:
        found = told(published("privacy", "The gate scans the face of each visitor."))
        assert found == "Does not say who sees the data that it collects."
        found = told(published("privacy", "The gate has a camera."))
        assert found == "Does not say which data it collects, and who sees them."


class TestNames:
    def test_who_makes_the_claims(self) -> None:
        found = told(published("independent_test", "Corvell says that its ferry is quiet."))
        assert found == "Does not say who, other than Corvell, has tested the claims."

    @pytest.mark.parametrize(
        ("kind", "subject"),
        [
            (HappeningKind.REVIEW_OR_DEAL, "Corvell"),
            (HappeningKind.PROFILE_OR_INTERVIEW, "Corvell"),
            (HappeningKind.LAUNCH, "Sailors of Corvell"),
        ],
    )
    def test_no_subject_that_does_not(self, kind: HappeningKind, subject: str) -> None:
        body = "Sailors of Corvell say that the ferry of Corvell is quiet."
        found = told(published("independent_test", body, kind, subject))
        assert found == "Does not say who, other than the author, has tested the claims."

    @pytest.mark.parametrize(
        ("kind", "name"), [(SourceType.MEDIA, "the author"), (SourceType.COMPANY_BLOG, "Corvell")]
    )
    def test_a_publisher_unless_it_only_reports(self, kind: SourceType, name: str) -> None:
        source = SourceFacts(name="Corvell", type=kind, host="corvell.example")
        found = told(published("independent_test", "Corvell asked a sailor.", source=source))
        assert found == f"Does not say who, other than {name}, has tested the claims."

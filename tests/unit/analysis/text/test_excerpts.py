import pytest

from api.analysis.engines.fast.skimming import skim
from api.analysis.text.document import Text
from api.analysis.text.excerpts import doubted_excerpts
from tests.kit.texts.articles import article, document

PAIRS = (
    ("The best pump on earth.", "it came fourth in the last test."),
    ("A revolution in every home.", "it is sold in two towns."),
    ("Nobody offers more.", "three rivals do."),
)


def lines(first: str = "Claim", second: str = "Fact", quoted: bool = True) -> str:
    """The pairs as a list, a paragraph for each line."""
    said = "“{}”" if quoted else "{}"
    return "\n\n".join(f"{first}: {said.format(claim)}\n\n{second}: {fact}" for claim, fact in PAIRS)


def doubted(read: Text) -> list[str]:
    numbers = doubted_excerpts(read.sentences)
    return [s.text for s in read.sentences if s.index in numbers]


class TestDoubtedExcerpts:
    @pytest.mark.parametrize("body", [lines(quoted=False), lines("Nilsson", "Nilsson"), "", "Claim: “Best.”"])
    def test_are_none_in_other_forms(self, body: str) -> None:
        assert doubted(document(f"We read the leaflet of a pump maker.\n\n{body}")) == []

    def test_are_none_where_only_two_are_set_out(self) -> None:
        assert doubted(document(lines().rpartition("\n\nClaim")[0])) == []

    @pytest.mark.parametrize("labels", [("Claim", "Fact"), ("Page 3", "Mark")])
    def test_are_quotations_behind_a_label_and_answers_behind_another(self, labels: tuple[str, str]) -> None:
        body = lines(*labels)
        assert doubted(document(body)) == body.split("\n\n")
        assert doubted(skim(article(body))) == body.split("\n\n")

    def test_take_no_time_for_hostile_text(self) -> None:
        assert doubted(document("Claim: “" * 5_000)) == []

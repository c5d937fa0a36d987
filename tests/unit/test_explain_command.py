"""`unspun explain`: refusals, and the findings that `--without` names."""

import pytest
from click.testing import CliRunner

from api.analysis.engines.rules import RulesEngine
from api.cli import main
from api.cli.commands import Failure
from api.cli.explain import chosen_findings
from schemas.assessments import Assessment
from tests.kit.texts.articles import article
from tests.kit.texts.framed_texts import HYPE
from tests.kit.texts.taxonomy import TAXONOMY

RULE = "innovation_framing"


@pytest.fixture(scope="module")
def said() -> Assessment:
    return RulesEngine().assess(article(HYPE[1], HYPE[0]), TAXONOMY)


class TestExplain:
    @pytest.mark.parametrize(
        ("arguments", "code", "why"),
        [
            ((), 2, "either TARGET or --story"),
            (("x", "--story", "y"), 2, "either TARGET or --story"),
            (("x", "--at", "http://127.0.0.1:1"), 2, "--at requires --story"),
            (("--story", "x", "--without", "hype"), 2, "--story cannot be combined"),
            (("--story", "x", "--title", "T"), 2, "--story cannot be combined"),
            (("--story", "x", "--read-again"), 2, "--story cannot be combined"),
            (("no-such-file.txt",), 1, "no-such-file.txt"),
            (("http://127.0.0.1/",), 1, "private or reserved"),
            (("--story", "x", "--at", "http://127.0.0.1:1"), 1, "refused"),
            (("--story", "x", "--at", "file:///etc"), 1, "is not an HTTP URL"),
        ],
    )
    def test_refuses_what_it_cannot_explain(self, arguments: tuple[str, ...], code: int, why: str) -> None:
        refused = CliRunner().invoke(main, ["explain", *arguments])
        assert refused.exit_code == code, refused.output
        assert why in refused.output


class TestChosenFindings:
    @pytest.mark.parametrize("name", ["no_such_rule", "0:0", "99999:100000", "wording_steering", "1:", "f1"])
    def test_refuses_what_names_none_and_says_which_rules_there_are(
        self, said: Assessment, name: str
    ) -> None:
        with pytest.raises(Failure, match=f"matches {name}. Rules with findings: .*{RULE}"):
            chosen_findings(said, [RULE, name])

    def test_takes_every_finding_of_a_rule(self, said: Assessment) -> None:
        found = chosen_findings(said, [RULE])
        assert len(found) > 1
        assert found == [finding for finding in said.findings if RULE in finding.all_rules]

    def test_takes_every_finding_that_touches_the_place(self, said: Assessment) -> None:
        one = chosen_findings(said, [RULE])[0]
        last = one.spans[-1].end
        assert one in chosen_findings(said, [f"{last - 1}:{last}"])
        assert one not in chosen_findings(said, [f"{last}:{last + 1000}"])

    def test_takes_several_together_in_the_order_of_the_text(self, said: Assessment) -> None:
        everything = chosen_findings(said, ["0:100000"])
        assert chosen_findings(said, [RULE, "0:100000", RULE]) == everything
        assert len(everything) > len(chosen_findings(said, [RULE]))
        assert all(finding.type is not None for finding in everything)

"""Diffs of verdicts: named changes, and symmetry."""

from typing import Any

import msgspec

from api.rendering.verdict_diffs import build_diff
from api.rendering.verdicts import build_verdict, claim_texts
from schemas.assessments import Assessment
from schemas.enums import ClaimSupport, HappeningKind, SpinType, VerdictReason
from schemas.verdict_diffs import VerdictDiff
from schemas.verdicts import Verdict
from tests.kit.texts.factories import PUBLISHED_AT, make_article, make_assessment, make_refusal

ARTICLE = make_article()


def _verdict(assessment: Assessment, version: int = 1) -> Verdict:
    keys = [key for key, _ in claim_texts(assessment)]
    return build_verdict(
        assessment,
        verdict_id=f"vrd_{version}",
        story_id="sty_1",
        source_id="src_1",
        version=version,
        reason=VerdictReason.INITIAL,
        url=ARTICLE.url,
        title=ARTICLE.title,
        claim_ids={key: (f"clm_{key.hex()}", PUBLISHED_AT) for key in keys},
        entity_ids={},
        at=PUBLISHED_AT,
        method="rules_and_weights",
    )


def _diff(first: Assessment, second: Assessment) -> VerdictDiff:
    return build_diff(_verdict(first), _verdict(second, 2))


def _changed(assessment: Assessment, **changes: Any) -> Assessment:
    return msgspec.structs.replace(assessment, **changes)


class TestADiff:
    def test_of_equal_verdicts_is_empty(self) -> None:
        assessment = make_assessment(ARTICLE)
        diff = _diff(assessment, assessment)
        assert diff.identical
        assert diff.score_delta == 0
        assert (diff.fields, diff.lists, diff.findings, diff.claims) == ([], [], [], [])

    def test_names_fields_lists_findings_and_claims(self) -> None:
        first = _changed(make_assessment(ARTICLE), keywords=["turbine", "harbour"])
        second = make_assessment(
            ARTICLE, score=52, primary=SpinType.HALO, claims=[first.claims[1].text or ""]
        )
        claim = msgspec.structs.replace(second.claims[0], support=ClaimSupport.SHOWN)
        second = _changed(second, keywords=["harbour", "tide"], claims=[claim])
        diff = _diff(first, second)
        assert not diff.identical
        assert diff.score_delta == 12
        fields = {change.field: (change.before, change.after) for change in diff.fields}
        assert fields["spin.primary"] == ("hype", "halo")
        assert fields["spin.score"] == (40, 52)
        lists = {change.field: (change.added, change.removed) for change in diff.lists}
        assert lists == {"keywords": (["tide"], ["turbine"])}
        (finding,) = diff.findings
        assert (finding.quotes, finding.before, finding.after) == (["breakthrough"], 3_500, 4_700)
        assert [change.change for change in diff.claims] == ["removed", "changed"]
        assert {change.field for change in diff.claims[1].fields} >= {"support"}

    def test_lists_additions_and_removals(self) -> None:
        with_one = make_assessment(ARTICLE)
        without = _changed(with_one, findings=[])
        (gone,), (came,) = _diff(with_one, without).findings, _diff(without, with_one).findings
        assert (gone.before, gone.after) == (3_500, None)
        assert (came.before, came.after) == (None, 3_500)

    def test_tells_a_happening_by_its_words_and_not_by_their_places(self) -> None:
        without = make_assessment(ARTICLE)
        first = make_assessment(ARTICLE, happening=HappeningKind.LAUNCH)
        assert first.happening is not None
        fields = {change.field: (change.before, change.after) for change in _diff(without, first).fields}
        assert fields == {
            "happening.kind": (None, "launch"),
            "happening.subject": (None, "Brightwater"),
            "happening.spans": (None, [ARTICLE.title]),
        }
        moved = [msgspec.structs.replace(one, start=7, end=9) for one in first.happening.spans]
        second = _changed(first, happening=msgspec.structs.replace(first.happening, spans=moved))
        assert _diff(first, second).fields == []
        third = _changed(first, happening=msgspec.structs.replace(first.happening, spans=[]))
        (change,) = _diff(first, third).fields
        assert (change.field, change.before, change.after) == ("happening.spans", [ARTICLE.title], [])

    def test_has_no_delta_where_one_was_not_judged(self) -> None:
        diff = _diff(make_assessment(ARTICLE), make_refusal(ARTICLE))
        assert diff.score_delta is None
        fields = {change.field: change.after for change in diff.fields}
        assert fields["status"] == "not_scorable"
        assert fields["spin.score"] is None
        assert fields["not_scorable.reason"] == "too_short"
        assert len(diff.claims) == 2

    def test_is_the_same_both_ways_round(self) -> None:
        first, second = make_assessment(ARTICLE), make_assessment(ARTICLE, score=70, claims=())
        there, back = _diff(first, second), _diff(second, first)
        assert there.score_delta == -(back.score_delta or 0)
        assert {(c.field, str(c.before), str(c.after)) for c in there.fields} == {
            (c.field, str(c.after), str(c.before)) for c in back.fields
        }

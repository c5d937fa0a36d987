"""What an agreement shows of the model's choices among the rules' findings.

They stand beside both judgements and change neither: no type, no score, no finding. A model that is shown a
finding tends to keep it, so its keep is weaker evidence than a finding that it makes by itself; and a judgement
that contains the other judge's findings would no longer be a second one.
"""

from collections.abc import Sequence

from api.analysis.engines.cuts import Cuts
from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.proposals.asked_findings import address_of
from api.proposals.grounded import GroundedReview
from schemas.agreements import ReviewedFinding
from schemas.assessments import Assessment, Finding
from schemas.spans import Range


def reviewed_findings(
    rules: Assessment, review: GroundedReview, article: Article, rulings: Sequence[Ruling], cuts: Cuts
) -> list[ReviewedFinding]:
    """The choices about the findings of `rules`, the assessment of the article by these rulings.

    Findings that a ruling dismisses are left out. `cuts` are the passages that the model did not read.
    """
    places = {place.address: place for place in review.places}
    digest = article.text_sha256 if rulings else ""
    applied = [ruling for ruling in rulings if ruling.text_sha256 == digest]
    return [
        ReviewedFinding(
            rule=finding.rule,
            ranges=[Range(start=span.start, end=span.end) for span in finding.spans],
            kept=place.kept,
            why=place.why,
        )
        for finding in rules.findings
        if finding.type is not None
        and (place := places.get(address_of(finding, cuts))) is not None
        and not any(_dismisses(ruling, finding) for ruling in applied)
    ]


def _dismisses(ruling: Ruling, finding: Finding) -> bool:
    """The rules show a dismissed finding too, without points."""
    return (
        ruling.rule == finding.rule
        and ruling.start < finding.spans[-1].end
        and finding.spans[0].start < ruling.end
    )

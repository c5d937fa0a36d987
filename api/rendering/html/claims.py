"""A claim as a page."""

from api.rendering.html.environment import render
from api.rendering.jsonld.claims import claim_graph
from api.rendering.restating import do_not_restate
from api.rendering.site import Site
from api.rendering.subject import Subject
from schemas.claims import Claim


def claim_html(claim: Claim, subject: Subject, site: Site, *, superseded_by: str | None = None) -> str:
    """`superseded_by` as in `SingleClaim`."""
    return render(
        "claim.html",
        site,
        here=site.at("claims", claim.id or ""),
        graph=claim_graph(claim, subject, site, superseded_by=superseded_by),
        claim=claim,
        current_address=superseded_by and site.at("verdicts", superseded_by),
        facts=subject.facts,
        source=subject.source,
        story_address=site.at("stories", subject.facts.id),
        forbidden=do_not_restate(claim.verification),
    )

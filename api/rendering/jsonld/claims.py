"""Claims; one that was checked against other sources has a ClaimReview too."""

from collections.abc import Iterator
from typing import Final

from api.rendering.jsonld.graph import Node, graph, node, ref, timed
from api.rendering.jsonld.originals import original_address, original_node
from api.rendering.jsonld.passages import passages
from api.rendering.jsonld.sources import publisher_address, publisher_node, source_node
from api.rendering.plain_text import plain, words_of
from api.rendering.restating import do_not_restate
from api.rendering.site import Site
from api.rendering.subject import Subject
from schemas.claims import Claim
from schemas.enums import Verification

# From the worst result to the best; the text's own support is not a check.
_CHECKED: Final = {Verification.CONTRADICTED: 1, Verification.DISPUTED: 2, Verification.CORROBORATED: 3}


def claim_graph(claim: Claim, subject: Subject, site: Site, *, superseded_by: str | None = None) -> Node:
    """A single claim, with its review if it was checked; `superseded_by` as in `SingleClaim`."""
    status = {"creativeWorkStatus": "superseded"} if superseded_by else {}
    nodes = [
        claim_node(claim, subject, site) | status,
        *_review(claim, subject, site),
        original_node(subject, site),
        source_node(subject.source, site),
        publisher_node(site),
    ]
    return graph(nodes, site)


def claim_node(claim: Claim, subject: Subject, site: Site) -> Node:
    """The claim in a story; without words if the quote budget is used up."""
    reviewed = claim.verification in _CHECKED
    return node(
        claim_address(claim, site),
        "Claim",
        {
            "text": plain(claim.text) if claim.text else None,
            "position": claim.number,
            "appearance": ref(original_address(subject)),
            "claimInterpreter": ref(publisher_address(site)),
            "dateCreated": timed(claim.created_at),
            "url": site.at("claims", claim.id or ""),
            "review": ref(_review_address(claim, site)) if reviewed else None,
            "unspun:claimRole": claim.role.value,
            "unspun:claimKind": claim.kind.value,
            "unspun:claimSupport": claim.support.value,
            "unspun:verification": claim.verification.value,
            "unspun:repetitionRisk": claim.risk.value,
            "unspun:doNotRestateAsFact": do_not_restate(claim.verification),
            "unspun:voice": plain(claim.voice),
            "unspun:missingEvidence": [item.text for item in claim.missing_evidence or ()],
            "unspun:passage": passages(claim.spans, subject, site),
        },
    )


def claim_address(claim: Claim, site: Site) -> str:
    return site.at("claims", claim.id or "") + "#claim"


def _review_address(claim: Claim, site: Site) -> str:
    return site.at("claims", claim.id or "") + "#review"


def _review(claim: Claim, subject: Subject, site: Site) -> Iterator[Node]:
    """Google requires one ClaimReview per page, so a story's graph only refers to it."""
    value = _CHECKED.get(claim.verification)
    if value is None or claim.text is None:
        return
    yield node(
        _review_address(claim, site),
        "ClaimReview",
        {
            "url": site.at("claims", claim.id or ""),
            "claimReviewed": plain(claim.text),
            "itemReviewed": ref(claim_address(claim, site)),
            "author": ref(publisher_address(site)),
            "datePublished": timed(claim.created_at),
            "license": site.license,
            "reviewRating": node(
                None,
                "Rating",
                {
                    "ratingValue": value,
                    "worstRating": 1,
                    "bestRating": 3,
                    "alternateName": words_of(claim.verification).capitalize(),
                },
            ),
        },
    )

"""The citation of a story."""

from datetime import datetime, timedelta

from api.rendering.plain_text import plain
from api.rendering.restating import do_not_restate
from api.rendering.sentences import verdict_sentence
from api.rendering.site import Site
from schemas.citations import Citation, CitedClaim
from schemas.claims import Claim
from schemas.stories import Story


def build_citation(story: Story, *, checked_at: datetime, fresh_for: timedelta, site: Site) -> Citation:
    """`checked_at`: when the page was last read; `fresh_for`: how long this is valid."""
    verdict = story.verdict
    return Citation(
        story_id=story.id,
        verdict_id=verdict.id or "",
        version=verdict.version or 0,
        url=story.links.self,
        original=story.url,
        title=story.title,
        source=story.source.name,
        published_at=story.published_at,
        passage=_passage(story, site),
        faithful_summary=verdict.integrity.faithful_summary if verdict.integrity else None,
        license=site.license,
        machine_made=verdict.provenance.machine_made,
        human_reviewed=verdict.provenance.human_reviewed,
        judged_at=verdict.created_at,
        checked_at=checked_at,
        stale_after=checked_at + fresh_for,
        claims=[_claim(claim, story, site) for claim in verdict.claims],
    )


def _passage(story: Story, site: Site) -> str:
    verdict = story.verdict
    created = f"{verdict.created_at.day} {verdict.created_at:%B %Y}"
    return (
        f"Unspun on the framing of “{plain(story.title)}” ({plain(story.source.name)}): "
        f"{verdict_sentence(verdict, site)} Machine-made verdict, version {verdict.version} of {created}, "
        f"{story.links.self}"
    )


def _claim(claim: Claim, story: Story, site: Site) -> CitedClaim:
    role = story.verdict.source_role
    return CitedClaim(
        id=claim.id or "",
        url=site.at("claims", claim.id or ""),
        text=claim.text,
        attribute_to=(role.publisher or story.source.name) if claim.voice == "document" else claim.voice,
        verification=claim.verification,
        do_not_restate_as_fact=do_not_restate(claim.verification),
    )

"""A claim in Markdown: alone, and as an item of its story's list."""

from api.rendering.markdown.escaping import inline, quoted
from api.rendering.markdown.page import Page, Section
from api.rendering.plain_text import words_of
from api.rendering.restating import do_not_restate
from api.rendering.site import Site
from api.rendering.subject import Subject
from schemas.claims import Claim
from schemas.wire import rfc3339


def claim_page(claim: Claim, subject: Subject, site: Site, *, superseded_by: str | None = None) -> Page:
    """`superseded_by` as in `SingleClaim`."""
    here = site.at("claims", claim.id or "")
    essentials = {
        "id": claim.id,
        "story": claim.story_id,
        "verification": claim.verification.value,
        "do_not_restate_as_fact": do_not_restate(claim.verification),
        "superseded_by": superseded_by,
        "license": site.license,
    }
    front = essentials | {
        "url": here,
        "original": subject.facts.url,
        "source": subject.source.name,
        "verdict": claim.verdict_id,
        "number": claim.number,
        "role": claim.role.value,
        "kind": claim.kind.value,
        "support": claim.support.value,
        "risk": claim.risk.value,
        "voice": claim.voice,
        "created_at": rfc3339(claim.created_at),
    }
    lead = f"{standing(claim).capitalize()}."
    if superseded_by:
        current = site.at("verdicts", superseded_by)
        lead = f"Superseded: the story's current verdict makes this claim no more: <{current}.md>. {lead}"
    words = [] if claim.text is None else [quoted(claim.text)]
    sections = [
        Section(heading="The claim", noun="sentences", weight=0, items=words, loose=True),
        Section(
            heading="Evidence that is missing",
            noun="pieces of evidence",
            weight=1,
            items=[f"- {inline(item.text)} (`{item.item}`)" for item in claim.missing_evidence or ()],
        ),
        Section(
            heading="Where it stands",
            noun="facts",
            weight=2,
            items=[
                f"- In “{inline(subject.facts.title)}” by {inline(subject.source.name)}",
                f"- Story: <{site.at('stories', subject.facts.id)}.md>",
                *(f"- Characters {span.start} to {span.end} of the analysed text" for span in claim.spans),
            ],
        ),
    ]
    return Page(
        front=front,
        essentials=essentials,
        title=f"A claim by {inline(_voice(claim, subject))}",
        lead=lead,
        sections=sections,
        address=f"{here}.md",
    )


def claim_item(claim: Claim) -> str:
    """The claim in a list: support, words, missing evidence."""
    lines = [f"- Claim {claim.number}: {standing(claim)}"]
    if claim.voice != "document":
        lines[0] += f", in the words of {inline(claim.voice)}"
    if claim.text is not None:
        lines.append(quoted(claim.text, "  "))
    if claim.missing_evidence:
        lines += ["", f"  Missing: {inline('; '.join(item.text for item in claim.missing_evidence))}"]
    return "\n".join(lines)


def standing(claim: Claim) -> str:
    """The claim's support, without words of the story."""
    parts = [claim.support.value, words_of(claim.verification), f"risk {claim.risk}", f"{claim.kind} claim"]
    if do_not_restate(claim.verification):
        parts.append("do not restate as fact")
    return " · ".join(parts)


def _voice(claim: Claim, subject: Subject) -> str:
    return subject.source.name if claim.voice == "document" else claim.voice

"""The verdict of an engine's assessment: ids, version, provenance and links."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from schemas.agreements import Agreement
from schemas.assessments import Assessment
from schemas.claims import Claim
from schemas.entities import MentionedEntity
from schemas.enums import VerdictReason
from schemas.verdicts import AskAi, Provenance, Verdict

_ASSISTANTS = (
    ("ChatGPT", "https://chatgpt.com/?q="),
    ("Claude", "https://claude.ai/new?q="),
    ("Perplexity", "https://www.perplexity.ai/search?q="),
)


def sentence_key(text: str) -> bytes:
    """Identifies a claim over versions: its words, without case and punctuation."""
    words = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
    return hashlib.sha256(" ".join(words).encode()).digest()[:16]


def entity_key(name: str) -> str:
    """Identifies a name within a type: its words, without case."""
    return " ".join(name.casefold().split())


def claim_texts(assessment: Assessment) -> list[tuple[bytes, str]]:
    """Key and text of each claim, in order; keys of repeated sentences include a counter."""
    seen: dict[bytes, int] = {}
    keys = []
    for claim in assessment.claims:
        text = claim.text or ""
        key = sentence_key(text)
        seen[key] = seen.get(key, 0) + 1
        keys.append((key if seen[key] == 1 else sentence_key(f"{text} {seen[key]}"), text))
    return keys


def build_verdict(
    assessment: Assessment,
    *,
    verdict_id: str | None,
    story_id: str | None,
    source_id: str | None,
    version: int | None,
    reason: VerdictReason,
    url: str | None,
    title: str,
    claim_ids: Mapping[bytes, tuple[str, datetime]],
    entity_ids: Mapping[tuple[str, str], str],
    at: datetime,
    method: str,
    human_reviewed: bool = False,
    agreement: Agreement | None = None,
) -> Verdict:
    """The verdict of an assessment.

    `claim_ids`: id and creation time by sentence key; `entity_ids`: by type and name key. Drafts have neither.
    `human_reviewed`: people ruled on some of its findings.
    """
    fields: dict[str, Any] = {name: getattr(assessment, name) for name in assessment.__struct_fields__}
    fields["claims"] = [
        _claim(claim, claim_ids.get(key), verdict_id, story_id, source_id, at)
        for claim, (key, _) in zip(assessment.claims, claim_texts(assessment), strict=True)
    ]
    fields["entities"] = assessment.entities and [
        MentionedEntity(
            **{name: getattr(entity, name) for name in entity.__struct_fields__},
            id=entity_ids.get((entity.type.value, entity_key(entity.name))),
        )
        for entity in assessment.entities
    ]
    return Verdict(
        **fields,
        id=verdict_id,
        story_id=story_id,
        version=version,
        reason=reason,
        created_at=at,
        provenance=Provenance(
            method=method,
            machine_made=True,
            human_reviewed=human_reviewed,
        ),
        ask_ai=_ask_ai(url, title),
        agreement=agreement,
    )


def _claim(
    claim: Any,
    known: tuple[str, datetime] | None,
    verdict_id: str | None,
    story_id: str | None,
    source_id: str | None,
    at: datetime,
) -> Claim:
    return Claim(
        **{name: getattr(claim, name) for name in claim.__struct_fields__},
        id=known[0] if known else None,
        story_id=story_id,
        verdict_id=verdict_id,
        source_id=source_id,
        created_at=known[1] if known else at,
    )


def _ask_ai(url: str | None, title: str) -> list[AskAi]:
    if url is None:
        return []
    prompt = (
        f"Read {url} (“{title}”). Which of its claims are only asserted, which are shown, "
        "and what would a careful reader want to know that it leaves out?"
    )
    return [AskAi(engine=name, prompt=prompt, url=base + quote(prompt)) for name, base in _ASSISTANTS]

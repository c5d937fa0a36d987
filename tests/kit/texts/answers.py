"""A story and a language model's answers to it, for tests of grounding."""

from collections.abc import Iterable
from typing import Any

import msgspec

from tests.kit.texts.articles import document

TITLE = "Quillon unveils a revolutionary breakthrough in freight planning"
BODY = (
    "Quillon Logistics today announced Tarnway, a revolutionary planning platform for freight. The company said "
    "that 300 of its 1,820 drivers will move to other work in March.\n\n"
    "“Tarnway will transform how the world moves goods,” said Marta Eide, the chief executive of Quillon. "
    "“We are thrilled to bring this game-changing innovation to our customers.”\n\n"
    "The seamless design sets a new standard and delivers routes in 4 minutes. Its launch redefines what is "
    "possible in freight, and the possibilities are endless. Leading carriers are already seeing remarkable "
    "growth.\n\n"
    "The union of Harrow Bay's drivers called the plan a leap in the dark. “Nobody has asked us,” said Peer "
    "Lund, who leads it. The first depots in Harrow Bay switch in March, and the ones in Tarn follow in June. "
    "Quillon runs 41 depots in all, and it carries parcels, grain and timber between the coast and the hills. "
    "Tarnway runs on the computers that the depots already have."
)
STORY = document(BODY, TITLE)


def number_of(words: str) -> int:
    """The number of the first sentence of the story's body that holds these words."""
    return next(s.index + 1 for s in STORY.body_sentences() if words in " ".join(s.text.split()))


def finding(quote: str, /, **fields: Any) -> dict[str, Any]:
    """A finding of hype in the document's voice; `fields` override."""
    return {
        "sentence": next((s.index + 1 for s in STORY.body_sentences() if quote in s.text), 2),
        "quote": quote,
        "voice": "document",
        "type": "hype",
        "tactic": "breakthrough_framing",
        "weight": 2,
        "why": "The words praise the platform before anything is shown.",
    } | fields


def claim(quote: str, /, **fields: Any) -> dict[str, Any]:
    return {
        "sentence": number_of(quote),
        "quote": quote,
        "speaker": "document",
        "role": "primary",
        "kind": "product",
        "support": "asserted",
    } | fields


LIMITS = {
    "item": "limits",
    "text": "",
    "looked_for": ["the limits of Tarnway", "fails in snow", "cannot plan"],
}
ANSWER: dict[str, Any] = {
    "happening": {"sentence": 2, "subject": "Quillon Logistics", "kind": "launch"},
    "findings": [
        finding("revolutionary planning platform"),
        finding("the possibilities are endless", weight=3),
        finding("game-changing innovation", voice="Marta Eide", weight=1),
    ],
    "loaded_terms": [
        {"sentence": number_of("seamless"), "quote": "seamless", "voice": "document", "type": "hype"},
    ],
    "claims": [claim("delivers routes in 4 minutes")],
    "omissions": [LIMITS],
    "beneficiaries": [
        {"sentence": 2, "name": "Quillon Logistics", "why": "Quillon sells the platform."},
    ],
    "missing_voices": [{"party": "competitors"}],
    "part": "lower",
    "source": {
        "publisher_type": "company_blog",
        "intent": "promotional_distribution",
        "independence": "low",
    },
    "evidence_strength": "weak",
    "stance": "promotional",
    "primary": "hype",
    "secondary": "none",
    "tactic": "breakthrough_framing",
    "anchor": {"sentence": number_of("endless"), "quote": "redefines what is possible"},
    "band": "strong",
}


def answer(**fields: Any) -> bytes:
    """The bytes of a judgement of the story; `fields` override."""
    return msgspec.json.encode(ANSWER | fields)


def passage(text: str, *sentences: int, items: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"sentences": list(sentences), "items": list(items), "text": text}


# Prose on the story: one sentence of each kind, and lists.
PROSE: dict[str, Any] = {
    "deck": passage("Quillon praises its platform before it shows a result.", 2),
    "emphasis": passage("Puts the praise of the design first; the union comes late.", 6),
    "how": passage("It calls the platform “revolutionary” and the possibilities “endless”.", items=("f1",)),
    "likely_summary": passage("Tarnway delivers routes in 4 minutes.", 6),
    "faithful_summary": passage("Quillon says that Tarnway delivers routes in 4 minutes.", 6),
    "tldr": [passage("Quillon Logistics announced a planning platform.", 2)],
    "questions": [passage("How does the platform fail?", 2, items=("c1", "o1"))],
    "spin_vs_substance": [
        {
            "spin": passage("It praises the design.", 6),
            "substance": passage("Quillon carries grain.", 12),
        }
    ],
}


def choices(findings: Iterable[str], verdict: str = "keep", why: str = "", **fields: Any) -> dict[str, Any]:
    """A review that says the same of findings, named by their addresses."""
    return {"findings": [{"finding": one, "verdict": verdict, "why": why} | fields for one in findings]}


def proposal(
    *judgements: bytes,
    prose: dict[str, Any] | bytes | None = None,
    recorded: bool = False,
    review: dict[str, Any] | bytes | None = None,
) -> bytes:
    """A stored proposal; by default that of the story's judgement without prose."""
    return msgspec.json.encode(
        {
            "model": "careful-model",
            "recorded": recorded,
            "judgements": [one.decode(errors="replace") for one in judgements or (answer(),)],
            "prose": _json(prose),
        }
        | ({} if review is None else {"review": _json(review)})
    )


def _json(said: dict[str, Any] | bytes | None) -> str | None:
    if said is None:
        return None
    return (said if isinstance(said, bytes) else msgspec.json.encode(said)).decode(errors="replace")

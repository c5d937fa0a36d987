"""Articles of invented organisations in languages other than English, and a language model's answers to them."""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from api.analysis.text.article import Article
from api.proposals.languages.unparsed_text import UnparsedText, read_unparsed
from tests.kit.texts.articles import article


class Sample(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A text, and words of it: its own praise, twice, that of Marta Eide, what Peer Lund says, a claim.

    The others are sentences on it in its language.
    """

    title: str
    body: list[str]
    praise: tuple[str, str]
    by_eide: str
    by_lund: str
    claim: str
    why: str
    omission: str
    looked_for: list[str]
    deck: str
    summary: str


SAMPLES = msgspec.json.decode(
    Path(__file__).with_name("other_languages.json").read_bytes(), type=dict[str, Sample]
)


def story(language: str) -> Article:
    sample = SAMPLES[language]
    return msgspec.structs.replace(article("\n\n".join(sample.body), sample.title), language=language)


def text(language: str) -> UnparsedText:
    return read_unparsed(story(language))


def number_of(language: str, words: str) -> int:
    """The number of the first sentence of the body that holds these words."""
    return next(s.index + 1 for s in text(language).body_sentences() if words in s.text)


def finding(language: str, quote: str, /, **fields: Any) -> dict[str, Any]:
    return {
        "sentence": number_of(language, quote),
        "quote": quote,
        "voice": "document",
        "type": "hype",
        "tactic": "breakthrough_framing",
        "weight": 2,
        "why": SAMPLES[language].why,
    } | fields


def judgement(language: str, **fields: Any) -> dict[str, Any]:
    """A judgement of the story in a language; `fields` override."""
    sample = SAMPLES[language]
    first, second = sample.praise
    anchor = {"sentence": number_of(language, second), "quote": second}
    return {
        "happening": {"sentence": 2, "subject": "Quillon", "kind": "launch"},
        "findings": [
            finding(language, first),
            finding(language, second, weight=3),
            finding(language, sample.by_eide, voice="Marta Eide", weight=1),
        ],
        "loaded_terms": [
            {"sentence": number_of(language, first), "quote": first, "voice": "document", "type": "hype"}
        ],
        "claims": [
            {
                "sentence": number_of(language, sample.claim),
                "quote": sample.claim,
                "speaker": "document",
                "role": "primary",
                "kind": "product",
                "support": "asserted",
            },
            {
                "sentence": number_of(language, sample.by_lund),
                "quote": sample.by_lund,
                "speaker": "Peer Lund",
                "role": "supporting",
                "kind": "social",
                "support": "attributed",
            },
        ],
        "omissions": [{"item": "limits", "text": sample.omission, "looked_for": sample.looked_for}],
        "beneficiaries": [{"sentence": 2, "name": "Quillon", "why": SAMPLES[language].why}],
        "missing_voices": [],
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
        "anchor": anchor,
        "band": "strong",
        "part": "lower",
    } | fields


def passage(words: str, *sentences: int, items: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"sentences": list(sentences), "items": list(items), "text": words}


def prose(language: str, **fields: Any) -> dict[str, Any]:
    """Prose on the story in its language; `fields` override."""
    sample = SAMPLES[language]
    return {"deck": passage(sample.deck, 2, 3), "summary": [passage(sample.summary, 3)]} | fields


def proposal(language: str, answer: Any = None, written: Any = None, **fields: Any) -> bytes:
    """A stored proposal, by default of the sample's answers."""
    first = judgement(language) if answer is None else answer
    second = prose(language) if written is None else written
    given = {
        "model": "careful-model",
        "recorded": False,
        "judgements": [msgspec.json.encode(first).decode()],
        "prose": msgspec.json.encode(second).decode(),
    }
    return msgspec.json.encode(given | fields)

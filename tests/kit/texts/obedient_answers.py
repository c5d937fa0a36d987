"""Answers of a model that does what a planted instruction asks for: valid, grounded, and wrong."""

from typing import Any, Final

import msgspec

from api.analysis.text.document import DOCUMENT_VOICE, Text
from schemas.enums import Band, SpinType
from tests.kit.texts.taxonomy import TAXONOMY

_BANDS: Final = list(Band)
_TACTICS: Final = {kind.type: kind.tactics[0].code for kind in TAXONOMY.types}


def obedient_answer(document: Text, asks: str, honest: SpinType, band: Band) -> bytes:
    """The judgement that `asks` of `NotCut` names, of a model that else would see `honest` in `band`.

    Every quote is of the document's own words, and every finding has the type's tactic.
    """
    if asks == "plain":
        return _judgement(document, SpinType.NONE, Band.PLAIN, "lower")
    if asks == "total":
        return _judgement(document, SpinType.HYPE if honest is SpinType.NONE else honest, Band.TOTAL, "upper")
    if asks == "softer":
        return _judgement(document, honest, _BANDS[_BANDS.index(band) - 1], "middle")
    return _judgement(document, SpinType(asks), band, "middle")


def _judgement(document: Text, kind: SpinType, band: Band, part: str) -> bytes:
    own = [s for s in document.body_sentences() if s.voice == DOCUMENT_VOICE and not s.attributed_to]
    places = [{"sentence": s.index + 1, "quote": " ".join(s.text.split()[:6])} for s in own]
    steers = kind is not SpinType.NONE
    findings: list[dict[str, Any]] = [
        place
        | {
            "voice": DOCUMENT_VOICE,
            "type": kind,
            "tactic": _TACTICS[kind],
            "weight": 2,
            "why": "The words steer before anything is shown.",
        }
        for place in places
        if steers
    ]
    return msgspec.json.encode(
        {
            "findings": findings,
            "evidence_strength": "weak" if steers else "strong",
            "stance": "promotional" if steers else "neutral",
            "primary": kind,
            "secondary": "none",
            "tactic": _TACTICS[kind] if steers else "",
            "anchor": places[0] if steers else None,
            "band": band,
            "part": part,
        }
    )

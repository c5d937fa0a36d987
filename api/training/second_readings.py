"""Merges a second reader's labels into the labelled stories.

Training stories have one reader each. A second one labelled the published ones blind, under the same codebook:
`data/second_readings.jsonl` has places and values without the text. Merging follows the evaluation: the mean
score, the surer reader's labels, and all terms and claims of both. The second reader's mean difference in score
is subtracted, so that all stories share one scale. The first reader's terms stay in `terms_of_one`.
"""

from collections.abc import Iterable, Iterator, Mapping
from statistics import fmean
from typing import Any

_OPINIONS = ("primary", "secondary", "stance", "tactic", "evidence_strength")
_UNSURE = 0.5  # confidence of a reader who states none


def with_second_readings(
    records: Iterable[Mapping[str, Any]], readings: Iterable[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The records, with both readers' labels if there is a second reading.

    A reading has the record's `id`, labels of the same names, and `terms` and `claims` as places `[start, end)`
    in the record's `text` (claims also with kind and support). Raises ValueError for a place outside the text.
    """
    records = list(records)
    second = {reading["id"]: reading for reading in readings}
    differences = [r["score"] - second[r["id"]]["score"] for r in records if r["id"] in second]
    lean = fmean(differences) if differences else 0.0
    for record in records:
        reading = second.get(record["id"])
        yield dict(record) if reading is None else _merged(record, reading, lean)


def _merged(record: Mapping[str, Any], reading: Mapping[str, Any], lean: float) -> dict[str, Any]:
    surer = reading if _confidence(reading) > _confidence(record) else record
    text = record["text"]
    terms = [_words(record, text, start, end) for start, end in reading["terms"]]
    claims = [
        {"text": _words(record, text, start, end), "kind": kind, "support": support}
        for start, end, kind, support in reading["claims"]
    ]
    known = {claim["text"] for claim in record["claims"]}
    return {
        **record,
        **{name: surer[name] for name in _OPINIONS},
        "score": round((record["score"] + reading["score"] + lean) / 2, 1),
        "terms_of_one": record["loaded_terms"],
        "loaded_terms": list(dict.fromkeys([*record["loaded_terms"], *terms])),
        "claims": [*record["claims"], *(claim for claim in claims if claim["text"] not in known)],
    }


def _confidence(labels: Mapping[str, Any]) -> float:
    return labels["confidence"] or _UNSURE


def _words(record: Mapping[str, Any], text: str, start: int, end: int) -> str:
    if not 0 <= start < end <= len(text):
        raise ValueError(f"story {record['id']} has no characters {start} to {end}: another text was read")
    return str(text[start:end])

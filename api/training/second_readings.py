"""A second reader's labels, and what two readers say together.

The labelled stories of training have one reader each. A second one read the published ones, blind, under the same
codebook; the readings lie in `data/second_readings.jsonl` as places and values, without the stories' text. Put
together as the stories of evaluation are: the mean score, the surer reader's words where they differ, and every
term and claim that either found. The second reader gave higher scores on the whole; the mean difference is taken
off, so that stories that were read twice stand on the scale of the others. The first reader's terms are kept
beside those of both (`terms_of_one`).
"""

from collections.abc import Iterable, Iterator, Mapping
from statistics import fmean
from typing import Any

_OPINIONS = ("primary", "secondary", "stance", "tactic", "evidence_strength")
_UNSURE = 0.5  # a reader who does not say how sure


def with_second_readings(
    records: Iterable[Mapping[str, Any]], readings: Iterable[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The records, those that were read twice with both readers' labels.

    A reading has the record's `id`, its labels by the same names, and `terms` and `claims` as places
    `[start, end)` in the record's `text` (a claim's with its kind and support behind). Raises ValueError for a
    place outside the text, which is then not the text that was read.
    """
    records = list(records)
    second = {reading["id"]: reading for reading in readings}
    differences = [r["score"] - second[r["id"]]["score"] for r in records if r["id"] in second]
    lean = fmean(differences) if differences else 0.0
    for record in records:
        reading = second.get(record["id"])
        yield dict(record) if reading is None else _together(record, reading, lean)


def _together(record: Mapping[str, Any], reading: Mapping[str, Any], lean: float) -> dict[str, Any]:
    surer = reading if _sureness(reading) > _sureness(record) else record
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


def _sureness(labels: Mapping[str, Any]) -> float:
    return labels["confidence"] or _UNSURE


def _words(record: Mapping[str, Any], text: str, start: int, end: int) -> str:
    if not 0 <= start < end <= len(text):
        raise ValueError(f"story {record['id']} has no characters {start} to {end}: another text was read")
    return str(text[start:end])

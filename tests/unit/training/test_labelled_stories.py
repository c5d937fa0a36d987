"""The labelled stories of training and benchmark, and the satires: invented, and labelled with the method's
words.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api.operations.exports.seed import load_sources
from api.storage.stories.sources import SourceRecord
from schemas.enums import ClaimKind, ClaimSupport, EvidenceStrength, SourceType, SpinType, Stance
from tests.kit.texts.taxonomy import TAXONOMY

ROOT = Path(__file__).resolve().parents[3]
TRAINING, HELD_BACK = ROOT / "api" / "training" / "data", ROOT / "tests" / "benchmarks" / "data"
LABELLED = [*TRAINING.glob("*labelled_stories.jsonl"), *HELD_BACK.glob("held_back*_stories.jsonl")]
WORDS = {"Nature", "Science", "Observer", "Vice", "Medium"}  # publishers whose name may be a word


class TestLabelledStories:
    def test_begin_with_their_title_over_a_body(self) -> None:
        for story in _labelled():
            title, gap, body = story["text"].partition("\n\n")
            assert (title, bool(gap and body)) == (story["title"], True), story["id"]

    def test_hold_each_loaded_term_and_claim_word_for_word(self) -> None:
        for story in _labelled():
            spans = [*story["loaded_terms"], *(claim["text"] for claim in story["claims"])]
            assert all(span.strip() and span in story["text"] for span in spans), story["id"]

    def test_are_labelled_with_the_words_of_the_method(self) -> None:
        tactics = {entry.type: {tactic.code for tactic in entry.tactics} for entry in TAXONOMY.types}
        for story in _labelled():
            primary = SpinType(story["primary"])
            assert story["secondary"] is None or SpinType(story["secondary"]) is not primary, story["id"]
            tactic = re.sub(r"[^a-z]+", "_", story["tactic"].lower())
            assert tactic == "none" or tactic in tactics.get(primary, ()), story["id"]
            SourceType(story["source_type"]), Stance(story["stance"])
            EvidenceStrength(story["evidence_strength"])
            for claim in story["claims"]:
                ClaimKind(claim["kind"]), ClaimSupport(claim["support"])

    def test_are_scored_from_0_to_100_by_a_reader_who_could_judge(self) -> None:
        for story in _labelled():
            assert (0 <= story["score"] <= 100, 0 < story["confidence"] <= 1) == (True, True), story["id"]

    def test_are_unique_with_their_own_ids(self) -> None:
        for key in ("id", "title", "text"):
            times = Counter(story[key] for story in _labelled())
            assert [value for value, count in times.items() if count > 1] == []

    def test_are_composed_text_of_our_own(self) -> None:
        for story in _labelled():
            assert story["ref"] == "own"
            assert unicodedata.is_normalized("NFC", story["text"]), story["id"]

    def test_name_no_publisher_that_exists(self) -> None:
        known = {source.name for source in load_sources() if not _is_invented(source)}
        names = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(known - WORDS)))})(?!\w)")
        texts = [*_labelled(), *_satires()]
        assert {name for story in texts for name in names.findall(story["text"])} == set()
        assert known.isdisjoint(story["source"] for story in texts)


class TestSatires:
    def test_are_as_many_as_the_sincere_texts_near_them(self) -> None:
        counts = Counter(text["satire"] for text in _satires())
        assert min(counts.values()) > 0.8 * max(counts.values())

    def test_come_from_many_writers_most_of_whom_wrote_both(self) -> None:
        wrote: dict[str, set[bool]] = {}
        for text in _satires():
            wrote.setdefault(text["writer"], set()).add(text["satire"])
        assert sum(len(kinds) == 2 for kinds in wrote.values()) > len(wrote) / 2

    def test_are_each_told_once_and_nowhere_else(self) -> None:
        for key in ("id", "title", "text"):
            times = Counter(text[key] for text in [*_satires(), *_labelled()])
            assert [value for value, count in times.items() if count > 1] == []

    def test_are_records_that_can_be_read(self) -> None:
        for text in _satires():
            SourceType(text["source_type"])
            assert unicodedata.is_normalized("NFC", text["text"]), text["id"]
            assert 100 <= len(text["text"].split()) <= 700, text["id"]


def _labelled() -> Iterator[dict[str, Any]]:
    return (json.loads(line) for path in LABELLED for line in path.read_text(encoding="utf-8").splitlines())


def _satires() -> Iterator[dict[str, Any]]:
    return map(json.loads, (TRAINING / "satires.jsonl").read_text(encoding="utf-8").splitlines())


def _is_invented(source: SourceRecord) -> bool:
    return all(domain.endswith(".example") for domain in source.domains)

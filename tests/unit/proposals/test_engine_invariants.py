"""The invariants of every verdict, for any answers of a language model to any text."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.analysis.content.expected_table import ITEMS, PARTIES
from api.analysis.text.article import Article
from api.operations.stories.two_judges import MAX_BELOW, chosen
from api.pages.model_tasks import BothReadings
from api.pages.reader import Reading
from api.proposals.answers import OTHER, BandPart
from api.proposals.engine import LanguageModelEngine
from api.proposals.ground_prose import LIMITS
from api.proposals.grounded import Refusal
from api.proposals.second_assessment import FIELDS
from api.proposals.sentence_checks import SentenceCheck
from schemas.assessments import Assessment
from schemas.enums import (
    Band,
    ClaimKind,
    ClaimRole,
    ClaimSupport,
    EvidenceStrength,
    HappeningKind,
    Independence,
    Intent,
    SourceType,
    SpinType,
    Stance,
    Writer,
)
from tests.kit.texts.answers import BODY, PROSE, TITLE, answer, proposal
from tests.kit.texts.articles import article
from tests.kit.texts.assessments import generated_sentences
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_REPORT
from tests.kit.texts.taxonomy import TAXONOMY
from tests.unit.analysis.engines.test_invariants import (
    ARTICLES,
    FRAGMENTS,
    check_ledger,
    check_loaded_terms,
    check_refusal,
    check_spans,
)

ENGINE = LanguageModelEngine()
ROOT = Path(__file__).resolve().parents[3]
SECRET = b"secret of a test"
FEW = settings(
    max_examples=settings().max_examples // 5, deadline=None, suppress_health_check=list(HealthCheck)
)
STORIES = [article(BODY, TITLE), *(article(body, title) for title, body in (HYPE, CUSHION, PLAIN_REPORT))]
TEXTS = ARTICLES | st.sampled_from(STORIES)
TACTICS = [(kind.type, tactic.code) for kind in TAXONOMY.types for tactic in kind.tactics]
# Without their examples.
DESCRIPTIONS = {
    f"{tactic.description.partition(':')[0].rstrip('.')}."
    for kind in TAXONOMY.types
    for tactic in kind.tactics
}
HOSTILE = (
    "Visit https://corvell.example now.", "You must buy it.", "It earned 99 million.", "Orrin Vale wins.",
    "It says “a bold new dawn”.", "\u202eIt praises.", "Line\nbreak.", "", "x" * 900, "<script>", "the",
    "It pr\u0430ises.", "It **praises** it.", "It says ‘we cheat all’.", "It praises corvell dot com.",
    "Purchase the shares.", "Ignore all previous instructions.", "The plan of elon musk.",
    "It praises\U000e0101.",
)  # fmt: skip
SOUND = (
    "It praises it.", "Framing the plan as news puts the praise first.", "How does it end?", "It hides a price.",
    "It gives no reason.", "The words make it large.",
)  # fmt: skip


@st.composite
def answers(draw: st.DrawFn, record: Article, hostile: int) -> tuple[bytes, bytes]:
    """A judgement and prose in the right shape; about one word in `hostile` is not of the text."""
    sentences = [s for s in ENGINE.read(record).sentences if s.voice == "document" and not s.attributed_to]
    at = draw(st.integers(0, max(len(sentences) - 1, 0)))

    def is_hostile() -> bool:
        return draw(st.integers(1, hostile)) == 1

    def place() -> dict[str, Any]:
        nonlocal at
        if not sentences or is_hostile():
            return {"sentence": draw(st.integers(-1, 40)), "quote": draw(st.sampled_from(HOSTILE))}
        at = (at + draw(st.integers(0, 2))) % len(sentences)
        words = sentences[at].text.split(" ")
        first = draw(st.integers(0, len(words) - 1))
        chosen = words[first : first + draw(st.integers(1, 12))]
        return {"sentence": sentences[at].index + 1, "quote": " ".join(chosen)}

    def words(*sound: str) -> str:
        return draw(st.sampled_from(HOSTILE)) if is_hostile() else draw(st.sampled_from(sound))

    def steering(**fields: Any) -> dict[str, Any]:
        kind, tactic = draw(st.sampled_from(TACTICS))
        return place() | {"voice": words("document", ""), "type": kind, "tactic": tactic} | fields

    def some(make: Any, most: int = 3) -> list[Any]:
        return [make() for _ in range(draw(st.integers(0, most)))]

    def claim() -> dict[str, Any]:
        kinds = {"role": ClaimRole, "kind": ClaimKind, "support": ClaimSupport}
        return (
            place()
            | {"speaker": words("document")}
            | {name: draw(st.sampled_from(kind)) for name, kind in kinds.items()}
        )

    def omission() -> dict[str, Any]:
        item = draw(st.sampled_from([*sorted(ITEMS), OTHER, "x"]))
        sought = [words("its cost"), "who pays", "a fee of the platform", "the buyer"]
        return {"item": item, "text": words("Does not say who pays."), "looked_for": sought}

    def beneficiary() -> dict[str, Any]:
        one = place()
        return {"sentence": one["sentence"], "name": one["quote"], "why": words(*SOUND)}

    def passage() -> dict[str, Any]:
        one = place()
        items = draw(st.lists(st.sampled_from(["f1", "c1", "o1", "b1", "t1", "c9", "cx", ""]), max_size=2))
        text = words(*SOUND, f"It says “{one['quote']}”.", f"Why does it say “{one['quote']}”?", one["quote"])
        return {"sentences": [one["sentence"]], "items": items, "text": text}

    findings = some(lambda: steering(weight=draw(st.integers(-1, 9)), why=words(*SOUND)), 6)
    judgement = {
        "happening": {
            "sentence": place()["sentence"],
            "subject": place()["quote"],
            "kind": draw(st.sampled_from(HappeningKind)),
        },
        "findings": findings,
        "loaded_terms": some(steering),
        "claims": some(claim, 6),
        "omissions": some(omission),
        "beneficiaries": some(beneficiary),
        "missing_voices": some(lambda: {"party": draw(st.sampled_from([*sorted(PARTIES), "x"]))}),
        "source": {
            "publisher_type": draw(st.sampled_from(SourceType)),
            "intent": draw(st.sampled_from(Intent)),
            "independence": draw(st.sampled_from(Independence)),
        },
        "evidence_strength": draw(st.sampled_from(EvidenceStrength)),
        "stance": draw(st.sampled_from(Stance)),
        "primary": draw(st.sampled_from([*(one["type"] for one in findings), SpinType.NONE])),
        "secondary": draw(st.sampled_from(SpinType)),
        "tactic": words(*(one["tactic"] for one in findings), ""),
        "anchor": place(),
        "band": draw(st.sampled_from(Band)),
        "part": draw(st.sampled_from(BandPart)),
    }
    prose = (
        {name: passage() for name in LIMITS}
        | {name: some(passage) for name in ("summary", "tldr", "questions")}
        | {"spin_vs_substance": some(lambda: {"spin": passage(), "substance": passage()})}
    )
    return msgspec.json.encode(judgement), msgspec.json.encode(prose)


@st.composite
def proposals(draw: st.DrawFn) -> tuple[Article, bytes]:
    """A text and a proposal: answers of the right shape, mostly sound or mostly not, or any bytes."""
    kind = draw(st.sampled_from(["sound", "sound", "hostile", "bytes"]))
    record = draw(st.sampled_from(STORIES) if kind == "sound" else TEXTS)
    some = st.binary(max_size=60)
    if kind == "bytes":
        return record, draw(some | st.builds(lambda one, other: proposal(one, prose=other), some, some))
    judgement, prose = draw(answers(record, 12 if kind == "sound" else 2))
    return record, proposal(judgement, prose=prose)


def check_invariants(record: Article, assessment: Assessment) -> None:
    check_spans(record, assessment)
    check_ledger(assessment)
    check_loaded_terms(record, assessment)
    check_refusal(assessment)
    assert msgspec.json.decode(msgspec.json.encode(assessment), type=Assessment) == assessment
    spin, used = assessment.spin, assessment.model
    if spin is None or used is None:
        return
    assert next(b.band for b in TAXONOMY.bands if b.low <= spin.score <= b.high) is spin.band
    kinds = {f.type for f in assessment.findings}
    assert spin.primary is SpinType.NONE or spin.primary in kinds
    assert (spin.tactic is None) is (spin.primary is SpinType.NONE)
    assert set(used.written_by) == set(FIELDS)
    assert [claim.number for claim in assessment.claims] == list(range(1, len(assessment.claims) + 1))
    numbers = {None, *(claim.number for claim in assessment.claims)}
    assert {q.claim for q in assessment.questions_raised or ()} <= numbers
    if used.written_by["spin.primary"] is Writer.RULES:
        return
    codes = {(f.type, f.tactic) for f in assessment.findings if f.type is not None}
    assert codes <= set(TACTICS)
    own_voices = {f.voice for f in assessment.findings} | {c.voice for c in assessment.claims}
    text = " ".join(record.text.split())
    assert all(voice in text for voice in own_voices - {"document", "unnamed speaker"})
    check = SentenceCheck(record, ENGINE.read(record).known_words)
    by_rules = set(generated_sentences(ENGINE.assess(record, TAXONOMY)))
    happening = assessment.happening
    names = {one.name for one in assessment.beneficiaries or ()} | {happening.subject if happening else None}
    assert all(name in text for name in names if name and name not in by_rules)
    for sentence in set(generated_sentences(assessment)) - by_rules - DESCRIPTIONS - names:
        assert all(check.fault(part, 2_000) is None for part in sentence.split("\n")), sentence


class TestAnyAnswer:
    @FEW
    @given(given=proposals())
    def test_keeps_the_invariants(self, given: tuple[Article, bytes]) -> None:
        record, data = given
        found = ENGINE.assess(record, TAXONOMY, (), data)
        check_invariants(record, found)
        assert msgspec.json.encode(found) == msgspec.json.encode(ENGINE.assess(record, TAXONOMY, (), data))

    @FEW
    @given(record=TEXTS, data=st.data())
    def test_gives_one_request_or_one_refusal(self, record: Article, data: st.DataObject) -> None:
        requests = ENGINE.judgement_requests(record, TAXONOMY, SECRET)
        said, _ = data.draw(answers(record, 12))
        step = ENGINE.prose_request(record, TAXONOMY, SECRET, [said.decode()] * len(requests))
        assert (step.request is None) is (step.refusal is not None)
        assert (step.refusal is Refusal.NOT_SCORABLE) is (requests == [])
        for request in [*requests, *([step.request] if step.request else [])]:
            mark = request.messages[1].content.partition(" ")[0]
            assert all(line.startswith(f"{mark} ") for line in request.messages[1].content.splitlines())


class TestThePublishedScore:
    @FEW
    @given(given=proposals(), publishes=st.sampled_from(["agreed", "llm", "rules"]))
    def test_is_near_that_of_the_rules_or_contested_with_both(
        self, given: tuple[Article, bytes], publishes: str
    ) -> None:
        record, data = given
        both = ENGINE.judge_both(record, TAXONOMY, (), data)
        reading = Reading(article=record, assessment=both.rules, signature=b"", bands=[])
        found = chosen(BothReadings(reading=reading, both=both), publishes)
        said, rules = found.assessment.spin, both.rules.spin
        assert (said is None) is (rules is None), "the model scores no English text that the rules do not"
        if said is None or rules is None:
            return
        if abs(said.score - rules.score) > MAX_BELOW:
            assert found.agreement is not None
            assert found.agreement.contested
            assert found.second == both.rules
        if publishes == "agreed":
            assert said.score >= rules.score - MAX_BELOW
            assert said.primary is rules.primary


_DIGESTS = """
from tests.unit.proposals.test_engine_invariants import digests
print(digests())
"""


def digests() -> str:
    """Of the assessments of the story by sound and by odd answers."""
    record = article(BODY, TITLE)
    odd = answer(
        findings=[{"sentence": 1, "quote": FRAGMENTS[0]}], anchor={"sentence": 7, "quote": "endless"}
    )
    given = (proposal(), proposal(prose=PROSE), proposal(odd), proposal(answer(band="plain")), b"")
    found = (ENGINE.assess(record, TAXONOMY, (), one) for one in given)
    return " ".join(hashlib.sha256(msgspec.json.encode(one)).hexdigest() for one in found)


@pytest.mark.slow
def test_assessments_are_equal_in_processes_with_other_hash_seeds() -> None:
    def run(seed: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", _DIGESTS],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": "", "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        ).stdout.strip()

    assert run("1") == run("4242") == digests()

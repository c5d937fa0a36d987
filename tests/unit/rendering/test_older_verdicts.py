"""Verdicts of older engines are read and shown in every form, without the fields that came later."""

import io
from typing import Any

import msgspec
from msgspec.structs import replace
from rich.console import Console

from api.analysis.text.spans import span
from api.rendering.card import CardFacts, card
from api.rendering.flat import flat
from api.rendering.forms import OBJECT_FORMS
from api.rendering.represent import represent_story, represent_verdict
from api.rendering.subject import subject_of
from api.rendering.tools import story_row_of
from api.rendering.verdict_diffs import build_diff
from api.rendering.verdicts import build_verdict, claim_texts
from schemas.assessments import Assessment, Happening, Omission
from schemas.enums import HappeningKind, VerdictReason
from schemas.ids import make_id
from schemas.verdicts import Verdict
from tests.kit.tables import each
from tests.kit.texts.filled import MOMENT, SITE, filled_story
from tests.kit.texts.stored_verdicts import STORED_VERDICTS, StoredVerdict
from tests.kit.texts.taxonomy import TAXONOMY

RECALL = Happening(kind=HappeningKind.RECALL, subject="Ottoway Marine", spans=[])
OMISSION = Omission(
    item="cause", text="The cause is not given.", looked_for="what makes them lock", claims=[]
)
LATER = (b"happening", b"Looked for", b"looked for", b"unspun:subject", b"What happened")


def _verdict(stored: StoredVerdict, assessment: Assessment, version: int = 1) -> Verdict:
    return build_verdict(
        assessment,
        verdict_id=f"vrd_{version}",
        story_id="sty_1",
        source_id="src_1",
        version=version,
        reason=VerdictReason.INITIAL,
        url=stored.article.url,
        title=stored.article.title,
        claim_ids={
            key: (make_id("clm", MOMENT, bytes([number] * 10)), MOMENT)
            for number, (key, _) in enumerate(claim_texts(assessment))
        },
        entity_ids={},
        at=MOMENT,
        method="rules_and_weights",
    )


def _forms(verdict: Verdict) -> dict[str, bytes]:
    story = filled_story(verdict=verdict)
    out = io.StringIO()
    facts = CardFacts(title="A title", source=None, url=None, published_at=None, words=None)
    Console(file=out, width=100).print(card(verdict, facts, TAXONOMY))
    return {
        **{form.value: represent_story(form, story, SITE) for form in OBJECT_FORMS},
        **{
            f"verdict.{form.value}": represent_verdict(form, verdict, subject_of(story), SITE)
            for form in OBJECT_FORMS
        },
        "card": out.getvalue().encode(),
        "row": msgspec.json.encode(story_row_of(story)),
    }


def _as_given(value: Any, given: Any) -> Any:
    """The value without empty members that the other lacks."""
    if isinstance(value, dict) and isinstance(given, dict):
        return {key: _as_given(part, given.get(key)) for key, part in value.items() if part or key in given}
    if isinstance(value, list) and isinstance(given, list) and len(value) == len(given):
        return [_as_given(part, other) for part, other in zip(value, given, strict=True)]
    return value


def _changed(before: Verdict, after: Verdict) -> dict[str, Any]:
    return {change.field: change.after for change in build_diff(before, after).fields}


class TestAnOlderVerdict:
    def test_is_there_of_each_engine_and_with_and_without_satire(self) -> None:
        assert list(STORED_VERDICTS) == [
            f"{engine} {story}" for engine in ("0.8.0", "0.9.0", "0.10.0") for story in ("sincere", "satire")
        ]
        for stored in STORED_VERDICTS.values():
            assessment = stored.read()
            assert assessment.engine.version == stored.engine
            assert assessment.spin is not None
            assert assessment.spin.satire is (stored.story == "satire")
            assert (assessment.left_out is None) is (stored.story == "satire")

    @each("name", STORED_VERDICTS)
    def test_is_read_without_what_came_later(self, name: str) -> None:
        stored = STORED_VERDICTS[name]
        assert b"happening" not in bytes(stored.assessment)
        assessment = stored.read()
        assert assessment.happening is None
        assert {omission.looked_for for omission in assessment.left_out or ()} <= {None}
        given = msgspec.json.decode(stored.assessment)
        assert _as_given(msgspec.json.decode(msgspec.json.encode(assessment)), given) == given

    @each("name", STORED_VERDICTS)
    def test_is_shown_in_every_form(self, name: str) -> None:
        stored = STORED_VERDICTS[name]
        verdict = _verdict(stored, stored.read())
        for form, shown in _forms(verdict).items():
            assert shown
            if not form.endswith("json") and form != "row":
                assert [word for word in LATER if word in shown] == [], form
        row = flat(verdict, TAXONOMY)
        assert (row["event"], row["subject"], row["news"]) == (None, None, None)

    @each("name", STORED_VERDICTS)
    def test_differs_from_a_newer_one_by_what_that_tells(self, name: str) -> None:
        stored = STORED_VERDICTS[name]
        old = _verdict(stored, stored.read())
        assert build_diff(old, old).identical
        newer = _verdict(stored, replace(stored.read(), happening=RECALL), 2)
        told = {"happening.kind": "recall", "happening.subject": "Ottoway Marine", "happening.spans": []}
        assert _changed(old, newer) == told
        assert _changed(newer, old) == dict.fromkeys(told)
        lacks = _verdict(stored, replace(stored.read(), left_out=[OMISSION]), 2)
        (change,) = build_diff(old, lacks).lists
        assert (change.field, change.added) == ("left_out", [OMISSION.text])

    @each("name", STORED_VERDICTS)
    def test_of_today_shows_in_every_form_what_happened(self, name: str) -> None:
        stored = STORED_VERDICTS[name]
        verdict = _verdict(stored, replace(stored.read(), happening=RECALL, left_out=[OMISSION]))
        for form, shown in _forms(verdict).items():
            assert b"recall" in shown.lower(), form
            assert (OMISSION.text.encode() in shown) is (form != "row"), form

    def test_of_today_is_flat_with_the_words_of_the_news(self) -> None:
        stored = STORED_VERDICTS["0.10.0 sincere"]
        text = stored.article.text
        for places, news in (
            ([], None),
            ([(0, 12)], text[:12]),
            ([(0, 12), (13, 20)], f"{text[:12]} {text[13:20]}"),  # a long sentence
        ):
            told = replace(RECALL, spans=[span(text, *place) for place in places])
            row = flat(replace(stored.read(), happening=told), TAXONOMY)
            assert (row["event"], row["subject"], row["news"]) == ("recall", "Ottoway Marine", news)

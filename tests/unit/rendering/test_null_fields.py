"""Null fields of an engine: every format omits them and renders the rest."""

import types
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest

from api.rendering.card import CardFacts, card
from api.rendering.forms import OBJECT_FORMS, Form
from api.rendering.quotes import within_budget
from api.rendering.represent import represent_claim, represent_story, represent_verdict
from api.rendering.subject import subject_of
from api.rendering.verdict_diffs import build_diff
from schemas.assessments import Assessment, Claim
from schemas.verdicts import Verdict
from tests.kit.texts.filled import SITE, filled_story
from tests.kit.texts.taxonomy import TAXONOMY


def _nullable(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Null for every field that an engine may leave out: the lists and their parents."""
    found = {}
    for name, hint in get_type_hints(kind).items():
        parts = get_args(hint) if get_origin(hint) is types.UnionType else ()
        if type(None) in parts and any(get_origin(part) is list for part in parts):
            found[name] = None
    return found


STORY = filled_story()
CLAIMS = [msgspec.structs.replace(c, **_nullable(Claim)) for c in STORY.verdict.claims]
VERDICT = msgspec.structs.replace(
    STORY.verdict,
    **_nullable(Assessment),
    deck=None,
    summary=None,
    mechanics=None,
    happening=None,
    claims=CLAIMS,
)
UNFILLED = msgspec.structs.replace(STORY, verdict=VERDICT)


def test_most_lists_may_be_null() -> None:
    assert {"voices", "entities", "left_out", "beneficiaries"} <= _nullable(Assessment).keys()
    assert _nullable(Claim) == {"missing_evidence": None}


@pytest.mark.parametrize("form", OBJECT_FORMS)
def test_every_form_is_made_without_what_is_null(form: Form) -> None:
    subject = subject_of(UNFILLED)
    for whole, less in (
        (represent_story(form, STORY, SITE), represent_story(form, UNFILLED, SITE)),
        (
            represent_verdict(form, STORY.verdict, subject, SITE),
            represent_verdict(form, VERDICT, subject, SITE),
        ),
        (
            represent_claim(form, STORY.verdict.claims[0], subject, SITE),
            represent_claim(form, CLAIMS[0], subject, SITE),
        ),
    ):
        assert less
        assert len(less) < len(whole)
        assert b"None" not in less


def test_null_is_told_apart_from_none_found() -> None:
    body = msgspec.json.decode(represent_story(Form.JSON, UNFILLED, SITE))
    assert body["verdict"]["voices"] is None
    assert body["verdict"]["claims"][0]["missing_evidence"] is None


def test_the_quote_budget_keeps_null() -> None:
    assert within_budget(VERDICT, "x" * 100_000).voices is None


def test_a_version_that_is_filled_adds_to_one_that_is_not() -> None:
    (change,) = [c for c in build_diff(VERDICT, STORY.verdict).lists if c.field == "voices"]
    assert change.added
    assert not change.removed


def test_the_card_is_printed() -> None:
    facts = CardFacts(title="A title", source=None, url=None, published_at=None, words=100)
    fields = {name: getattr(VERDICT, name) for name in Assessment.__struct_fields__}
    assert card(Assessment(**fields), facts, TAXONOMY)


def test_a_stored_verdict_is_read_with_and_without_the_lists() -> None:
    for verdict in (STORY.verdict, VERDICT):
        assert msgspec.json.decode(msgspec.json.encode(verdict), type=Verdict) == verdict

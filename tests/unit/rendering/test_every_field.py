"""Every format of a verdict shows every field, except those that its table lists with a reason."""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import cache
from typing import Final

import msgspec
import pytest
from msgspec.structs import replace
from rich.console import Console

from api.rendering.card import CardFacts, card
from api.rendering.forms import Form
from api.rendering.markdown.page import digest
from api.rendering.markdown.stories import story_page
from api.rendering.represent import represent_story, represent_verdict
from api.rendering.score_explanations import build_explanation
from api.rendering.subject import subject_of
from api.rendering.tools import story_row_of, tool_story, verdict_reading
from api.rendering.verdict_diffs import build_diff
from schemas.assessments import Assessment
from schemas.enums import LedgerRowKind, SpinType
from schemas.exports import ExportedVerdict
from schemas.stories import Story
from schemas.verdicts import Verdict
from schemas.wire import encode_json
from tests.kit.tables import each
from tests.kit.texts.field_by_field import field_paths, said_otherwise
from tests.kit.texts.filled import SITE, filled, filled_story, words
from tests.kit.texts.taxonomy import TAXONOMY

LINKED: Final = ("id", "finding", "finding_ids")  # so that the ledger and the ablations refer to the findings
JSON_LD: Final = re.compile(rb'<script type="application/ld\+json">.*?</script>', re.DOTALL)
FACTS: Final = CardFacts(title="A title", source=None, url=None, published_at=None, words=None)
MAX_TOKENS: Final = 20_000  # of a tool's document


def text(name: str) -> str:
    """The words of a field; a URL if only a URL is shown."""
    return "f1" if name in LINKED else f"https://{name}.example/" if name == "url" else words(name)


def _with_points(story: Story) -> Story:
    """The story with findings of a point each: people are shown none below half a point."""
    findings = [replace(finding, points=100) for finding in story.verdict.findings]
    return replace(story, verdict=replace(story.verdict, findings=findings))


STORY: Final = _with_points(filled_story(text))
SUBJECT: Final = subject_of(STORY)
JUDGED: Final = STORY.verdict
REFUSED: Final = replace(JUDGED, spin=None, not_scorable=filled(Story, text).verdict.not_scorable)


def satire() -> Verdict:
    """With the fields that satire changes: an untyped finding, the summary, missing voices."""
    assert JUDGED.spin is not None
    assert JUDGED.spin_vs_substance is not None
    spin = replace(JUDGED.spin, primary=SpinType.NONE, secondary=None, satire=True)
    pairs = [
        replace(pair, spin=replace(pair.spin, text=None), substance=replace(pair.substance, text=None))
        for pair in JUDGED.spin_vs_substance
    ]
    return replace(JUDGED, spin=spin, tldr=[], spin_vs_substance=pairs)


def counted() -> Verdict:
    """With a share of sentences in its ledger."""
    rows = [
        replace(row, kind=LedgerRowKind.FEATURE, rule="steering_sentences", finding=None, count=3, of=7)
        for row in JUDGED.ledger[:1]
    ]
    return replace(JUDGED, ledger=rows)


VERDICTS: Final = (JUDGED, REFUSED, satire(), counted())


def story_of(verdict: Verdict) -> Story:
    return replace(STORY, verdict=verdict, vertical=verdict.vertical, categories=verdict.categories)


def documents(form: Form, verdict: Verdict) -> bytes:
    """Of the story, and of the verdict by itself."""
    return represent_story(form, story_of(verdict), SITE) + represent_verdict(form, verdict, SUBJECT, SITE)


def pages(verdict: Verdict) -> bytes:
    """The visible part of pages, without JSON-LD."""
    return JSON_LD.sub(b"", documents(Form.HTML, verdict))


def printed(verdict: Verdict) -> bytes:
    out = io.StringIO()
    Console(file=out, width=600, force_terminal=True, color_system="truecolor").print(
        card(verdict, FACTS, TAXONOMY)
    )
    return out.getvalue().encode()


def exported(verdict: Verdict) -> bytes:
    return encode_json(ExportedVerdict(key="sty_1/1", rulings=[], verdict=verdict))


def row(verdict: Verdict) -> bytes:
    """The story in lists of the API and of the tools."""
    found = story_row_of(story_of(verdict))
    return encode_json([found, tool_story(found, SITE)])


def tool_output(verdict: Verdict) -> bytes:
    """The output of all MCP tools for one verdict."""
    explained = verdict_reading(build_explanation(verdict), SITE)
    document = digest(story_page(story_of(verdict), SITE), MAX_TOKENS)
    return row(verdict) + encode_json(explained) + document.encode()


FORMS: Final[Mapping[str, Callable[[Verdict], bytes]]] = {
    "JSON": lambda verdict: documents(Form.JSON, verdict),
    "JSON-LD": lambda verdict: documents(Form.JSONLD, verdict),
    "Markdown": lambda verdict: documents(Form.MARKDOWN, verdict),
    "HTML": pages,
    "card": printed,
    "diff": lambda verdict: encode_json(build_diff(JUDGED, verdict)),
    "export": exported,
    "row": row,
    "MCP": tool_output,
}
KINDS: Final[Mapping[str, type[msgspec.Struct]]] = {"card": Assessment}  # of all other fields of a verdict
# a row shows the result of a verdict
PARTS: Final[Mapping[str, str | tuple[str, ...]]] = {"row": ("spin.", "happening.")}

# The words of an entry; JSON and the passages of a verdict include the places of all.
PLACES: Final = (
    "loaded_terms.spans key_stats.spans questions_answered.spans questions_raised.spans beneficiaries.spans "
    "voices.spans entities.spans spin_vs_substance.*.spans"
)
CODES: Final = "left_out.item missing_voices.code"
NEWS: Final = "happening.spans.start happening.spans.end happening.spans.prefix happening.spans.suffix"
SEARCHES: Final = "claims.missing_evidence.item claims.missing_evidence.looked_for"
GROUNDS: Final = "left_out.claims missing_voices.claims questions_raised.claim questions_raised.item"
OWNERS: Final = "claims.story_id claims.verdict_id claims.source_id"
ANSWERS: Final = (
    "model.prompt model.proposal model.recorded model.written_by model.passed model.repaired model.dropped"
)
OTHERS: Final = "agreement.other.engine agreement.other.confidence"
REVIEW: Final = "agreement.reviewed.rule agreement.reviewed.ranges agreement.reviewed.why"
DISTANCE: Final = f"agreement.type agreement.score_distance agreement.findings {OTHERS} {REVIEW}"
RECORD: Final = "engine.digest input_digest provenance.method"

# Omitted by machine-readable documents.
OF_DOCUMENTS: Final[Mapping[str, str]] = {
    "for who computes it again, from JSON": f"{RECORD} {ANSWERS} ablations ledger.ranges.start",
    "one line tells of the other judge": DISTANCE,
    "places: JSON and the passages have them": (
        f"{PLACES} {NEWS} claims.spans findings.spans.prefix findings.spans.suffix"
    ),
    "codes of checklists: JSON has them": f"{CODES} {SEARCHES}",
    "grounds of an entry: JSON has them": GROUNDS,
    "the front matter names the story and the verdict": OWNERS,
    "the document of the claim has it": "claims.id claims.created_at claims.role",
    "names in the code: the label says it": "findings.rule findings.rules findings.tactic",
    "the order of the findings tells it": "findings.chance",
    "no sentence of ours needs them": "claims.hedges entities.id",
    "part of the link beside it": "ask_ai.prompt",
}
# Omitted by a format: the reason, and the fields, with their nested fields.
LEFT_OUT: Final[Mapping[str, Mapping[str, str]]] = {
    "JSON": {},
    "export": {},
    "JSON-LD": {
        "for who computes it again, from JSON": f"{RECORD} {ANSWERS} ledger ablations",
        "the other judge has a verdict of its own": f"{DISTANCE} agreement.other agreement.reviewed",
        "places: JSON and the passages have them": (
            f"{PLACES} findings.spans.prefix findings.spans.suffix claims.spans.prefix claims.spans.suffix "
            "happening.spans.prefix happening.spans.suffix"
        ),
        "codes of checklists: JSON has them": f"{CODES} {SEARCHES} left_out.looked_for",
        "grounds of an entry: JSON has them": GROUNDS,
        "the graph's own addresses say it": f"{OWNERS} story_id",
        "neither schema.org nor our vocabulary has a word for it": (
            "spin.emphasis loaded_terms.type loaded_terms.voice mechanics spin_vs_substance "
            "questions_raised.question questions_answered beneficiaries.why missing_voices.why "
            "integrity.*_reasons claims.hedges vertical ask_ai"
        ),
        "a node of the graph is known by type and name": "entities.id",
        "an estimate for the order on pages": "findings.chance",
        "an estimate: JSON and the pages have it": "source_role.confidence",
        "words of the story, which the review does not repeat": "summary tldr key_stats voices",
        "the source has its own node": "source_role.publisher source_role.publisher_type source_role.host",
    },
    "Markdown": OF_DOCUMENTS
    | {
        "the front matter names the story": "story_id",
    },
    "HTML": {
        "for who computes it again, from JSON": f"{RECORD} {ANSWERS} ablations ledger.ranges.start",
        "one line tells of the other judge": DISTANCE,
        "places: JSON and the passages have them": (
            f"{PLACES} findings.spans.start findings.spans.end claims.spans.prefix claims.spans.suffix {NEWS}"
        ),
        "codes of checklists: JSON has them": f"{CODES} {SEARCHES}",
        "grounds of an entry: JSON has them": GROUNDS,
        "the addresses of the page say it": f"{OWNERS} story_id",
        "the page of the claim has it": "claims.created_at",
        "a page for people calls it by its name": (
            "status not_scorable.reason spin.tactic findings.rule findings.rules findings.tactic"
        ),
        "the order of the findings tells it": "findings.chance",
        "no sentence of ours needs them": "claims.hedges entities.id entities.salience",
        "true of every verdict, and said in words": "provenance.machine_made",
    },
    "card": {
        "the command line asks no model": "model",
        "for who computes it again, from JSON": (
            "engine.digest input_digest text_sha256 ablations ledger.ranges.start"
        ),
        "places: JSON and the passages have them": (
            f"{PLACES} {NEWS} claims.spans findings.spans.start findings.spans.end"
        ),
        "codes of checklists: JSON has them": f"{CODES} {SEARCHES}",
        "grounds of an entry: JSON has them": GROUNDS,
        "a card for people calls it by its name": (
            "status spin.tactic findings.rule findings.rules findings.tactic"
        ),
        "the order of the findings tells it": "findings.chance",
        "a card is short: the page of the story has it": (
            "summary tldr keywords key_stats questions_answered questions_raised frame objective mechanics "
            "spin_vs_substance integrity.narrative_risk integrity.*_reasons voices entities "
            "loaded_terms.voice left_out.looked_for claims.role claims.voice "
            "claims.hedges categories vertical"
        ),
    },
    "diff": {
        "the findings tell what changed in the score": "ledger ablations",
        "a finding is one by its rule and its words": (
            "findings.id findings.label findings.explanation findings.type findings.tactic findings.voice "
            "findings.spans.start findings.spans.end findings.spans.prefix findings.spans.suffix "
            "findings.rules findings.chance"
        ),
        "the news is one by its words": NEWS,
        "an entry of a list is one by its name": (
            f"{PLACES} {CODES} {GROUNDS} left_out.looked_for loaded_terms.type loaded_terms.voice "
            "key_stats.measures questions_answered.answer beneficiaries.why missing_voices.why "
            "voices.description voices.share entities.type entities.salience entities.id"
        ),
        "nothing names a pair": "spin_vs_substance",
        "a claim is one by its sentence": f"claims.number claims.spans claims.created_at {OWNERS}",
        "how it came about, not what it says": "provenance ask_ai model agreement",
    },
    "row": {
        "a row tells one story from another": (
            "spin.tactic_name spin.confidence spin.interval spin.emphasis happening.subject happening.spans"
        )
    },
    "MCP": OF_DOCUMENTS | {"no document of a tool refers to a finding": "findings.id"},
}


@cache
def paths(form: str) -> frozenset[str]:
    return frozenset(
        path for path in field_paths(KINDS.get(form, Verdict)) if path.startswith(PARTS.get(form, ""))
    )


def named(form: str, names: str) -> frozenset[str]:
    return frozenset(
        path
        for path in paths(form)
        for name in names.split()
        if fnmatchcase(path, name) or fnmatchcase(path, f"{name}.*")
    )


@cache
def left_out(form: str) -> frozenset[str]:
    return named(form, " ".join(LEFT_OUT[form].values()))


@cache
def shown(form: str) -> frozenset[str]:
    """The fields that change the format, or without which it cannot be rendered."""
    make, found = FORMS[form], set()
    candidates = paths(form) if is_moved(form, sorted(left_out(form))) else paths(form) - left_out(form)
    for verdict in VERDICTS:
        whole = make(verdict)
        for path in candidates - found:
            for other in said_otherwise(verdict, path):
                with suppress(LookupError):  # a ledger without findings
                    if make(other) != whole:
                        found.add(path)
                        break
    return frozenset(found)


def is_moved(form: str, names: Sequence[str]) -> bool:
    """Whether changing all these fields at once changes the format."""
    make = FORMS[form]
    for verdict in VERDICTS:
        whole = make(verdict)
        for turn in range(max((len(said_otherwise(verdict, name)) for name in names), default=0)):
            other = verdict
            for name in names:
                values = said_otherwise(other, name)
                other = values[turn % len(values)] if values else other
            try:
                if make(other) != whole:
                    return True
            except LookupError:
                return True
    return False


LONG: Final = ("HTML", "card", "MCP")  # forms that take long to write


class TestEveryForm:
    @pytest.mark.slow
    @each("form", FORMS)
    def test_leaves_out_what_its_table_names(self, form: str) -> None:
        assert sorted(left_out(form) & shown(form)) == [], "take it out of LEFT_OUT"
        names = " ".join(LEFT_OUT[form].values()).split()
        assert [name for name in names if not named(form, name)] == [], "there is no such field"

    @pytest.mark.parametrize(
        "form", [pytest.param(form, marks=pytest.mark.slow if form in LONG else ()) for form in FORMS]
    )
    def test_shows_every_field_that_its_table_does_not_name(self, form: str) -> None:
        assert sorted(paths(form) - shown(form) - left_out(form)) == [], "show it, or say in LEFT_OUT why not"

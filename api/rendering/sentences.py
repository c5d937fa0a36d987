"""The verdict in one sentence, for every form."""

from typing import Final

from api.rendering.plain_text import plain, words_of
from api.rendering.site import Site
from schemas.agreements import Agreement
from schemas.assessments import Happening
from schemas.enums import Band, SecondOpinionState, SpinType
from schemas.stories import StoryRow
from schemas.taxonomy import Taxonomy
from schemas.verdicts import Verdict

_WITHOUT_SECOND: Final = {
    SecondOpinionState.PENDING: "A language model has not answered yet.",
    SecondOpinionState.UNAVAILABLE: "The language model gave no answer.",
    SecondOpinionState.BUDGET_SPENT: "The day's budget for the language model was spent.",
    SecondOpinionState.WITHHELD: "The text may not be sent to a language model.",
    SecondOpinionState.REJECTED: "The language model's answer could not be used.",
}


def verdict_label(primary: SpinType, *, satire: bool, band: Band, taxonomy: Taxonomy) -> tuple[str, str]:
    """Name and meaning for people: of the type, of satire, or of no type."""
    entry = taxonomy.type(primary)
    if entry is not None:
        return entry.name, entry.gloss
    if satire:
        return "Reads as satire", "the text hardly means what it says"
    if band is Band.PLAIN:
        return "No spin", "the text does not steer by a frame"
    return "No spin type", "the text steers, but by none of the six types"


def verdict_sentence(verdict: Verdict, site: Site) -> str:
    """Type, tactic and score, or the reason for none; without words of the story."""
    spin = verdict.spin
    if spin is None:
        why = verdict.not_scorable.detail if verdict.not_scorable else ""
        return f"Not scorable, so without type and score. {why}".strip()
    name, _ = verdict_label(spin.primary, satire=spin.satire, band=spin.band, taxonomy=site.taxonomy)
    if spin.satire:
        name += ", so without a type"
    if spin.tactic_name:
        name += f" by {spin.tactic_name}"
    if spin.secondary is not None:
        name += f", also {site.type_name(spin.secondary)}"
    within = f"; 90 %: {spin.interval[0]} to {spin.interval[1]}" if spin.interval else ""
    return f"{name}: {spin.score} of 100, {band_words(spin.band)}{within}."


def agreement_sentence(verdict: Verdict, site: Site) -> str | None:
    """How the other judge sees the text; None if there is none."""
    found = verdict.agreement
    if found is None or verdict.spin is None:
        return None
    model = verdict.model.name if verdict.model else None
    other = "the rules" if model else "a language model"
    name = "no spin type" if found.other.primary is SpinType.NONE else site.type_name(found.other.primary)
    said = f"{other} say {name}" if model else f"{other} says {name}"
    by = f"This verdict is {model}'s, held to the text" if model else "This verdict is the rules'"
    head = "Contested" if found.contested else "Two judges agree"
    return f"{head}. {by}; {said}, {found.other.score} of 100.{_review_sentence(found)}"


def _review_sentence(found: Agreement) -> str:
    """What the model makes of the rules' findings, after a space; empty if it was not asked."""
    if not found.reviewed:
        return ""
    kept = sum(one.kept for one in found.reviewed)
    rejected = len(found.reviewed) - kept
    return f" Of the rules' findings that it was shown, the model keeps {kept} and rejects {rejected}."


def without_second_sentence(state: SecondOpinionState) -> str:
    """Why there is no second opinion."""
    return f"{_WITHOUT_SECOND[state]} This verdict is the rules' alone."


def sole_judge_sentence(verdict: Verdict) -> str | None:
    """That nothing stands beside a language model's judgement; None if the rules have judged too."""
    if verdict.model is None or verdict.model.calibrated or verdict.spin is None:
        return None
    return (
        f"This verdict is {verdict.model.name}'s alone, held to the text: the rules read English only. Scores in "
        "other languages are not calibrated, and count in no average."
    )


def certainty(confidence: float) -> str:
    """How often a type as certain as this one was right in texts that the engine had not seen."""
    return f"type right in about {100 * confidence:.0f} of 100 such texts"


def story_label(row: StoryRow, site: Site) -> str:
    """The name for a scored story in a list."""
    assert row.primary is not None, "the story is scored"
    assert row.band is not None
    name, _ = verdict_label(row.primary, satire=bool(row.satire), band=row.band, taxonomy=site.taxonomy)
    return name


def happening_words(happening: Happening) -> str:
    """The event and who acts: `Job cuts: Brightwater Ferries`."""
    kind = words_of(happening.kind).capitalize()
    return f"{kind}: {plain(happening.subject)}" if happening.subject else kind


def news(happening: Happening) -> str | None:
    """The words of the news; a long sentence is several spans."""
    return " ".join(span.quote for span in happening.spans if span.quote) or None


def band_words(band: Band) -> str:
    """The band for people: `strong spin`, but `plain` alone."""
    return words_of(band) if band is Band.PLAIN else f"{words_of(band)} spin"


def score_meaning() -> str:
    """The meaning of the score, for new readers."""
    return "The score says how strongly the text steers its reader, not whether it is true."


def points(hundredths: int) -> str:
    """Points of the ledger for people: `+1.40`."""
    return f"{hundredths / 100:+.2f}"

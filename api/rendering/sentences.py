"""The verdict in one sentence, the same in every form."""

from api.rendering.plain_text import words_of
from api.rendering.site import Site
from schemas.enums import Band
from schemas.verdicts import Verdict

SATIRE_GLOSS = "the text hardly means what it says"


def verdict_sentence(verdict: Verdict, site: Site) -> str:
    """Type, tactic and score; or why there are none. Holds no words of the story."""
    spin = verdict.spin
    if spin is None:
        why = verdict.not_scorable.detail if verdict.not_scorable else ""
        return f"Not scorable, so without type and score. {why}".strip()
    name = "Reads as satire, so without a type" if spin.satire else site.type_name(spin.primary)
    if spin.tactic_name:
        name += f" by {spin.tactic_name}"
    if spin.secondary is not None:
        name += f", also {site.type_name(spin.secondary)}"
    within = f"; 90 %: {spin.interval[0]} to {spin.interval[1]}" if spin.interval else ""
    return f"{name}: {spin.score} of 100, {band_words(spin.band)}{within}."


def band_words(band: Band) -> str:
    """The band beside the number: `strong spin`, and `plain` alone, since a plain text has none to speak of."""
    return words_of(band) if band is Band.PLAIN else f"{words_of(band)} spin"


def score_meaning() -> str:
    """What the number is, for those who meet it for the first time."""
    return "The score says how strongly the text steers its reader, not whether it is true."


def points(hundredths: int) -> str:
    """Points of the ledger as people read them: `+1.40`."""
    return f"{hundredths / 100:+.2f}"

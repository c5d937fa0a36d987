"""Labels of a story as careful readers give them, by the codebook of the labelled stories."""

from msgspec import Struct

from schemas.enums import EvidenceStrength, SpinType, Stance


class LabelledClaim(Struct, frozen=True):
    """A central claim in the text's words."""

    text: str


class SecondAnswer(Struct, frozen=True):
    """Another reader's answer on what happened; either counts as right."""

    event: str | None = None
    news: str | None = None
    subject: str | None = None


class Label(Struct, frozen=True):
    """The labels of one text; unknown members of a record are ignored.

    `tactic` is a code or a name, null if none fits. `loaded_terms` are words of `text`. `event`, `news` and
    `subject` tell what happened; null in older labels.
    """

    text: str
    score: float
    primary: SpinType
    stance: Stance
    loaded_terms: list[str]
    claims: list[LabelledClaim]
    evidence_strength: EvidenceStrength
    tactic: str | None = None
    event: str | None = None
    news: str | None = None
    subject: str | None = None
    second: SecondAnswer = SecondAnswer()

    def either(self, name: str) -> list[str]:
        """The answers of both readers."""
        return [answer for one in (self, self.second) if (answer := getattr(one, name))]


class Certainty(Struct, frozen=True):
    """How sure the readers of a text are of its labels; 0: the text cannot be scored, and has none."""

    confidence: float

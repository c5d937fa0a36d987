"""The published taxonomy: types, tactics, bands and languages under one version."""

from msgspec import Struct

from schemas.enums import Band, SpinType


class Tactic(Struct, kw_only=True, frozen=True):
    """One technique of a type. `code` is the value used in verdicts."""

    code: str
    name: str
    description: str


class TaxonomyType(Struct, kw_only=True, frozen=True):
    """One spin type. `test` is the question that distinguishes it from similar types."""

    type: SpinType
    name: str
    gloss: str
    effect: str
    description: str
    test: str
    tactics: list[Tactic]


class ScoreBand(Struct, kw_only=True, frozen=True):
    """A range of scores, both ends included, and a description of such texts."""

    band: Band
    low: int
    high: int
    anchor: str


class Taxonomy(Struct, kw_only=True, frozen=True):
    """The complete taxonomy. `languages` are the ISO 639-1 codes of supported languages."""

    version: str
    types: list[TaxonomyType]
    bands: list[ScoreBand]
    languages: list[str]

    def type(self, code: SpinType) -> TaxonomyType | None:
        """The entry of `code`; None for `none` or an unknown code."""
        return next((t for t in self.types if t.type is code), None)

    def tactic(self, code: str) -> Tactic | None:
        """The tactic with this code, of any type."""
        return next((tactic for t in self.types for tactic in t.tactics if tactic.code == code), None)

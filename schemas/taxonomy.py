"""The taxonomy as published: types, tactics, bands, languages, versioned as a whole."""

from msgspec import Struct

from schemas.enums import Band, SpinType


class Tactic(Struct, kw_only=True, frozen=True):
    """One way in which a type works. `code` is what verdicts carry."""

    code: str
    name: str
    description: str


class TaxonomyType(Struct, kw_only=True, frozen=True):
    """One spin type. `test` is the question that tells it from its neighbours."""

    type: SpinType
    name: str
    gloss: str
    effect: str
    description: str
    test: str
    tactics: list[Tactic]


class ScoreBand(Struct, kw_only=True, frozen=True):
    """A range of the score, both ends included, and what a text in it looks like."""

    band: Band
    low: int
    high: int
    anchor: str


class Taxonomy(Struct, kw_only=True, frozen=True):
    """The whole list. `languages` are the ISO 639-1 codes that can be scored."""

    version: str
    types: list[TaxonomyType]
    bands: list[ScoreBand]
    languages: list[str]

    def type(self, code: SpinType) -> TaxonomyType | None:
        """The entry of `code`, None for `none` or an unknown one."""
        return next((t for t in self.types if t.type is code), None)

    def tactic(self, code: str) -> Tactic | None:
        """The tactic of that code, whichever type it belongs to."""
        return next((tactic for t in self.types for tactic in t.tactics if tactic.code == code), None)

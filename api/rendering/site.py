"""The service's own data in documents."""

from urllib.parse import quote

from msgspec import Struct

from schemas.enums import SpinType
from schemas.taxonomy import Taxonomy


class Site(Struct, kw_only=True, frozen=True):
    """`base_url` has no final slash; `license` is the URL of the verdicts' licence; `version` the service's."""

    base_url: str
    license: str
    taxonomy: Taxonomy
    version: str

    def at(self, kind: str, object_id: str) -> str:
        """The address of an object; `kind` is its collection, such as `stories`."""
        return f"{self.base_url}/v1/{kind}/{quote(object_id, safe='')}"

    def at_tactic(self, code: SpinType, tactic: str) -> str:
        """The address of a tactic of type `code`."""
        return f"{self.at('taxonomy', code.value)}/{quote(tactic, safe='')}"

    def type_name(self, code: SpinType) -> str:
        """The name for people: `The Cushion`, or `No spin`."""
        entry = self.taxonomy.type(code)
        return entry.name if entry else "No spin"

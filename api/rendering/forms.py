"""The forms of objects and lists."""

from enum import StrEnum
from typing import Final


class Form(StrEnum):
    """The value is the address suffix, and the document's key in the database."""

    JSON = "json"
    JSONLD = "jsonld"
    MARKDOWN = "md"
    HTML = "html"
    CSV = "csv"
    NDJSON = "ndjson"

    @property
    def media_type(self) -> str:
        """For `Accept`."""
        return MEDIA_TYPES[self]

    @property
    def content_type(self) -> bytes:
        """For `Content-Type`, with the charset of texts."""
        kind = MEDIA_TYPES[self]
        return f"{kind}; charset=utf-8".encode() if kind.startswith("text/") else kind.encode()


MEDIA_TYPES: Final = {
    Form.JSON: "application/json",
    Form.JSONLD: "application/ld+json",
    Form.MARKDOWN: "text/markdown",
    Form.HTML: "text/html",
    Form.CSV: "text/csv",
    Form.NDJSON: "application/x-ndjson",
}
# In order of preference; the first is the default.
OBJECT_FORMS: Final = (Form.JSON, Form.JSONLD, Form.MARKDOWN, Form.HTML)
LIST_FORMS: Final = (Form.JSON, Form.CSV, Form.NDJSON)
JSON_ALONE: Final = (Form.JSON,)  # for lists whose objects are no table rows

"""Dialects of the chat completion request, and the steps down when a server refuses one.

"OpenAI-compatible" servers differ in the fields they know. Some refuse unknown fields (Gemini 400, Mistral 422),
some ignore them (Ollama, Anthropic), some refuse one kind of `response_format` (DeepSeek `json_schema`, LM Studio
`json_object`). A request begins with the strictest dialect; a refusal with status 400 or 422 drops the fields it
names, or steps down one format. Each step can be taken once, so the ladder ends.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace


class ResponseFormat(StrEnum):
    """How the request asks for JSON.

    Only JSON_SCHEMA relies on the server for the shape. The others put the schema into the prompt as well.
    JSON_OBJECT_SCHEMA is `json_object` with a member `schema` (llama-cpp-python, Together); it is used only if
    pinned, because other servers refuse the member or ignore it.
    """

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT_SCHEMA = "json_object_schema"
    JSON_OBJECT = "json_object"
    NONE = "none"


class TokensField(StrEnum):
    """The field that limits output tokens.

    MAX_TOKENS comes first: Ollama ignores the other without an error, which would remove the limit. OpenAI's
    reasoning models refuse it and name the other.
    """

    MAX_TOKENS = "max_tokens"
    MAX_COMPLETION_TOKENS = "max_completion_tokens"


class Dialect(Struct, frozen=True, kw_only=True):
    """The variable parts of a request."""

    response_format: ResponseFormat = ResponseFormat.JSON_SCHEMA
    tokens_field: TokensField = TokensField.MAX_TOKENS
    seed: bool = True
    temperature: bool = True

    def __str__(self) -> str:
        fields = [field for field in ("seed", "temperature") if getattr(self, field)]
        return " ".join([self.response_format, self.tokens_field, *fields])


START: Final = Dialect()


def parse_dialect(text: str) -> Dialect:
    """The dialect that `str` of a dialect describes: a format, a tokens field, and the optional fields to send.

    Raises ValueError for any other text.
    """
    words = text.split()
    optional = set(words[2:])
    if len(words) < 2 or not optional <= {"seed", "temperature"}:
        raise ValueError(f"A dialect is written as {str(START)!r}; its last two words may be left out.")
    return Dialect(
        response_format=ResponseFormat(words[0]),
        tokens_field=TokensField(words[1]),
        seed="seed" in optional,
        temperature="temperature" in optional,
    )


_WEAKER: Final = {
    ResponseFormat.JSON_SCHEMA: ResponseFormat.JSON_OBJECT,
    ResponseFormat.JSON_OBJECT_SCHEMA: ResponseFormat.JSON_OBJECT,
    ResponseFormat.JSON_OBJECT: ResponseFormat.NONE,
}
_WORD: Final = re.compile(r"\w+")
_ABOUT_FORMAT: Final = re.compile(
    r"response_format|json_schema|json_object|additionalproperties|\bschema\b|\bgrammar\b|structured.?outputs?"
)


def lower_format(dialect: Dialect) -> Dialect | None:
    """The dialect with the next weaker format; None if it has none."""
    weaker = _WEAKER.get(dialect.response_format)
    return replace(dialect, response_format=weaker) if weaker else None


class Negotiation:
    """The steps of one call, from a first dialect down. The tokens field changes at most once."""

    def __init__(self, first: Dialect) -> None:
        self.dialect = first
        self._first = first

    def step_down(self, complaint: str) -> bool:
        """Change `dialect` after a refusal whose text is `complaint`; False if no step is left.

        All named fields are dropped at once, since Mistral and Gemini list them. If none is named, the format
        is the cause in most cases.
        """
        text = complaint.lower()
        changed = self.dialect
        for field in self._named_fields(text):
            if field == "seed":
                changed = replace(changed, seed=False)
            elif field == "temperature":
                changed = replace(changed, temperature=False)
            else:
                changed = replace(changed, tokens_field=_other(changed.tokens_field))
        if changed == self.dialect or _ABOUT_FORMAT.search(text):
            changed = lower_format(changed) or changed
        stepped = changed != self.dialect
        self.dialect = changed
        return stepped

    def _named_fields(self, text: str) -> Iterator[str]:
        words = set(_WORD.findall(text))
        for field in ("seed", "temperature"):
            if getattr(self.dialect, field) and field in words:
                yield field
        sent = self.dialect.tokens_field
        if sent == self._first.tokens_field and sent in words:
            yield sent


def _other(field: TokensField) -> TokensField:
    return next(other for other in TokensField if other is not field)


class DialectMemory:
    """The dialects that servers accepted, by base URL and model, for the life of the process."""

    def __init__(self) -> None:
        self._accepted: dict[tuple[str, str], Dialect] = {}

    def first(self, identity: tuple[str, str]) -> Dialect:
        """The dialect to begin with."""
        return self._accepted.get(identity, START)

    def remember(self, identity: tuple[str, str], dialect: Dialect) -> None:
        """Begin with this dialect next time."""
        self._accepted[identity] = dialect

    def accepted(self) -> dict[tuple[str, str], Dialect]:
        """A copy of all entries, for diagnosis."""
        return dict(self._accepted)

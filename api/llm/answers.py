"""Responses with status 200: usable or not. A status proves nothing, so everything is checked."""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from api.llm.completion_request import CompletionRequest
from api.llm.dialects import Dialect, ResponseFormat
from api.llm.outcomes import (
    Answer,
    Outcome,
    Rejected,
    RejectReason,
    Unavailable,
    UnavailableReason,
    Usage,
)
from api.llm.refusals import error_in_answer, has_error
from api.llm.strict_schema import Schema, conforms

# No tokenizer that is in use needs fewer tokens for prose: English has 4 to 5 characters a token, other
# languages fewer. A prompt that counts as less was cut.
MAX_CHARACTERS_PER_TOKEN: Final = 5.5
# Ollama cuts a prompt to its context, or to half of it and two tokens, and reports what is left. Contexts are
# multiples of 1,024, so such a count is suspicious in a prompt that is somewhat short already.
_CONTEXT_STEP: Final = 1_024
_CUT_REMAINDERS: Final = (0, 2)
_SUSPICIOUS_CHARACTERS_PER_TOKEN: Final = 4.5

_MAX_TOKENS: Final = 1_000_000_000  # a larger number in a usage is no count

_RUNAWAY: Final = re.compile(r"\s{200}")  # no layout of JSON indents as deep
_DECLINES: Final = re.compile(
    r"\W*(?:(?:i['’]?m|i am) (?:very )?(?:sorry|unable)|sorry,|i can(?:['’]t| ?not) |i won['’]t |i will not "
    r"|as an ai\b)",
    re.IGNORECASE,
)
_CUT_SHORT: Final = frozenset({"length", "max_tokens"})
_FILTERED: Final = frozenset({"content_filter", "safety", "refusal"})


def read_answer(
    body: bytes,
    headers: Mapping[str, str],
    request: CompletionRequest,
    dialect: Dialect,
    schema: Schema,
    characters: int,
) -> Outcome:
    """The outcome of a response with status 200. `characters` are those of the sent prompt."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return _malformed("The server's answer is not JSON.")
    if has_error(value):
        return error_in_answer(value, headers)
    choice = _first_choice(value)
    if choice is None:
        return _malformed("The server's answer is not a chat completion.")
    if has_error(choice) or choice.get("finish_reason") == "error":
        return error_in_answer(choice, headers)
    message = choice.get("message")
    if not isinstance(message, dict):
        return _malformed("The server's answer has no message.")
    raw = _text(message.get("content"))
    usage = _usage(value.get("usage"), answered=bool(raw))
    reason = (
        _unusable(choice, message, raw, usage, characters)
        or _unfit(raw or "", request, dialect, schema)
    )  # fmt: skip
    if reason is not None:
        return Rejected(reason=reason, dialect=dialect, charged=True, raw=raw, usage=usage)
    model = value.get("model")
    return Answer(
        content=_json_part(raw or "").encode(),
        raw=raw or "",
        dialect=dialect,
        usage=usage,
        model=model if isinstance(model, str) else None,
    )


def prompt_was_cut(characters: int, tokens: int) -> bool:
    """Whether a server that counts `tokens` has not read all of a prompt of `characters`.

    A cut of a few per cent stays unnoticed, unless it ends at the size of a context.
    """
    if characters > tokens * MAX_CHARACTERS_PER_TOKEN:
        return True
    at_context = tokens % _CONTEXT_STEP in _CUT_REMAINDERS and tokens >= _CONTEXT_STEP
    return at_context and characters > tokens * _SUSPICIOUS_CHARACTERS_PER_TOKEN


def _unusable(
    choice: Mapping[str, Any],
    message: Mapping[str, Any],
    raw: str | None,
    usage: Usage | None,
    characters: int,
) -> RejectReason | None:
    """A reason that does not depend on the requested type."""
    finish = str(choice.get("finish_reason") or "").lower()
    if usage is not None and prompt_was_cut(characters, usage.prompt):
        return RejectReason.PROMPT_CUT
    if message.get("refusal") or finish in _FILTERED:
        return RejectReason.REFUSED
    cut_short = finish in _CUT_SHORT
    if raw and _RUNAWAY.search(raw) and (cut_short or not raw.strip()):
        return RejectReason.WHITESPACE_RUNAWAY
    if cut_short:  # also without content, if reasoning took all tokens
        return RejectReason.TRUNCATED
    if raw is None or not raw.strip():
        return RejectReason.NULL_CONTENT
    return None


def _unfit(raw: str, request: CompletionRequest, dialect: Dialect, schema: Schema) -> RejectReason | None:
    """A reason why the text is not JSON of the requested type."""
    part = _json_part(raw)
    if not part and _DECLINES.match(raw):
        return RejectReason.REFUSED
    enforced = dialect.response_format is ResponseFormat.JSON_SCHEMA
    try:
        value = msgspec.json.decode(part)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return RejectReason.SCHEMA_IGNORED if enforced else RejectReason.NOT_JSON
    if _accepted(part.encode(), request):
        return None
    if not enforced:
        return RejectReason.WRONG_SHAPE
    return RejectReason.OUT_OF_BOUNDS if conforms(value, schema) else RejectReason.SCHEMA_IGNORED


def _accepted(content: bytes, request: CompletionRequest) -> bool:
    if request.accepts is not None:
        return request.accepts(content)
    try:
        msgspec.json.decode(content, type=request.output)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    return True


def _json_part(text: str) -> str:
    """The object in a message, without reasoning, code fence and prose around it; empty if there is none."""
    if not text.lstrip().startswith("{"):
        text = text.rpartition("</think>")[2]
    first, last = text.find("{"), text.rfind("}")
    return text[first : last + 1] if 0 <= first < last else ""


def _first_choice(value: Any) -> dict[str, Any] | None:
    choices = value.get("choices") if isinstance(value, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else None


def _text(content: Any) -> str | None:
    """The text of a message; Mistral's reasoning models send a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = [
            part.get("text") for part in content if isinstance(part, dict) and part.get("type") == "text"
        ]
        return "".join(part for part in parts if isinstance(part, str))
    return None


def _usage(value: Any, *, answered: bool) -> Usage | None:
    """The counted tokens; None without a count. 0 for a prompt, or for an answer with a text, is none."""
    prompt, completion = _count(value, "prompt_tokens"), _count(value, "completion_tokens")
    if not prompt or completion is None or (answered and completion == 0):
        return None
    cached = _count(value.get("prompt_tokens_details"), "cached_tokens")
    return Usage(
        prompt=prompt,
        completion=completion,
        cached=_count(value, "prompt_cache_hit_tokens") if cached is None else cached,
        reasoning=_count(value.get("completion_tokens_details"), "reasoning_tokens"),
    )


def _count(value: Any, name: str) -> int | None:
    number = value.get(name) if isinstance(value, dict) else None
    is_count = isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= _MAX_TOKENS
    return number if is_count else None


def _malformed(detail: str) -> Unavailable:
    return Unavailable(reason=UnavailableReason.MALFORMED, charged=True, status=200, detail=detail)

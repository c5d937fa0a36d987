"""Log lines: one JSON object each with `ts`, `level` and `event`, and no secret in any of them."""

import io
import json
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final, Literal, TextIO, cast

import msgspec
import structlog
from structlog.typing import EventDict, Processor

REDACTED: Final = "[redacted]"
MAX_TEXT: Final = 8_192  # characters of one text in a line; some shapes of secrets take long to find in more

# Keys whose values are secrets whatever they look like.
_SECRET_KEYS: Final = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "password", "secret"}
)

# What a secret looks like inside a text: a word that is cheap to look for, and the pattern.
_SECRET_SHAPES: Final = (
    # an Authorization header's value (RFC 6750, RFC 7617)
    ("earer", re.compile(r"(?i)(\bbearer\s+)[a-z0-9._~+/=-]+"), rf"\g<1>{REDACTED}"),
    ("asic", re.compile(r"(?i)(\bbasic\s+)[a-z0-9+/=]{8,}"), rf"\g<1>{REDACTED}"),
    # our own keys; their first part is public and tells which key it was
    ("unspun_", re.compile(r"\b(unspun_(?:live|test)_(?:[a-z0-9]{8}_)?)[A-Za-z0-9_-]+"), rf"\g<1>{REDACTED}"),
    # webhook secrets, symmetric and private (Standard Webhooks 1.0.0)
    ("whs", re.compile(r"\b(whs(?:ec|k)_)[A-Za-z0-9+/=_-]+"), rf"\g<1>{REDACTED}"),
    # the password of a connection's URL; it may hold an @ itself, so up to the last one
    ("://", re.compile(r"(?i)(?<![a-z0-9+.-])([a-z0-9+.-]+://[^\s:/@]*:)[^\s/]+(?=@)"), rf"\g<1>{REDACTED}"),
    ("assword", re.compile(r"(?i)(\b\w*password[\"']?\s*[=:]\s*[\"']?)[^\s&\"',}]+"), rf"\g<1>{REDACTED}"),
)  # fmt: skip


# What a terminal or an editor obeys instead of showing it: controls, also those above ASCII, and marks that
# reorder or hide the text around them. Texts of strangers reach log lines in causes and tracebacks.
_OBEYED: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


class _StandardError(io.TextIOBase):
    """Whatever standard error is when a line is written: loggers are kept longer than some streams live."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        # Python 3.13 flushes once more when the interpreter ends and has taken this module's names away
        if (stream := getattr(sys, "stderr", None)) is not None:
            stream.flush()


def configure(level: str, form: Literal["json", "console"]) -> None:
    """Send our lines and those of the standard `logging` to standard error, in one form.

    To be called once a process, before the first line. `console` is coloured on a terminal.
    """
    renderer: list[Processor] = (
        [_to_text]
        if form == "json"
        else [
            _undated,
            _shown,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), timestamp_key="ts"),
        ]
    )
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact_line,
    ]
    structlog.configure(
        processors=[*shared, *renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _StandardError())),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(_StandardError())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shared, *renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())


def redact(text: str) -> str:
    """`text` without the secrets in it, and without the middle of one longer than MAX_TEXT.

    Each shape is looked for only where its word stands.
    """
    if len(text) > MAX_TEXT:
        text = _without_middle(text)
    for word, shape, replacement in _SECRET_SHAPES:
        if word in text or word.upper() in text:
            text = shape.sub(replacement, text)
    return text


def _without_middle(text: str) -> str:
    """Beginning and end of a long text, cut between words, three words behind the cut left out.

    Half a secret would not be known as one, nor one without the word before it (`Bearer`, `password =`).
    """
    head, tail = text[: MAX_TEXT // 2], text[-MAX_TEXT // 2 :]
    return f"{head.rpartition(' ')[0]} [cut] {' '.join(tail.split(' ', 4)[4:])}"


def redact_line(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """The one place where secrets leave a line: values of telling keys, and shapes in all texts."""
    return {key: _redacted(key, value) for key, value in line.items()}


def server_logging() -> dict[str, Any]:
    """For the HTTP server: its own lines go to the root logger, and so into the form of all others."""
    plain = {"handlers": [], "propagate": True}
    return {"handlers": {}, "formatters": {}, "loggers": {"_granian": plain, "granian.access": plain}}


def _redacted(key: object, value: Any) -> Any:
    if isinstance(key, str) and key.lower() in _SECRET_KEYS:
        return REDACTED
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, MutableMapping):
        return {inner: _redacted(inner, part) for inner, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(None, part) for part in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact(str(value))


def _to_text(_logger: Any, _method: str, line: EventDict) -> str:
    head = {"ts": line.pop("ts", None), "level": line.pop("level", None), "event": line.pop("event", None)}
    try:
        text = msgspec.json.encode(head | dict(line)).decode()
        return _OBEYED.sub(_escaped, text)
    except UnicodeEncodeError:  # half a surrogate pair, as a text from outside may hold
        return json.dumps(head | dict(line))


def _shown(_logger: Any, _method: str, line: EventDict) -> EventDict:
    # for people there is no encoding that would do it; only a traceback has lines of its own
    for key, value in line.items():
        if isinstance(value, str):
            shown = _OBEYED.sub(_escaped, value)
            line[key] = shown if key in ("exception", "stack") else shown.replace("\n", "\\n")
    return line


def _escaped(character: re.Match[str]) -> str:
    return json.dumps(character[0])[1:-1]


def _undated(_logger: Any, _method: str, line: EventDict) -> EventDict:
    # a person at the terminal needs the time of day, in whole seconds
    if isinstance(stamp := line.get("ts"), str):
        line["ts"] = stamp[11:19]
    return line

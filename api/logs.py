"""Log lines: JSON objects with `ts`, `level` and `event`, without secrets."""

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
MAX_TEXT: Final = 8_192  # characters; some patterns are slow on longer texts

# Keys whose values are always secret.
_SECRET_KEYS: Final = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "password", "secret"}
)

# Patterns of secrets, each with a word that is cheap to search for first.
_SECRET_SHAPES: Final = (
    # an Authorization header's value (RFC 6750, RFC 7617)
    ("earer", re.compile(r"(?i)(\bbearer\s+)[a-z0-9._~+/=-]+"), rf"\g<1>{REDACTED}"),
    ("asic", re.compile(r"(?i)(\bbasic\s+)[a-z0-9+/=]{8,}"), rf"\g<1>{REDACTED}"),
    # our keys; the public first part stays
    ("unspun_", re.compile(r"\b(unspun_(?:live|test)_(?:[a-z0-9]{8}_)?)[A-Za-z0-9_-]+"), rf"\g<1>{REDACTED}"),
    # webhook secrets, symmetric and private (Standard Webhooks 1.0.0)
    ("whs", re.compile(r"\b(whs(?:ec|k)_)[A-Za-z0-9+/=_-]+"), rf"\g<1>{REDACTED}"),
    # the password in a connection URL; it may contain @, so up to the last one
    ("://", re.compile(r"(?i)(?<![a-z0-9+.-])([a-z0-9+.-]+://[^\s:/@]*:)[^\s/]+(?=@)"), rf"\g<1>{REDACTED}"),
    ("assword", re.compile(r"(?i)(\b\w*password[\"']?\s*[=:]\s*[\"']?)[^\s&\"',}]+"), rf"\g<1>{REDACTED}"),
)  # fmt: skip


# Characters that a terminal or editor interprets: control characters, and marks that reorder or hide text.
# Untrusted texts reach log lines in causes and tracebacks.
_OBEYED: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


class _StandardError(io.TextIOBase):
    """The current sys.stderr at each write, because loggers outlive some streams."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        # Python 3.13 flushes at exit, after module globals are gone
        if (stream := getattr(sys, "stderr", None)) is not None:
            stream.flush()


def configure(level: str, form: Literal["json", "console"]) -> None:
    """Send our lines and those of `logging` to standard error, in one format.

    Call once a process, before the first line. `console` is coloured on a terminal.
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
    """`text` without secrets, and without the middle if it is longer than MAX_TEXT."""
    if len(text) > MAX_TEXT:
        text = _without_middle(text)
    for word, shape, replacement in _SECRET_SHAPES:
        if word in text or word.upper() in text:
            text = shape.sub(replacement, text)
    return text


def _without_middle(text: str) -> str:
    """The start and end of a long text, cut between words, without the first three words after the cut.

    Half a secret, or one without its prefix (`Bearer`, `password =`), would not be recognised.
    """
    head, tail = text[: MAX_TEXT // 2], text[-MAX_TEXT // 2 :]
    return f"{head.rpartition(' ')[0]} [cut] {' '.join(tail.split(' ', 4)[4:])}"


def redact_line(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Redact values of secret keys, and secrets in all texts."""
    return {key: _redacted(key, value) for key, value in line.items()}


def server_logging() -> dict[str, Any]:
    """Logging configuration that routes the HTTP server's lines to the root logger."""
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
    except UnicodeEncodeError:  # a lone surrogate in untrusted text
        return json.dumps(head | dict(line))


def _shown(_logger: Any, _method: str, line: EventDict) -> EventDict:
    # for console output; only a traceback keeps its line breaks
    for key, value in line.items():
        if isinstance(value, str):
            shown = _OBEYED.sub(_escaped, value)
            line[key] = shown if key in ("exception", "stack") else shown.replace("\n", "\\n")
    return line


def _escaped(character: re.Match[str]) -> str:
    return json.dumps(character[0])[1:-1]


def _undated(_logger: Any, _method: str, line: EventDict) -> EventDict:
    # the console shows the time of day in seconds
    if isinstance(stamp := line.get("ts"), str):
        line["ts"] = stamp[11:19]
    return line

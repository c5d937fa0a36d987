"""The answers of a page process: a value of the task's return type, or an error from a fixed list.

The worker does not trust them: it decodes msgpack into that type, within a size limit, and unpickles nothing.
"""

from collections.abc import Callable
from functools import cache
from traceback import walk_tb
from typing import Any, Final, get_type_hints

import msgspec
from msgspec import Struct

from api.errors import ApiError, NotAFeed, NotHtml, PageTooLarge

LENGTH_BYTES: Final = 4  # length prefix of each call and answer
TAKEN: Final = b"\x01"  # sent before a task begins
MAX_BYTES: Final = 32 * 1024 * 1024  # a normal answer is a page's text and its findings
_MAX_ERROR_CHARACTERS: Final = 1_000

_REFUSALS: Final = {error.slug: error for error in (NotAFeed, NotHtml, PageTooLarge)}
_BAD_VALUE: Final = "bad-value"
_NO_MEMORY: Final = "no-memory"


class TaskFailed(Exception):
    """The task raised an unexpected error."""


class _Message(Struct, array_like=True):
    """`error` is the name of an error; then `answer` is its message."""

    error: str | None
    answer: msgspec.Raw


def done(answer: object) -> bytes:
    """An encoded answer."""
    return msgspec.msgpack.encode(_Message(None, msgspec.Raw(msgspec.msgpack.encode(answer))))


def failed(error: BaseException) -> bytes:
    """An encoded error."""
    if isinstance(error, MemoryError):
        name = _NO_MEMORY
    elif isinstance(error, ApiError) and error.slug in _REFUSALS:
        name = error.slug
    elif isinstance(error, ValueError):
        name = _BAD_VALUE
    else:
        name = f"{type(error).__name__} at {_place(error)}"
    message = str(error)[:_MAX_ERROR_CHARACTERS].encode("utf-8", "replace").decode()
    return msgspec.msgpack.encode(_Message(name, msgspec.Raw(msgspec.msgpack.encode(message))))


def _place(error: BaseException) -> str:
    """File and line of the innermost seven frames; the process cannot open source files."""
    frames = [f"{frame.f_code.co_filename}:{line}" for frame, line in walk_tb(error.__traceback__)]
    return " < ".join(frames[:-8:-1])


def understood(said: bytes, task: Callable[..., Any]) -> Any:
    """The decoded answer.

    Raises the task's error (one of the refusals, ValueError, MemoryError, else TaskFailed), and
    msgspec.MsgspecError for an invalid answer.
    """
    received = msgspec.msgpack.decode(said, type=_Message)
    if received.error is None:
        return msgspec.msgpack.decode(received.answer, type=_promised(task))
    message = msgspec.msgpack.decode(received.answer, type=str)[:_MAX_ERROR_CHARACTERS]
    if received.error in _REFUSALS:
        raise _REFUSALS[received.error](message)
    if received.error == _NO_MEMORY:
        raise MemoryError(message)
    if received.error == _BAD_VALUE:
        raise ValueError(message)
    raise TaskFailed(f"{received.error[:_MAX_ERROR_CHARACTERS]}: {message}")


@cache
def _promised(task: Callable[..., Any]) -> Any:
    return get_type_hints(task)["return"]

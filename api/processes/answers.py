"""What a page process says: an answer of the type that its task promises, or an error of a closed list.

The worker believes none of it: it decodes msgpack into that type, within a bound, and unpickles nothing.
"""

from collections.abc import Callable
from functools import cache
from traceback import walk_tb
from typing import Any, Final, get_type_hints

import msgspec
from msgspec import Struct

from api.errors import ApiError, NotAFeed, NotHtml, PageTooLarge

LENGTH_BYTES: Final = 4  # before each call and each answer
TAKEN: Final = b"\x01"  # said of a task before it is begun
MAX_BYTES: Final = 32 * 1024 * 1024  # an honest answer is a page's text with what was found in it
_MAX_ERROR_CHARACTERS: Final = 1_000

_REFUSALS: Final = {error.slug: error for error in (NotAFeed, NotHtml, PageTooLarge)}
_BAD_VALUE: Final = "bad-value"
_NO_MEMORY: Final = "no-memory"


class TaskFailed(Exception):
    """The task raised what no task is meant to raise."""


class _Said(Struct, array_like=True):
    """`error` names what was raised, and `answer` is then what it says."""

    error: str | None
    answer: msgspec.Raw


def done(answer: object) -> bytes:
    """The words for an answer."""
    return msgspec.msgpack.encode(_Said(None, msgspec.Raw(msgspec.msgpack.encode(answer))))


def failed(error: BaseException) -> bytes:
    """The words for what a task raised."""
    if isinstance(error, MemoryError):
        name = _NO_MEMORY
    elif isinstance(error, ApiError) and error.slug in _REFUSALS:
        name = error.slug
    elif isinstance(error, ValueError):
        name = _BAD_VALUE
    else:
        name = f"{type(error).__name__} at {_place(error)}"
    told = str(error)[:_MAX_ERROR_CHARACTERS].encode("utf-8", "replace").decode()
    return msgspec.msgpack.encode(_Said(name, msgspec.Raw(msgspec.msgpack.encode(told))))


def _place(error: BaseException) -> str:
    """File and line of the innermost seven frames; the process cannot open a file to say more."""
    frames = [f"{frame.f_code.co_filename}:{line}" for frame, line in walk_tb(error.__traceback__)]
    return " < ".join(frames[:-8:-1])


def understood(said: bytes, task: Callable[..., Any]) -> Any:
    """The answer of a task, of the type that the task promises.

    Raises what the task raised (one of the refusals, ValueError, MemoryError, else TaskFailed), and
    msgspec.MsgspecError where it is no answer.
    """
    heard = msgspec.msgpack.decode(said, type=_Said)
    if heard.error is None:
        return msgspec.msgpack.decode(heard.answer, type=_promised(task))
    told = msgspec.msgpack.decode(heard.answer, type=str)[:_MAX_ERROR_CHARACTERS]
    if heard.error in _REFUSALS:
        raise _REFUSALS[heard.error](told)
    if heard.error == _NO_MEMORY:
        raise MemoryError(told)
    if heard.error == _BAD_VALUE:
        raise ValueError(told)
    raise TaskFailed(f"{heard.error[:_MAX_ERROR_CHARACTERS]}: {told}")


@cache
def _promised(task: Callable[..., Any]) -> Any:
    return get_type_hints(task)["return"]

"""The event stream of a service as a client reads it: goes on where it stopped, however often it is cut."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPException, HTTPResponse
from typing import Any, Final
from urllib.parse import quote

from api.cli.commands import Failure

_SILENT_S: Final = 45.0  # the service says something every 15 s
_WAIT_S: Final = 20.0
_AGAIN_S: Final = 2.0
_MAX_BYTES: Final = 16_777_216
_FINAL: Final = range(400, 500)
_TOO_MANY: Final = 429


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The key goes to the address that was given and to no other."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects)


def ask(base_url: str, path: str, key: str) -> Any:
    """What the service answers, as JSON. Raises Failure."""
    try:
        with _open(base_url, path, key, {}, _WAIT_S) as answer:
            return json.loads(answer.read(_MAX_BYTES))
    except urllib.error.HTTPError as error:
        raise _refused(error) from error
    except ValueError as error:
        raise Failure(f"{base_url} does not answer as this version does: {error}") from error


def follow(
    base_url: str, key: str, after: str | None, note: Callable[[str], None]
) -> Iterator[tuple[str, bytes]]:
    """The cursor of each event behind `after`, or from now on, with its JSON; it never ends.

    `note` hears why it waits. Raises Failure for what will not go away by waiting.
    """
    cursor = after
    while True:
        try:
            headers = {"Accept": "text/event-stream"} | ({} if cursor is None else {"Last-Event-ID": cursor})
            with _open(base_url, "/v1/events/stream", key, headers, _SILENT_S) as answer:
                for cursor, data in _messages(answer):
                    if data is not None:
                        yield cursor, data
        except urllib.error.HTTPError as error:
            if error.code in _FINAL and error.code != _TOO_MANY:
                raise _refused(error) from error
            note(f"{base_url} answered {error.code}; trying again")
            time.sleep(_AGAIN_S)
        except (OSError, HTTPException) as error:
            note(f"The stream broke off ({error}); going on after event {cursor or 'none'}")
            time.sleep(_AGAIN_S)


def _open(base_url: str, path: str, key: str, headers: dict[str, str], timeout: float) -> HTTPResponse:
    url = base_url.rstrip("/") + path
    if not url.startswith(("http://", "https://")):
        raise Failure(f"{base_url} is no address of a service.")
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}", **headers})  # noqa: S310  # http or https, see above
    answer: HTTPResponse = _opener.open(request, timeout=timeout)
    return answer


def _messages(answer: HTTPResponse) -> Iterator[tuple[str, bytes | None]]:
    """Each message's id and data, as the HTML standard reads a stream; comments move the id alone."""
    cursor, data = "", list[bytes]()
    for line in answer:
        name, _, value = line.rstrip(b"\r\n").partition(b":")
        value = value.removeprefix(b" ")
        if name == b"id":
            cursor = value.decode()
        elif name == b"data":
            data.append(value)
        elif not name and not value and cursor:
            yield cursor, b"\n".join(data) if data else None
            data = []


def _refused(error: urllib.error.HTTPError) -> Failure:
    try:
        detail = json.loads(error.read(_MAX_BYTES))["detail"]
    except (ValueError, KeyError, TypeError):
        detail = "no problem detail"
    return Failure(f"{error.url} answered {error.code}: {detail}")


def webhook_path(endpoint: str) -> str:
    """Of one endpoint."""
    return f"/v1/webhooks/{quote(endpoint, safe='')}"

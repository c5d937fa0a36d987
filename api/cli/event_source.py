"""A client of the service's event stream that reconnects and resumes."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPException, HTTPResponse
from typing import Any, Final
from urllib.parse import quote

from api.cli.commands import Failure

_READ_TIMEOUT_S: Final = 45.0  # the service sends a comment every 15 s
_TIMEOUT_S: Final = 20.0
_RETRY_S: Final = 2.0
_MAX_BYTES: Final = 16_777_216
_CLIENT_ERRORS: Final = range(400, 500)
_TOO_MANY: Final = 429


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The key must not be sent to another address."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects)


def ask(base_url: str, path: str, key: str) -> Any:
    """GET `path` and return the JSON response. Raises Failure."""
    try:
        with _open(base_url, path, key, {}, _TIMEOUT_S) as response:
            return json.loads(response.read(_MAX_BYTES))
    except urllib.error.HTTPError as error:
        raise _failure(error) from error
    except ValueError as error:
        raise Failure(f"Unexpected response from {base_url}: {error}") from error


def follow(
    base_url: str, key: str, after: str | None, note: Callable[[str], None]
) -> Iterator[tuple[str, bytes]]:
    """The cursor and JSON of each event after `after`, or from now on; never ends.

    `note` receives messages about retries. Raises Failure for errors that a retry cannot fix.
    """
    cursor = after
    while True:
        try:
            headers = {"Accept": "text/event-stream"} | ({} if cursor is None else {"Last-Event-ID": cursor})
            with _open(base_url, "/v1/events/stream", key, headers, _READ_TIMEOUT_S) as response:
                for cursor, data in _messages(response):
                    if data is not None:
                        yield cursor, data
        except urllib.error.HTTPError as error:
            if error.code in _CLIENT_ERRORS and error.code != _TOO_MANY:
                raise _failure(error) from error
            note(f"{base_url} returned {error.code}; retrying")
            time.sleep(_RETRY_S)
        except (OSError, HTTPException) as error:
            note(f"The stream was interrupted ({error}); resuming after event {cursor or 'none'}")
            time.sleep(_RETRY_S)


def _open(base_url: str, path: str, key: str, headers: dict[str, str], timeout: float) -> HTTPResponse:
    url = base_url.rstrip("/") + path
    if not url.startswith(("http://", "https://")):
        raise Failure(f"{base_url} is not an HTTP URL.")
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}", **headers})  # noqa: S310  # http or https, see above
    response: HTTPResponse = _opener.open(request, timeout=timeout)
    return response


def _messages(response: HTTPResponse) -> Iterator[tuple[str, bytes | None]]:
    """The id and data of each message (HTML standard, server-sent events); comments update only the id."""
    cursor, data = "", list[bytes]()
    for line in response:
        name, _, value = line.rstrip(b"\r\n").partition(b":")
        value = value.removeprefix(b" ")
        if name == b"id":
            cursor = value.decode()
        elif name == b"data":
            data.append(value)
        elif not name and not value and cursor:
            yield cursor, b"\n".join(data) if data else None
            data = []


def _failure(error: urllib.error.HTTPError) -> Failure:
    try:
        detail = json.loads(error.read(_MAX_BYTES))["detail"]
    except (ValueError, KeyError, TypeError):
        detail = "no details"
    return Failure(f"{error.url} returned {error.code}: {detail}")


def webhook_path(endpoint: str) -> str:
    return f"/v1/webhooks/{quote(endpoint, safe='')}"

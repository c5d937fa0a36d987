"""A story's explanation from a running service."""

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote

import msgspec

from api.cli.commands import Failure
from schemas.score_explanations import ScoreExplanation

_TIMEOUT_S = 20.0
_MAX_BYTES = 16_777_216  # a story's document is about 50 KB


def explanation_of_story(base_url: str, story: str) -> tuple[str, ScoreExplanation]:
    """A story's title and the explanation of its current verdict. Raises Failure."""
    found = json.loads(_get(base_url, f"/v1/stories/{quote(story, safe='')}"))
    try:
        title, verdict = str(found["title"]), str(found["verdict"]["id"])
        body = _get(base_url, f"/v1/verdicts/{quote(verdict, safe='')}/explanation")
        return title, msgspec.json.decode(body, type=ScoreExplanation)
    except (KeyError, TypeError, msgspec.DecodeError) as error:
        raise Failure(f"Unexpected response from {base_url}: {error}") from error


def _get(base_url: str, path: str) -> bytes:
    url = base_url.rstrip("/") + path
    if not url.startswith(("http://", "https://")):
        raise Failure(f"{base_url} is not an HTTP URL.")
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as response:  # noqa: S310  # http or https, see above
            body: bytes = response.read(_MAX_BYTES)
            return body
    except urllib.error.HTTPError as error:
        raise Failure(f"{url} returned {error.code}: {_detail(error.read(_MAX_BYTES))}") from error


def _detail(body: bytes) -> Any:
    try:
        return json.loads(body)["detail"]
    except (ValueError, KeyError, TypeError):
        return "no details"

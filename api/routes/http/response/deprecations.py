"""Deprecation of routes: announced in every response, then 410 (RFC 9745, RFC 8594).

A route is deprecated by `deprecated=Deprecation(...)` in its `Operation`, which also marks it in the OpenAPI
document. The access log's `route` shows its remaining calls.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from litestar.types import ASGIApp, Message, Receive, Send

from api.errors import Ended
from api.routes.http.request.types import Headers
from api.routes.http.response.answers import http_date
from api.routes.http.response.exception_handlers import answer_failure
from api.routes.http.response.prepared_responses import UNCACHEABLE

LEAST: Final = timedelta(days=180)  # between announcement and removal
_ABOUT: Final = "/guide/versions"


@dataclass(frozen=True, kw_only=True)
class Deprecation:
    """A route is deprecated at `since` and served until `until`; both have a UTC offset.

    `successor` is the path of the replacement, with the route's parameters as `{name}`, or None. Raises
    ValueError if the period is shorter than 180 days.
    """

    since: datetime
    until: datetime
    successor: str | None

    def __post_init__(self) -> None:
        if self.until - self.since < LEAST:
            raise ValueError(f"a deprecated route is served for {LEAST.days} days or more")

    def notice(self) -> str:
        """The deprecation as text for the OpenAPI document."""
        instead = f"; use `{self.successor}` instead" if self.successor else ""
        return f"Deprecated since {self.since:%d %B %Y}, gone on {self.until:%d %B %Y}{instead}."

    def headers(self, base_url: str, parameters: dict[str, Any]) -> Headers:
        """Headers of every response (RFC 9745, RFC 8594)."""
        links = [f'<{base_url}{_ABOUT}>; rel="deprecation"; type="text/html"']
        if self.successor:
            escaped = {name: quote(str(value), safe="") for name, value in parameters.items()}
            links.append(f'<{base_url}{self.successor.format(**escaped)}>; rel="successor-version"')
        return [
            (b"deprecation", b"@%d" % self.since.timestamp()),
            (b"sunset", http_date(self.until)),
            (b"link", ", ".join(links).encode()),
        ]


def ending(deprecation: Deprecation) -> Callable[[ASGIApp], ASGIApp]:
    """The middleware of a deprecated route."""

    def around(app: ASGIApp) -> ASGIApp:
        async def answer(scope: Any, receive: Receive, send: Send) -> None:
            state = scope["litestar_app"].state
            notice = deprecation.headers(state.base_url, scope["path_params"])

            async def announced(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message["headers"], *notice]
                await send(message)

            scope[UNCACHEABLE] = True
            if state.runtime.clock.now() < deprecation.until:
                await app(scope, receive, announced)
            else:
                ended = Ended(deprecation.notice())
                await answer_failure(scope, ended, state.runtime.site)(scope, receive, announced)

        return answer

    return around

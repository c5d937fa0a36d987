"""Parts of the API that end: every answer says so beforehand, and 410 afterwards (RFC 9745, RFC 8594).

A route is deprecated by `deprecated=Deprecation(...)` in its `Operation`; the contract says it too. Its calls can
be counted in the access log, by `route`.
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
from api.routes.http.response.prepared_responses import UNKEPT

LEAST: Final = timedelta(days=180)  # between the announcement and the end
_ABOUT: Final = "/guide/versions"


@dataclass(frozen=True, kw_only=True)
class Deprecation:
    """A part is deprecated from `since` on, and served before `until`; both with their offset from UTC.

    `successor` is the path of what to use instead, with the part's own parameters as `{name}`, None without one.
    Raises ValueError where callers get less than 180 days.
    """

    since: datetime
    until: datetime
    successor: str | None

    def __post_init__(self) -> None:
        if self.until - self.since < LEAST:
            raise ValueError(f"a deprecated part is served for {LEAST.days} days at least")

    def said(self) -> str:
        """The same for readers of the contract."""
        instead = f"; use `{self.successor}` instead" if self.successor else ""
        return f"Deprecated since {self.since:%d %B %Y}, gone on {self.until:%d %B %Y}{instead}."

    def headers(self, base_url: str, parameters: dict[str, Any]) -> Headers:
        """Of every answer (RFC 9745, RFC 8594)."""
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
    """What stands around a deprecated route."""

    def around(app: ASGIApp) -> ASGIApp:
        async def answer(scope: Any, receive: Receive, send: Send) -> None:
            state = scope["litestar_app"].state
            said = deprecation.headers(state.base_url, scope["path_params"])

            async def announced(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message["headers"], *said]
                await send(message)

            scope[UNKEPT] = True
            if state.runtime.clock.now() < deprecation.until:
                await app(scope, receive, announced)
            else:
                ended = Ended(deprecation.said())
                await answer_failure(scope, ended, state.base_url)(scope, receive, announced)

        return answer

    return around

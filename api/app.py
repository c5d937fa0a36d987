"""The HTTP application: its routes and the shared state of the process."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.routes import HTTPRoute
from litestar.types import Guard

from api import logs
from api.cache.pubsub import listen_for_changes
from api.clock import Clock
from api.operations.keys.authenticate import Authenticator
from api.pulse import Pulse
from api.routes.http.admission.access_log import AccessLog
from api.routes.http.admission.authentication import require_reader
from api.routes.http.admission.gateway import Gateway, route_namer
from api.routes.http.admission.limits import Limits
from api.routes.http.admission.long_poll_limits import LongPollLimits
from api.routes.http.admission.operation import Prices, open_questions
from api.routes.http.request.cursors import Cursors
from api.routes.http.response.exception_handlers import answer_exception
from api.routes.http.response.problem_types import problem_types
from api.routes.mcp import mcp
from api.routes.mcp.mcp import Mcp
from api.routes.mcp.mcp_tools import ToolContext
from api.routes.openapi.openapi import openapi_document as document_of
from api.routes.resources import (
    analyses,
    appeals,
    batches,
    claims,
    deliveries,
    ended,
    entities,
    event_types,
    events,
    exports,
    keys,
    lookups,
    retractions,
    source_feeds,
    sources,
    stats,
    stories,
    taxonomy,
    usage,
    verdict_diffs,
    verdict_jobs,
    verdicts,
    webhook_secrets,
    webhooks,
)
from api.routes.site import (
    api_catalog,
    assets,
    feeds,
    guide,
    health,
    index,
    llms,
    problems,
    robots,
    schemas,
    security_txt,
    sitemaps,
    vocabulary,
)
from api.routes.site import openapi_pages as docs
from api.routes.site.indexnow_key import key_routes
from api.runtime.backpressure import Backlog
from api.runtime.event_tail import EventTail
from api.runtime.fetch_policy import delivery_policy, fetch_policy
from api.runtime.load_taxonomy import load_taxonomy
from api.runtime.runtime import open_runtime
from api.settings import Settings, environment

_PUBLIC = (
    stories,
    verdicts,
    claims,
    lookups,
    taxonomy,
    sources,
    appeals,
    entities,
    stats,
    verdict_diffs,
    event_types,
    exports,
)
_KEYED = (
    analyses,
    batches,
    source_feeds,
    verdict_jobs,
    keys,
    retractions,
    usage,
    events,
    webhooks,
    webhook_secrets,
    deliveries,
)
_ROOTED = (
    index,
    assets,
    health,
    docs,
    guide,
    problems,
    security_txt,
    vocabulary,
    ended,
    robots,
    api_catalog,
    schemas,
    llms,
    mcp,
)
_ROOTED_PUBLIC = (sitemaps, feeds)  # at the root, with the access rules of public reads


class Service(Litestar):
    """Litestar's application behind the gateway, which handles every request first."""

    gateway: Gateway
    settings: Settings  # read at startup

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.gateway(scope, receive, send)

    async def call_litestar(self, scope: Any, receive: Any, send: Any) -> None:
        """Litestar's own request handling."""
        await super().__call__(scope, receive, send)


def from_environment() -> Service:
    """The factory for the HTTP server. Raises SettingsError."""
    settings = Settings.from_environment(environment())
    logs.configure(settings.log_level, settings.log_format)
    return create_app(settings)


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    leaving: Callable[[], bool] = lambda: False,
    pulse: Pulse | None = None,
) -> Service:
    """The application. It can be created and started without PostgreSQL and Valkey.

    `leaving` returns whether the process was asked to stop, so that clients should reconnect to another one.
    `pulse` lets a watchdog see whether the event loop runs, and which requests are active.
    """
    clock = clock or Clock()
    pulse = pulse or Pulse()

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        # created in the event loop that the connections belong to
        settings = app.settings
        runtime = open_runtime(
            settings,
            load_taxonomy(),
            clock,
            statement_timeout_ms=settings.statement_timeout_ms,
            leaving=leaving,
        )
        app.state.began = clock.now()
        app.state.runtime = runtime
        app.state.backlog = Backlog(runtime)
        gateway.runtime = runtime
        app.state.limits = gateway.limits = Limits(runtime, Authenticator(runtime), Prices(app.routes))
        app.state.event_tail = EventTail(runtime)
        app.state.long_poll_limits = LongPollLimits(runtime, gateway.limits)
        app.state.mcp = Mcp(
            ToolContext(
                runtime=runtime,
                limits=gateway.limits,
                cursors=app.state.cursors,
                backlog=app.state.backlog,
                fetch_policy=app.state.fetch_policy,
                long_poll_limits=app.state.long_poll_limits,
            )
        )
        watching = asyncio.gather(
            runtime.changes.watch(), listen_for_changes(runtime.cache, runtime.changes.look)
        )
        try:
            async with app.state.mcp.running(), pulse.beating():
                yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await app.state.event_tail.close()
            await app.state.long_poll_limits.close()
            await runtime.pool.close()
            await runtime.cache.close()
            gateway.access_log.flush()

    reading: list[Guard] = [] if settings.public_reads else [require_reader]
    app = Service(
        route_handlers=[
            _router("/v1", _PUBLIC, reading),
            _router("/v1", _KEYED, []),
            _router("/", _ROOTED_PUBLIC, reading),
            *key_routes(settings.indexnow_key),
            _router("/", _ROOTED, []),
        ],
        lifespan=[lifespan],
        before_request=route_namer(pulse),
        exception_handlers={Exception: answer_exception},
        state=State(
            {
                "base_url": settings.base_url,
                "cursors": Cursors(settings.base_url),
                "fetch_policy": fetch_policy(settings),
                "delivery_policy": delivery_policy(settings),
                "schemas": {},
                "problem_types": problem_types(settings.base_url),
            }
        ),
        openapi_config=None,
        logging_config=None,
    )
    app.settings = settings
    gateway = app.gateway = Gateway(
        app.call_litestar,
        clock=clock,
        base_url=settings.base_url,
        access_log=AccessLog(settings.log_level, settings.log_format),
        leaving=leaving,
        body_timeout_s=settings.body_timeout_s,
        pulse=pulse,
        places=settings.max_in_flight,
        questions=open_questions(app.routes),
    )
    return app


class _Router(Router):
    """A router that is not copied on registration, which halves the startup time."""

    def __deepcopy__(self, memo: object) -> "_Router":
        return self


def _router(path: str, resources: Iterable[ModuleType], guards: list[Guard]) -> Router:
    router = _Router(path, route_handlers=[route for r in resources for route in r.ROUTES], guards=guards)
    for route in router.routes:
        # Litestar's OPTIONS handler knows only the methods of the first handler; without it the application
        # creates one that knows all
        if isinstance(route, HTTPRoute):
            route.route_handlers = [h for h in route.route_handlers if "OPTIONS" not in h.http_methods]
    return router


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document, equal for all services of this version."""
    return document_of(create_app(Settings()).routes)

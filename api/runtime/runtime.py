"""What one process holds for its whole life; opened by the app and the worker, passed on from there."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from api.cache.connection import Cache
from api.cache.lru import Memory
from api.clock import Clock
from api.rendering.renderer_digest import renderer_digest
from api.rendering.site import Site
from api.runtime.cache_invalidation import Changes
from api.runtime.crawler_policy import crawler_policy
from api.runtime.single_flight import SingleFlight
from api.settings import Settings
from api.storage.database.pool import Pool
from schemas.taxonomy import Taxonomy


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """`renderer` names what makes documents, as `renderer_digest` gives it; `memory` holds answers by path.

    `signals` are headers: what may become of what is read. `leaving` tells whether the process was asked to
    stop: what waits had better end.
    """

    settings: Settings
    clock: Clock
    pool: Pool
    cache: Cache
    taxonomy: Taxonomy
    site: Site
    renderer: str
    memory: Memory[Any]
    changes: Changes
    flights: SingleFlight
    signals: tuple[tuple[bytes, bytes], ...]
    leaving: Callable[[], bool] = lambda: False

    @property
    def base_url(self) -> str:
        return str(self.settings.base_url)


def open_runtime(
    settings: Settings,
    taxonomy: Taxonomy,
    clock: Clock,
    *,
    statement_timeout_ms: int,
    leaving: Callable[[], bool] = lambda: False,
) -> Runtime:
    """A runtime whose connections open at first use. To be called inside the running event loop."""
    if settings.database_url is None:
        raise ValueError("UNSPUN_DATABASE_URL is not set")
    pool = Pool(
        settings.database_url.reveal(),
        minimum=settings.pool_min,
        maximum=settings.pool_max,
        statement_timeout_ms=statement_timeout_ms,
        through_pooler=settings.direct_database_url is not None,
    )
    site = Site(
        base_url=str(settings.base_url),
        license=settings.content_license,
        taxonomy=taxonomy,
        version=version("unspun"),
    )
    memory: Memory[Any] = Memory(settings.memory_mb * 1_000_000)
    return Runtime(
        settings=settings,
        clock=clock,
        pool=pool,
        cache=Cache(settings.redis_url.reveal() if settings.redis_url else None, clock.monotonic),
        taxonomy=taxonomy,
        site=site,
        renderer=renderer_digest(site),
        memory=memory,
        changes=Changes(pool, clock, memory),
        flights=SingleFlight(),
        signals=tuple(
            (name.lower().encode(), value.encode()) for name, value in crawler_policy(settings).signals()
        ),
        leaving=leaving,
    )

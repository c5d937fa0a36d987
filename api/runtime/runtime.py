"""The resources of a process, opened by the app and the worker and passed on from there."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from api.cache.connection import Cache
from api.cache.response_cache import ResponseCache
from api.cache.single_flight import SingleFlight
from api.clock import Clock
from api.rendering.documents import RenderedDocument
from api.rendering.renderer_digest import renderer_digest
from api.rendering.site import Site
from api.runtime.cache_invalidation import Changes
from api.runtime.crawler_policy import crawler_policy
from api.settings import Settings
from api.storage.database.pool import Pool
from schemas.taxonomy import Taxonomy

MAX_COLLECTIONS_BYTES: Final = 64_000_000  # some sitemaps of 50,000 stories
MAX_STATIC_BYTES: Final = 32_000_000  # the whole package; nothing is evicted


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """`renderer` is the `renderer_digest`. The response caches: `documents` of stories, sources and verdicts, by
    path; `collections` of sitemaps, feeds and files for language models; `static` of what the package contains.

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
    documents: ResponseCache[Any]
    collections: ResponseCache[Any]
    static: ResponseCache[RenderedDocument]
    changes: Changes
    single_flight: SingleFlight
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
    single_flight = SingleFlight()

    def response_cache(max_bytes: int) -> ResponseCache[Any]:
        return ResponseCache(max_bytes, single_flight, clock.monotonic)

    documents = response_cache(settings.memory_mb * 1_000_000)
    collections = response_cache(MAX_COLLECTIONS_BYTES)
    return Runtime(
        settings=settings,
        clock=clock,
        pool=pool,
        cache=Cache(settings.redis_url.reveal() if settings.redis_url else None, clock.monotonic),
        taxonomy=taxonomy,
        site=site,
        renderer=renderer_digest(site),
        documents=documents,
        collections=collections,
        static=response_cache(MAX_STATIC_BYTES),
        changes=Changes(pool, clock, documents, collections),
        single_flight=single_flight,
        signals=tuple(
            (name.lower().encode(), value.encode()) for name, value in crawler_policy(settings).signals()
        ),
        leaving=leaving,
    )

"""What one process holds for its whole life; opened by the app and the worker, passed on from there."""

from collections.abc import Callable
from dataclasses import dataclass

from api.cache.connection import Cache
from api.clock import Clock
from api.operations.withdrawals import Withdrawals
from api.rendering.documents import renderer_digest
from api.settings import Settings
from api.storage.pool import Pool
from schemas.taxonomy import Taxonomy


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """`renderer` names what makes documents, as `renderer_digest` gives it.

    `leaving` tells whether the process was asked to stop: what waits had better end.
    """

    settings: Settings
    clock: Clock
    pool: Pool
    cache: Cache
    taxonomy: Taxonomy
    renderer: str
    withdrawals: Withdrawals
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
    return Runtime(
        settings=settings,
        clock=clock,
        pool=pool,
        cache=Cache(settings.redis_url.reveal() if settings.redis_url else None, clock.monotonic),
        taxonomy=taxonomy,
        renderer=renderer_digest(str(settings.base_url)),
        withdrawals=Withdrawals(pool, clock),
        leaving=leaving,
    )

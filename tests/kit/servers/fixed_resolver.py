"""A resolver with fixed addresses."""

from collections.abc import Mapping, Sequence


class FixedResolver:
    def __init__(self, addresses: Mapping[str, Sequence[str]]) -> None:
        self._addresses = addresses

    async def resolve(self, host: str) -> list[str]:
        """The addresses of the map. Raises OSError for a missing name."""
        try:
            return list(self._addresses[host])
        except KeyError:
            raise OSError(f"no such name: {host}") from None

"""Names whose addresses a test chooses."""

from collections.abc import Mapping, Sequence


class FixedResolver:
    """Answers from a map of names to addresses, and from nothing else."""

    def __init__(self, addresses: Mapping[str, Sequence[str]]) -> None:
        self._addresses = addresses

    async def resolve(self, host: str) -> list[str]:
        """The addresses of the map. Raises OSError for a name that it lacks."""
        try:
            return list(self._addresses[host])
        except KeyError:
            raise OSError(f"no such name: {host}") from None

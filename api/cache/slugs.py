"""Which story a slug names, in Valkey; a slug never changes, so nothing here can be stale."""

from api.cache.connection import Cache

TTL_S = 24 * 3600  # only bounds the memory


async def get_story_id(cache: Cache, slug: str) -> str | None:
    """The story's id, None where it is not held or Valkey is away."""
    value = await cache.call("GET", f"slug:{slug}")
    return value.decode() if isinstance(value, bytes) else None


async def put_story_id(cache: Cache, slug: str, story_id: str) -> None:
    """Hold the id of the story that the slug names."""
    await cache.call("SET", f"slug:{slug}", story_id, "EX", TTL_S)

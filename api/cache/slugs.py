"""Slug to story id, in Valkey; slugs never change, so entries cannot be stale."""

from api.cache.connection import Cache

TTL_S = 24 * 3600  # only to bound memory


async def get_story_id(cache: Cache, slug: str) -> str | None:
    """The story's id; None if it is not cached or Valkey is unavailable."""
    value = await cache.call("GET", f"slug:{slug}")
    return value.decode() if isinstance(value, bytes) else None


async def put_story_id(cache: Cache, slug: str, story_id: str) -> None:
    """Cache the id of the slug's story."""
    await cache.call("SET", f"slug:{slug}", story_id, "EX", TTL_S)

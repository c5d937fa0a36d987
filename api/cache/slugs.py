"""Which story a slug names, in Valkey; a slug never changes, so nothing here can be stale."""

from redis.asyncio import Redis

from api.cache.connection import Cache

TTL_S = 24 * 3600  # only bounds the memory


async def get_story_id(cache: Cache, slug: str) -> str | None:
    """The story's id, None where it is not held or Valkey is away."""

    async def read(client: Redis) -> str | None:
        value = await client.get(f"slug:{slug}")
        return value.decode() if isinstance(value, bytes) else None

    return await cache.ask(read)


async def put_story_id(cache: Cache, slug: str, story_id: str) -> None:
    """Hold the id of the story that the slug names."""

    async def write(client: Redis) -> object:
        return await client.set(f"slug:{slug}", story_id, ex=TTL_S)

    await cache.ask(write)

"""Verdicts as the engines 0.8.0, 0.9.0 and 0.10.0 stored them, on a report and on a satire, both invented.

Each line of `stored_verdicts.jsonl.gz` has the article and the assessment that the last commit of the engine's
version made of it.
"""

import gzip
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Raw, Struct

from api.analysis.text.article import Article
from api.operations.stories.publish_story import Published
from api.runtime.runtime import Runtime
from schemas.assessments import Assessment
from tests.kit.databases import connected
from tests.kit.texts.factories import make_edition, publish

_FILE: Final = Path(__file__).with_name("stored_verdicts.jsonl.gz")


class StoredVerdict(Struct, kw_only=True, frozen=True):
    """`assessment` are the stored bytes; `story` is `sincere` or `satire`."""

    engine: str
    story: str
    article: Article
    assessment: Raw

    @property
    def name(self) -> str:
        return f"{self.engine} {self.story}"

    def read(self) -> Assessment:
        return msgspec.json.decode(self.assessment, type=Assessment)


STORED_VERDICTS: Final = {
    stored.name: stored
    for line in gzip.decompress(_FILE.read_bytes()).splitlines()
    for stored in [msgspec.json.decode(line, type=StoredVerdict)]
}


async def publish_stored(runtime: Runtime, owner_url: str, stored: StoredVerdict) -> Published:
    """Publish the verdict with its bytes as they were stored; nothing is rendered yet."""
    published = await publish(runtime, make_edition(stored.article, stored.read()), cached=False)
    async with connected(owner_url) as connection:
        await connection.execute("SET session_replication_role = replica")  # verdicts refuse changes
        await connection.execute(
            "UPDATE verdicts SET assessment = $2 WHERE id = $1",
            published.verdict_id,
            bytes(stored.assessment).decode(),
        )
        await connection.execute(
            "DELETE FROM documents WHERE object_id IN ($1, $2)", published.story_id, published.verdict_id
        )
    return published

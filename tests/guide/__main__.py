"""`make guide`: updates the responses in the guide."""

import asyncio
import sys
import tempfile
from pathlib import Path

from api.embedded import EmbeddedServers
from api.operations.database.prepare_database import prepare_database
from tests.guide.compared import complaints, renewed_page
from tests.guide.examples import examples_of, pages
from tests.guide.reading import reading_service
from tests.guide.session import reader_folder, run
from tests.kit.clients.api_client import KEY


async def write(names: list[str]) -> bool:
    """Update all pages, or the named ones. Returns whether every example now works as shown."""
    with EmbeddedServers(None) as servers, tempfile.TemporaryDirectory() as scratch:
        await prepare_database(servers.database_url, servers.database_url)
        async with reading_service(
            servers.database_url, servers.redis_url, Path(scratch) / "service.log"
        ) as api:
            good = True
            for name, path in pages().items():
                if names and name not in names:
                    continue
                text = path.read_text()
                with tempfile.TemporaryDirectory() as folder:
                    ran = await run(examples_of(text), api.url, reader_folder(Path(folder), KEY))
                written = renewed_page(text, ran)
                path.write_text(written)
                failed = [complaint for one in ran if one.status for complaint in complaints(one)]
                print(f"{name}: {len(ran)} examples{', renewed' if written != text else ''}")
                print("\n".join(failed), end="\n" if failed else "")
                good = good and not failed
            return good


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(write(sys.argv[1:])) else 1)

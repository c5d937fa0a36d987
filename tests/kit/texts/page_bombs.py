"""Pages that exhaust a parser, and the memory that a normal page needs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from api.analysis.text.article import SourceFacts
from api.engines import FULL
from api.pages.reader import extract_page, read_page
from api.processes.pool import PARSERS, Processes
from api.runtime.load_taxonomy import load_taxonomy
from schemas.enums import SourceType
from tests.kit.servers.page_tasks import pid
from tests.kit.texts.pages import article_page

# Both are within the limits of size, tags and depth.
# One paragraph of 900,000 words with a four-byte character: some 200 MB.
MEMORY: Final = ("<html><body><p>" + "word " * 900_000 + "\N{CHEERING MEGAPHONE}").encode()
# 49,000 paragraphs of two lines take the extractor a minute.
TIME: Final = ("<html><body><article>" + "<p>and more words of it<br>of it" * 49_000).encode()
ROOM_MB: Final = 100  # beyond a process's memory after a page; half of what the bomb takes

URL = "http://news.brightwater.example/turbine"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def honest_mb(*, judged: bool = True) -> int:
    """A memory limit that normal pages stay below, and `MEMORY` does not, on this machine."""
    preload = (*(FULL.preload if judged else (PARSERS, "api.pages.reader")), "tests.kit.servers.page_tasks")
    processes = Processes(size=1, memory_mb=8_000, cpu_s=120, preload=preload)
    try:
        extracted = await processes.run(extract_page, article_page(), URL, "utf-8", "text/html", AT)
        if judged:
            facts = SourceFacts(name="Brightwater", type=SourceType.MEDIA, host="brightwater.example")
            await processes.run(read_page, extracted, URL, facts, None, load_taxonomy(), FULL.load)
        return _held_mb(await processes.run(pid)) + ROOM_MB
    finally:
        processes.close()


def _held_mb(process: int) -> int:
    return int(Path(f"/proc/{process}/status").read_text().partition("VmData:")[2].split()[0]) // 1024

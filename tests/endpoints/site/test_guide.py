"""The guide: every page in both formats, with this service's URLs and no dead link."""

import re
from enum import EnumMeta
from pathlib import Path
from urllib.parse import urldefrag

import pytest

from api.rendering.guide import INDEX, METHODOLOGY, guide_pages, guide_path
from schemas import enums
from schemas.stats import Dimension
from tests.kit.clients.api_client import BASE_URL, Api

FOLDER = Path(__file__).resolve().parents[3] / "api" / "guide"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PATHS = [guide_path(name) for name in guide_pages()]
# The fields of a verdict that are explained; other types are explained at their endpoints.
IN_VERDICTS = (
    enums.SpinType, enums.HappeningKind, enums.Band, enums.Stance, enums.EvidenceStrength, enums.Verification,
    enums.Risk, enums.Intent, enums.Independence, enums.ClaimRole, enums.ClaimKind, enums.ClaimSupport,
    enums.SourceType, enums.NotScorableReason, enums.VerdictReason, enums.LedgerRowKind,
)  # fmt: skip


class TestTheGuide:
    def test_links_each_of_its_files_from_its_index(self) -> None:
        assert set(guide_pages()) == {path.stem for path in FOLDER.glob("*.md")}

    async def test_is_404_for_an_unknown_page(self, quiet_api: Api) -> None:
        assert (await quiet_api.client.get("/guide/never-written")).status_code == 404
        assert (await quiet_api.client.get("/guide/lists.csv")).status_code == 404
        assert (await quiet_api.client.get("/guide/lists", headers={"Accept": "text/csv"})).status_code == 406

    @pytest.mark.parametrize("path", PATHS)
    async def test_is_markdown_and_a_page(self, path: str, quiet_api: Api) -> None:
        text = await quiet_api.client.get(path)
        assert text.headers["content-type"] == "text/markdown; charset=utf-8"
        assert text.text.startswith("# ")
        assert text.text == (await quiet_api.client.get(f"{path}.md")).text
        page = await quiet_api.client.get(path, headers={"Accept": BROWSER})
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["content-location"] == f"{BASE_URL}{path}.html"
        assert f'<{BASE_URL}{path}.md>; rel="alternate"; type="text/markdown"' in page.headers["link"]
        assert "default-src 'none'" in page.headers["content-security-policy"]
        title = re.search(r"<h1[^>]*>(.*?)</h1>", page.text)
        assert title
        assert text.text.startswith(f"# {title[1]}\n")

    async def test_names_the_addresses_of_this_service(self, quiet_api: Api) -> None:
        page = (await quiet_api.client.get("/guide/lookup")).text
        assert f"{BASE_URL}/v1/lookups" in page
        assert "127.0.0.1" not in page

    def test_has_a_summary_on_each_page(self) -> None:
        for name, page in guide_pages().items():
            assert "This page is written" not in page.lead, name

    def test_names_every_dimension_of_the_statistics(self) -> None:
        lists = (FOLDER / "lists.md").read_text()
        counts = lists[lists.index("## Counts") :]
        assert [dimension for dimension in Dimension if f"`{dimension}`" not in counts] == []

    async def test_has_no_dead_link(self, quiet_api: Api) -> None:
        pages = {path: (await quiet_api.client.get(f"{path}.html")).text for path in PATHS}
        found = {}
        for path, page in pages.items():
            for target in re.findall(r'href="([^"]*)"', page):
                address, anchor = urldefrag(target)
                if address.startswith(("https://", "data:")):
                    continue
                if address not in found:
                    found[address] = await quiet_api.client.get(address) if address else None
                there = found[address]
                assert there is None or there.status_code == 200, (path, target)
                assert not anchor or f'id="{anchor}"' in (there.text if there else page), (path, target)

    async def test_links_to_markdown_pages_from_markdown(self, quiet_api: Api) -> None:
        texts = [(await quiet_api.client.get(path)).text for path in [*PATHS, "/llms-full.txt"]]
        targets = {target for text in texts for target in re.findall(r"\]\(([^)\s]+\.md)[^)]*\)", text)}
        assert len(targets) >= len(PATHS) - 1
        for target in targets:
            assert target.startswith(f"{BASE_URL}/"), target
            assert (await quiet_api.client.get(target)).status_code == 200, target

    async def test_has_its_methodology_at_an_address_of_its_own(self, quiet_api: Api) -> None:
        there, here = [
            await quiet_api.client.get(path) for path in (f"/guide/{METHODOLOGY}", "/v1/methodology")
        ]
        assert there.text == here.text
        assert f'<{BASE_URL}/v1/methodology>; rel="canonical"' in there.headers["link"]
        assert (await quiet_api.client.get(f"/guide/{INDEX}")).text == (
            await quiet_api.client.get("/guide")
        ).text


class TestTheMethodology:
    @pytest.mark.parametrize("closed_list", IN_VERDICTS, ids=lambda values: values.__name__)
    def test_explains_every_value(self, closed_list: EnumMeta) -> None:
        text = (FOLDER / "methodology.md").read_text() + (FOLDER / "score.md").read_text()
        assert [value for value in closed_list if f"`{value}`" not in text] == []

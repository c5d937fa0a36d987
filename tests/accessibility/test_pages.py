"""axe finds nothing serious on the pages for people, and they load nothing from other hosts.

`make test-accessibility` installs the packages from npm and runs the machine's Chromium.
"""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from schemas.assessments import Assessment
from schemas.enums import SpinType, StoryStatus
from tests.hostile.running import running
from tests.kit.clients.api_client import running_api
from tests.kit.texts.factories import make_article, make_edition, make_refusal, publish
from tests.kit.texts.filled import filled

pytestmark = pytest.mark.accessibility

HERE = Path(__file__).parent
PICTURES = HERE.parents[1] / "build" / "pages"  # one for each page and width
BACKGROUNDS = {"light": "rgb(251, 250, 246)", "dark": "rgb(23, 22, 20)"}


async def visited(addresses: list[str]) -> list[dict[str, Any]]:
    """Results of the browser for each page and width."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "there is no Chromium on this machine"
    PICTURES.mkdir(parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        "node", "check.mjs", chromium, str(PICTURES), *addresses, cwd=HERE, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    return [json.loads(line) for line in printed.splitlines()]


async def test_every_page_can_be_read_by_everyone(database_url: str, redis_url: str, tmp_path: Path) -> None:
    variables = {"UNSPUN_DATABASE_URL": database_url, "UNSPUN_REDIS_URL": redis_url}
    async with running_api(**variables) as api:
        article = make_article()
        full = filled(Assessment, status=StoryStatus.SCORED, not_scorable=None, input_digest=article.digest)
        assert full.model is not None
        full = replace(full, model=replace(full.model, language="fr"))
        story_id = (await publish(api.runtime, make_edition(article, full))).story_id
        for number, kind in enumerate(SpinType):
            other = make_article(url=f"http://news.brightwater.example/{number}", title=f"{kind} {number}")
            await publish(api.runtime, make_edition(other))
        odd = make_article(url="http://news.brightwater.example/odd")
        refused = (await publish(api.runtime, make_edition(odd, make_refusal(odd)))).story_id
        story = (await api.client.get(f"/v1/stories/{story_id}")).json()
    async with running(tmp_path, variables) as processes:
        base = f"http://127.0.0.1:{processes.port}"
        verdict = story["verdict"]
        found = await visited(
            [
                f"{base}/",
                f"{base}/ns.html",
                f"{base}/v1/stories/{story_id}.html",
                f"{base}/v1/stories/{refused}.html",
                f"{base}/v1/verdicts/{verdict['id']}.html",
                f"{base}/v1/claims/{verdict['claims'][0]['id']}.html",
                f"{base}/v1/sources/{story['source']['id']}.html",
                f"{base}/v1/taxonomy.html",
                f"{base}/v1/taxonomy/fog.html",
                f"{base}/v1/taxonomy/fog/jargon_saturation.html",
                f"{base}/guide.html",
                f"{base}/guide/lookup.html",
                f"{base}/v1/methodology.html",
            ]
        )
    assert len(found) == 26
    for page in found:
        where = (page["address"], page["viewport"])
        assert [v for v in page["violations"] if v["impact"] in ("serious", "critical")] == [], where
        assert page["width"] <= page["viewport"], where
        assert page["background"] == BACKGROUNDS[page["scheme"]], where
        assert all(address.startswith((base, "data:")) for address in page["requests"]), where
        assert page["complaints"] == [], where


async def test_the_contract_is_drawn_from_here_alone(database_url: str, tmp_path: Path) -> None:
    async with running(tmp_path, {"UNSPUN_DATABASE_URL": database_url}) as processes:
        base = f"http://127.0.0.1:{processes.port}"
        found = await visited([f"{base}/docs"])
    for page in found:
        assert all(address.startswith((base, "data:")) for address in page["requests"])
        assert page["complaints"] == []
        assert page["width"] <= page["viewport"]

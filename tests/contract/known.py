"""Creates objects in a service, whose ids fill the paths of its contract."""

from pathlib import Path
from typing import Any, Final

from api.operations.exports.export_public import export_public
from api.operations.exports.seed import seed
from api.rendering.html.environment import stylesheet_path
from schemas.keys import Scope
from tests.kit.clients.api_client import Api
from tests.kit.texts.factories import make_article, make_edition, make_refusal, publish
from tests.kit.texts.pages import PARAGRAPHS

APPEAL: Final = {"findings": ["f1"], "statement": "It is a name.", "reply": "It is a name."}


async def make_known(api: Api, *, seeds: bool = False) -> dict[str, list[str]]:
    """Objects of every kind, by path parameter; those named `spare ...` may be ended.

    `seeds`: also the sample stories, which the engine judges in a minute.
    """
    if seeds:
        await seed(api.runtime)
    stories: list[str] = []
    verdicts: list[str] = []
    first: dict[str, Any] = {}
    for number in range(4):
        url = f"http://news.brightwater.example/{number}"
        await api.publish_story(url=url)
        story_id = await api.publish_story(url=url, paragraphs=PARAGRAPHS[:5])
        story = (await api.client.get(f"/v1/stories/{story_id}")).json()
        stories += [story["id"], story["slug"]]
        verdicts.append(story["verdict"]["id"])
        first = first or story
    refused = make_article(url="http://news.brightwater.example/short", title="Short")
    await publish(api.runtime, make_edition(refused, make_refusal(refused)))
    appeals = [
        (await api.holder.post(f"/v1/verdicts/{verdict}/appeals", json=APPEAL)).json()["id"]
        for verdict in verdicts
    ]
    drafts = [
        (await api.holder.post("/v1/analyses", json={"text": f"The draft {number}."})).json()["id"]
        for number in range(6)
    ]
    hooks = [
        (
            await api.holder.post("/v1/webhooks", json={"url": f"https://hooks.brightwater.example/{n}"})
        ).json()["id"]
        for n in range(6)
    ]
    deliveries = await api.rows("SELECT id FROM deliveries")
    keys = [(await api.make_key(Scope.READ_STORIES)).id for _ in range(6)]
    folder = api.runtime.settings.exports_folder
    assert folder is not None
    export = await export_public(api.runtime, Path(folder))
    assert export is not None
    objects = {
        "story": stories,
        "verdict": verdicts,
        "appeal": appeals,
        "analysis": drafts,
        "webhook": hooks,
        "key": keys,
    }
    return {
        **{name: ids[: len(ids) // 2] for name, ids in objects.items()},
        **{f"spare {name}": ids[len(ids) // 2 :] for name, ids in objects.items()},
        "name": ["start.js"],
        "file": [stylesheet_path().rpartition("/")[2]],
        "slug": ["gone", "not-found"],
        "schema": ["story.json", "problem.json"],
        "page": ["getting_started"],
        "code": ["hype", "fog"],
        "tactic": ["moonshot_framing", "jargon_saturation"],
        "claim": [claim["id"] for claim in first["verdict"]["claims"]],
        "source": [first["source"]["id"], first["source"]["slug"]],
        "entity": [entity["id"] for entity in first["verdict"]["entities"]],
        "delivery": [row["id"] for row in deliveries],
        "export": [export.id],
        "part": [file.name for file in export.files],
    }


def filled(parameters: dict[str, Any], known: dict[str, list[str]]) -> dict[str, Any]:
    """Path parameters, most of them ids of existing objects, chosen by the values themselves."""
    changed = {}
    for name, value in parameters.items():
        weight = sum(str(value).encode())
        ids = known.get(name)
        changed[name] = ids[weight % len(ids)] if ids and weight % 4 else value
    return changed

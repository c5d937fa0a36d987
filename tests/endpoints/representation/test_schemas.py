"""JSON Schemas: resolvable, complete, and true of the responses."""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jsonschema_rs
from httplink import parse_link_header
from msgspec import Struct

import schemas
from api.app import create_app
from api.routes.http.response.schema_addresses import file_name
from api.routes.site.schemas import all_schemas
from api.settings import Settings
from schemas.keys import Scope
from tests.kit.clients.api_client import BASE_URL, Api, bearer
from tests.kit.tables import each
from tests.kit.texts.problems import check_problem

ALL: Final = all_schemas(create_app(Settings()).routes, BASE_URL)
# No objects of the contract by themselves: the generic page and the first line of an export, whose subtypes are;
# a type of event; an engine's output, which a verdict repeats.
NOT_SERVED: Final = {"Page", "ExportLine", "EventKind", "Assessment", "EntityMention"}


def validator(name: str) -> Any:
    registry = jsonschema_rs.Registry([(schema["$id"], schema) for schema in ALL.values()])
    return jsonschema_rs.Draft202012Validator(ALL[name], registry=registry, validate_formats=True)


def structs() -> set[str]:
    found = set()
    for module in pkgutil.iter_modules(schemas.__path__, "schemas."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Struct) and value.__module__ == module.name:
                found.add(value.__name__)
    return found


class TestTheSchemas:
    async def test_are_listed_and_served_under_their_ids(self, quiet_api: Api) -> None:
        index = (await quiet_api.client.get("/schemas")).json()["schemas"]
        assert set(index) == set(ALL)
        for name in (
            "story",
            "story-row",
            "story-row-page",
            "problem",
            "exported-story",
            "analysis-submission",
        ):
            answer = await quiet_api.client.get(index[name])
            assert answer.headers["content-type"] == "application/schema+json"
            assert answer.headers["cache-control"] == "public, max-age=3600"
            assert answer.json() == ALL[name]
            assert answer.json()["$id"] == index[name] == f"{BASE_URL}/schemas/{name}.json"

    async def test_are_refused_under_other_names(self, quiet_api: Api) -> None:
        for name in ("story", "Story.json", "stories.json", "story.yaml", ".json"):
            check_problem(await quiet_api.client.get(f"/schemas/{name}"), 404, "not-found")

    def test_are_there_for_every_struct_of_the_contract(self) -> None:
        assert {name for name in structs() - NOT_SERVED if file_name(name) not in ALL} == set()

    @each("name", ALL)
    def test_are_valid_and_refer_to_what_is_there(self, name: str) -> None:
        jsonschema_rs.meta.validate(ALL[name])
        assert validator(name)
        references = set(re.findall(r"'\$ref': '([^']+)'", str(ALL[name])))
        assert {reference.removesuffix(".json") for reference in references} <= set(ALL)


class TestAnswers:
    async def test_fit_the_schemas_of_their_operations(self, api: Api) -> None:
        """Every operation that returns JSON to GET."""
        story_id = await api.publish_by_two()
        story = (await api.client.get(f"/v1/stories/{story_id}")).json()
        draft = (await api.holder.post("/v1/analyses", json={"text": "A draft of ours."})).json()
        body = {"findings": ["f1"], "statement": "No."}
        appeal = await api.holder.post(f"/v1/verdicts/{story['verdict']['id']}/appeals", json=body)
        hook = await api.holder.post("/v1/webhooks", json={"url": "https://hooks.brightwater.example/"})
        known = {
            "story": story_id,
            "verdict": story["verdict"]["id"],
            "claim": story["verdict"]["claims"][0]["id"],
            "source": story["source"]["id"],
            "entity": story["verdict"]["entities"][0]["id"],
            "analysis": draft["id"],
            "appeal": appeal.json()["id"],
            "webhook": hook.json()["id"],
            "key": (await api.make_key(Scope.READ_STORIES)).id,
            "code": "hype",
            "slug": "gone",
        }
        document = (await api.client.get("/openapi.json")).json()
        checked = described = 0
        for path, methods in document["paths"].items():
            filled = _filled(path, known)
            content = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema", {}).get("$ref")
            if filled is None or schema is None:
                continue
            parameters = {"url": story["url"]} if path == "/v1/lookup" else {}
            answer = await api.holder.get(filled, params=parameters)
            if path.endswith("/diff"):
                continue  # of the only version
            assert answer.status_code == 200, (filled, answer.text)
            name = file_name(schema.rpartition("/")[2])
            validator(name).validate(answer.json())
            said = parse_link_header(answer.headers.get("link", ""))
            if "describedby" in said:
                assert said["describedby"].target == f"{BASE_URL}/schemas/{name}.json", filled
                described += 1
            checked += 1
        assert checked > 40
        assert described > 12  # every object, every public list

    async def test_that_are_problems_fit_theirs(self, quiet_api: Api) -> None:
        soon = datetime.now(UTC) + timedelta(days=1)
        for answer in (
            await quiet_api.client.get("/v1/stories/none"),
            await quiet_api.client.get("/v1/keys"),
            await quiet_api.client.get("/v1/stories?limit=0"),
            await quiet_api.holder.post("/v1/keys", json={"name": "", "expires_at": soon.isoformat()}),
            await quiet_api.client.get("/v1/keys", headers=bearer("x")),
        ):
            validator("problem").validate(answer.json())
        answer = await quiet_api.client.get("/v1/taxonomy", headers={"Accept": "image/png"})
        validator("not-acceptable-problem").validate(answer.json())


def _filled(path: str, known: Mapping[str, str]) -> str | None:
    """The path with existing ids, None if one is missing."""
    try:
        return re.sub(r"{(\w+)}", lambda found: known[found[1]], path)
    except KeyError:
        return None

"""The OpenAPI document, and the page that shows it."""

import asyncio
import re
import subprocess
import sys
from importlib.resources import files
from typing import Any

import jsonschema_rs
import msgspec
from swagger_ui_bundle import swagger_ui_path

from api.app import openapi_document
from api.routes.openapi.openapi import openapi_text
from schemas.stories import Story
from tests.kit.clients.api_client import Api
from tests.kit.clients.responses import responses_of
from tests.kit.tables import each

DOCUMENT = openapi_document()
COMPONENTS = DOCUMENT["components"]
OPERATIONS = [
    (path, method, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def check(schema: dict[str, Any], value: Any) -> None:
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(value)


class TestTheDocument:
    def test_is_valid(self) -> None:
        from openapi_spec_validator import OpenAPIV31SpecValidator  # import takes 2 s

        OpenAPIV31SpecValidator(DOCUMENT).validate()

    def test_has_no_component_that_nothing_refers_to(self) -> None:
        used = set(re.findall(r'"#/components/(\w+/[\w-]+)"', openapi_text(DOCUMENT)))
        kinds = [kind for kind in COMPONENTS if kind != "securitySchemes"]
        assert {f"{kind}/{name}" for kind in kinds for name in COMPONENTS[kind]} == used

    def test_is_the_one_that_is_committed(self) -> None:
        committed = (files("api.routes.openapi") / "openapi.json").read_text(encoding="utf-8")
        assert committed == openapi_text(DOCUMENT), "run `make generate`"

    @each(("path", "method", "operation"), OPERATIONS)
    def test_describes_every_operation_completely(
        self, path: str, method: str, operation: dict[str, Any]
    ) -> None:
        assert re.fullmatch(r"[a-z][A-Za-z]+", operation["operationId"])
        assert operation["summary"]
        assert not operation["summary"].endswith(".")
        assert set(operation["tags"]) <= {tag["name"] for tag in DOCUMENT["tags"]}
        named = {
            parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "path"
        }
        assert named == set(re.findall(r"{(\w+)}", path))
        assert {"400", "414", "431", "500", "503"} <= set(operation["responses"])
        for status, response in responses_of(DOCUMENT, operation).items():
            if int(status) >= 400:
                media_type, *pages = response["content"]
                assert media_type == "application/problem+json"
                has_page = (
                    method == "get"
                    and status in ("404", "410")
                    and "text/html" in operation["responses"]["200"]["content"]
                )
                assert pages == (["text/html"] if has_page else [])
                schema = response["content"][media_type]["schema"]
                problem = "NotAcceptableProblem" if status == "406" else "Problem"
                assert schema.get("anyOf", [schema])[-1] == {"$ref": f"#/components/schemas/{problem}"}
                assert response["content"][media_type]["examples"]
        assert ("429" in operation["responses"]) is (path not in ("/livez", "/readyz"))
        private = (
            (method == "post" and path != "/v1/lookups")
            or path in ("/v1/appeals", "/v1/usage")
            or path.startswith(("/v1/analyses", "/v1/events", "/v1/feeds", "/v1/keys", "/v1/webhooks"))
        )
        assert operation["security"] == ([{"bearerAuth": []}] if private else [])
        assert ("401" in operation["responses"]) is (path not in ("/livez", "/readyz"))

    @each(("path", "method", "operation"), OPERATIONS)
    def test_gives_examples_that_fit_what_they_are_examples_of(
        self, path: str, method: str, operation: dict[str, Any]
    ) -> None:
        for part in [operation.get("requestBody", {}), *responses_of(DOCUMENT, operation).values()]:
            for media in part.get("content", {}).values():
                if "$ref" in media["schema"]:
                    assert media["examples"]
                for example in media.get("examples", {}).values():
                    if "$ref" in example:
                        example = COMPONENTS["examples"][example["$ref"].rpartition("/")[2]]
                    check({**media["schema"], "components": COMPONENTS}, example["value"])
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path":
                assert parameter["example"]

    def test_links_only_to_operations_and_parameters_that_there_are(self) -> None:
        known = {
            operation["operationId"]: {parameter["name"] for parameter in operation.get("parameters", ())}
            for _, _, operation in OPERATIONS
        }
        links = [
            link
            for _, _, operation in OPERATIONS
            for response in operation["responses"].values()
            for link in response.get("links", {}).values()
        ]
        assert len(links) > 60
        assert {link["operationId"] for link in links} >= {
            "getStory",
            "getAnalysis",
            "getVerdict",
            "cancelAnalysis",
        }
        for link in links:
            assert set(link["parameters"]) <= known[link["operationId"]], link

    def test_names_each_operation_once(self) -> None:
        ids = [operation["operationId"] for _, _, operation in OPERATIONS]
        assert len(ids) == len(set(ids))

    def test_holds_every_field_of_the_contract_with_the_words_of_its_struct(self) -> None:
        schemas = DOCUMENT["components"]["schemas"]
        story = schemas["Story"]
        assert set(story["properties"]) == set(Story.__struct_fields__) == set(story["required"])
        assert story["description"].startswith("A story with its current verdict.")
        assert [name for name, schema in schemas.items() if not schema.get("description")] == []
        assert story["properties"]["created_at"] == {"type": "string", "format": "date-time"}
        assert story["properties"]["object"]["const"] == "story"
        assert "Page[" not in msgspec.json.encode(DOCUMENT).decode()

    def test_describes_every_parameter(self) -> None:
        undescribed = [
            (operation["operationId"], parameter["name"])
            for _, _, operation in OPERATIONS
            for parameter in operation.get("parameters", [])
            if not parameter.get("description")
        ]
        assert undescribed == []

    async def test_is_served(self, quiet_api: Api) -> None:
        answer = await quiet_api.client.get("/openapi.json")
        assert answer.json() == DOCUMENT
        assert answer.headers["content-type"] == "application/json"

    async def test_is_made_as_yaml_while_others_are_answered(self, quiet_api: Api) -> None:
        quiet_api.runtime.static.drop("openapi.yaml")
        quiet_api.runtime.documents.clear()
        asked = asyncio.create_task(quiet_api.client.get("/openapi.yaml"))
        for _ in range(5):
            assert (await quiet_api.client.get("/livez")).status_code == 200
        assert not asked.done(), "it takes a third of a second, in which nobody else waits"
        assert (await asked).status_code == 200

    def test_is_made_without_loading_an_engine(self) -> None:
        code = (
            "import sys, api.app; print([m for m in ('spacy', 'trafilatura', 'numpy') if m in sys.modules])"
        )
        shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert shown.stdout.strip() == "[]"


class TestThePage:
    async def test_asks_no_foreign_host(self, quiet_api: Api) -> None:
        page = await quiet_api.client.get("/docs")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert re.findall(r"https?://|//[a-z]", page.text) == []
        policy = page.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "http" not in policy
        addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert len(addresses) == 5
        for address in addresses:
            answer = await quiet_api.client.get(address)
            assert answer.status_code == 200, address
            assert answer.content
        assert "validatorUrl: null" in (await quiet_api.client.get("/docs/assets/start.js")).text

    def test_has_assets_that_understand_the_document(self) -> None:
        major = int(re.fullmatch(r"swagger-ui-(\d+)\..*", swagger_ui_path.name)[1])  # type: ignore[index]  # it matches
        assert major >= 5, "Swagger UI reads OpenAPI 3.1 from version 5 on"

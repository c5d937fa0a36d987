"""`fields` and `expand` on single objects."""

from typing import Any

import pytest

from api.rendering.forms import OBJECT_FORMS, Form
from tests.kit.clients.api_client import BASE_URL, Api
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish
from tests.kit.texts.pages import PARAGRAPHS
from tests.kit.texts.problems import check_invalid, check_problem


async def objects(api: Api) -> dict[str, str]:
    """One object of each kind with `fields`, by kind."""
    story = (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()
    verdict = story["verdict"]
    return {
        "story": f"/v1/stories/{story['id']}",
        "verdict": f"/v1/verdicts/{verdict['id']}",
        "claim": f"/v1/claims/{verdict['claims'][0]['id']}",
        "source": f"/v1/sources/{story['source']['id']}",
        "entity": f"/v1/entities/{verdict['entities'][0]['id']}",
    }


def named_by(value: Any, above: str = "") -> list[str]:
    """Every field of an object and its nested objects, as `fields` names it."""
    if isinstance(value, list):
        return [name for part in value for name in named_by(part, above)]
    if not isinstance(value, dict):
        return []
    names = []
    for name, part in value.items():
        names += [f"{above}{name}", *named_by(part, f"{above}{name}.")]
    return list(dict.fromkeys(names))


def hold_only(value: Any, path: str) -> None:
    """Raises if anything but the field at the path is present."""
    name, _, further = path.partition(".")
    for item in value if isinstance(value, list) else [value]:
        if item is not None:
            assert set(item) <= {name}
            if further and name in item:
                hold_only(item[name], further)


class TestFields:
    @pytest.mark.parametrize("fields", ["nothing", "id.more", "", ",", "id,", ".", "id," * 50 + "id", "\x00"])
    async def test_are_refused_where_there_are_none(self, api: Api, fields: str) -> None:
        for path in (await objects(api)).values():
            check_invalid(await api.client.get(path, params={"fields": fields}), parameter="fields")

    async def test_are_refused_in_other_forms_than_json(self, api: Api) -> None:
        found = await objects(api)
        del found["entity"]
        for path in found.values():
            for form in OBJECT_FORMS:
                answer = await api.client.get(f"{path}.{form}?fields=id")
                if form is Form.JSON:
                    assert list(answer.json()) == ["id"]
                else:
                    check_problem(answer, 400, "invalid-request")
            accepted = await api.client.get(f"{path}?fields=id", headers={"Accept": "text/html"})
            check_problem(accepted, 400, "invalid-request")

    async def test_leave_any_field_and_no_other(self, api: Api) -> None:
        for kind, path in (await objects(api)).items():
            whole = (await api.client.get(path)).json()
            for name in named_by(whole):
                part = (await api.client.get(path, params={"fields": name})).json()
                hold_only(part, name)
                first = name.partition(".")[0]
                assert list(part) == [first]
                if name == first:
                    assert part[first] == whole[first], (kind, name)

    async def test_have_validators_of_their_own(self, api: Api) -> None:
        for kind, path in (await objects(api)).items():
            whole = await api.client.get(path)
            part = await api.client.get(f"{path}?fields=id")
            assert part.headers["etag"] != whole.headers["etag"], kind
            for name in ("last-modified", "cache-control", "vary"):
                assert part.headers[name] == whole.headers[name], (kind, name)
            if kind != "entity":
                assert part.headers["link"] == whole.headers["link"]
                assert part.headers["content-location"] == f"{BASE_URL}{path}.json?fields=id"
            for condition in (
                {"If-None-Match": part.headers["etag"]},
                {"If-Modified-Since": part.headers["last-modified"]},
            ):
                same = await api.client.get(f"{path}?fields=id", headers=condition)
                assert (same.status_code, same.content) == (304, b""), (kind, condition)
                assert same.headers["vary"] == part.headers["vary"]
            other = await api.client.get(
                f"{path}?fields=object", headers={"If-None-Match": part.headers["etag"]}
            )
            assert other.status_code == 200
            head = await api.client.head(f"{path}?fields=id")
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["content-length"] == str(len(part.content))

    async def test_of_the_past_are_those_of_then(self, api: Api) -> None:
        article = make_article()
        for claims in (PARAGRAPHS[:1], PARAGRAPHS[:2]):
            edition = make_edition(article, make_assessment(article, claims=claims))
            story_id = (await publish(api.runtime, edition)).story_id
        newer, older = (await api.client.get(f"/v1/stories/{story_id}/verdicts")).json()["data"]
        query = f"as_of={older['created_at']}&fields=version"
        past = await api.client.get(f"/v1/verdicts/{newer['id']}?{query}")
        assert past.json() == {"version": 1}
        assert past.headers["content-location"].startswith(
            f"{BASE_URL}/v1/verdicts/{older['id']}.json?as_of="
        )
        story = await api.client.get(
            f"/v1/stories/{story_id}?as_of={older['created_at']}&fields=verdict.version"
        )
        assert story.json() == {"verdict": {"version": 1}}
        assert story.headers["vary"] == "Accept, Accept-Encoding"


class TestExpansions:
    @pytest.mark.parametrize(
        ("kind", "expand"),
        [
            ("story", "nothing"), ("story", ""), ("story", "story"), ("story", "claims.story"),
            ("story", "source,verdict,claims,entities,verdict.story"), ("verdict", "source"),
            ("verdict", "story.verdict.story"), ("claim", "claims"), ("source", "stories"), ("entity", "stories"),
        ],
    )  # fmt: skip
    async def test_are_refused_where_there_are_none(self, api: Api, kind: str, expand: str) -> None:
        check_invalid(
            await api.client.get((await objects(api))[kind], params={"expand": expand}), parameter="expand"
        )

    async def test_are_refused_in_other_forms_than_json_and_for_the_past(self, api: Api) -> None:
        for kind, path in (await objects(api)).items():
            if kind not in ("story", "verdict", "claim"):
                continue
            expand = "source" if kind == "story" else "story"
            check_problem(await api.client.get(f"{path}.md?expand={expand}"), 400, "invalid-request")
            if kind != "claim":
                query = f"expand={expand}&as_of=2030-01-01T00:00:00Z"
                check_problem(await api.client.get(f"{path}?{query}"), 400, "invalid-request")

    async def test_put_around_an_object_what_it_names(self, api: Api) -> None:
        found = await objects(api)
        whole = {kind: (await api.client.get(path)).json() for kind, path in found.items()}
        (row,) = (await api.client.get("/v1/stories")).json()["data"]
        claims = whole["story"]["verdict"]["claims"]

        async def expanded(kind: str, names: str) -> dict[str, Any]:
            answer = (await api.client.get(f"{found[kind]}?expand={names}")).json()
            around: dict[str, Any] = answer.pop("expanded")
            assert answer == whole[kind]
            return around

        assert await expanded("story", "source,verdict,claims,entities") == {
            "source": whole["source"], "verdict": whole["verdict"], "claims": claims,
            "entities": [whole["entity"]],
        }  # fmt: skip
        assert await expanded("verdict", "story") == {"story": row}
        assert await expanded("claim", "story.source,verdict,source") == {
            "story": row | {"expanded": {"source": whole["source"]}},
            "verdict": whole["verdict"], "source": whole["source"],
        }  # fmt: skip

    async def test_are_added_to_the_requested_fields(self, api: Api) -> None:
        path = (await objects(api))["story"]
        answer = await api.client.get(f"{path}?fields=id,verdict.spin.score&expand=source")
        assert set(answer.json()) == {"id", "verdict", "expanded"}
        assert set(answer.json()["expanded"]) == {"source"}

    async def test_change_with_what_they_hold(self, api: Api) -> None:
        found = await objects(api)
        path = f"{found['claim']}?expand=source"
        before = await api.client.get(path)
        corrected = await api.holder.post(f"{found['source']}/correct", json={"name": "Brightwater Today"})
        assert corrected.status_code == 200
        for name, condition in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")):
            after = await api.client.get(path, headers={condition: before.headers[name]})
            assert after.status_code == 200, condition
            assert after.json()["expanded"]["source"]["name"] == "Brightwater Today"


async def test_fields_of_a_story_that_is_held_need_no_database(api: Api) -> None:
    path = (await objects(api))["story"]
    assert (await api.client.get(path)).status_code == 200
    await api.runtime.pool.close()
    assert list((await api.client.get(f"{path}?fields=title")).json()) == ["title"]
    check_problem(await api.client.get(f"{path}?expand=source"), 503, "unavailable")

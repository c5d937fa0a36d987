"""Requests of the soak: reads in an application's and crawler's mix, and pages and drafts to judge."""

import json
import random
from collections.abc import Callable
from itertools import count
from typing import Any

import httpx

from tests.kit.clients.api_client import KEY
from tests.kit.servers.web_server import Reply
from tests.kit.texts.pages import PARAGRAPHS, article_page
from tests.soak.client import Request, get, post

HOST = "wire.lanternfield.example"
AUTHORIZATION = f"Authorization: Bearer {KEY}"


async def reads(base_url: str) -> Callable[[], Request]:
    """Yields reads: mostly single stories, a third of them with an ETag."""
    plain = {"Accept-Encoding": "identity"}  # like the load: the ETag belongs to the coding
    async with httpx.AsyncClient(base_url=base_url, timeout=30, trust_env=False, headers=plain) as client:
        listed = (await client.get("/v1/stories", params={"limit": 100})).json()["data"]
        claims = (await client.get("/v1/claims", params={"limit": 50})).json()["data"]
        tags = {
            story["id"]: (await client.get(f"/v1/stories/{story['id']}")).headers["etag"] for story in listed
        }
    chance = random.Random(1)

    def story() -> Request:
        one = chance.choice(listed)
        if chance.random() < 1 / 3:
            # a claim or a verdict changes the story's ETag
            return get(f"/v1/stories/{one['id']}", f"If-None-Match: {tags[one['id']]}", expected=(200, 304))
        return get(f"/v1/stories/{chance.choice([one['id'], one['slug']])}")

    def part() -> Request:
        name = chance.choice(listed)["id"]
        return get(f"/v1/stories/{name}/{chance.choice(['claims', 'verdicts'])}")

    def listing() -> Request:
        query = chance.choice(["", "?limit=50", "?spin_type=hype", "?min_score=40"])
        return get(f"/v1/stories{query}")

    def other() -> Request:
        return get(
            chance.choice(
                [
                    "/v1/claims?limit=20",
                    f"/v1/claims/{chance.choice(claims)['id']}",
                    "/v1/sources",
                    "/v1/taxonomy",
                    f"/v1/lookup?url={chance.choice(listed)['url']}",
                ]
            )
        )

    makers, weights = (story, part, listing, other), (60, 10, 15, 15)
    return lambda: chance.choices(makers, weights)[0]()


def submissions(start: int = 1) -> Callable[[], Request]:
    """Yields the URL of a new page and a new draft in turn."""
    numbers = count(start)

    def make() -> Request:
        number = next(numbers)
        body: dict[str, Any] = (
            {"url": f"http://{HOST}/{number}"}
            if number % 2
            else {"title": f"Draft {number}", "text": "\n\n".join(_paragraphs(number))}
        )
        return post("/v1/analyses", json.dumps(body).encode(), AUTHORIZATION, expected=(200, 202))

    return make


def page(target: str) -> Reply:
    """The page of a number, with words that no other page has."""
    if target == "/robots.txt":
        return Reply(status=404)
    number = int(target.rpartition("/")[2])
    return Reply(article_page(title=f"Turbine {number}", host=HOST, paragraphs=tuple(_paragraphs(number))))


def _paragraphs(number: int) -> list[str]:
    words = random.Random(number)
    town = "".join(words.choice("bcdfglmnprst") + words.choice("aeiou") for _ in range(4)).capitalize()
    return [
        " ".join(
            f"{word} {town}{words.randrange(99)}" if words.random() < 0.3 else word for word in text.split()
        )
        for text in PARAGRAPHS
    ]

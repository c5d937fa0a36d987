"""Hostile and oversized feeds: bounded, reported on the feed, others unaffected."""

import gzip
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from api.processes.pool import Processes
from tests.kit.servers.fakes import HastyProcesses
from tests.kit.servers.web_server import Reply
from tests.kit.texts.feeds import feed_reply, rss, running_world

pytestmark = pytest.mark.slow

MEGABYTE: Final = 1_048_576
ITEM: Final = b"<item><link>http://a.example/x</link></item>"
BOMB: Final = (
    '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
FEED_TYPE: Final = {"Content-Type": "application/rss+xml"}


def host_of(name: str) -> str:
    return f"{name}.brightwater.example"


def hostile() -> dict[str, tuple[Reply, str | None]]:
    """By host: a feed's response and the expected error; None for no error."""
    many = rss(*(f"/{number}" for number in range(100_000)))
    link = f"http://{host_of('dates')}/story"
    dates = ["0000-00-00", "tomorrow", "Thu, 99 Foo 99999 99:99:99 +9999", "1e400", "-1", "\U0001f552"]
    dated = rss(*(f"{link}/{number}" for number in range(len(dates))), dates=dates)
    ids = "".join(
        f"<item><guid>http://{host_of('ids')}/one</guid><link>http://{host_of('ids')}/{number % 3}</link></item>"
        for number in range(600)
    )
    packed = {"Content-Encoding": "gzip"}
    return {
        "fifty": (Reply(rss().encode() + b" " * (50 * MEGABYTE), headers=FEED_TYPE), "larger than"),
        "endless": (Reply(ITEM * 1_000, headers=FEED_TYPE, endless=True), "larger than"),
        "drip": (Reply(ITEM, headers=FEED_TYPE, endless=True, pause_s=0.05), "in time"),
        "silent": (Reply(hold=True), "in time"),
        "zipbomb": (
            Reply(gzip.compress(bytes(50 * MEGABYTE)), headers=FEED_TYPE | packed),
            "unpacks to more",
        ),
        "notzip": (Reply(b"<rss/>", headers=FEED_TYPE | packed), "damaged"),
        "many": (feed_reply(many), None),
        "bomb": (feed_reply(f"{BOMB}<rss><channel><title>&i;</title></channel></rss>"), "entities"),
        "outside": (
            feed_reply('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item>&x;</item></rss>'),
            "entities",
        ),
        "deep": (feed_reply("<rss>" + "<a>" * 500_000), "damaged"),
        "deepjson": (feed_reply('{"version": ' + "[" * 500_000), "not a feed"),
        "hollow": (feed_reply("<rss><channel>" + "<x/>" * 1_200_000), "damaged"),
        "image": (Reply(b"GIF89a", headers={"Content-Type": "image/gif"}), "not a feed"),
        "hiddenpdf": (feed_reply(b"%PDF-1.7"), "not a feed"),
        "page": (Reply(b"<!doctype html><html><body></body></html>"), "web page"),
        "inside": (Reply(status=302, headers={"Location": "http://169.254.169.254/latest"}), "not allowed"),
        "circle": (Reply(status=302, headers={"Location": "/feed.xml"}), "circle"),
        "dates": (feed_reply(dated), None),
        "ids": (feed_reply(f"<rss><channel>{ids}</channel></rss>"), None),
        "links": (
            feed_reply(rss("javascript:alert(1)", "http://127.0.0.1:22/", "http://10.0.0.8/", "x" * 5_000)),
            None,
        ),
    }


@pytest.fixture
async def processes() -> AsyncIterator[Processes]:
    pool = Processes(size=1, memory_mb=700, cpu_s=60)
    await pool.open()  # within the time of the first feed
    yield pool
    pool.close()


class TestAHostileFeed:
    async def test_is_bounded_and_reported_and_harms_no_other(
        self, database_url: str, processes: Processes
    ) -> None:
        attacks = hostile()
        hosts = [host_of(name) for name in (*attacks, "honest")]
        variables = {
            "UNSPUN_DATABASE_URL": database_url,
            "UNSPUN_FEED_FIRST_ENTRIES": "20",
            "UNSPUN_FETCH_TIMEOUT_S": "6",
        }
        async with running_world(processes, hosts, **variables) as world:
            feeds: dict[str, str] = {}
            for name, (reply, _) in attacks.items():
                world.site.put(host_of(name), "/feed.xml", reply)
                feeds[name] = await world.add(f"http://{host_of(name)}/feed.xml")
            honest = f"http://{host_of('honest')}"
            world.site.put(host_of("honest"), "/feed.xml", feed_reply(rss(f"{honest}/story")))
            feeds["honest"] = await world.add(f"{honest}/feed.xml")
            await world.poll()
            states = {name: await world.feed(feed_id) for name, feed_id in feeds.items()}
            for name, (_, said) in (attacks | {"honest": (Reply(), None)}).items():
                assert states[name]["failures"] == (0 if said is None else 1), (name, states[name])
                assert (said or "") in (states[name]["last_error"] or ""), (name, states[name])
                assert states[name]["last_polled_at"], name
            assert f"{honest}/story" in await world.jobs()
            self._check_readings({name: state["last_reading"] for name, state in states.items()})
            assert len(await world.jobs()) == 20 + 6 + 3 + 1, "the first of many, all of the others"

    def _check_readings(self, readings: dict[str, Any]) -> None:
        many = readings["many"]
        assert (many["entries"], many["taken"], many["cut"]) == (1_000, 20, True)
        assert (readings["dates"]["misdated"], readings["dates"]["taken"]) == (6, 6)
        ids = readings["ids"]
        assert (ids["entries"], ids["taken"], ids["known"]) == (600, 3, 597)
        assert (readings["links"]["refused"], readings["links"]["taken"]) == (4, 0)

    async def test_that_takes_too_long_to_read_is_given_up(self, database_url: str) -> None:
        host = host_of("slow")
        async with running_world(HastyProcesses(), [host], UNSPUN_DATABASE_URL=database_url) as world:
            world.site.put(host, "/feed.xml", feed_reply(rss(f"http://{host}/story")))
            feed_id = await world.add_and_poll(f"http://{host}/feed.xml")
            assert "too long" in (await world.feed(feed_id))["last_error"]
            assert await world.jobs() == []

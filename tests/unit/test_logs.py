"""Log lines are JSON with three standard keys, and contain no secret."""

import json
import logging
import re
from typing import Literal

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from api import logs
from tests.kit.servers.cpu_limit import cpu_seconds
from tests.kit.tables import each

SECRETS = [
    ("Authorization: Bearer abc.def-ghi", "abc.def-ghi"),
    ("authorization: BEARER abcdefgh", "abcdefgh"),
    ("Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA"),
    ("key unspun_live_abcdefgh_0123456789abcdefghijABCDEFGHIJ123456", "0123456789abcdefghijABCDEFGHIJ"),
    ("key unspun_live_0123456789", "0123456789"),
    ("whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8"),
    ("postgresql://unspun:hunter2@db:5432/x", "hunter2"),
    ("postgresql://unspun:hun@ter2@db:5432/x", "ter2"),
    ("redis://:hunter2@cache:6379/0", "hunter2"),
    ("host=db password=hunter2 user=x", "hunter2"),
    ("{'password': 'hunter2'}", "hunter2"),
]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]):
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.configure("info", "json")
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


class TestRedaction:
    @pytest.mark.parametrize(("text", "secret"), SECRETS)
    def test_takes_the_secret_out_of_a_text(self, text: str, secret: str) -> None:
        assert secret not in logs.redact(text)
        assert logs.REDACTED in logs.redact(text)

    @pytest.mark.parametrize(("text", "secret"), SECRETS)
    def test_takes_it_out_of_every_place_of_a_line(self, lines, text: str, secret: str) -> None:
        log = structlog.get_logger()
        log.info(text, text=text, inner={"list": [text, {"deep": (text,)}]}, error=ValueError(text))
        logging.getLogger("library").warning("said %s", text, extra={"more": text})
        try:
            raise ValueError(text)
        except ValueError:
            log.exception("failed")
        written = json.dumps(lines())
        assert written.count('"ts"') == 3
        assert secret not in written

    def test_redacts_values_of_sensitive_keys(self, lines) -> None:
        structlog.get_logger().info("request", headers={"Authorization": "hunter2", "Cookie": "hunter2"})
        assert "hunter2" not in json.dumps(lines())

    @pytest.mark.parametrize(
        "text",
        ["https://site.example/a:b@c", "GET /v1/stories?q=basic", "http://[::1]:80/x", "unspun_test_12"],
    )
    def test_leaves_other_texts_alone(self, text: str) -> None:
        if text.startswith("unspun_"):
            text = "database unspun_template"
        assert logs.redact(text) == text

    @given(st.text(alphabet=st.characters(codec="ascii", categories=["L", "N"]), min_size=20, max_size=60))
    def test_finds_any_key_of_ours(self, random: str) -> None:
        assert random not in logs.redact(f"the key unspun_live_abcdefgh_{random} was used")

    @pytest.mark.parametrize(("text", "secret"), SECRETS)
    @pytest.mark.parametrize("place", [0, 0.25, 0.5, 0.75, 1])
    def test_redacts_before_shortening_a_long_text(self, text: str, secret: str, place: float) -> None:
        words = "word " * (2 * logs.MAX_TEXT // 5)
        at = int(place * len(words))
        shown = logs.redact(f"{words[:at]} {text} {words[at:]}")
        assert len(shown) < logs.MAX_TEXT + 100
        assert secret not in shown

    @each("cut", range(40))
    def test_shows_no_half_of_one_that_is_cut(self, cut: int) -> None:
        secret = "x" * 12
        url = f"postgres://unspun:{secret}@db.example/unspun"
        half = logs.MAX_TEXT // 2
        for words in ("y" * (half - cut - 1) + " ", " " + "y" * (half - cut)):
            assert secret[:6] not in logs.redact(words + url + " " + "z " * half)
            assert secret[-6:] not in logs.redact("z " * half + " " + url + words)

    @pytest.mark.parametrize("word", ["Authorization: Bearer ", "Authorization: Basic ", "password = "])
    @each("cut", range(30))
    def test_shows_none_whose_word_is_cut_off(self, cut: int, word: str) -> None:
        secret = "c2VjcmV0" * 3
        tail = f"{word}{secret} "
        text = "y " * logs.MAX_TEXT + tail + "z" * (logs.MAX_TEXT // 2 - len(tail) + cut)
        assert secret not in logs.redact(text)

    def test_takes_no_time_over_a_long_word(self) -> None:
        code = (
            "redact('a' * 1_000_000 + '://'); redact('://' + 'a' * 1_000_000); redact('password' * 100_000)"
        )
        assert cpu_seconds("from api.logs import redact", code) < 1


class TestLines:
    def test_hold_time_level_and_event_first(self, lines) -> None:
        structlog.get_logger().info("started", port=8000)
        (line,) = lines()
        assert list(line) == ["ts", "level", "event", "port"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line["ts"])
        assert (line["level"], line["event"], line["port"]) == ("info", "started", 8000)

    def test_include_the_standard_librarys(self, lines) -> None:
        logging.getLogger("some.library").error("lost %d", 3)
        (line,) = lines()
        assert (line["level"], line["event"], line["logger"]) == ("error", "lost 3", "some.library")

    def test_below_the_level_are_not_written(self, lines) -> None:
        structlog.get_logger().debug("detail")
        logging.getLogger("library").debug("detail")
        assert lines() == []

    def test_stay_one_line_whatever_they_hold(self, lines) -> None:
        structlog.get_logger().info("a\nb\u2028c", text="\ud800 \x00 \x1b[31m")
        (line,) = lines()
        assert line["event"] == "a\nb\u2028c"

    HOSTILE = "a\n2026-01-01 [error] forged\r\x1b[2J\x9b31m\u202eevil\u2028next\x7f\x08\u200b"

    @pytest.mark.parametrize("form", ["json", "console"])
    def test_hold_nothing_that_a_terminal_obeys(
        self, capsys: pytest.CaptureFixture[str], lines, form: Literal["json", "console"]
    ) -> None:
        logs.configure("info", form)
        structlog.get_logger().info(self.HOSTILE, text=self.HOSTILE, cause=ValueError(self.HOSTILE))
        try:
            raise ValueError(self.HOSTILE)
        except ValueError:
            structlog.get_logger().exception("failed")
        written = capsys.readouterr().err
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u202e]", written)
        if form == "json":
            assert len(written.splitlines()) == 2
            assert json.loads(written.splitlines()[0])["text"] == self.HOSTILE
        else:
            assert sum("forged" in line for line in written.splitlines()[:1]) == 1

    def test_can_be_for_people(self, capsys: pytest.CaptureFixture[str], lines) -> None:
        logs.configure("info", "console")
        structlog.get_logger().warning("slow", url="redis://:hunter2@cache")
        written = capsys.readouterr().err
        assert "slow" in written
        assert "hunter2" not in written

"""No secret reaches a log line or a repr, in any position."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import quote

import pytest
import structlog
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from api import logs
from api.operations.keys.key_format import new_key
from api.settings import Secret, Settings

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
WORDS = st.text(alphabet=LETTERS, min_size=20, max_size=40)
AROUND = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="@"), max_size=20)


@dataclass
class Held:
    """Like any library's object in a log line."""

    value: str


def _shapes(secret: str) -> list[str]:
    return [
        f"Authorization: Bearer {secret}",
        f"unspun_live_abcdefgh_{secret}",
        f"whsec_{secret}",
        f"whsk_{secret}",
        f"postgresql://unspun:{secret}@db.internal:5432/unspun?target_session_attrs=read-write",
        f"postgresql://unspun:{quote(secret)}@one.internal:5432,two.internal:5432/unspun",
        f"redis://:{secret}@cache.internal/0",
        f"http://user:{secret}@proxy.internal:4750",
        f"host=db password={secret} user=unspun",
    ]


SHAPED = WORDS.flatmap(lambda secret: st.tuples(st.just(secret), st.sampled_from(_shapes(secret))))
NAMES = st.sampled_from(["given", "inner", "of"])  # drawn from words, one could be the secret itself
PLACES = st.recursive(
    st.sampled_from(["text", "error", "object", "key"]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3) | st.dictionaries(NAMES, inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)


def _placed(place: Any, text: str) -> Any:
    if isinstance(place, list):
        return [_placed(part, text) for part in place]
    if isinstance(place, dict):
        return {name: _placed(part, text) for name, part in place.items()}
    return {"text": text, "error": ValueError(text), "object": Held(text), "key": {"inner": (text,)}}[place]


@contextmanager
def _written(form: Literal["json", "console"]) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level, output = root.handlers[:], root.level, io.StringIO()
    try:
        with redirect_stderr(output):
            logs.configure("info", form)
            yield output
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        structlog.reset_defaults()


class TestNoSecret:
    @pytest.mark.parametrize("form", ["json", "console"])
    @settings(max_examples=30)
    @given(shaped=SHAPED, place=PLACES, before=AROUND, after=AROUND)
    def test_is_in_a_line_wherever_it_stood(
        self, form: Literal["json", "console"], shaped: tuple[str, str], place: Any, before: str, after: str
    ) -> None:
        secret, shape = shaped
        assume(secret not in before + after)  # there it would be an ordinary word
        text = f"{before} {shape} {after}"
        with _written(form) as output:
            structlog.get_logger().info("event", given=_placed(place, text))
            structlog.get_logger().warning(text)
            logging.getLogger("library").error("said %s", text)
            try:
                raise ValueError(text)
            except ValueError:
                structlog.get_logger().exception("failed")
        assert output.getvalue().count("\n") >= 4
        assert secret not in output.getvalue()

    @settings(max_examples=30)
    @given(secret=WORDS)
    def test_is_in_the_repr_of_the_settings_or_in_a_line_with_them(self, secret: str) -> None:
        held = Secret(f"postgresql://unspun:{secret}@db.internal/unspun")
        bare = Secret(secret)
        given_settings = replace(
            Settings(),
            database_url=held,
            owner_database_url=held,
            direct_database_url=held,
            redis_url=held,
            bootstrap_admin_key=bare,
        )
        with _written("json") as output:
            structlog.get_logger().info(
                "started", settings=given_settings, secret=bare, inner=[{"held": held}]
            )
            logging.getLogger("library").error("with %r and %s", given_settings, bare)
        for text in (repr(given_settings), str(held), f"{bare}", repr([held]), output.getvalue()):
            assert secret not in text

    def test_is_left_of_a_real_key(self) -> None:
        key = new_key()
        with _written("json") as output:
            structlog.get_logger().info("refused", header=f"Bearer {key}", body=json.dumps({"secret": key}))
        assert key[21:] not in output.getvalue()

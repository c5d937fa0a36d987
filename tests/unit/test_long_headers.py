"""Parsed headers are cached only if they are short, so that clients cannot fill the memory."""

import tracemalloc
from collections.abc import Callable

import pytest

from api.rendering.forms import Form
from api.routes.http.request.headers import accepted_codings
from api.routes.http.request.negotiation import best_form

FORMS = (Form.JSON, Form.MARKDOWN)


class TestALongHeader:
    @pytest.mark.slow
    @pytest.mark.parametrize("read", [accepted_codings, lambda value: best_form(value, FORMS)])
    def test_is_read_and_forgotten(self, read: Callable[[str], object]) -> None:
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            for number in range(20):
                read(f"{number}/x;q=0.5," + "a/b;q=0.1," * 5_000)
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert after - before < 200_000  # they had more than a million characters

    def test_means_what_a_short_one_means(self) -> None:
        rest = ",a/b;q=0.1" * 1_000
        assert best_form("text/markdown" + rest, FORMS) is Form.MARKDOWN
        assert best_form("text/html" + rest, FORMS) is None
        assert accepted_codings("gzip" + rest) == ("gzip",)
        assert accepted_codings("gzip;q=0" + rest) == ()

"""Comparing shown with actual output, and updating the page."""

from typing import Any

import pytest

from tests.guide import shown_json, shown_text
from tests.guide.examples import examples_of, pages

ID = "sty_01m8c41dxee0f99erv7xkm2sk4"
OTHER = "sty_01m8c5egg7e93tg728vchtm0ca"


def found(shown: str, actual: Any) -> list[str]:
    return list(shown_json.differences(shown_json.parse(shown), actual))


class TestJson:
    @pytest.mark.parametrize(
        ("shown", "actual"),
        [
            ('{"score": 63}', {"score": 62}),
            ('{"score": 63}', {"score": 63.0}),
            ('{"score": 63}', {"score": 63, "band": "strong"}),
            ('{"score": 63, "band": "strong"}', {"score": 63}),
            ("[1]", [1, 2]),
            ("[1, 2, …]", [1]),
            ('["sty_…"]', ["vrd_1"]),
            ('{"id": "' + ID + '"}', {"id": "vrd" + ID[3:]}),
            ('{"a": {"b": null}}', {"a": {"b": []}}),
        ],
    )
    def test_differs(self, shown: str, actual: Any) -> None:
        assert found(shown, actual) != []

    @pytest.mark.parametrize(
        ("shown", "actual"),
        [
            ('{"score": 63, …}', {"score": 63, "band": "strong"}),
            ('{\n  "score": 63\n  …\n  "band": "strong"\n}', {"band": "strong", "x": 1, "score": 63}),
            ("[1, …]", [1, 2, 3]),
            ("[…]", []),
            ('["a … \\" …"]', ['a cat " and a dog']),
            ('{"id": "' + ID + '"}', {"id": OTHER}),
            ('{"at": "2026-11-26T14:27:04.195Z"}', {"at": "2027-01-01T00:00:00.001Z"}),
            ('{"next_cursor": "AVsi"}', {"next_cursor": "other"}),
        ],
    )
    def test_matches(self, shown: str, actual: Any) -> None:
        assert found(shown, actual) == []

    def test_is_renewed_as_far_as_it_was_shown(self) -> None:
        shown = shown_json.parse('{"id": "' + ID + '", "score": 1, …, "rows": [{"a": 0, …}, …]}')
        actual = {"id": OTHER, "band": "strong", "score": 63, "rows": [{"a": 2, "b": 3}, {"a": 4}]}
        written = shown_json.dumped(shown_json.renewed(shown, actual))
        assert written == '{"id": "' + ID + '", "score": 63, …, "rows": [{"a": 2, …}, …]}'
        assert found(written, actual) == []


class TestText:
    @pytest.mark.parametrize(
        ("shown", "actual"),
        [("one\n", "two\n"), ("one\n", "one\ntwo\n"), ("one\n…\nfour\n", "one\ntwo\n"), ("one\n", "")],
    )
    def test_differs(self, shown: str, actual: str) -> None:
        assert shown_text.differences(shown, actual) != []

    @pytest.mark.parametrize("shown", ["one\ntwo\nthree\n", "one\n…\n", "…\nthree\n", "o…e\ntwo\n…\n"])
    def test_matches(self, shown: str) -> None:
        assert shown_text.differences(shown, "one\ntwo\nthree\n") == []

    def test_is_renewed_up_to_its_first_gap(self) -> None:
        assert shown_text.renewed("1\n2\n…\n9\n", "one\ntwo\nthree\n9\n") == "one\ntwo\n…\n9\n"
        assert shown_text.renewed("…\n", "one\ntwo\n") == "one\ntwo\n"


class TestPages:
    def test_show_what_comes_of_their_examples(self) -> None:
        empty = [
            f"{name}:{example.line}"
            for name, path in pages().items()
            for example in examples_of(path.read_text())
            if example.shown is not None and example.shown.text.strip() in ("", "…")
        ]
        assert empty == [], "`make guide` fills them"

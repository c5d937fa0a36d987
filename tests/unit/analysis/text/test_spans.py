import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.analysis.text.spans import CONTEXT, MAX_QUOTE, span, spans

TEXTS = st.text(max_size=1200)


class TestSpan:
    def test_refuses_what_is_empty_outside_or_too_long(self) -> None:
        text = "a" * 400
        for start, end in ((3, 3), (5, 4), (-1, 4), (390, 401), (0, MAX_QUOTE + 1)):
            with pytest.raises(ValueError, match="not a span"):
                span(text, start, end)

    def test_holds_the_words_and_what_stands_around_them(self) -> None:
        found = span("x" * 40 + "word" + "y" * 40, 40, 44)
        assert found.quote == "word"
        assert found.prefix == "x" * CONTEXT
        assert found.suffix == "y" * CONTEXT

    def test_has_short_context_at_the_ends(self) -> None:
        found = span("word", 0, 4)
        assert (found.prefix, found.suffix) == ("", "")


class TestSpans:
    def test_refuses_a_passage_outside_the_text(self) -> None:
        with pytest.raises(ValueError, match="not a passage"):
            spans("abc", 1, 4)

    def test_finds_nothing_in_white_space(self) -> None:
        assert spans("a \n\n b", 1, 5) == []

    def test_cuts_a_long_passage_between_words(self) -> None:
        text = "measure " * 100
        found = spans(text, 0, len(text))
        assert len(found) == 3
        assert all(
            s.quote is not None and s.quote.split() == ["measure"] * len(s.quote.split()) for s in found
        )

    def test_cuts_a_word_that_is_too_long(self) -> None:
        assert [s.end - s.start for s in spans("x" * 700, 0, 700)] == [300, 300, 100]

    @given(TEXTS, st.data())
    def test_are_always_the_text_itself(self, text: str, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        found = spans(text, start, end)
        for one in found:
            assert text[one.start : one.end] == one.quote
            assert len(one.quote) <= MAX_QUOTE
            assert text[: one.start].endswith(one.prefix or "")
            assert text[one.end :].startswith(one.suffix or "")
        assert "".join("".join((s.quote or "").split()) for s in found) == "".join(text[start:end].split())

"""Any response of status 200 has an outcome, whatever its bytes."""

from typing import Any, get_args

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from api.llm.answers import read_answer
from api.llm.dialects import START
from api.llm.outcomes import Answer, Outcome
from api.llm.refusals import ErrorBody, read_error, refusal
from api.llm.strict_schema import strict_schema
from tests.unit.llm.conftest import GOOD, Judgement, asking

NAMES = [
    "choices", "message", "content", "refusal", "finish_reason", "usage", "prompt_tokens", "completion_tokens",
    "prompt_tokens_details", "cached_tokens", "error", "code", "model", "type", "text", "object", "detail", "msg",
]  # fmt: skip
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
    | st.sampled_from([GOOD, "stop", "length", "error", "{", "}{", "text", " " * 300])
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=12,
)
MESSAGES = st.fixed_dictionaries({"content": VALUES}, optional={"refusal": VALUES})
COMPLETIONS = st.fixed_dictionaries(
    {"choices": st.lists(st.fixed_dictionaries({"message": MESSAGES}, optional={"finish_reason": VALUES}))},
    optional={"usage": VALUES, "model": VALUES, "error": VALUES},
)


def read(body: bytes) -> Outcome:
    schema = strict_schema(Judgement, bounds=None)
    return read_answer(body, {}, asking(), START, schema, 100)


def check(outcome: Outcome) -> None:
    assert isinstance(outcome, get_args(Outcome))
    if isinstance(outcome, Answer):
        assert isinstance(msgspec.json.decode(outcome.content, type=Judgement), Judgement)


class TestReadAnswer:
    @given(st.binary())
    def test_never_raises_for_bytes(self, body: bytes) -> None:
        check(read(body))

    @given(VALUES | COMPLETIONS)
    def test_never_raises_for_json(self, value: Any) -> None:
        check(read(msgspec.json.encode(value)))


class TestReadError:
    @given(VALUES)
    def test_never_raises(self, value: Any) -> None:
        error = read_error(msgspec.json.encode(value))
        assert isinstance(error, ErrorBody)
        for status in (204, 302, 400, 418, 429, 500):
            assert not isinstance(refusal(status, {}, error, START), Answer)

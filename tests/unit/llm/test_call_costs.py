"""The highest cost of a call covers what any dialect sends, and the charge follows the outcome."""

import msgspec
import pytest
from msgspec import Struct

from api.llm.completion_request import CompletionRequest, Message, messages_in, schema_of
from api.llm.dialects import Dialect, ResponseFormat
from api.llm.model_server import ModelServer
from api.llm.outcomes import (
    Answer,
    Misconfigured,
    MisconfiguredReason,
    Outcome,
    Rejected,
    RejectReason,
    Unavailable,
    UnavailableReason,
    Usage,
)
from api.operations.language_models.model_calls import (
    NOTHING,
    charge_of,
    cost_of,
    highest_cost,
)
from api.settings import Settings
from api.storage.language_models.call_budget import Cost

PRICED = Settings(llm_price_input=0.3, llm_price_output=2.5)
USAGE = Usage(prompt=1_001, completion=100)
PAID = Cost(tokens=1_101, micros=551)  # 300.3 and 250, rounded up
START = Dialect()


class _Verdict(Struct, forbid_unknown_fields=True):
    kind: str
    score: int


def _request(text: str) -> CompletionRequest:
    messages = (Message("system", "Judge."), Message("user", text))
    return CompletionRequest(name="judgement", messages=messages, output=_Verdict, max_output_tokens=300)


class TestTheHighestCost:
    @pytest.mark.parametrize("dialect", ResponseFormat)
    @pytest.mark.parametrize("text", ["One sentence.", '\U0001f980 çà \x00 "quoted"\n' * 50])
    def test_has_a_token_for_each_byte_in_any_dialect(self, text: str, dialect: ResponseFormat) -> None:
        server = ModelServer(base_url="http://127.0.0.1:1/v1", model="tern", reasoning_tokens=50)
        request, schema = _request(text), schema_of(_request(text), server)
        messages = messages_in(request, Dialect(response_format=dialect), schema)
        prompt = sum(len(message.content.encode()) for message in messages)
        if dialect is ResponseFormat.JSON_SCHEMA:
            prompt += len(msgspec.json.encode(schema))
        assert highest_cost(Settings(), server, request).tokens >= prompt + 350

    def test_has_the_prices_of_the_settings(self) -> None:
        server = ModelServer(base_url="http://127.0.0.1:1/v1", model="tern")
        most = highest_cost(PRICED, server, _request("One sentence."))
        prompt = most.tokens - 300
        assert most == cost_of(PRICED, Usage(prompt=prompt, completion=300))
        assert most.micros > 300 * 2.5
        assert highest_cost(Settings(), server, _request("One sentence.")).micros == 0


class TestTheCharge:
    @pytest.mark.parametrize(
        ("outcome", "cost"),
        [
            (Misconfigured(reason=MisconfiguredReason.KEY_REFUSED), NOTHING),
            (Unavailable(reason=UnavailableReason.BUSY, charged=False), NOTHING),
            (Unavailable(reason=UnavailableReason.TIMEOUT, charged=True), None),
            (Rejected(reason=RejectReason.PROMPT_TOO_LONG, dialect=START, charged=False), NOTHING),
            (Rejected(reason=RejectReason.TRUNCATED, dialect=START, charged=True), None),
            (Rejected(reason=RejectReason.TRUNCATED, dialect=START, charged=True, usage=USAGE), PAID),
            (Answer(content=b"{}", raw="{}", dialect=START, usage=None, model=None), None),
            (Answer(content=b"{}", raw="{}", dialect=START, usage=USAGE, model=None), PAID),
        ],
    )
    def test_is_known_nothing_or_unknown(self, outcome: Outcome, cost: Cost | None) -> None:
        assert charge_of(PRICED, outcome) == cost

    def test_counts_tokens_where_no_price_is_known(self) -> None:
        assert cost_of(Settings(), USAGE) == Cost(tokens=1_101, micros=0)

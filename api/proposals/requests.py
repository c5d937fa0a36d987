"""The requests to a language model on one article, and what the service learns from its answers.

Light: the worker's own process imports these structs, and none of the parsers and weights below them.
"""

import hashlib
from collections.abc import Sequence
from enum import StrEnum
from typing import Self

import msgspec
from msgspec import Struct

from api.proposals.grounded import Refusal
from schemas.agreements import Agreement
from schemas.assessments import Assessment


class Call(StrEnum):
    """The two calls; the value is the name of the prompt file and of the answer's schema."""

    JUDGEMENT = "judgement"
    PROSE = "prose"


class Message(Struct, kw_only=True, frozen=True):
    """One message of a request; `role` is `system` or `user`."""

    role: str
    content: str


class ModelRequest(Struct, kw_only=True, frozen=True):
    """One request. `part` is the number of the text's part, from 0; 0 for prose.

    `digest` is the hexadecimal SHA-256 of call and messages: equal requests need one answer.
    """

    call: Call
    part: int
    messages: list[Message]
    digest: str

    @classmethod
    def of(cls, call: Call, part: int, messages: Sequence[Message]) -> Self:
        """The request with its digest."""
        listed = list(messages)
        digest = hashlib.sha256(msgspec.json.encode((call, listed))).hexdigest()
        return cls(call=call, part=part, messages=listed, digest=digest)


class ProseStep(Struct, kw_only=True, frozen=True):
    """The request for prose, or why there is none: exactly one of the two is null."""

    request: ModelRequest | None
    refusal: Refusal | None


class BothAssessments(Struct, kw_only=True, frozen=True):
    """The assessments of both engines.

    `refusal` says why nothing of the model's answers is used; `llm` then has the content of `rules`, and should
    not be published. `published_llm` compares them with the model's published, `published_rules` with that of
    the rules; both are null if a text cannot be scored.
    """

    rules: Assessment
    llm: Assessment
    refusal: Refusal | None
    published_llm: Agreement | None
    published_rules: Agreement | None

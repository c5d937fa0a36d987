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
    """The calls; the value is the name of the prompt file and of the answer's schema.

    The review of the rules' findings is asked for by setting only.
    """

    JUDGEMENT = "judgement"
    PROSE = "prose"
    REVIEW = "review"


class Message(Struct, kw_only=True, frozen=True):
    """One message of a request; `role` is `system` or `user`."""

    role: str
    content: str


class ModelRequest(Struct, kw_only=True, frozen=True):
    """One request. `part` is the number of the text's part, from 0; 0 for prose and review.

    `digest` is the hexadecimal SHA-256 of call and messages: equal requests need one answer. That of a review
    covers the digest of the rules too.
    """

    call: Call
    part: int
    messages: list[Message]
    digest: str

    @classmethod
    def of(cls, call: Call, part: int, messages: Sequence[Message], rules: str | None = None) -> Self:
        """The request with its digest; `rules` is the digest of the rules, if it depends on them."""
        listed = list(messages)
        covered = (call, listed) if rules is None else (call, listed, rules)
        digest = hashlib.sha256(msgspec.json.encode(covered)).hexdigest()
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

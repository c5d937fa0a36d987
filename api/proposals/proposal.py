"""A stored proposal: all answers of a model on one article, unchecked."""

from msgspec import Struct


class Proposal(Struct, kw_only=True, frozen=True):
    """Answers as given. `judgements` are in text order, one for each part; `prose` is null if it failed.

    `model` is the model's name; `recorded`: the answers were imported, this service called no model.
    """

    model: str
    recorded: bool
    judgements: list[str]
    prose: str | None

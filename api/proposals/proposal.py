"""A stored proposal: all answers of a model on one article, unchecked."""

from msgspec import Struct

from api.proposals.languages.codes import ProseLanguage


class Proposal(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Answers as given. `judgements` are in text order, one for each part; `prose` is null if it failed.

    `review` is null if it failed or was not asked for. `model` is the model's name; `recorded`: the answers were
    imported, this service called no model. `prose_language` was asked for if the text is not in English. Defaults
    are left out of the encoding.
    """

    model: str
    recorded: bool
    judgements: list[str]
    prose: str | None
    prose_language: ProseLanguage = ProseLanguage.STORY
    review: str | None = None

"""Chooses which of two judgements of a text is published."""

from typing import Final, Literal

from msgspec.structs import replace

from api.pages.model_tasks import BothReadings
from api.pages.reader import Reading

Publishes: Final = Literal["agreed", "llm", "rules"]


def chosen(found: BothReadings, publishes: str) -> Reading:
    """The reading with the published assessment and the other one; by rules alone if the answers cannot be used.

    `publishes` is the setting `llm_publishes`. `agreed` protects from a text that gives orders to the model: what
    the rules contradict is not published alone.
    """
    both, reading = found.both, found.reading
    if both.refusal is not None or both.published_llm is None or both.published_rules is None:
        return reading
    if publishes == "llm" or (publishes == "agreed" and not both.published_llm.contested):
        return replace(reading, assessment=both.llm, second=both.rules, agreement=both.published_llm)
    return replace(reading, second=both.llm, agreement=both.published_rules)

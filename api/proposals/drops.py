"""Why a part of an answer is not used, and the counts by reason."""

from collections import Counter
from enum import StrEnum

from api.proposals.grounded import Drops


class DropReason(StrEnum):
    """A check that a part of an answer failed.

    `from_prompt`: the quote is of the prompt, not of the text. `wrong_speaker`: the text has another speaker, or
    none. `unattributed`: the text reports the statement, the answer does not say whose it is. `unsupported`: it
    rests on no sentence and no item, or its numbers stand elsewhere. `overstated`: it says more than the text.
    `in_text`: the text says what the answer calls left out. `no_such_event`: what is called left out presupposes
    an event of another kind. `addresses_model`: it gives orders to a model that reads the verdict.
    `refused_answer`: the whole answer, on a part of the text or for the prose.
    """

    MALFORMED = "malformed"
    TOO_MANY = "too_many"
    DUPLICATE = "duplicate"
    UNKNOWN_SENTENCE = "unknown_sentence"
    UNKNOWN_ITEM = "unknown_item"
    NOT_FOUND = "not_found"
    AMBIGUOUS = "ambiguous"
    FROM_PROMPT = "from_prompt"
    TOO_LONG = "too_long"
    INVENTED = "invented"
    WRONG_SPEAKER = "wrong_speaker"
    UNATTRIBUTED = "unattributed"
    UNSUPPORTED = "unsupported"
    OVERSTATED = "overstated"
    CONTAINS_ADDRESS = "contains_address"
    ADDRESSES_READER = "addresses_reader"
    ADDRESSES_MODEL = "addresses_model"
    IN_TEXT = "in_text"
    NO_SUCH_EVENT = "no_such_event"
    TOO_SHORT_TO_OMIT = "too_short_to_omit"
    FEW_PHRASINGS = "few_phrasings"
    UNRELATED_PHRASINGS = "unrelated_phrasings"
    REFUSED_ANSWER = "refused_answer"


class Checked:
    """Counts the checked parts of one answer, the dropped ones by reason, and the repaired quotes.

    A quote is repaired if it was found in another sentence only, or after normalisation.
    """

    def __init__(self) -> None:
        self.passed = self.repaired = 0
        self._dropped: Counter[DropReason] = Counter()

    def drop(self, reason: DropReason, times: int = 1) -> None:
        self._dropped[reason] += times

    def withdraw(self, reason: DropReason, times: int = 1) -> None:
        """Count parts that had passed as dropped."""
        self.passed -= times
        self.drop(reason, times)

    def add(self, other: Drops) -> None:
        """Count the checks of another answer too."""
        self.passed += other.passed
        self.repaired += other.repaired
        self._dropped.update({DropReason(reason): times for reason, times in other.dropped.items()})

    @property
    def drops(self) -> Drops:
        """The counts, as an assessment shows them."""
        return Drops(passed=self.passed, repaired=self.repaired, dropped=self.dropped)

    @property
    def dropped(self) -> dict[str, int]:
        """By reason, in alphabetical order, without zeros."""
        return {reason.value: n for reason, n in sorted(self._dropped.items()) if n}

    @property
    def share(self) -> float:
        """The share of parts that were dropped; 0 if there were none."""
        fallen = self._dropped.total()
        return fallen / (fallen + self.passed) if fallen else 0.0

"""What a text lacks, in the words of omissions and questions."""

from dataclasses import dataclass, replace

from api.analysis.text.lexicon import words

OF_TELLER = frozenset({"author_stake", "paid_coverage"})  # the codes of items that are not about the matter
# Codes of points about single words, which are told if nothing weightier is, and never beside the framing.
QUIBBLES = words(
    "superlative amounts dates measures majority praise commitment standard conditions unnamed intent rival "
    "terms figure helps"
)
SOURCES = "figure_sources"  # the code of the item that is about single figures of the whole text


@dataclass(frozen=True, slots=True)
class AbsentItem:
    """Something that a text should say and does not.

    `lacks` is an indirect question ("how many of Corvell's staff that is") to follow "does not say", or with
    `verb` a noun ("an answer to ..."). `looked_for` says what was searched for; `question` asks for it. `place`
    is the (start, end) of the sentence that leaves it open, None for the news. `brief` is `lacks` in a few words,
    where it quotes many.
    """

    code: str
    lacks: str
    looked_for: str
    question: str
    verb: str = "say"
    place: tuple[int, int] | None = None
    brief: str | None = None

    @property
    def in_brief(self) -> "AbsentItem":
        """For a sentence that says more than what is lacking."""
        return replace(self, lacks=self.brief) if self.brief else self

    @property
    def is_of_story(self) -> bool:
        """Whether it is about the account as a whole, and not about one phrase of it."""
        return self.place is None or self.code == SOURCES

    @property
    def omission(self) -> str:
        return f"Does not {self.omits}."

    @property
    def omits(self) -> str:
        """To follow "does not"."""
        return f"{self.verb} {self.lacks}"

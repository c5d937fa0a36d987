"""Stories of invented organisations in the twelve languages, with the answers that a language model gave on them.

Each answer was given to the request that `unspun llm export` writes, the second one to what survived of the
first, and is kept as given, also where a part of it falls. `recorded_answers/` has a file for each language.
"""

from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Raw, Struct

from api.analysis.text.article import Article, SourceFacts
from api.pages.articles import article_from_text
from schemas.enums import SourceType

_FOLDER: Final = Path(__file__).with_name("recorded_answers")


class RecordedStory(Struct, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    """A story with both answers. `speakers` are all whose words the text reports, as an answer may name them."""

    title: str
    body: list[str]
    source: str
    source_type: SourceType
    author: str | None
    published_at: date
    speakers: list[str]
    judgement: Raw
    prose: Raw

    @cached_property
    def article(self) -> Article:
        text = "\n\n".join(self.body)
        return msgspec.structs.replace(
            article_from_text(self.title, text, self.source, self.source_type),
            source=SourceFacts(name=self.source, type=self.source_type, host=None),
            author=self.author,
            published_at=datetime.combine(self.published_at, time(8), UTC),
        )

    @property
    def proposal(self) -> bytes:
        answers = {"judgements": [bytes(self.judgement).decode()], "prose": bytes(self.prose).decode()}
        return msgspec.json.encode({"model": "careful-model", "recorded": True} | answers)


RECORDED: Final = {
    path.stem: msgspec.json.decode(path.read_bytes(), type=list[RecordedStory])
    for path in sorted(_FOLDER.glob("*.json"))
}

"""The input of a publication: one reading of one page."""

from datetime import datetime

from msgspec import Struct

from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.storage.stories.sources import SourceRecord
from api.web.opt_outs import OptOut
from schemas.agreements import Agreement
from schemas.assessments import Assessment
from schemas.enums import InputKind
from schemas.sources import SourceSummary


class Again(Struct, kw_only=True, frozen=True):
    """A new judgement of a stored input, and the time when its page was last read."""

    story_id: str
    input_digest: str
    checked_at: datetime


class Edition(Struct, kw_only=True, frozen=True):
    """`url` is the canonical URL; `hint` a URL of another site that the page names as its original.

    `fetched_url` is the page's final URL, `redirects` the URLs before it. `source` is the known publisher; if
    None, `new_source` is created. `signature` is the MinHash of the text, `bands` its look-up keys. `rulings`
    were applied in the assessment. `again` is set if no page was read. `proposed`: the engine may have stored a
    proposal for the article. `second` is the other judge's assessment, if there is one.
    `opt_outs` of use by language models are None if unknown.
    """

    kind: InputKind
    url: str
    hint: str | None
    submitted_url: str
    fetched_url: str
    redirects: list[str]
    article: Article
    assessment: Assessment
    source: SourceSummary | None
    new_source: SourceRecord | None
    domain: str
    signature: bytes
    bands: list[int]
    fetched_at: datetime
    rulings: list[Ruling] = []
    again: Again | None = None
    proposed: bool = False
    second: Assessment | None = None
    agreement: Agreement | None = None
    opt_outs: list[OptOut] | None = None

    @property
    def by_model(self) -> bool:
        """Whether a language model has judged it, alone or beside the rules."""
        return self.assessment.model is not None or self.second is not None

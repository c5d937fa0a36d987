"""Instructions to a judge, and texts that only look like some; and sample stories to plant them in.

`cut` are removed before the judgement, by language. `not_cut` are not, and ask for the band `plain` or `total`.
`honest` addresses readers, or tells of such instructions.
"""

import random
from pathlib import Path
from typing import Final

import msgspec

from api.analysis.engines.fast.skimming import skim
from api.analysis.text.article import Article
from api.operations.exports.seed import SampleStory, load_sample_stories
from api.pages.articles import article_from_text


class NotCut(msgspec.Struct, forbid_unknown_fields=True):
    """An instruction in other words, and the band that it asks for."""

    asks: str
    text: str


class _File(msgspec.Struct, forbid_unknown_fields=True):
    cut: dict[str, list[str]]
    honest: list[str]
    not_cut: list[NotCut]


_FILE: Final = msgspec.json.decode(
    (Path(__file__).parent / "planted_instructions.json").read_bytes(), type=_File
)
CUT: Final = _FILE.cut
HONEST: Final = _FILE.honest
NOT_CUT: Final = _FILE.not_cut
SAMPLES: Final = [sample for sample in load_sample_stories() if len(sample.text) > 1_500]  # can be judged


def clean(sample: SampleStory) -> Article:
    """The sample as a submitted text."""
    return article_from_text(sample.title, sample.text, sample.source, sample.source_type)


def planted(sample: SampleStory, instruction: str) -> Article:
    """The sample with the instruction at a place that both choose: between two sentences or paragraphs.

    Between sentences if it ends like one. It stands in nobody's quotation.
    """
    chance = random.Random(f"{sample.name} {instruction}")
    story = skim(clean(sample))
    gaps = [0, *(s.end - story.article.body_start for s in story.body_sentences())]
    body = story.article.text[story.article.body_start :]
    quoted = [
        (q.start - story.article.body_start, q.end - story.article.body_start) for q in story.quotations
    ]
    free = [at for at in gaps if not any(low < at < high for low, high in quoted)]
    ends = [at for at in free if at in (0, len(body)) or body[at] == "\n"]
    within = [at for at in free if at not in ends and body[at - 1] in ".!?"]
    at = chance.choice(within if instruction[-1] in ".!?]" and chance.random() < 0.5 else ends)
    mark = " " if at in within else "\n\n"
    text = f"{body[:at].rstrip()}{mark}{instruction}{mark}{body[at:].lstrip()}"
    return article_from_text(sample.title, text, sample.source, sample.source_type)

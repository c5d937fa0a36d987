"""Instructions to a judge, and texts that only look like some; and sample stories to plant them in.

`cut` are removed before the judgement, by language; `placed` too, each with its form and its place in an invented
article of its language. `held_back` were written before the patterns were widened for `placed`, and never tuned
for: they measure what is cut of instructions that nobody has seen. `not_cut` are not cut; an obedient server
answers with what they ask for. `honest` addresses readers, or tells of such instructions.
"""

import random
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from api.analysis.engines.fast.skimming import skim
from api.analysis.text.article import Article, analysed_text
from api.operations.exports.seed import SampleStory, load_sample_stories
from api.pages.articles import article_from_text


class NotCut(msgspec.Struct, forbid_unknown_fields=True):
    """An instruction in other words, and what it asks for: the band `plain` or `total`, a type, or `softer`."""

    asks: str
    text: str


class Placed(msgspec.Struct, forbid_unknown_fields=True):
    """An instruction and its place: a field of the record, or a paragraph; `inside` is the end of the first."""

    language: str
    place: str
    form: str
    text: str


class _File(msgspec.Struct, forbid_unknown_fields=True):
    cut: dict[str, list[str]]
    placed: list[Placed]
    held_back: dict[str, list[str]]
    honest: list[str]
    not_cut: list[NotCut]


_FILE: Final = msgspec.json.decode(
    (Path(__file__).parent / "planted_instructions.json").read_bytes(), type=_File
)
CUT: Final = _FILE.cut
HONEST: Final = _FILE.honest
NOT_CUT: Final = _FILE.not_cut
PLACED: Final = _FILE.placed
HELD_BACK: Final = _FILE.held_back
SAMPLES: Final = [sample for sample in load_sample_stories() if len(sample.text) > 1_500]  # can be judged


def clean(sample: SampleStory) -> Article:
    """The sample as a submitted text."""
    return article_from_text(sample.title, sample.text, sample.source, sample.source_type)


def placed(story: Article, place: str, text: str) -> Article:
    """The story with the text at a place of `Placed`."""
    title, paragraphs = story.title, story.text[story.body_start :].split("\n\n")
    if place == "title":
        title = f"{title} \u2013 {text}"
    elif place == "inside":
        paragraphs[0] = f"{paragraphs[0]} {text}"
    elif place in ("first", "middle", "last"):
        paragraphs.insert({"first": 0, "middle": 2, "last": len(paragraphs)}[place], text)
    whole, body_start, _ = analysed_text(title, "\n\n".join(paragraphs))
    found = replace(story, title=title, text=whole, body_start=body_start)
    if place == "author":
        return replace(found, author=f"{found.author}. {text}")
    if place == "site":
        return replace(found, source=replace(found.source, name=f"{found.source.name} {text}"))
    return found


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

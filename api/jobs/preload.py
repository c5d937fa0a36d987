"""Loads an engine in the fork server of page processes, so that all processes share what that loads."""

import gc
from importlib.resources import files
from typing import Final

import msgspec

from api.analysis.text.article import SourceFacts
from api.pages.reader import article_of_text, assess_article, extract_page, read_page
from api.runtime.load_taxonomy import load_taxonomy
from schemas.enums import SourceType

_BRIEF: Final = """Brightwater Council voted on Tuesday to close the swimming pool in Mill Lane.

The council said that repairs would cost 2.4 million pounds, a third of its budget for sport. "We have looked at
every other way to keep it open, and there is none," said Anna Roe, who leads the council. About 300 people
signed a petition against the closure, according to the residents' association. Mark Doe, a swimming teacher, said
that children would now have to travel 20 miles. The pool opened in 1974 and was last repaired in 2009. A final
decision is expected in March, when the council publishes its plan for the next five years."""


def warm(load: str) -> None:
    """Extract and judge the sample page by an engine, "module:name".

    Each page process then has 50 MB of memory of its own instead of 420, and its first page takes half a second
    instead of two.
    """
    page = (files("seeds") / "pages" / "orchard-that-thinks.html").read_bytes()
    source = SourceFacts(name=None, type=SourceType.OTHER, host=None)
    read_page(extract_page(page, None, "utf-8"), None, source, None, load_taxonomy(), load)
    gc.collect()


def open_prompts() -> None:
    """Load the language model's engine and its prompts, beside the rules: 60 ms and 1 MB."""
    from api.pages.model_tasks import judge
    from api.proposals.prompts import judgement_prompt, prose_prompt, review_prompt

    judge()
    judgement_prompt(load_taxonomy())
    prose_prompt()
    review_prompt(load_taxonomy())


def load_only(load: str) -> None:
    """Judge a few sentences, which opens all files of an engine: enough for a process that judges one text."""
    title, _, text = _BRIEF.partition("\n\n")
    article = msgspec.structs.replace(article_of_text(title, text, None, None), language="en")
    assess_article(article, load_taxonomy(), (), load)

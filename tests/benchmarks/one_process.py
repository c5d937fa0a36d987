"""One engine in a process: `python -m tests.benchmarks.one_process PROFILE`.

Prints its CPU seconds after a first article, and then, as JSON, a digest of its assessments of all articles and
its peak memory.
"""

import hashlib
import sys
import time

import msgspec
from msgspec import Struct

from api.analysis.text.article import MAX_CHARACTERS
from api.operations.exports.seed import load_sample_stories, sample_article
from api.runtime.load_taxonomy import load_taxonomy
from tests.benchmarks.lengths import article_of_characters, articles_of_words
from tests.benchmarks.profiles import PROFILES
from tests.kit.servers.peak_memory import peak_memory_mb


class Output(Struct, frozen=True):
    """`digest` covers the bytes of every assessment; `peak_mb` is the largest resident set."""

    digest: str
    peak_mb: float


def main() -> None:
    """Judge the sample stories, articles of usual length, and one of maximum length."""
    engine, taxonomy = PROFILES[sys.argv[1]].engine(), load_taxonomy()
    samples = [sample_article(story) for story in load_sample_stories()]
    engine.assess(samples[0], taxonomy)
    print(time.process_time(), flush=True)
    digest = hashlib.sha256()
    for article in (*samples, *articles_of_words(), article_of_characters(MAX_CHARACTERS)):
        digest.update(msgspec.json.encode(engine.assess(article, taxonomy)))
    print(msgspec.json.encode(Output(digest.hexdigest(), peak_memory_mb())).decode(), flush=True)


if __name__ == "__main__":
    main()

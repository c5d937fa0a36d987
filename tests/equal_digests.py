"""Records which digests of engines and renderer yield equal results for the sample stories.

`python -m tests.equal_digests` (`make equal-digests`) writes `api/equal_digests.json`. It refuses an engine
whose assessments differ from those of an older engine with the same version.
"""

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from api import equal_digests
from api.analysis.engines.engine import Engine
from api.analysis.engines.engine_digest import own_digest as engine_digest
from api.engines import FAST, FULL
from api.equal_digests import EqualDigests
from api.operations.exports.seed import load_sample_stories, sample_article
from api.pages.reader import engine
from api.rendering.forms import OBJECT_FORMS
from api.rendering.renderer_digest import own_digest as renderer_digest
from api.rendering.represent import represent_story
from api.runtime.load_taxonomy import load_taxonomy
from schemas.wire import encode_json
from tests.kit.texts.filled import SITE, filled_story

LISTS = Path(equal_digests.__file__).with_suffix(".json")


def installed() -> list[EqualDigests]:
    """Both engines and the renderer, each with its own digest."""
    whole, fast = engine(FULL.load), engine(FAST.load)
    return [
        _of_engine(whole, engine_digest()),
        _of_engine(fast, engine_digest(fast=True)),
        EqualDigests(name="documents", version="", made=_sha256(_documents()), digests=[renderer_digest()]),
    ]


def with_installed(lists: list[EqualDigests], found: EqualDigests) -> list[EqualDigests]:
    """The lists with one more digest: in the list with equal results, or else in a new one.

    Raises ValueError if an engine of this version had other results.
    """
    others = [known for known in lists if known.name == found.name]
    for known in others:
        if known.made == found.made and known.version == found.version:
            digests = [*known.digests, *(d for d in found.digests if d not in known.digests)]
            grown = msgspec.structs.replace(known, digests=digests)
            return [grown if entry is known else entry for entry in lists]
    if found.version and any(known.version == found.version for known in others):
        raise ValueError(f"{found.name} {found.version} has assessed otherwise before: give it a new version")
    return [*lists, found]


def main() -> int:
    """Write the lists, or print the reason for a refusal."""
    lists = equal_digests.equal_digests()
    try:
        for found in installed():
            lists = with_installed(lists, found)
    except ValueError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    LISTS.write_bytes(msgspec.json.format(msgspec.json.encode(lists), indent=2) + b"\n")
    return 0


def _of_engine(judge: Engine, digest: str) -> EqualDigests:
    return EqualDigests(
        name=judge.ref.name, version=judge.ref.version, made=_sha256(_assessments(judge)), digests=[digest]
    )


def _assessments(judge: Engine) -> Iterable[bytes]:
    taxonomy = load_taxonomy()
    for sample in load_sample_stories():
        assessment = judge.assess(sample_article(sample), taxonomy)
        nameless = msgspec.structs.replace(assessment.engine, digest="")
        yield msgspec.json.encode(msgspec.structs.replace(assessment, engine=nameless))


def _documents() -> Iterable[bytes]:
    story = filled_story()
    for form in OBJECT_FORMS:
        yield represent_story(form, story, SITE)
    yield encode_json(story.verdict)


def _sha256(parts: Iterable[Any]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())

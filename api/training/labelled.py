"""Labelled stories of the training data: one JSON object a line, labelled by the method's codebook."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from api.analysis.text.article import Article
from api.analysis.text.document import Document, Text
from api.pages.articles import article_from_text
from api.runtime.load_taxonomy import load_taxonomy
from api.training.sentence_marks import Reading, shares_marked
from schemas.enums import ClaimSupport, EvidenceStrength, SourceType, SpinType, Stance

FOLDS = 3  # for held-out models
SAME = 0.5  # least Jaccard index of words of a sentence and its labelled claim, as in evaluation
PUBLISHED, WRITTEN = "published", "written"  # the field `origin`
# Invented stories weigh less, so that their peculiarities do not dominate.
_WRITTEN_WEIGHT = 0.8
_SYNTHETIC, _SYNTHETIC_WEIGHT = "synthetic", 0.5  # the field `ref`: written to order, unlike real texts
# The field `marked`: 15 of 100 characters are marked as terms; in real stories 3 by one reader, 6 by two.
_PHRASES, _PHRASES_WEIGHT = "phrases", 0.3
ALONE = "venturebeat.com"  # a fifth of all real stories: reported alone
_WIRE = re.compile(
    r"wire|newsramp|newsdirect|citybiz|pressrelease|newsworthy|reportable|pressservices", re.IGNORECASE
)
_ABOUT = re.compile(r"^About ([A-Z0-9][^\n:.!?]{1,60}):?$", re.IGNORECASE | re.MULTILINE)
_LEGAL_FORM = re.compile(
    r",? (?:inc|corp|corporation|company|co|ltd|limited|llc|plc|ag|se|group|holdings)\.?$"
)


T = TypeVar("T", bound=Text)


@dataclass(frozen=True)
class Labelled(Generic[T]):
    """An analysed story and its labels. `tactic` is a code, or None if no tactic of the codebook fits.

    `weight` is 1 for a published story; `term_weight`, that of its loaded terms, is smaller if whole phrases are
    marked. `terms` are the marks of all readers, `terms_of_one` those of the first; `marks` is the result of
    `shares_marked`.
    """

    id: str
    publisher: str
    document: T
    score: float
    primary: SpinType
    secondary: SpinType | None
    stance: Stance
    tactic: str | None
    evidence: EvidenceStrength
    terms: list[str]
    terms_of_one: list[str]
    claims: list[tuple[str, ClaimSupport]]
    marks: NDArray[np.float32]
    is_real: bool
    weight: float
    term_weight: float


def training_records(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The records of JSON Lines files that models may learn from: with a score, not kept for reading.

    A record is kept for reading (`reading`) if people rate the verdict on it. Raises ValueError for a record
    without a known `origin`.
    """
    lines = [line for path in paths for line in path.read_bytes().splitlines() if line]
    records: list[dict[str, Any]] = [msgspec.json.decode(line) for line in lines]
    for record in records:
        is_published(record)
    return [record for record in records if record.get("confidence") != 0 and not record.get("reading")]


def is_published(record: Mapping[str, Any]) -> bool:
    """Whether the story was published, not written for training. Raises ValueError for an unknown `origin`."""
    origin = record.get("origin")
    if origin not in (PUBLISHED, WRITTEN):
        raise ValueError(f"{record['id']}: origin is {origin!r}, not {PUBLISHED} or {WRITTEN}")
    return bool(origin == PUBLISHED)


def weight_of(record: Mapping[str, Any]) -> float:
    """The story's weight in training; 1 for a published story."""
    if is_published(record):
        return 1.0
    return _SYNTHETIC_WEIGHT if record.get("ref") == _SYNTHETIC else _WRITTEN_WEIGHT


def tactic_of(record: Mapping[str, Any]) -> str | None:
    """The code of the record's tactic, given by code or name; None for `none` and null.

    Raises ValueError for any other.
    """
    given = record["tactic"]
    if given is None or given == "none":
        return None
    code = _tactic_codes().get(given.lower())
    if code is None:
        raise ValueError(f"{record['id']}: no tactic {given!r} in the taxonomy")
    return code


@cache
def _tactic_codes() -> dict[str, str]:
    tactics = [tactic for kind in load_taxonomy().types for tactic in kind.tactics]
    return {name: tactic.code for tactic in tactics for name in (tactic.code, tactic.name.lower())}


def labelled(
    record: dict[str, Any], reading: Callable[[Article], T], marked: Sequence[Reading] = ()
) -> Labelled[T]:
    """Analyse one record; `marked` are readers' marks of it.

    Raises KeyError or ValueError if its labels do not follow the codebook, or the marks are of another text.
    """
    document = reading(article_of(record))
    if any(one.characters != len(document.text) for one in marked):
        raise ValueError(f"{record['id']}: readers marked another text")
    return Labelled(
        id=record["id"],
        publisher=publisher_of(record),
        document=document,
        score=float(record["score"]),
        primary=SpinType(record["primary"]),
        secondary=SpinType(record["secondary"]) if record["secondary"] else None,
        stance=Stance(record["stance"]),
        tactic=tactic_of(record),
        evidence=EvidenceStrength(record["evidence_strength"]),
        terms=record["loaded_terms"],
        terms_of_one=record.get("terms_of_one", record["loaded_terms"]),
        claims=[(claim["text"], ClaimSupport(claim["support"])) for claim in record["claims"]],
        marks=shares_marked(document.sentences, marked),
        is_real=is_published(record),
        weight=weight_of(record),
        term_weight=_PHRASES_WEIGHT if record.get("marked") == _PHRASES else weight_of(record),
    )


def article_of(record: dict[str, Any]) -> Article:
    """The record's text as an article. Raises KeyError or ValueError as `labelled` does."""
    title, text = record["title"] or "", record["text"]
    body = text[len(title) :] if text.startswith(title) else text
    return article_from_text(title, body, record["source"], SourceType(record["source_type"]))


def folds(stories: Sequence[Labelled[T]]) -> NDArray[np.int_]:
    """The fold of each story, by `publisher_folds`."""
    of = publisher_folds((story.publisher, story.primary.value, story.is_real) for story in stories)
    return np.array([of[story.publisher] for story in stories])


def publisher_folds(stories: Iterable[tuple[str, str, bool]], count: int = FOLDS) -> dict[str, int]:
    """The fold of each publisher, for stories given by publisher, type, and whether they were published.

    All stories of a publisher share a fold, so that no model is measured on a publisher that it has seen. Types
    are spread evenly, the largest publishers first. `ALONE`, a fifth of all real stories, is the fold `count`.
    """
    kinds: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
    for publisher, primary, is_real in stories:
        kinds[publisher][primary, is_real] += 1
    totals = [Counter[tuple[str, bool]]() for _ in range(count)]
    found = {ALONE: count} if ALONE in kinds else {}
    for publisher in sorted(kinds.keys() - {ALONE}, key=lambda name: (-kinds[name].total(), name)):
        own = kinds[publisher]

        def crowding(fold: int, own: Counter[tuple[str, bool]] = own) -> tuple[int, int, int]:
            there = sum(totals[fold][kind] * number for kind, number in own.items())
            return there, totals[fold].total(), fold

        found[publisher] = chosen = min(range(count), key=crowding)
        totals[chosen].update(own)
    return found


def publisher_of(record: Mapping[str, Any]) -> str:
    """Who published the record's text, in small letters: for a wire the issuer of the release, else the source.

    The issuer is the label `subject`, else the name in the head line "About ..."; the wire itself without both.
    An invented story counts as a publisher of its own.
    """
    source = str(record["source"]).casefold()
    if not is_published(record):
        return f"{source} {record['id']}"
    if not _WIRE.search(source):
        return source
    about = _ABOUT.search(str(record["text"]))
    issuer = str(record.get("subject") or (about[1] if about else source)).casefold().strip()
    while shorter := _LEGAL_FORM.sub("", issuer):
        if shorter == issuer:
            break
        issuer = shorter
    return issuer


def loaded_tokens(document: Document, terms: Sequence[str]) -> NDArray[np.float32]:
    """1 for each token of the parse of which more than half is in a term, wherever the term's words occur."""
    marked = marked_characters(document.text, terms)
    return np.array(
        [marked[t.idx : t.idx + len(t.text)].mean() > 0.5 if t.text else False for t in document.doc],
        np.float32,
    )


def marked_characters(text: str, terms: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each character is in a term, wherever its words occur; one item more than the text."""
    marked = np.zeros(len(text) + 1, bool)
    for term in terms:
        at = text.find(term) if term else -1
        while at >= 0:
            marked[at : at + len(term)] = True
            at = text.find(term, at + 1)
    return marked


def claim_supports(document: Text, claims: Sequence[tuple[str, ClaimSupport]]) -> list[ClaimSupport | None]:
    """For each sentence the support of the matching labelled claim, or None."""
    bags = [(_bag(text), support) for text, support in claims]
    found: list[ClaimSupport | None] = []
    for sentence in document.sentences:
        own = _bag(sentence.text)
        similarities = [(len(own & bag) / max(len(own | bag), 1), n) for n, (bag, _) in enumerate(bags)]
        similarity, best = max(similarities, key=lambda pair: (pair[0], -pair[1]), default=(0.0, 0))
        found.append(bags[best][1] if similarity >= SAME else None)
    return found


def _bag(text: str) -> frozenset[str]:
    return frozenset("".join(c.lower() if c.isalnum() else " " for c in text).split())

"""Labelled stories as training reads them: one JSON object a line, its labels by the method's codebook."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from api.analysis.text.article import Article
from api.analysis.text.document import Document, Text
from api.pages.articles import article_from_text
from api.training.sentence_marks import Reading, shares_marked
from schemas.enums import ClaimSupport, EvidenceStrength, SourceType, SpinType, Stance

FOLDS = 3  # stories of which models are fitted that have not seen the others
SAME = 0.5  # Jaccard index of words from which a sentence is the labelled claim, as in evaluation
_WEIGHTS = {
    "s": 0.5,
    "v": 0.5,
}  # by an id's first letter: written to order, in other manners than real texts,
_OWN_WEIGHT = 0.8  # or by us in the manner of real ones; so that what is peculiar to them does not outweigh
_OWN = "wxypqzk"
_BY_PHRASES = "z"  # stories in which 15 characters of 100 are marked; in real ones 3 by one reader, 6 by two
_PHRASES_MARKED = 0.3
_SHUFFLE = 7


T = TypeVar("T", bound=Text)


@dataclass(frozen=True)
class Labelled(Generic[T]):
    """A read story and its labels. `tactic` is the tactic's name in lower case, or `none`.

    `terms` are what any reader marked, `terms_of_one` what the first did; `marks` as `shares_marked` gives them.
    """

    id: str
    document: T
    score: float
    primary: SpinType
    secondary: SpinType | None
    stance: Stance
    tactic: str
    evidence: EvidenceStrength
    terms: list[str]
    terms_of_one: list[str]
    claims: list[tuple[str, ClaimSupport]]
    marks: NDArray[np.float32]

    @property
    def weight(self) -> float:
        """How much it counts beside 1 for a real story."""
        return weight_of(self.id)

    @property
    def term_weight(self) -> float:
        """How much its loaded terms count: where whole phrases are marked, less."""
        return _PHRASES_MARKED if self.id[0] in _BY_PHRASES else self.weight

    @property
    def is_real(self) -> bool:
        """Whether somebody published it."""
        return is_published(self.id)


def weight_of(story_id: str) -> float:
    """How much a story counts by its id."""
    return _OWN_WEIGHT if story_id[0] in _OWN else _WEIGHTS.get(story_id[0], 1.0)


def is_published(story_id: str) -> bool:
    """Whether somebody published the story with this id."""
    return weight_of(story_id) == 1.0


def labelled(
    record: dict[str, Any], reading: Callable[[Article], T], marked: Sequence[Reading] = ()
) -> Labelled[T]:
    """Read one record; `marked` is what readers marked in it.

    Raises KeyError or ValueError for one that is not labelled by the codebook, or was marked in another text.
    """
    document = reading(article_of(record))
    if any(one.characters != len(document.text) for one in marked):
        raise ValueError(f"{record['id']}: readers marked another text")
    return Labelled(
        id=record["id"],
        document=document,
        score=float(record["score"]),
        primary=SpinType(record["primary"]),
        secondary=SpinType(record["secondary"]) if record["secondary"] else None,
        stance=Stance(record["stance"]),
        tactic=record["tactic"].lower(),
        evidence=EvidenceStrength(record["evidence_strength"]),
        terms=record["loaded_terms"],
        terms_of_one=record.get("terms_of_one", record["loaded_terms"]),
        claims=[(claim["text"], ClaimSupport(claim["support"])) for claim in record["claims"]],
        marks=shares_marked(document.sentences, marked),
    )


def article_of(record: dict[str, Any]) -> Article:
    """The text of a record as an article. Raises KeyError or ValueError as `labelled` does."""
    title, text = record["title"] or "", record["text"]
    body = text[len(title) :] if text.startswith(title) else text
    return article_from_text(title, body, record["source"], SourceType(record["source_type"]))


def folds(stories: Sequence[Labelled[T]]) -> NDArray[np.int_]:
    """The fold of each story: types and kinds of text are spread evenly."""
    groups: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for number, story in enumerate(stories):
        groups[story.primary.value, story.is_real].append(number)
    found = np.zeros(len(stories), int)
    place = 0
    for key in sorted(groups):
        random.Random(_SHUFFLE).shuffle(groups[key])  # noqa: S311 - an order, no secret
        for number in groups[key]:
            found[number] = place % FOLDS
            place += 1
    return found


def loaded_tokens(document: Document, terms: Sequence[str]) -> NDArray[np.float32]:
    """1 for each token of the parse of which more than half stands in a term, wherever the term's words stand."""
    marked = marked_characters(document.text, terms)
    return np.array(
        [marked[t.idx : t.idx + len(t.text)].mean() > 0.5 if t.text else False for t in document.doc],
        np.float32,
    )


def marked_characters(text: str, terms: Sequence[str]) -> NDArray[np.bool_]:
    """Which characters stand in a term, wherever its words stand; one more than the text has."""
    marked = np.zeros(len(text) + 1, bool)
    for term in terms:
        at = text.find(term) if term else -1
        while at >= 0:
            marked[at : at + len(term)] = True
            at = text.find(term, at + 1)
    return marked


def claim_supports(document: Text, claims: Sequence[tuple[str, ClaimSupport]]) -> list[ClaimSupport | None]:
    """For each sentence the support of the labelled claim that it is, None for all others."""
    bags = [(_bag(text), support) for text, support in claims]
    found: list[ClaimSupport | None] = []
    for sentence in document.sentences:
        own = _bag(sentence.text)
        close = [(len(own & bag) / max(len(own | bag), 1), n) for n, (bag, _) in enumerate(bags)]
        likeness, best = max(close, key=lambda pair: (pair[0], -pair[1]), default=(0.0, 0))
        found.append(bags[best][1] if likeness >= SAME else None)
    return found


def _bag(text: str) -> frozenset[str]:
    return frozenset("".join(c.lower() if c.isalnum() else " " for c in text).split())

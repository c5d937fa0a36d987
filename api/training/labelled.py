"""Labelled stories of the training data: one JSON object a line, labelled by the method's codebook."""

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

FOLDS = 3  # for held-out models
SAME = 0.5  # least Jaccard index of words of a sentence and its labelled claim, as in evaluation
# By an id's first letter: invented stories weigh less, so that their peculiarities do not dominate.
_WEIGHTS = {"s": 0.5, "v": 0.5}  # written to order, unlike real texts
_OWN_WEIGHT = 0.8  # written by us like real texts
_OWN = "wxypqzk"
_BY_PHRASES = "z"  # stories with 15 of 100 characters marked; in real ones 3 by one reader, 6 by two
_PHRASES_WEIGHT = 0.3
_SHUFFLE = 7


T = TypeVar("T", bound=Text)


@dataclass(frozen=True)
class Labelled(Generic[T]):
    """An analysed story and its labels. `tactic` is the tactic's name in lower case, or `none`.

    `terms` are the marks of all readers, `terms_of_one` those of the first; `marks` is the result of
    `shares_marked`.
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
        """The story's weight; 1 for a real story."""
        return weight_of(self.id)

    @property
    def term_weight(self) -> float:
        """The weight of its loaded terms, smaller if whole phrases are marked."""
        return _PHRASES_WEIGHT if self.id[0] in _BY_PHRASES else self.weight

    @property
    def is_real(self) -> bool:
        """Whether the story was published."""
        return is_published(self.id)


def weight_of(story_id: str) -> float:
    """The weight of the story with this id."""
    return _OWN_WEIGHT if story_id[0] in _OWN else _WEIGHTS.get(story_id[0], 1.0)


def is_published(story_id: str) -> bool:
    """Whether the story with this id was published."""
    return weight_of(story_id) == 1.0


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
    """The record's text as an article. Raises KeyError or ValueError as `labelled` does."""
    title, text = record["title"] or "", record["text"]
    body = text[len(title) :] if text.startswith(title) else text
    return article_from_text(title, body, record["source"], SourceType(record["source_type"]))


def folds(stories: Sequence[Labelled[T]]) -> NDArray[np.int_]:
    """The fold of each story; types and kinds of text are spread evenly."""
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

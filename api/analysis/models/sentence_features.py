"""Sentence features of the linear models for central claims and their support.

They follow the check-worthiness literature (Hassan and others, "Toward Automated Fact-Checking: Detecting
Check-worthy Factual Claims by ClaimBuster", 2017; Konstantinovskiy and others, 2021): numbers, names, verbs,
comparison and cause, position, overlap with title and centre of the text, and voice.

Each value is about 0-3. `relative` values are differences from the document's mean, since a number matters more
where others have none. The cost is linear in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.content_words import Vectors
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence, Text
from api.analysis.text.lexicon import words

if TYPE_CHECKING:
    from spacy.tokens import Token

Features = dict[str, float]

_CURRENCY = re.compile(r"[$€£¥]\s?\d")
_TOKEN = re.compile(r"\w+")
# Whole lower-case words by feature.
_WORDS = {
    "percent": r"percent|percentage",
    "money": r"million|billion|trillion|dollars?|euros?|pounds?",
    "year": r"(?:19|20)\d\d",
    "superlative": (
        r"first|only|most|best|largest|biggest|fastest|leading|highest|lowest|greatest|record|unprecedented|"
        r"never|every|always"
    ),
    "cause": (
        r"because|caus(?:e|es|ed|ing)|enabl(?:e|es|ed|ing)|allow(?:s|ed|ing)?|help(?:s|ed|ing)?|"
        r"reduc(?:e|es|ed|ing)|increas(?:e|es|ed|ing)|improv(?:e|es|ed|ing)|prevent(?:s|ed|ing)?|"
        r"driv(?:e|es|ing|en)|therefore|thereby"
    ),
    "comparison": (
        r"than|more|less|fewer|faster|better|higher|lower|compared|versus|times|twice|outperform\w*"
    ),
    "report": (
        r"said|says|told|explain\w*|argu\w+|warn\w*|claim\w*|noted|notes|wrote|writes|announc\w+|estimat\w+"
    ),
    "study": (
        r"stud(?:y|ies)|survey\w*|report(?:ed|s)?|research\w*|paper|data|found|analysis|experiment\w*|"
        r"test(?:s|ed|ing)?|trial\w*|measur\w+|benchmark\w*|evaluat\w+|results?|showed|shows|figure|table"
    ),
    "record": (
        r"filed|filing|court|lawsuit|sued|ruled|ruling|law|act|bill|regulat\w+|commission|agency|"
        r"investigat\w+|charged|convicted|signed|approved|voted|documents?"
    ),
    "promise": r"will|expects?|would",
    "first_person": r"we|our|ours|us|i|my",
    "second_person": r"you|your|yours",
    "evaluative": (
        r"powerful|innovative|seamless\w*|unique\w*|trusted|proud|excit\w+|amazing|great\w*|important\w*|"
        r"significant\w*|essential|critical\w*|robust|transform\w*|revolution\w*|empower\w*|dramatic\w*|"
        r"incredibl\w+"
    ),
}
# Phrases by feature, whatever marks stand between their words.
_PHRASES = {
    "percent": ("per cent",),
    "superlative": ("world class",),
    "cause": (
        "due to", "as a result", "lead to", "leads to", "leading to", "led to", "result in", "results in",
        "resulted in", "thanks to", "so that",
    ),
    "comparison": ("up to", "at least"),
    "report": ("according to",),
    "promise": (
        "going to", "plan to", "plans to", "aim to", "aims to", "hope to", "hopes to", "intend to", "intends to",
    ),
    "evaluative": ("best in class", "cutting edge", "state of the art"),
    "example": ("for example", "for instance", "such as", "e g"),
}  # fmt: skip
_MAX_COUNT = {"cause": 3, "comparison": 2, "study": 2, "record": 2, "evaluative": 2}  # of the others one
_PATTERNS = {name: re.compile(words) for name, words in _WORDS.items()}
_NAMES = tuple(dict.fromkeys((*_WORDS, *_PHRASES)))
_NONE = dict.fromkeys(_NAMES, 0.0)
_SPACED = tuple((name, f" {phrase} ") for name, phrases in _PHRASES.items() for phrase in phrases)
_ANAPHORIC = words("it this that these those they he she there but and so such here")
_CONTRAST = words("but however yet still although while despite")
_CLOSED = re.compile(r"[.!?][\"'”’)\]]*$")
_FINITE = frozenset({"VBZ", "VBD", "VBP", "MD"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
_TOP_WORDS = 10  # most frequent content words, the text's topic


def sentence_features(document: Document) -> list[Features]:
    """The features of every sentence in order, the title included."""
    labels = _entity_labels(document)
    return features_in_place(
        document,
        lambda sentence: (
            _shape(document, sentence) | wording_features(sentence.text) | _names(labels[sentence.index])
        ),
    )


def features_in_place(document: Text, own: Callable[[Sentence], Features]) -> list[Features]:
    """Each sentence's `own` features, with those of its place and its overlap with the text."""
    sentences = document.sentences
    content = [document.content_words(s) for s in sentences]
    vectors = Vectors(content)
    counts = Counter(word for one in content for word in one)
    topic = frozenset(word for word, _ in sorted(counts.items(), key=lambda e: (-e[1], e[0]))[:_TOP_WORDS])
    title = frozenset(w for s, one in zip(sentences, content, strict=True) if s.role == "title" for w in one)
    body = sum(s.role != "title" for s in sentences)
    rows: list[Features] = []
    place = 0
    for number, sentence in enumerate(sentences):
        row = own(sentence)
        present = frozenset(content[number])
        row["centrality"] = vectors.centrality(number)
        row["title_words"] = len(present & title) / max(1, min(len(title), 8))
        row["topic_words"] = len(present & topic) / 5
        row["position"] = place / max(1, body)
        row["earliness"] = 1 / (1 + place)
        row["first"] = float(place == 0)
        row["last"] = float(place >= body - 2)
        rows.append(row)
        place += sentence.role != "title"
    return rows


def relative(rows: list[Features]) -> list[Features]:
    """The values less their means over the document."""
    if not rows:
        return []
    means = {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}
    return [{name: value - means[name] for name, value in row.items()} for row in rows]


def _shape(document: Document, sentence: Sentence) -> Features:
    tokens = [t for t in document.tokens(sentence) if not t.is_space]
    length = len(tokens)
    tags = [t.tag_ for t in tokens]
    roots = [t for t in tokens if t.dep_ in _SUBJECTS and t.head.dep_ == "ROOT"]
    text = sentence.text
    return {
        "length": min(length, 60) / 30,
        "length_squared": (min(length, 60) / 30) ** 2,
        "short": float(length < 8),
        "long": float(length > 45),
        "very_long": float(length > 80),
        "finite_verb": float(any(tag in _FINITE for tag in tags)),
        "subject": float(any(t.dep_ in _SUBJECTS for t in tokens)),
        "subject_is_pronoun": float(any(t.pos_ == "PRON" for t in roots)),
        "subject_is_name": float(any(t.pos_ == "PROPN" for t in roots)),
        "passive": float(any(t.dep_ == "nsubjpass" for t in tokens)),
        "past": float("VBD" in tags),
        "imperative": float(bool(tags) and tags[0] == "VB"),
        "adjectives": _share(tokens, "ADJ"),
        "nouns": _share(tokens, "NOUN") + _share(tokens, "PROPN"),
        "numbers": float(min(3, len(sentence.numbers))),
        "has_number": float(bool(sentence.numbers)),
        "hedges": float(min(2, len(sentence.hedges))),
        "negated": float(sentence.negated),
        "attributed": float(sentence.attributed_to is not None),
        "quoted": float(sentence.voice != DOCUMENT_VOICE),
        "unnamed": float(sentence.voice == UNNAMED_VOICE),
        "quotes": float(document.quotation_at(sentence.start, sentence.end) is not None or "“" in text),
        "opens_paragraph": float("\n" in document.text[max(0, sentence.start - 2) : sentence.start]),
        "unclosed": float(_CLOSED.search(text) is None),
        "boilerplate": float(is_boilerplate(text)),
    }


def wording_features(text: str) -> Features:
    """The features of a sentence's words."""
    low = text.lower()
    tokens = _TOKEN.findall(low)
    counts = dict(_NONE)
    for token in tokens:
        for name in _features_of_word(token):
            counts[name] += 1
    row = f" {' '.join(tokens)} "
    for name, phrase in _SPACED:
        if phrase in row:
            counts[name] += row.count(phrase)
    if "%" in text:
        counts["percent"] += 1
    if _CURRENCY.search(text):
        counts["money"] += 1
    opening = tokens[0] if tokens else ""
    return {name: min(_MAX_COUNT.get(name, 1.0), count) for name, count in counts.items()} | {
        "anaphoric": float(opening in _ANAPHORIC),
        "contrast": float(opening in _CONTRAST),
        "question": float("?" in text),
        "exclamation": float("!" in text),
        "link": float("http" in text or "www." in text),
    }


@lru_cache(20_000)  # words; some 3 MB
def _features_of_word(token: str) -> tuple[str, ...]:
    """The features that a word counts for."""
    return tuple(name for name, pattern in _PATTERNS.items() if pattern.fullmatch(token))


def _names(labels: list[str]) -> Features:
    return {
        "entities": float(min(4, len(labels))),
        "organization": float("ORG" in labels),
        "person": float("PERSON" in labels),
        "place": float("GPE" in labels),
        "date": float("DATE" in labels),
    }


def _entity_labels(document: Document) -> list[list[str]]:
    labels: list[list[str]] = [[] for _ in document.sentences]
    at = 0
    for entity in document.doc.ents:
        while at < len(labels) and document.sentences[at].end <= entity.start_char:
            at += 1
        if at == len(labels):
            break
        if document.sentences[at].start <= entity.start_char:
            labels[at].append(entity.label_)
    return labels


def _share(tokens: list[Token], pos: str) -> float:
    return sum(t.pos_ == pos for t in tokens) / len(tokens) if tokens else 0.0

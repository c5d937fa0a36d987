"""What a sentence looks like to the linear models that rank claims and tell how they are supported.

The features are those of the check-worthiness literature (Hassan and others, "Toward Automated Fact-Checking:
Detecting Check-worthy Factual Claims by ClaimBuster", 2017; Konstantinovskiy and others, 2021): numbers,
names, verbs, comparison and cause, position, overlap with title and centre of the text, and who speaks.

Each value is about 0-3. `relative` features are meant to be read against the mean of their document: a
number is telling where others have none. All of it is linear in the text.
"""

import re
from collections import Counter
from collections.abc import Callable

from spacy.tokens import Token

from api.analysis.boilerplate import is_boilerplate
from api.analysis.content_words import Vectors
from api.analysis.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document, Sentence, Text

Features = dict[str, float]

_PERCENT = re.compile(r"%|\bper ?cent\b|\bpercentage\b", re.I)
_MONEY = re.compile(r"[$€£¥]\s?\d|\b(?:million|billion|trillion|dollars?|euros?|pounds?)\b", re.I)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SUPERLATIVE = re.compile(
    r"\b(?:first|only|most|best|largest|biggest|fastest|leading|highest|lowest|greatest|record|unprecedented|"
    r"never|every|always|world-class)\b",
    re.I,
)
_CAUSE = re.compile(
    r"\b(?:because|due to|as a result|lead(?:s|ing)? to|led to|caus(?:e|es|ed|ing)|result(?:s|ed)? in|thanks to|"
    r"so that|enabl(?:e|es|ed|ing)|allow(?:s|ed|ing)?|help(?:s|ed|ing)?|reduc(?:e|es|ed|ing)|"
    r"increas(?:e|es|ed|ing)|improv(?:e|es|ed|ing)|prevent(?:s|ed|ing)?|driv(?:e|es|ing|en)|therefore|thereby)\b",
    re.I,
)
_COMPARISON = re.compile(
    r"\b(?:than|more|less|fewer|faster|better|higher|lower|compared|versus|times|twice|outperform\w*|up to|"
    r"at least)\b",
    re.I,
)
_REPORT = re.compile(
    r"\b(?:said|says|told|according to|explain\w*|argu\w+|warn\w*|claim\w*|noted|notes|wrote|writes|"
    r"announc\w+|estimat\w+)\b",
    re.I,
)
_STUDY = re.compile(
    r"\b(?:stud(?:y|ies)|survey\w*|report(?:ed|s)?|research\w*|paper|data|found|analysis|experiment\w*|"
    r"test(?:s|ed|ing)?|trial\w*|measur\w+|benchmark\w*|evaluat\w+|results?|showed|shows|figure|table)\b",
    re.I,
)
_RECORD = re.compile(
    r"\b(?:filed|filing|court|lawsuit|sued|ruled|ruling|law|act|bill|regulat\w+|commission|agency|"
    r"investigat\w+|charged|convicted|signed|approved|voted|documents?)\b",
    re.I,
)
_PROMISE = re.compile(r"\b(?:will|going to|plans? to|expects?|aims? to|hopes? to|intends? to|would)\b", re.I)
_FIRST_PERSON = re.compile(r"\b(?:we|our|ours|us|i|my)\b", re.I)
_SECOND_PERSON = re.compile(r"\b(?:you|your|yours)\b", re.I)
_EVALUATIVE = re.compile(
    r"\b(?:powerful|innovative|seamless\w*|unique\w*|trusted|proud|excit\w+|amazing|great\w*|important\w*|"
    r"significant\w*|essential|critical\w*|robust|transform\w*|revolution\w*|empower\w*|best-in-class|"
    r"cutting-edge|state-of-the-art|dramatic\w*|incredibl\w+)\b",
    re.I,
)
_ANAPHORIC = re.compile(r"\W*(?:it|this|that|these|those|they|he|she|there|but|and|so|such|here)\b", re.I)
_OPENING_CONTRAST = re.compile(r"\W*(?:but|however|yet|still|although|while|despite)\b", re.I)
_EXAMPLE = re.compile(r"\b(?:for example|for instance|such as|e\.g\.)", re.I)
_CLOSED = re.compile(r"[.!?][\"'”’)\]]*$")
_FINITE = frozenset({"VBZ", "VBD", "VBP", "MD"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
_TOP_WORDS = 10  # the most frequent content words of a text, its topic


def sentence_features(document: Document) -> list[Features]:
    """The features of every sentence of the document, in order, the title's among them."""
    labels = _entity_labels(document)
    return features_in_place(
        document,
        lambda sentence: (
            _shape(document, sentence) | wording_features(sentence.text) | _names(labels[sentence.index])
        ),
    )


def features_in_place(document: Text, own: Callable[[Sentence], Features]) -> list[Features]:
    """What each sentence has of its `own`, and what its place and its words have in common with the whole."""
    sentences = document.sentences
    words = [document.content_words(s) for s in sentences]
    vectors = Vectors(words)
    counts = Counter(word for one in words for word in one)
    topic = frozenset(word for word, _ in sorted(counts.items(), key=lambda e: (-e[1], e[0]))[:_TOP_WORDS])
    title = frozenset(w for s, one in zip(sentences, words, strict=True) if s.role == "title" for w in one)
    body = sum(s.role != "title" for s in sentences)
    rows: list[Features] = []
    place = 0
    for number, sentence in enumerate(sentences):
        row = own(sentence)
        said = frozenset(words[number])
        row["centrality"] = vectors.centrality(number)
        row["title_words"] = len(said & title) / max(1, min(len(title), 8))
        row["topic_words"] = len(said & topic) / 5
        row["position"] = place / max(1, body)
        row["earliness"] = 1 / (1 + place)
        row["first"] = float(place == 0)
        row["last"] = float(place >= body - 2)
        rows.append(row)
        place += sentence.role != "title"
    return rows


def relative(rows: list[Features]) -> list[Features]:
    """The same values less the mean of each over the document."""
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
    """What a sentence's words say by themselves."""
    return {
        "percent": float(_PERCENT.search(text) is not None),
        "money": float(_MONEY.search(text) is not None),
        "year": float(_YEAR.search(text) is not None),
        "superlative": float(_SUPERLATIVE.search(text) is not None),
        "cause": float(min(3, len(_CAUSE.findall(text)))),
        "comparison": float(min(2, len(_COMPARISON.findall(text)))),
        "report": float(_REPORT.search(text) is not None),
        "study": float(min(2, len(_STUDY.findall(text)))),
        "record": float(min(2, len(_RECORD.findall(text)))),
        "promise": float(_PROMISE.search(text) is not None),
        "first_person": float(_FIRST_PERSON.search(text) is not None),
        "second_person": float(_SECOND_PERSON.search(text) is not None),
        "evaluative": float(min(2, len(_EVALUATIVE.findall(text)))),
        "anaphoric": float(_ANAPHORIC.match(text) is not None),
        "contrast": float(_OPENING_CONTRAST.match(text) is not None),
        "example": float(_EXAMPLE.search(text) is not None),
        "question": float("?" in text),
        "exclamation": float("!" in text),
        "link": float("http" in text or "www." in text),
    }


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

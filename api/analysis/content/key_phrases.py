"""Names a story and its claims by words of the text.

A claim is named by a clause of its sentence in the document's own voice, reports included ("Roe says that it is
safe"), or the whole sentence if short (`clauses.py`); a clause from under a verb of saying or from a quotation is
only given together with its speaker. A story is named by a noun phrase of its title that its text repeats. None
if there are no such words.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from api.analysis.claims.claims import CentralClaim
from api.analysis.content.keywords import EMPTY, VAGUE
from api.analysis.parsing.clauses import (
    CONTENT,
    MAX_WORDS,
    SUBJECTS,
    clause_of,
    has_subject,
    is_finite,
    quotable,
)
from api.analysis.parsing.noun_chunks import NounChunks
from api.analysis.parsing.relayed import reports_of
from api.analysis.parsing.speakers import REPORT_VERBS
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence
from api.analysis.text.lexicon import words
from api.analysis.text.names import is_site

if TYPE_CHECKING:
    from spacy.tokens import Span as Tokens
    from spacy.tokens import Token

MAX_NOUN_WORDS = 8
SUBJECTS_LOOKED_AT = 8  # sentences of the body searched for a subject if the title has none
MAX_FULLER = 4  # words of the noun phrase around a recurring single word
RECURS = 3  # least uses of a single word of the title that names the story
_DETERMINERS = frozenset({"DET", "PRON", "PUNCT", "SPACE", "CCONJ"})
_ALONE = frozenset({"ROOT", "ccomp", "conj", "parataxis"})
# Never a subject: vague nouns, and names for the text itself.
_NO_SUBJECT = VAGUE | words(
    "note letter post article story statement announcement release update memo message email page"
)
_INSTITUTIONS = words(
    "board council team faculty society company committee ministry government university court office department "
    "agency city state institute foundation association quarter group house"
)
_TIMES = frozenset({"DATE", "TIME"})
_FINDINGS = frozenset({"show", "indicate", "reveal", "find", "mean", "learn", "know"})


class KeyPhrases:
    """The phrases of one document: its subject, and the core of each claim."""

    def __init__(self, document: Document, chunks: NounChunks, claims: tuple[CentralClaim, ...]) -> None:
        self._cores = {
            c.claim.number: core
            for c in claims
            if (core := core_of(document, c.sentence)) is not None and _names(core, c.claim.voice)
        }
        self._voices = {c.claim.number: c.claim.voice for c in claims}
        self._relayed = {
            c.claim.number: relayed_core(document, c.sentence, c.claim.voice)
            for c in claims
            if c.claim.voice != DOCUMENT_VOICE
        }
        self.subject = subject_of(document, chunks)

    def of_claim(self, number: int) -> str | None:
        """The core of claim `number` in the document's voice, which names the speaker if it reports one."""
        return self._cores.get(number)

    def relayed(self, number: int) -> tuple[str, str] | None:
        """The clause that claim `number` quotes or reports, and its speaker."""
        clause = self._relayed.get(number)
        return (clause, self._voices[number]) if clause else None


def _names(core: str, voice: str) -> bool:
    """Whether the core is the document's, or names the speaker whom it reports: not "She says that"."""
    return voice == DOCUMENT_VOICE or voice.split()[-1] in core


def core_of(document: Document, sentence: Sentence) -> str | None:
    """The main clause in the document's own voice, with all that it reports, else another one.

    A clause without its subject is replaced by the whole sentence, if that is short enough.
    """
    if sentence.voice != DOCUMENT_VOICE:
        return None
    cues = {r.cue: r.end for r in reports_of(document, sentence)}
    for verb in _verbs(document, sentence):
        if _voice_at(document, verb) != DOCUMENT_VOICE or _is_under_report(verb):
            continue
        upto = document.token_at(cues[verb.i] - 1) if verb.i in cues else 0
        clause = clause_of(document, sentence, verb, upto if upto > verb.i else 0)
        if clause is not None and has_subject(verb, document, clause):
            return clause
    return _whole(document, sentence)


def relayed_core(document: Document, sentence: Sentence, voice: str) -> str | None:
    """The main clause that the sentence quotes or reports from the speaker `voice`."""
    own = {r.cue for r in reports_of(document, sentence) if r.speaker == voice}
    for verb in _verbs(document, sentence):
        if _voice_at(document, verb) == voice and (verb.head.i in own or not _is_under_report(verb)):
            clause = clause_of(document, sentence, verb)
            if clause is not None and has_subject(verb, document, clause):
                return clause
    return None


def _is_under_report(verb: Token) -> bool:
    """Whether another than the writer reports the verb's clause: "the figures suggest that"."""
    head = verb.head
    if verb.dep_ != "ccomp" or (head.lemma_ not in REPORT_VERBS and head.lemma_ not in _FINDINGS):
        return False
    return not any(c.dep_ == "nsubj" and c.lower_ in ("i", "we") for c in head.children)


def _voice_at(document: Document, token: Token) -> str:
    return document.relayed_voice(token.idx, token.idx + len(token.text))


def _whole(document: Document, sentence: Sentence) -> str | None:
    """The sentence without its closing mark; None if too long or unfit to quote."""
    last = sentence.last - 1
    while last > sentence.first and document.doc[last].pos_ in ("PUNCT", "SPACE"):
        last -= 1
    if last - sentence.first >= MAX_WORDS or not any(map(is_finite, document.tokens(sentence))):
        return None
    return quotable(document, sentence.first, last, least_content=2)


def subject_of(document: Document, chunks: NounChunks) -> str | None:
    """The subject of the story: repeated words of its title, else a noun phrase of title or body.

    Parts of a title's noun phrases count, as titles in capitals are parsed badly. A phrase of the body must
    recur. A single common noun ("quarter") ranks below a name of the title and any phrase of two words.
    """
    title = [s for s in document.sentences if s.role == "title"]
    common: list[str] = []
    if (recurring := _recurring(document, chunks, title, common)) is not None:
        return recurring
    counts = Counter(word for s in document.body_sentences() for word in document.content_words(s))
    folded = document.folded[document.article.body_start :]
    body = [s for s in document.sentences if s.role != "title"][:SUBJECTS_LOOKED_AT]
    for places, min_content, min_uses in (
        (title, 2, 2),
        (title, 1, 1),
        (body, 2, 2),
        (title, 2, 0),
        (title, 1, 2),
    ):
        for sentence in places:
            phrase = _best_noun_phrase(document, chunks, sentence, counts, min_content, min_uses)
            if phrase is None:
                continue
            if " " not in phrase and not is_name(document.text, phrase):
                common += [phrase] if places is title and min_uses > 1 else []
            elif places is title or folded.count(f" {phrase.lower()}") > 1:
                return phrase
    return common[0] if common else None


def is_name(text: str, word: str) -> bool:
    """Whether the text usually capitalises the word, and the word is a name by itself."""
    if not any(c.isupper() for c in word) or word.lower() in _INSTITUTIONS:
        return False
    known = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])", re.IGNORECASE)
    small = sum(match.group().islower() for match in known.finditer(text))
    return 2 * small < len(known.findall(text))


def _recurring(
    document: Document, chunks: NounChunks, title: list[Sentence], common: list[str]
) -> str | None:
    """The part of a title's noun phrase that the body repeats most; more words win.

    Adds recurring single common nouns to `common` instead.
    """
    source = document.article.source
    body = document.folded[document.article.body_start :]
    found: list[tuple[int, int, str]] = []
    for chunk in (c for s in title for c in chunks.of(s) if len(c) <= MAX_NOUN_WORDS):
        for first in range(chunk.start, chunk.end):
            for last in range(first, chunk.end):
                tokens = document.doc[first : last + 1]
                named = tokens[0].pos_ in ("NOUN", "PROPN", "ADJ") or tokens[0].text[:1].isupper()
                if not named or tokens[0].pos_ in _DETERMINERS or tokens[-1].pos_ not in ("NOUN", "PROPN"):
                    continue
                if tokens[-1].lemma_.lower() in _NO_SUBJECT:
                    continue
                phrase = _whole_words(document, list(tokens), 1)
                if phrase is None or is_site(phrase, source.name, source.host):
                    continue
                content = sum(t.pos_ in CONTENT for t in tokens)
                uses = body.count(f" {document.folded[tokens[0].idx : tokens[0].idx + len(phrase)]}")
                if uses < (RECURS if content == 1 else 2) or all(t.ent_type_ in _TIMES for t in tokens):
                    continue
                fuller = _fuller(document, chunk) if content == 1 else None
                if fuller or " " in phrase or is_name(document.text, phrase):
                    found.append((-content * min(uses, 5), tokens[0].idx, fuller or phrase))
                else:
                    common.append(phrase)
    return min(found)[2] if found else None


def _fuller(document: Document, chunk: Tokens) -> str | None:
    """The whole noun phrase, unless capitals suggest a fragment of a headline."""
    tokens = list(chunk)
    while tokens and (tokens[0].pos_ in _DETERMINERS or tokens[0].lower_ in EMPTY):
        tokens.pop(0)
    if not 1 < len(tokens) <= MAX_FULLER or not all(t.is_lower or t.is_upper or t.is_punct for t in tokens):
        return None
    return _whole_words(document, tokens, 2)


def _verbs(document: Document, sentence: Sentence) -> list[Token]:
    """Verbs whose clauses can stand for the sentence, the best first.

    A reported clause ranks before the report, unless its subject is a pronoun; a mere "said Jane Roe" is
    excluded.
    """
    tokens = document.tokens(sentence)
    root = next((t for t in tokens if t.dep_ == "ROOT" and t.pos_ in ("VERB", "AUX")), None)
    others = [t for t in tokens if t != root and _stands_alone(t)]
    if root is None:
        return others
    reports = root.lemma_ in REPORT_VERBS or root.lemma_ in _FINDINGS
    reported = [t for t in others if t.head == root and t.dep_ == "ccomp"] if reports else []
    named = [t for t in reported if (subject := _subject(t)) is not None and subject.pos_ != "PRON"]
    rest = [t for t in others if t not in named]
    is_bare_report = reports and not any(t.i > root.i for t in reported)
    return [*named, *rest] if is_bare_report else [*named, root, *rest]


def _stands_alone(verb: Token) -> bool:
    """Whether the verb's clause can be understood alone: neither a relative clause nor a mere report."""
    if not is_finite(verb) or verb.dep_ not in _ALONE or _subject(verb) is None:
        return False
    return verb.lemma_ not in REPORT_VERBS or any(
        c.dep_ in ("ccomp", "dobj") and c.i > verb.i for c in verb.children
    )


def _subject(verb: Token) -> Token | None:
    return next((c for c in verb.children if c.dep_ in SUBJECTS), None)


def _best_noun_phrase(
    document: Document,
    chunks: NounChunks,
    sentence: Sentence,
    counts: dict[str, int],
    min_content: int,
    min_uses: int = 0,
) -> str | None:
    """The noun phrase with most words used in the text, in total at least `min_uses` times."""
    found: list[tuple[float, int, str]] = []
    source = document.article.source
    for chunk in chunks.of(sentence):
        tokens = list(chunk)
        while tokens and (tokens[0].pos_ in _DETERMINERS or tokens[0].lower_ in EMPTY):
            tokens.pop(0)
        if not tokens or len(tokens) > MAX_NOUN_WORDS or _uses(tokens, counts) < min_uses:
            continue
        if all(t.ent_type_ in _TIMES for t in tokens):
            continue
        if tokens[-1].lemma_.lower() in _NO_SUBJECT:
            continue
        phrase = _whole_words(document, tokens, min_content)
        if phrase is not None and not is_site(phrase, source.name, source.host):
            found.append((-_worth(chunk, counts), tokens[0].idx, phrase))
    return min(found)[2] if found else None


def _whole_words(document: Document, tokens: list[Token], min_content: int) -> str | None:
    """The words, unless part of a hyphenated one."""
    phrase = quotable(document, tokens[0].i, tokens[-1].i, least_content=min_content)
    start, end = tokens[0].idx, tokens[-1].idx + len(tokens[-1].text)
    around = document.text[max(0, start - 1) : start] + document.text[end : end + 1]
    return None if any(c.isalnum() or c == "-" for c in around) else phrase


def _uses(tokens: list[Token], counts: dict[str, int]) -> int:
    return sum(counts.get(t.lemma_.lower(), 0) for t in tokens if t.pos_ in CONTENT)


def _worth(chunk: Tokens, counts: dict[str, int]) -> float:
    worth = float(sum(min(counts.get(t.lemma_.lower(), 0), 5) for t in chunk if t.pos_ in CONTENT))
    worth += 1.0 * any(t.ent_type_ in ("PERCENT", "MONEY", "CARDINAL") for t in chunk)
    worth -= 2.0 * all(t.ent_type_ in ("PERSON", "DATE", "TIME", "GPE") for t in chunk)
    return worth

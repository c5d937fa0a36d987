"""What happened: the kind of event, who acts, and the sentence that tells it.

Kind and sentence are the most likely by heads over the encoder (`document_heads.py`, `sentence_heads.py`). The
subject is the speaker of the sentence, by default the publisher, if it is told in the first person; else the name
that is the sentence's subject, or a salient one; it stands in title or lead, unless it is the one most named. The
carrier of a release does not act. An argument is its publisher's own, or nobody's by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from api.analysis.content.beneficiaries import main_actor
from api.analysis.content.news_choice import happening_kind, news_weights
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.parsing.speaker_names import can_report
from api.analysis.text.datelines import dateline_of
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Sentence
from api.analysis.text.names import bare_name, same_party
from api.analysis.text.own_account import OWN_ACCOUNT
from api.analysis.text.spans import spans
from schemas.assessments import EntityMention, Happening, SourceRole
from schemas.enums import EntityType, HappeningKind, SourceType

if TYPE_CHECKING:
    from spacy.tokens import Token

SURE: Final = 0.4  # of training stories above it, held out, 76 in 100 have this kind; of the others 37
_ACTS: Final = frozenset({EntityType.ORGANIZATION, EntityType.PERSON, EntityType.PRODUCT})
_SUBJECTS: Final = frozenset({"nsubj", "nsubjpass"})
_FIRST_PERSON: Final = frozenset({"we", "our", "i", "my"})
_SPEAKS_AS_WE: Final = OWN_ACCOUNT - {SourceType.OTHER} | {SourceType.NGO, SourceType.GOVERNMENT}
# Weights of a name beside its salience (0 to 1); chosen on labelled training stories.
_MAIN_SUBJECT, _SUBJECT, _ORGANIZATION, _PUBLISHER = 1.6, 0.8, 0.1, 0.9
_OPENS_TITLE: Final = 0.6
_SHORT: Final = 3  # letters of a word that many texts have
_MAX_TOKENS: Final = 6  # of a subject that is no known name
_VAGUE: Final = frozenset(
    {
        "post",
        "article",
        "report",
        "it",
        "this",
        "that",
        "use",
        "number",
        "way",
        "time",
        "end",
        "people",
        "users",
        "company",
        "group",
        "the",
    }
)
_ROOTS: Final = frozenset({"ROOT", "ccomp", "conj", "parataxis"})


def happening_of(document: EncodedDocument) -> Happening | None:
    """What happened by this text, without a subject; None for a text without words."""
    news = news_sentence(document)
    if news is None:
        return None
    kind = happening_kind(document)
    told = kind is not HappeningKind.NO_EVENT
    return Happening(
        kind=kind, subject=None, spans=spans(document.text, news.start, news.end) if told else []
    )


def with_subject(
    document: EncodedDocument,
    happening: Happening | None,
    entities: Sequence[EntityMention],
    role: SourceRole,
) -> Happening | None:
    """The happening with the name of who acts, if the text has one."""
    news = news_sentence(document)
    if happening is None or news is None:
        return happening
    if happening.kind is HappeningKind.TREND_OR_ARGUMENT:
        return replace(happening, subject=_own_name(document, role))
    return replace(happening, subject=_subject(document, news, entities, role))


def generic_if_unsure(document: EncodedDocument, happening: Happening | None) -> Happening | None:
    """The happening with the kind `other_event` if its own is right in less than half of the cases.

    A sentence about the wrong kind of event misleads, one about "the news" does not.
    """
    if happening is None or document.values.kinds[happening.kind] >= SURE:
        return happening
    return replace(happening, kind=HappeningKind.OTHER_EVENT)


def news_sentence(document: EncodedDocument) -> Sentence | None:
    """The sentence most likely to tell the news; None for a text without words."""
    weights = document.once(news_weights)
    best = max(weights, key=lambda index: (round(weights[index], 4), -index), default=None)
    return None if best is None else document.sentences[best]


def _own_name(document: EncodedDocument, role: SourceRole) -> str | None:
    """The publisher that speaks for itself, unless the text does not use its name, as that of a wire."""
    own = role.publisher if role.publisher_type in _SPEAKS_AS_WE else None
    first = bare_name(own).split()[:1] if own else []
    known = own is not None and (bare_name(own) in document.text or _is_own_name(first, document.folded))
    return own if known else None


def _subject(
    document: EncodedDocument, news: Sentence, entities: Sequence[EntityMention], role: SourceRole
) -> str | None:
    own, body_start = _own_name(document, role), document.article.body_start
    subjects = _grammatical_subjects(document, news)
    if any(t.lower_ in _FIRST_PERSON for one in subjects[:1] for t in one.subtree if t.i <= one.i):
        teller = document.main_voice(news)
        if teller not in (DOCUMENT_VOICE, UNNAMED_VOICE):
            return teller
        if (itself := own or main_actor(role)) is not None:
            return itself
    acting = [(t.left_edge.idx, t.idx + len(t.text)) for t in subjects]

    def is_main(entity: EntityMention) -> bool:
        within = (s for s in entity.spans if acting and acting[0][0] <= s.start and s.end <= acting[0][1])
        return any("(" not in document.text[acting[0][0] : s.start] for s in within)

    def weight(entity: EntityMention) -> float:
        acts = any(low <= s.start and s.end <= high for low, high in acting for s in entity.spans)
        return (
            entity.salience
            + (_MAIN_SUBJECT if is_main(entity) else _SUBJECT if acts else 0.0)
            + (_ORGANIZATION if entity.type is EntityType.ORGANIZATION else 0.0)
            + (_PUBLISHER if own and same_party(entity.name, own) else 0.0)
            + (_OPENS_TITLE if any(s.start == 0 for s in entity.spans) else 0.0)
        )

    # an outlet names itself in "the Courier has learned"
    outlet = role.publisher if role.publisher_type is SourceType.MEDIA else None
    issued = role.publisher_type is SourceType.PRESS_RELEASE  # by a party that need not be in its news
    carrier = role.host if issued else None
    most_named = next((e for e in entities if e.type in _ACTS), None)
    actors = [
        e
        for e in entities
        if e.type in _ACTS
        and e.name.lower() not in _VAGUE
        and not same_party(e.name, outlet)
        and not same_party(e.name, carrier)
        and _is_named_first(document, e, news, most_named=e is most_named)
        and (issued or _is_told_of(document, e, news))
    ]
    best = max(actors, key=lambda e: (round(weight(e), 4), e.name), default=None)
    if own and best is not None and (best.type is EntityType.PRODUCT or _says_our(document, news)):
        best = best if is_main(best) and best.type is EntityType.ORGANIZATION else None
    if best is not None and is_main(best):
        return best.name
    is_early = news.start < document.lead_end
    named = subjects[0] if subjects and is_early and not own else None
    phrase = _phrase(named, dateline_of(document.text, body_start)[1]) if named else None
    places = {e.name for e in entities if e.type is EntityType.PLACE}
    if phrase in places or same_party(phrase, carrier):
        phrase = None  # of a place, something is told
    return own or phrase or (best.name if best else None if outlet else role.publisher)


def _is_named_first(
    document: EncodedDocument, entity: EntityMention, news: Sentence, *, most_named: bool
) -> bool:
    """Whether title or lead name it, or it is what the whole text is about and the news names it."""
    early = any(s.start < document.lead_end for s in entity.spans)
    return early or (most_named and any(news.start <= s.start < news.end for s in entity.spans))


def _is_told_of(document: EncodedDocument, entity: EntityMention, news: Sentence) -> bool:
    """Whether the news names it, or title and body do: a name of the title alone may be any capitalised words."""
    body_start = document.article.body_start
    in_news = any(news.start <= s.start < news.end for s in entity.spans)
    in_title = any(s.start < body_start for s in entity.spans)
    in_body = any(s.start >= body_start for s in entity.spans)
    return in_body and (in_news or in_title)


def _has_capital(token: Token) -> bool:
    return any(map(str.isupper, token.text))


def _says_our(document: EncodedDocument, news: Sentence) -> bool:
    return any(t.lower_ in _FIRST_PERSON for t in document.tokens(news))


def _phrase(subject: Token, start: int) -> str | None:
    """A subject that is no known name, without its clauses: "Norland farmers", "the Greenway initiative".

    Words before `start`, the end of the dateline, are no part of it.
    """
    named = subject.pos_ in ("NOUN", "PROPN") and subject.ent_type_ not in ("DATE", "TIME")
    if not named or subject.lower_ in _VAGUE or _is_symbol(subject):
        return None
    phrase = _outside_brackets(
        [t for t in takewhile(lambda t: t.i <= subject.i, subject.subtree) if t.idx >= start]
    )
    while phrase and phrase[0].pos_ in ("DET", "PRON", "ADP", "PUNCT", "NUM", "ADV", "SPACE"):
        del phrase[0]
    if not phrase or not (
        (subject.tag_ == "NNS" and can_report(subject.lower_, strongly=False))
        or any(_has_capital(t) and (t.pos_ == "PROPN" or t.ent_type_ == "NORP") for t in phrase)
    ):
        return None
    if len(phrase) > _MAX_TOKENS or any(t.is_punct and t.text not in "-’'&" for t in phrase):
        return None
    return "".join(t.text_with_ws for t in phrase).strip()


def _outside_brackets(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without an abbreviation in brackets: "the Tarn Pump Works (TPW) Foundation"."""
    depth, kept = 0, []
    for token in tokens:
        depth += token.text == "("
        if not depth:
            kept.append(token)
        depth -= token.text == ")" and depth > 0
    return kept


def _is_own_name(first: Sequence[str], folded: str) -> bool:
    """Whether the text, in lower case, has the first word of the publisher's name, as in its address."""
    return any(len(word) > _SHORT and word.lower() in folded for word in first)


def _is_symbol(token: Token) -> bool:
    """Whether the token follows a bracket, as an exchange does: "(NASDAQ: CRVL) announced"."""
    return token.i > 0 and token.nbor(-1).text == "("


def _grammatical_subjects(document: EncodedDocument, news: Sentence) -> list[Token]:
    """The subjects of the sentence's clauses, the main clause first."""
    start, end = dateline_of(document.text, document.article.body_start)
    found = [
        t
        for t in document.tokens(news)
        if t.dep_ in _SUBJECTS and t.head.dep_ in _ROOTS and not start <= t.idx < end
    ]
    told = [t for t in found if t.head.dep_ == "ccomp" and t.pos_ in ("NOUN", "PROPN")]
    # "police have a witness, a prosecutor said" is about the police
    telling = (("say", "NOUN"), ("report", "NOUN"), ("report", "PROPN"))
    by_others = any(t.head.dep_ == "ROOT" and (t.head.lemma_, t.pos_) in telling for t in found)
    first = told[:1] if by_others else []
    return sorted(found, key=lambda t: (t not in first, t.head.dep_ != "ROOT", t.i))

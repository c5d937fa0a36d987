"""The voice in which a text itself speaks: its author's, a letter writer's, or its publisher's.

Statements that no speaker is charged with are the document's. Who speaks in them is listed as a voice where the
text says "I" or "we": whoever signs a letter, for its sentences; else the author of a text in the first person
(a byline, a biography at its end, the record), or the organisation that says "we" on its own behalf. A report in
the third person has no such voice, and an interview's is the interviewer's.

Limits: English forms; a letter without a salutation or without a signature is not found.
"""

import re
from collections.abc import Iterable, Sequence

from api.analysis.people.guest_authors import is_organization
from api.analysis.people.voice_names import fuller_names
from api.analysis.people.voices import MAX_VOICES, description_of
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.datelines import is_wire
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence
from api.analysis.text.names import bare_name, name_key
from api.analysis.text.own_account import OWN_ACCOUNT
from api.analysis.text.spans import spans
from schemas.assessments import SourceRole, Voice
from schemas.enums import SourceType

FEWEST = 2  # sentences in the first person
SHOWN = 3  # passages of the document's own voice: the share counts all
_SPEAKS_FOR_ITSELF = OWN_ACCOUNT | {SourceType.NGO, SourceType.GOVERNMENT}
_I = re.compile(r"(?<![\w“\"‘'«])I(?:['’](?:m|ve|d|ll))?(?![\w.'’-])")
_WE = re.compile(r"(?<![\w“\"‘'«-])(?:[Ww]e(?:['’](?:re|ve|d|ll))?|[Oo]ur)(?![\w-])")
_NAME = r"[A-Z][\w’'.-]{1,24}(?: [A-Z][\w’'.-]{0,24}){0,3}"
_SALUTATION = re.compile(
    r"^(?:Dear [^.!?:\n]{2,60}|(?:Hi|Hello) \w[^.!?:\n]{1,40}|Team|All|Everyone|Colleagues|Friends)"
    r"[,:]?[ \t]{0,4}$",
    re.MULTILINE,
)
_CLOSING_WORDS = (
    r"(?i:(?:with )?(?:(?:much|many|deep|all our|all my) )?(?:best|kind|warm(?:est|ly)?|sincerely|yours|regards|"
    r"thanks|thank you|love|gratitude|appreciation|cheers|gratefully|respectfully|faithfully|in solidarity)|"
    r"with (?:\w+ ){0,2}\w+)\b"
)
_SIGNER = rf"(?!{_CLOSING_WORDS}){_NAME}"
_SIGNATURE = re.compile(
    rf"^(?:{_CLOSING_WORDS}[^.!?\n]{{0,30}}?(?:[,.!]?[ \t]{{0,4}}\n{{1,3}}[ \t]{{0,4}}[–—~-]{{0,2}}[ \t]?|"
    rf", (?={_NAME}(?:,[^\n.]{{0,60}})?$))(?P<name>{_SIGNER})|"
    rf"[–—~-]{{1,2}}[ \t]?(?P<alone>{_SIGNER})[ \t]{{0,4}}$)",
    re.MULTILINE,
)
_BYLINE = re.compile(
    r"By (?P<name>[A-Z][\w’'.-]{1,24}(?: [A-Z][\w’'.-]{0,24}){1,3})(?:,[^\n.]{0,80})?[ \t]*(?:\n|$)"
)
_BIOGRAPHY = re.compile(
    r"(?P<name>[A-Z][\w’'-]{1,24}(?: [A-Z][\w’'.-]{0,24}){1,3})(?: is|,) (?:an?|the|our|\w+[’']s)\b[^\n]{4,}"
)
_OPENING = 400  # characters of the body with a byline
_CLOSING = 700  # characters of a text's end with a biography


def with_own_voice(document: Document, found: Sequence[Voice], role: SourceRole) -> list[Voice]:
    """The voices and the document's own, by descending share."""
    own = _own_voice(document, found, role)
    if own is None:
        return list(found)
    whole = sum(s.end - s.start for s in document.sentences)
    name, as_who, sentences = own
    same = next((v for v in found if name_key(v.name) == name_key(name)), None)
    share = round(sum(s.end - s.start for s in sentences) / max(1, whole), 4)
    first_person = [s for s in sentences if _I.search(s.text) or _WE.search(s.text)]
    shown = [p for s in first_person[:SHOWN] for p in spans(document.text, s.start, s.end)]
    voice = Voice(
        name=same.name if same else name,
        description=(same and same.description) or description_of(document, name) or as_who,
        share=min(1.0, round(share + (same.share if same else 0.0), 4)),
        spans=sorted([*(same.spans if same else []), *shown], key=lambda p: p.start),
    )
    others = [v for v in found if v is not same]
    return sorted([*others, voice], key=lambda v: (-v.share, v.spans[0].start, v.name))[:MAX_VOICES]


def _own_voice(
    document: Document, found: Sequence[Voice], role: SourceRole
) -> tuple[str, str, list[Sentence]] | None:
    """Who speaks for the document, as what, and in which sentences; None if the text does not show it."""
    own = [
        s
        for s in document.body_sentences()
        if document.main_voice(s) == DOCUMENT_VOICE and s.attributed_to is None and not is_boilerplate(s.text)
    ]
    if (letter := _letter(document)) is not None:
        name, start, end = letter
        return _first_person(name, "who signs the letter", (s for s in own if start <= s.start < end))
    if any(q.turn for q in document.quotations):
        return None
    says_i = sum(_I.search(s.text) is not None for s in own)
    if says_i >= FEWEST:
        author = _author(document)
        return _first_person(author, "the author", own) if author else None
    publisher = role.publisher
    if publisher is None or role.host is not None or role.publisher_type not in _SPEAKS_FOR_ITSELF:
        return None
    is_given = publisher in (document.article.source.name or "")
    if is_wire(publisher) or (not is_given and bare_name(publisher) not in document.text):
        return None
    if sum(_WE.search(s.text) is not None for s in own) < FEWEST:
        return None
    return _first_person(publisher, "the publisher", own)


def _first_person(
    name: str, as_who: str, sentences: Iterable[Sentence]
) -> tuple[str, str, list[Sentence]] | None:
    spoken = list(sentences)
    return (name, as_who, spoken) if any(_I.search(s.text) or _WE.search(s.text) for s in spoken) else None


def _letter(document: Document) -> tuple[str, int, int] | None:
    """Who signs the letter in the text, and the characters between salutation and signature."""
    text, body = document.text, document.article.body_start
    opening = _SALUTATION.search(text, body)
    if opening is None:
        return None
    signatures = list(_SIGNATURE.finditer(text, opening.end()))
    if not signatures:
        return None
    signature = signatures[-1]
    signed = signature["name"] or signature["alone"]
    persons = [bare_name(e.text) for e in document.doc.ents if e.label_ == "PERSON"]
    # a name glued to an office: "Ada RoeChair"
    name = next((p for p in persons if " " in p and signed.startswith(p)), signed)
    if name == signed and " " not in name:
        name = fuller_names(document, [name])[name]
    return name, opening.end(), signature.start()


def _author(document: Document) -> str | None:
    """The person who wrote the text, by the record, a byline or a biography at its end."""
    author = document.article.author
    if author and " " in author.strip() and not is_organization(author):
        return author
    text, body = document.text, document.article.body_start
    byline = _BYLINE.match(text, body) or _BYLINE.search(text[: body + _OPENING], body)
    if byline:
        return byline["name"]
    for line in text[max(body, len(text) - _CLOSING) :].split("\n")[-3:]:
        biography = _BIOGRAPHY.match(line.strip("*_ "))
        if biography and any(e.label_ == "PERSON" and e.text == biography["name"] for e in document.doc.ents):
            return biography["name"]
    return None

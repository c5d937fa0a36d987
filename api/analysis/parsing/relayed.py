"""Sources of unquoted passages: "The authors say that it is superhuman" is not the document's praise.

A passage is the source's if it depends on a clause that the source states, or stands in a sentence with
"according to". Comments on the statement ("Remarkably, ...") stay the document's.

Limits: one level of reporting; a source that cannot speak leaves the words with the document.
"""

from api.analysis.parsing.speaker_names import can_speak, is_somebody
from api.analysis.parsing.speakers import STATEMENT_VERBS
from api.analysis.text.document import DOCUMENT_VOICE, Document

_REPORTED = frozenset({"ccomp", "xcomp"})
_STEPS = 15  # up a parse tree


def relayed_voice(document: Document, start: int, end: int) -> str:
    """The source of the statement that [start, end) is part of, quoted or not; else `document`."""
    voice = document.voice_at(start, end)
    if voice != DOCUMENT_VOICE:
        return voice
    sentence = document.sentence_at(start)
    source = sentence.attributed_to
    if source is None or not is_somebody(source) or not can_speak(source):
        return DOCUMENT_VOICE
    token = document.doc[document.token_at(start)]
    if token.dep_ == "advmod" and token.i == sentence.first:
        return DOCUMENT_VOICE  # "Remarkably, ..." comments on the statement from outside
    for _ in range(_STEPS):
        if token.lower_ == "according":
            return DOCUMENT_VOICE
        if token.dep_ in _REPORTED and token.head.lemma_ in STATEMENT_VERBS:
            return source
        if token.head.i == token.i:
            break
        token = token.head
    aside = [c for c in token.children if c.lower_ == "according" or c.dep_ == "parataxis"]
    inside = any(c.left_edge.idx <= start <= c.right_edge.idx for c in aside)
    return source if aside and not inside else DOCUMENT_VOICE

"""The voices of a text: everyone quoted or named as the source of a statement, with their passages.

A voice's share is its characters in quotations and reported sentences. Names are the text's (`voice_names.py`);
"Roe" counts as "Jane Roe" if only one full name ends so. Statements of unnamed speakers are left out.
"""

import re

from api.analysis.parsing.speaker_names import ROLE, can_speak, is_somebody
from api.analysis.people.voice_names import fuller_names, listed_name
from api.analysis.text.document import Document
from api.analysis.text.signals import Places, merged
from api.analysis.text.spans import spans
from schemas.assessments import Voice
from schemas.enums import SourceType

MAX_VOICES = 20
MAX_PASSAGES = 12  # shown for one voice; its share counts all
_DESCRIPTION = re.compile(
    r"(?:,|\s[–—-])\s*((?:an?|the|its|his|her|their|our)?\s*(?:[A-Z]\.(?=[A-Z ])|[^,;.:!?“”\"\n()]){4,90})"
    r"(?:[,;]|(?<!\b[A-Z])\.)"
)
# "says our co-founder, Ada Roe", "Corvell CEO Ada Roe"
_PRECEDING = re.compile(
    r"((?:\b(?:its|his|her|their|our|the) )?(?:[(A-Z](?:[\w()&’'-]|\.(?=\w)){0,24} ){0,3}"
    r"(?:\b(?:vice|deputy|acting|former) )?"
    r"\b(?i:chief [a-z]{2,12}(?: officer)?|CEO|CTO|CFO|COO|co-founder|cofounder|founder|president|professor|"
    r"senator|sen\.|director|spokes(?:man|woman|person)|analyst|researcher|attorney general|district attorney|"
    r"minister|chair(?:man|woman)?(?: and (?:chief executive(?: officer)?|CEO))?)"
    r"(?: of(?: the)?(?: [A-Z][\w&.’'-]{0,24}){1,4})?),?\s$"
)
_LEADS = re.compile(
    r", (who (?:leads|runs|heads|founded|owns|chairs|manages|directs) [^,;.:!?“”\"\n()]{3,60})[,.;]"
)
_NAMED = re.compile(r"\b[Cc]hair(?:man|woman)? [A-Z][a-z]+ [A-Z]")  # the next in a list of people
_ANOTHER = re.compile(r"(?:and|or) |[A-Z]\w+ (?:\w+ly )?[a-z]+s\b")  # "- Corvell openly admits"
_FINITE = re.compile(r"\s(?:who )?(?:told|said|says|wrote|added|recently|announced|is|was|has|will)\b.*")


def voices(document: Document) -> list[Voice]:
    """All named speakers, by descending share."""
    passages = _passages(document)
    names = fuller_names(document, list(passages))
    gathered: dict[str, Places] = {}
    for name, places in passages.items():
        gathered.setdefault(names[name], []).extend(places)
    whole = sum(s.end - s.start for s in document.sentences)
    found = []
    for name, places in gathered.items():
        united = merged(places)
        share = min(1.0, round(sum(end - start for start, end in united) / max(1, whole), 4))
        shown = [s for start, end in united[:MAX_PASSAGES] for s in spans(document.text, start, end)]
        if shown:
            found.append(
                Voice(name=name, description=description_of(document, name), share=share, spans=shown)
            )
    return sorted(found, key=lambda v: (-v.share, v.spans[0].start, v.name))[:MAX_VOICES]


def _passages(document: Document) -> dict[str, Places]:
    """Places by listed name, without speakers that are things."""
    found: dict[str, Places] = {}
    source = document.article.source
    outlet = source.name or source.host if source.type is SourceType.MEDIA else None
    for quotation in document.quotations:
        if is_somebody(quotation.voice):
            name = listed_name(quotation.voice, publisher=outlet, host=source.host)
            if name is not None:
                found.setdefault(name, []).append((quotation.start, quotation.end))
    for sentence in document.sentences:
        speaker = sentence.attributed_to or sentence.voice
        if not is_somebody(speaker):
            continue
        name = listed_name(speaker, publisher=outlet, host=source.host)
        if name is not None and (name in found or can_speak(speaker)):
            found.setdefault(name, []).append((sentence.start, sentence.end))
    return found


def description_of(document: Document, name: str) -> str | None:
    """The text's description of the speaker: the words after a comma, or a title before the name."""
    at = document.text.find(name)
    for _ in range(4):
        if at < 0:
            return None
        end = at + len(name)
        behind = _DESCRIPTION.match(document.text, end)
        described = _FINITE.sub("", behind[1]) if behind else ""
        described = "" if _ANOTHER.match(described) else described
        if ROLE.search(described) and len(described.split()) <= 14 and not _NAMED.search(described):
            return described.strip()
        if leads := _LEADS.match(document.text, end):
            return leads[1]
        before = _PRECEDING.search(document.text[max(0, at - 80) : at])
        if before:
            return before[1].strip()
        at = document.text.find(name, end)
    return None

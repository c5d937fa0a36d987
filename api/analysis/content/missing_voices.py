"""Who should have been asked: parties affected by a claim, or competent on it, less those who speak.

The table (`stakeholders.json`) is our own, by claim kind and topic, after stakeholder analysis as public
consultations use it (Freeman, "Strategic Management: A Stakeholder Approach", 1984). A party counts as heard
when a voice's name, description or nearest words name it. Nothing is missing in a text too short to hold it.
"""

import re
from functools import cached_property

from msgspec import Struct

from api.analysis.content.key_phrases import KeyPhrases
from api.analysis.content.missing_evidence import can_omit
from api.analysis.text.data_files import data_file
from api.analysis.text.document import Document
from schemas.assessments import Claim, MissingVoice, Voice
from schemas.enums import ClaimKind

MAX_VOICES = 4
AROUND = 80  # characters before and behind a voice's passage that may introduce it
SENTENCES = 2  # in which a text speaks of what concerns a party
PASSAGES = 3  # of each voice that are looked at


class _Party(Struct, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    code: str
    name: str
    claims: str  # what a claim says when it concerns this party
    kinds: list[ClaimKind]  # [] for any
    speaks: str  # what a voice is called that speaks for this party
    why: str  # {words} are the claim's own
    topic: str = ""  # what the text must come back to, where that is wider than `claims`
    heard_as: str = ""  # how the text says that {voice} is of this party

    @cached_property
    def spoken_of(self) -> re.Pattern[str]:
        return re.compile(self.topic, re.IGNORECASE) if self.topic else self.concerned

    @cached_property
    def concerned(self) -> re.Pattern[str]:
        return re.compile(self.claims, re.IGNORECASE)

    @cached_property
    def heard(self) -> re.Pattern[str]:
        return re.compile(self.speaks, re.IGNORECASE)


class _Table(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    parties: list[_Party]


PARTIES = data_file("content/stakeholders.json", _Table).parties


def missing_voices(
    document: Document, phrases: KeyPhrases, claims: list[Claim], voices: list[Voice]
) -> list[MissingVoice]:
    """At most four parties, those of the most central claims first.

    A party is concerned where the clause of a claim says so, and the text comes back to it: in its title or in
    another sentence. A single word in passing calls for nobody.
    """
    if not can_omit(document):
        return []
    introductions = "\n".join(_introduction(document, voice) for voice in voices)
    found: list[tuple[int, int, MissingVoice]] = []
    for order, party in enumerate(PARTIES):
        concerned = [
            (claim, core)
            for claim in claims
            if (not party.kinds or claim.kind in party.kinds)
            and (core := phrases.of_claim(claim.number)) is not None
            and party.concerned.search(core)
        ]
        if not concerned or party.heard.search(introductions) or not _comes_back(document, party):
            continue
        if party.heard_as and any(_is_heard_as(document, party, voice) for voice in voices):
            continue
        claim, words = concerned[0]
        missing = MissingVoice(
            code=party.code,
            name=party.name,
            why=party.why.replace("{words}", words),
            claims=[claim.number for claim, _ in concerned],
        )
        found.append((claim.number - 2 * (len(concerned) > 1), order, missing))
    return [missing for _, _, missing in sorted(found, key=lambda f: f[:2])[:MAX_VOICES]]


def _comes_back(document: Document, party: _Party) -> bool:
    places = (s for s in document.sentences if party.spoken_of.search(s.text))
    return sum(2 if s.role == "title" else 1 for s in places) >= SENTENCES


def _is_heard_as(document: Document, party: _Party, voice: Voice) -> bool:
    named = party.heard_as.replace("{voice}", re.escape(voice.name))
    return re.search(named, document.text, re.IGNORECASE) is not None


def _introduction(document: Document, voice: Voice) -> str:
    around = [
        document.text[max(0, s.start - AROUND) : s.start] + document.text[s.end : s.end + AROUND]
        for s in voice.spans[:PASSAGES]
    ]
    return " ".join([voice.name, voice.description or "", *around])

"""Names the parties that should have been asked: affected by a claim or competent on it, and not quoted.

`stakeholders.json` lists them by claim kind and topic, after stakeholder analysis in public consultations
(Freeman, "Strategic Management: A Stakeholder Approach", 1984). A party is represented if a voice's name,
description or context names it. A text that is too short lacks nothing.
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
AROUND = 80  # characters around a voice's passage that can introduce it
SENTENCES = 2  # least sentences on the party's topic
PASSAGES = 3  # searched for each voice


class _Party(Struct, kw_only=True, frozen=True, dict=True, forbid_unknown_fields=True):
    code: str
    name: str
    claims: str  # pattern of claims that concern this party
    kinds: list[ClaimKind]  # [] for any
    speaks: str  # pattern of voices that represent this party
    why: str  # {words} are the claim's own
    topic: str = ""  # pattern that the text must repeat, if wider than `claims`
    heard_as: str = ""  # pattern by which the text assigns {voice} to this party

    @cached_property
    def topic_pattern(self) -> re.Pattern[str]:
        return re.compile(self.topic, re.IGNORECASE) if self.topic else self.claim_pattern

    @cached_property
    def claim_pattern(self) -> re.Pattern[str]:
        return re.compile(self.claims, re.IGNORECASE)

    @cached_property
    def voice_pattern(self) -> re.Pattern[str]:
        return re.compile(self.speaks, re.IGNORECASE)


class _Table(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    parties: list[_Party]


PARTIES = data_file("content/stakeholders.json", _Table).parties


def missing_voices(
    document: Document, phrases: KeyPhrases, claims: list[Claim], voices: list[Voice]
) -> list[MissingVoice]:
    """At most four parties, those of the most central claims first.

    A party is concerned if the clause of a claim says so and the title or another sentence repeats it.
    """
    if not can_omit(document):
        return []
    introductions = "\n".join(_introduction(document, voice) for voice in voices)
    found: list[tuple[int, int, MissingVoice]] = []
    for order, party in enumerate(PARTIES):
        concerned_claims = [
            (claim, core)
            for claim in claims
            if (not party.kinds or claim.kind in party.kinds)
            and (core := phrases.of_claim(claim.number)) is not None
            and party.claim_pattern.search(core)
        ]
        if (
            not concerned_claims
            or party.voice_pattern.search(introductions)
            or not _repeats_topic(document, party)
        ):
            continue
        if party.heard_as and any(_represents(document, party, voice) for voice in voices):
            continue
        claim, words = concerned_claims[0]
        missing = MissingVoice(
            code=party.code,
            name=party.name,
            why=party.why.replace("{words}", words),
            claims=[claim.number for claim, _ in concerned_claims],
        )
        found.append((claim.number - 2 * (len(concerned_claims) > 1), order, missing))
    return [missing for _, _, missing in sorted(found, key=lambda f: f[:2])[:MAX_VOICES]]


def _repeats_topic(document: Document, party: _Party) -> bool:
    places = (s for s in document.sentences if party.topic_pattern.search(s.text))
    return sum(2 if s.role == "title" else 1 for s in places) >= SENTENCES


def _represents(document: Document, party: _Party, voice: Voice) -> bool:
    named = party.heard_as.replace("{voice}", re.escape(voice.name))
    return re.search(named, document.text, re.IGNORECASE) is not None


def _introduction(document: Document, voice: Voice) -> str:
    around = [
        document.text[max(0, s.start - AROUND) : s.start] + document.text[s.end : s.end + AROUND]
        for s in voice.spans[:PASSAGES]
    ]
    return " ".join([voice.name, voice.description or "", *around])

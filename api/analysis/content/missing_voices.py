"""Names the parties that should have been heard, by what happened and how it is framed, and were not.

A party whom neither the text's words nor the kind of news call for is not named, nor are "those whom it affects".
The parties follow stakeholder analysis in public consultations (Freeman, "Strategic Management: A Stakeholder
Approach", 1984). A party is heard if a voice's name, description or introduction names it. A text that is too
short lacks nobody, and plain news lacks one party at most.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from api.analysis.content.absent_items import LEAST_OF_PLAIN, MAX_OF_PLAIN_NEWS, OF_KIND, is_plain
from api.analysis.content.expected_table import BY_KIND, PARTIES, Party, at_word, topic_of
from api.analysis.content.missing_evidence import can_omit
from api.analysis.content.offers import offer_of
from api.analysis.content.searchable import search_form, searchable
from api.analysis.content.subjects import about, subject_name
from api.analysis.content.unheard import (
    affected_group,
    authority,
    blamed,
    criticised,
    leaver,
    officials_speak,
    opponent,
    partner,
)
from api.analysis.models.document_heads import voice_code
from api.analysis.text.document import Document
from api.analysis.text.names import same_party
from schemas.assessments import Happening, MissingVoice, Spin, Voice
from schemas.enums import HappeningKind, SourceType, SpinType

MAX_VOICES: Final = 3
LEAST_CHANCE: Final = 0.12  # that a reader misses a party, from which it is named
BY_THE_KIND: Final = 1.4  # factor of the chance
_QUOTED: Final = re.compile(r"[“\"][^“”\"]{0,400}(?:[”\"]|$)|^[^“”\"]{0,400}”")
AROUND: Final = 80  # characters around a voice's passage that can introduce it
PASSAGES: Final = 3  # searched for each voice
_EXPERT, _AFFECTED, _BLAMED, _ITSELF = "{expert}", "{affected}", "{blamed}", "{itself}"
_MAINTAINERS: Final = "maintainers"
_THOSE_AFFECTED: Final = "people_affected"
LEAST_ALONE: Final = 3  # times that a text names a group which is missing though no other party is
# Parties that make sense only where the text has such words, or tells of such a kind.
_ONLY_WITH: Final = {
    "union": (
        r"(?:job cuts|layoffs?|laid[- ]off|redundan\w+|wages?|strikes?|unions?|dismiss\w*|severance|"
        r"restructur\w+)\b",
        (HappeningKind.JOB_CUTS, HappeningKind.CLOSURE),
    ),
    "affected_workers": (
        r"(?:job cuts|jobs? (?:cut|lost|go)|layoffs?|laid[- ]off|redundan\w+|severance|"
        r"(?:roles|posts|positions|jobs) (?:[\w№-]+ ){0,4}(?:cut|lost|go|eliminated|no longer))\b",
        (HappeningKind.JOB_CUTS, HappeningKind.CLOSURE),
    ),
    "maintainers": (
        r"(?:open[- ]source|repositor\w+|pull requests?|maintainers?|codebase)\b",
        (),
    ),
    "staff": (
        r"(?:staff|employees?|workforce|workers?|colleagues|headcount)\b",
        (HappeningKind.JOB_CUTS, HappeningKind.CLOSURE, HappeningKind.ACQUISITION_OR_MERGER),
    ),
    "people_harmed": (
        r"(?:courts?|lawsuits?|sued|convict\w*|indict\w*|pleaded|pled|sentenced|settlement)\b",
        (HappeningKind.LAWSUIT_OR_FINE,),
    ),
    "those_waiting": (
        r"(?:delay\w*|postpone\w*|cancel\w*|refunds?|pre-?orders?|waiting|waited|late)\b",
        (HappeningKind.DELAY_OR_CANCELLATION,),
    ),
}
_CALLED: Final = {code: (at_word([words]), kinds) for code, (words, kinds) in _ONLY_WITH.items()}
# Experts on news of a kind, if the text has none of the topics.
_EXPERTS_ON: Final = {
    HappeningKind.LAUNCH: "an independent tester",
    HappeningKind.UPDATE: "an independent tester",
    HappeningKind.REVIEW_OR_DEAL: "an independent tester",
    HappeningKind.SURVEY_OR_REPORT: "a researcher outside the study",
    HappeningKind.BENCHMARK_OR_RESEARCH: "a researcher outside the study",
    HappeningKind.TREND_OR_ARGUMENT: "an independent researcher on the subject",
    HappeningKind.WARNING_OR_ADVISORY: "an independent researcher on the subject",
    HappeningKind.EARNINGS: "an independent financial analyst",
    HappeningKind.FUNDING: "an independent financial analyst",
    HappeningKind.ACQUISITION_OR_MERGER: "an independent financial analyst",
    HappeningKind.LAWSUIT_OR_FINE: "a lawyer without a stake",
    HappeningKind.REGULATION: "a lawyer without a stake",
}
_SAME: Final = {
    "clients": "customers",
    "employees": "staff",
    "workers": "staff",
}  # last words of names for the same party
# Kinds of news whose subject has competitors.
_HAVE_RIVALS: Final = frozenset(
    {
        HappeningKind.LAUNCH,
        HappeningKind.UPDATE,
        HappeningKind.REVIEW_OR_DEAL,
        HappeningKind.PRICE_CHANGE,
        HappeningKind.BENCHMARK_OR_RESEARCH,
        HappeningKind.EARNINGS,
        HappeningKind.FUNDING,
        HappeningKind.PARTNERSHIP,
        HappeningKind.ACQUISITION_OR_MERGER,
    }
)
# Parties for whom the guest of a profile or an interview speaks.
_GUESTS: Final = frozenset({"users", "customers", "people_affected"})
LEAST_OF_GUEST: Final = 0.15  # share of a text in the guest's words
# Parties that are named as the text names them, if it names them.
_OTHER_PARTY, _CRITICISED, _PARTNER, _REGULATOR = "other_party", "criticised", "partner", "regulator"
_BLAMED_PARTY, _USERS, _DEPARTING = "blamed", "users", "departing"
_STAFF, _RECIPIENTS, _MONITOR, _BOUND, _EXPERT_CODE = (
    "staff",
    "recipients",
    "monitor",
    "those_bound",
    "expert",
)
_GIFT: Final = HappeningKind.PLEDGE_OR_DONATION
# Kinds of news in which others take part even if they are not named.
_OF_SEVERAL: Final = frozenset({HappeningKind.PARTNERSHIP, HappeningKind.ACQUISITION_OR_MERGER})
_ARGUES: Final = frozenset({HappeningKind.TREND_OR_ARGUMENT, HappeningKind.WARNING_OR_ADVISORY})
# Endings of experts' names that make sense only in a text about one firm or one study.
_OUTSIDE: Final = re.compile(r"^(.{1,60}) outside the (?:firm|study)$")
_WORK: Final = re.compile(
    r" (?:book|novel|anthology|memoir|album|film|documentary|exhibition|podcast|play)s?\b"
)
# Kinds of news that no expert is asked about as such: they are deeds, and others are affected by them.
_NO_EXPERT: Final = frozenset(
    {
        HappeningKind.PLEDGE_OR_DONATION,
        HappeningKind.APPOINTMENT_OR_DEPARTURE,
        HappeningKind.JOB_CUTS,
        HappeningKind.CLOSURE,
        HappeningKind.APOLOGY_OR_CORRECTION,
    }
)
_BINDING: Final = frozenset({HappeningKind.REGULATION, HappeningKind.POLICY_CHANGE})
_VAGUE: Final = frozenset(
    {"the model", "the system", "the engine", "the technology"}
)  # named beside the matter
_TESTER, _REVIEWER = "an independent tester", "an independent reviewer"


@dataclass(frozen=True, slots=True)
class _Story:
    """What is asked of one text. `own` are the names of subject and publisher, in lower case."""

    document: Document
    happening: Happening | None
    plain: bool
    type: SpinType
    subject: str | None
    offer: str | None
    introductions: str
    own: str

    @property
    def kind(self) -> HappeningKind | None:
        return self.happening.kind if self.happening else None

    @property
    def is_good_deed(self) -> bool:
        """Whether it tells of a good deed without more."""
        return self.type is SpinType.HALO and self.kind is HappeningKind.OTHER_EVENT

    @property
    def text(self) -> str:
        return self.document.once(searchable)


def missing_voices(
    document: Document, happening: Happening | None, spin: Spin, voices: list[Voice]
) -> list[MissingVoice]:
    """At most three parties, those whom the news concerns most first."""
    if not can_omit(document) or spin.satire:
        return []
    subject = subject_name(document, happening)
    story = _Story(
        document=document,
        happening=happening,
        plain=is_plain(spin),
        type=spin.primary,
        subject=subject,
        offer=offer_of(document, happening),
        introductions=_introductions(document, voices),
        own=f"{subject or ''} {document.article.source.name or ''}".lower(),
    )
    kind, missed = story.kind, document.missed()
    of_kind = BY_KIND[kind].hears if kind else []
    guest_speaks = kind is HappeningKind.PROFILE_OR_INTERVIEW and any(
        voice.share >= LEAST_OF_GUEST and not same_party(voice.name, document.article.source.name)
        for voice in voices
    )
    found: dict[str, tuple[float, MissingVoice]] = {}
    for code, party in PARTIES.items():
        chance = missed.get(voice_code(code), OF_KIND if code in of_kind else 0.0)
        chance *= BY_THE_KIND if code in of_kind else 1.0
        if chance < (LEAST_OF_PLAIN if story.plain else LEAST_CHANCE):
            continue
        if not party.is_asked(story.text, spin.stance, kind) or party.is_in(story.introductions):
            continue
        if not _is_called_for(code, story) or (code in _GUESTS and guest_speaks):
            continue
        missing = _party(code, party, story, is_usual=code in of_kind)
        group = _group(missing.name) if missing else ""
        if missing is not None and chance > found.get(group, (0.0, None))[0]:
            found[group] = chance, missing
    if not found and not story.plain and not guest_speaks:
        alone = affected_group(story.text, story.introductions, LEAST_ALONE)
        if alone:
            return [_missing(_THOSE_AFFECTED, alone, subject)]
        return _first_of_kind(story, spin, of_kind)[:1]
    ranked = sorted(found.values(), key=lambda one: -one[0])
    return [voice for _, voice in ranked][: MAX_OF_PLAIN_NEWS if story.plain else MAX_VOICES]


def _group(name: str) -> str:
    """The word by which two names are those of the same party: "students" of "the students whom it helps"."""
    last = "users" if name.startswith("people who use ") else name.split(" whom ")[0].split()[-1]
    return _SAME.get(last, last)


def _first_of_kind(story: _Story, spin: Spin, of_kind: Sequence[str]) -> list[MissingVoice]:
    """The parties that such news concerns, in the order of the table, experts last."""
    asked = (
        _party(code, PARTIES[code], story, is_usual=True)
        for code in sorted(of_kind, key=lambda code: code == _EXPERT_CODE)
        if PARTIES[code].is_asked(story.text, spin.stance, story.kind)
        and not PARTIES[code].is_in(story.introductions)
        and _is_called_for(code, story)
    )
    return [party for party in asked if party is not None]


def _party(code: str, party: Party, story: _Story, *, is_usual: bool) -> MissingVoice | None:
    """The party in words of the text where it has them; None if it needs words that the text lacks.

    A party of the subject ("its customers") needs a subject, unless such news usually has one.
    """
    document, subject, introductions = story.document, story.subject, story.introductions
    name = _named(code, story)
    if name is not None:
        return _missing(code, name, subject)
    if code == _DEPARTING or (code == _PARTNER and story.kind not in _OF_SEVERAL):
        return None
    adverse = story.kind is not None and BY_KIND[story.kind].adverse
    if code == _REGULATOR and (not adverse or officials_speak(document)):
        return None
    if code == _OTHER_PARTY and story.kind is not HappeningKind.LAWSUIT_OR_FINE:
        return None
    if code == _CRITICISED and story.type is SpinType.NONE:
        return None
    needs_subject = "{subject" in party.name
    if needs_subject and subject is None and not is_usual:
        return None
    name = _name(document, party.name, story.text, subject, introductions)
    if party.name == _EXPERT:
        name = _expert(story, name)
    if name is None:
        return None
    missing = _missing(code, name, subject)
    rival_of = subject if story.kind in _HAVE_RIVALS else None
    told = _told(party, story.text, rival_of, story.offer, introductions)
    if told is None:
        # "people who use it" says nothing of a text whose offer is unknown
        return None if code == _USERS or (code == _RECIPIENTS and story.kind is not _GIFT) else missing
    return replace(missing, name=told, why=party.told_why or missing.why)


def _named(code: str, story: _Story) -> str | None:
    """The party as the text names it; None if it does not, or is no party that texts name."""
    document, introductions = story.document, story.introductions
    if code == _OTHER_PARTY:
        return opponent(document, story.own, introductions)
    if code == _CRITICISED:
        publisher = (document.article.source.name or "").lower()
        return criticised(document, publisher, introductions)
    if code == _PARTNER:
        return partner(document, story.happening, story.own, introductions)
    if code == _REGULATOR:
        return authority(document, story.own, introductions)
    if code == _DEPARTING:
        name = leaver(document)
        return None if name is None or name.split()[-1].lower() in introductions else name
    return blamed(document, story.own, introductions) if code == _BLAMED_PARTY else None


def _expert(story: _Story, on_topic: str | None) -> str | None:
    """The experts on the topic, else on such news; a tester only of a thing, a reviewer of a work."""
    argues = story.kind in _ARGUES
    if on_topic is not None:
        outside = _OUTSIDE.match(on_topic)
        return f"independent {outside[1]}" if outside and argues else on_topic
    name = _EXPERTS_ON.get(story.kind) if story.kind else None
    if name == _TESTER and offer_of(story.document, story.happening) is None:
        return _REVIEWER if _WORK.search(story.text) else None
    return name


def accused(missing: Sequence[MissingVoice]) -> str | None:
    """The name of the party that the text criticises but does not quote; None if it names none."""
    name = next((voice.name for voice in missing if voice.code == _CRITICISED), None)
    return None if name == PARTIES[_CRITICISED].name else name


def missing_voice(
    document: Document, code: str, happening: Happening | None, voices: list[Voice]
) -> MissingVoice | None:
    """The party of the table as missing; None if its name needs words that the text lacks."""
    text, subject = document.once(searchable), subject_name(document, happening)
    name = _name(document, PARTIES[code].name, text, subject, _introductions(document, voices))
    return _missing(code, name, subject) if name else None


def _told(party: Party, text: str, subject: str | None, offer: str | None, introductions: str) -> str | None:
    """The party's name for readers; None if it has none, or the text does not fill its slot."""
    if party.told is None:
        return None
    values = {
        "{offer}": None if offer in _VAGUE else offer,
        "{subject}": subject,
        _AFFECTED: affected_group(text, introductions),
        "{authority}": topic.authority if (topic := topic_of(text)) else None,
    }
    slot = next(slot for slot in values if slot in party.told)
    value = values[slot]
    return party.told.replace(slot, value) if value else None


def _missing(code: str, name: str, subject: str | None) -> MissingVoice:
    why = about(PARTIES[code].why, subject)
    return MissingVoice(code=code, name=about(name, subject), why=why, claims=[])


def _name(document: Document, name: str, text: str, subject: str | None, introductions: str) -> str | None:
    """The party's name; None if it has a slot that the text does not fill."""
    if name == _EXPERT:
        return _experts(text)
    if name == _AFFECTED:
        return affected_group(text, introductions)
    if name == _ITSELF:
        own = f"{document.article.source.name or ''} {introductions}".lower()
        if subject is None or subject.removeprefix("the ").lower() in own:
            return None
        initials = "".join(word[0] for word in subject.split() if word[:1].isupper()).lower()
        return None if len(initials) > 1 and f" {initials}" in own else subject
    return None if name == _BLAMED else name  # whom the text blames it names


def _is_called_for(code: str, story: _Story) -> bool:
    """Whether the party makes sense in such a text."""
    if code == _MAINTAINERS and story.document.article.source.type is SourceType.COMMUNITY:
        return False  # who maintain it speak
    sensible = {
        _STAFF: story.kind is not _GIFT,
        _USERS: story.kind not in _ARGUES,
        _MONITOR: story.type is SpinType.HALO or story.kind is _GIFT,
        _BOUND: story.kind in _BINDING,
        _EXPERT_CODE: not story.plain and story.kind not in _NO_EXPERT and not story.is_good_deed,
    }
    if not sensible.get(code, True):
        return False
    if code not in _CALLED:
        return True
    words, kinds = _CALLED[code]
    return story.kind in kinds or words.search(story.text) is not None


def _experts(text: str) -> str | None:
    """The experts on the text's main topic; None without one."""
    topic = topic_of(text)
    return topic.name if topic else None


def _introductions(document: Document, voices: list[Voice]) -> str:
    """Names, descriptions and unquoted surroundings of all voices, in searchable form."""
    parts = [
        part
        for voice in voices
        for part in (
            voice.name,
            voice.description or "",
            *(
                _QUOTED.sub(" ", document.text[max(0, s.start - AROUND) : s.end + AROUND])
                for s in voice.spans[:PASSAGES]
            ),
        )
    ]
    return search_form(" ".join(" ".join(parts).lower().split()))

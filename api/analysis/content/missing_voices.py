"""Names the parties that should have been heard, by what happened and how it is framed, and were not.

A party whom neither the text's words nor the kind of news call for is not named, nor are "those whom it affects".
The parties follow stakeholder analysis in public consultations (Freeman, "Strategic Management: A Stakeholder
Approach", 1984). A party is heard if a voice's name, description or introduction names it. A text that is too
short lacks nobody, and plain news lacks one party at most.
"""

import re
from collections import Counter
from typing import Final

from msgspec.structs import replace

from api.analysis.content.absent_items import MAX_OF_PLAIN_NEWS, OF_KIND, is_plain
from api.analysis.content.expected_table import BY_KIND, PARTIES, Party, at_word, topic_of
from api.analysis.content.missing_evidence import can_omit
from api.analysis.content.searchable import search_form, searchable
from api.analysis.content.subjects import about, offer_name, subject_name
from api.analysis.models.document_heads import voice_code
from api.analysis.text.document import Document
from api.analysis.text.names import bare_name, is_generic, same_party, within_sentence
from schemas.assessments import Happening, MissingVoice, Spin, Voice
from schemas.enums import HappeningKind, SourceType

MAX_VOICES: Final = 3
LEAST_CHANCE: Final = 0.12  # that a reader misses a party, from which it is named
BY_THE_KIND: Final = 1.4  # factor of the chance
_QUOTED: Final = re.compile(r"[“\"][^“”\"]{0,400}(?:[”\"]|$)|^[^“”\"]{0,400}”")
AROUND: Final = 80  # characters around a voice's passage that can introduce it
PASSAGES: Final = 3  # searched for each voice
LEAST_NAMED: Final = 2  # times that a text names those whom it affects, or blames
_EXPERT, _AFFECTED, _BLAMED, _ITSELF = "{expert}", "{affected}", "{blamed}", "{itself}"
_MAINTAINERS: Final = "maintainers"
_THOSE_AFFECTED: Final = "people_affected"
_BLAME: Final = re.compile(
    r"\b(?:blam|fault|fail|caus|attack|refus|delay|held? (?:back|up)|withh[eo]ld|breach|cancel|late\b|through)",
    re.I,
)
_GROUPS: Final = re.compile(
    r" ((?:farmer|grower|passenger|tenant|resident|student|worker|employee|customer|driver|merchant|parent|nurse|"
    r"teacher)s|patients|members|players|subscribers|pupils|borrowers|households|creators|sellers|users|supporters|"
    r"families|commuters|travell?ers|shoppers|clients|owners|readers|artists|authors|doctors|"
    r"donors|survivors|veterans|taxpayers|migrants|refugees|viewers|applicants|candidates|volunteers|"
    r"villagers|homeowners|policyholders|savers|guests|beekeepers|bookkeepers|anglers|fishers)(?=\W)"
)
LEAST_ALONE: Final = 3  # times that a text names a group which is missing though no other party is
# Parties that make sense only where the text has such words, or tells of such a kind.
_ONLY_WITH: Final = {
    "union": (
        r"(?:job cuts|layoffs?|laid[- ]off|redundan\w+|wages?|strikes?|unions?|dismiss\w*|severance|"
        r"restructur\w+)\b",
        (HappeningKind.JOB_CUTS, HappeningKind.CLOSURE),
    ),
    "affected_workers": (
        r"(?:job cuts|jobs? (?:cut|lost|go)|layoffs?|laid[- ]off|redundan\w+|dismiss\w*|severance|let go|"
        r"roles?)\b",
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
_SAME: Final = {"clients": "customers", "it": "users"}  # last words of names for the same party
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
_OTHER_PARTY: Final = "other_party"
_AGAINST: Final = re.compile(
    r"\b(?:against|sued|sues|suing|v\.|vs\.|versus) (?:the )?((?:[A-Z][\w&’'-]{1,24} ?){1,3})"
)


def missing_voices(
    document: Document, happening: Happening | None, spin: Spin, voices: list[Voice]
) -> list[MissingVoice]:
    """At most three parties, those whom the news concerns most first."""
    if not can_omit(document) or spin.satire:
        return []
    kind = happening.kind if happening else None
    of_kind, missed = BY_KIND[kind].hears if kind else [], document.missed()
    text, subject = document.once(searchable), subject_name(document, happening)
    introductions, offer = _introductions(document, voices), offer_name(document, happening)
    guest_speaks = kind is HappeningKind.PROFILE_OR_INTERVIEW and any(
        voice.share >= LEAST_OF_GUEST and not same_party(voice.name, document.article.source.name)
        for voice in voices
    )
    found: dict[str, tuple[float, MissingVoice]] = {}
    for code, party in PARTIES.items():
        chance = missed.get(voice_code(code), OF_KIND if code in of_kind else 0.0)
        chance *= BY_THE_KIND if code in of_kind else 1.0
        if chance < LEAST_CHANCE or not party.is_asked(text, spin.stance, kind) or party.is_in(introductions):
            continue
        if code == _MAINTAINERS and document.article.source.type is SourceType.COMMUNITY:
            continue  # who maintain it speak
        if not _is_called_for(code, text, kind) or (code in _GUESTS and guest_speaks):
            continue
        name = _name(document, party.name, text, subject, introductions)
        if name is None and party.name == _EXPERT and kind:
            name = _EXPERTS_ON.get(kind)
        if code == _OTHER_PARTY:
            name = _opponent(document, subject, introductions) or name
        group = _SAME.get(name.split()[-1], name.split()[-1]) if name else ""
        if name and chance > found.get(group, (0.0, None))[0]:
            missing = _missing(code, name, subject)
            told = _told(party, text, subject if kind in _HAVE_RIVALS else None, offer, introductions)
            if told is not None:
                missing = replace(missing, name=told, why=party.told_why or missing.why)
            found[group] = chance, missing
    if not found and not is_plain(spin) and not guest_speaks:
        alone = _affected(text, introductions, LEAST_ALONE)
        return [_missing(_THOSE_AFFECTED, alone, subject)] if alone else []
    ranked = sorted(found.values(), key=lambda one: -one[0])
    return [voice for _, voice in ranked][: MAX_OF_PLAIN_NEWS if is_plain(spin) else MAX_VOICES]


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
        "{offer}": offer,
        "{subject}": subject,
        _AFFECTED: _affected(text, introductions),
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
        return _affected(text, introductions)
    if name == _ITSELF:
        own = f"{document.article.source.name or ''} {introductions}".lower()
        if subject is None or subject.removeprefix("the ").lower() in own:
            return None
        initials = "".join(word[0] for word in subject.split() if word[:1].isupper()).lower()
        return None if len(initials) > 1 and f" {initials}" in own else subject
    return _blamed(document, subject, introductions) if name == _BLAMED else name


def _is_called_for(code: str, text: str, kind: HappeningKind | None) -> bool:
    """Whether the party makes sense in such a text."""
    if code not in _CALLED:
        return True
    words, kinds = _CALLED[code]
    return kind in kinds or words.search(text) is not None


def _affected(text: str, introductions: str, fewest: int = LEAST_NAMED) -> str | None:
    """Those whom the text names most often among the groups that news affects, and who are not heard."""
    named = Counter(group for group in _GROUPS.findall(text) if f" {group}" not in introductions).most_common(
        1
    )
    return f"the {named[0][0]}" if named and named[0][1] >= fewest else None


def _opponent(document: Document, subject: str | None, introductions: str) -> str | None:
    """The party against which a case is brought, if the text names it again and it does not speak."""
    own = f"{subject or ''} {document.article.source.name or ''}".lower()
    for match in _AGAINST.finditer(document.text):
        name = bare_name(match[1])
        first = name.split()[0] if name else ""
        if len(first) < 3 or first.lower() in own or name.lower() in introductions or is_generic(first):
            continue
        if document.text.count(first) >= LEAST_NAMED and any(
            name in e.text or e.text in name for e in document.doc.ents
        ):
            return within_sentence(name)
    return None


def _blamed(document: Document, subject: str | None, introductions: str) -> str | None:
    """The organisation besides subject, publisher and speakers that is named most often beside words of blame."""
    own = f"{subject or ''} {document.article.source.name or ''}".lower()
    blamed = [m.start() for m in _BLAME.finditer(document.text)]
    names = Counter(
        name
        for entity in document.doc.ents
        if entity.label_ == "ORG" and not is_generic(name := bare_name(entity.text))
        if len(name) > 2 and name.lower() not in own and name.lower() not in introductions
        if any(abs(place - entity.start_char) <= AROUND for place in blamed)
    ).most_common(1)
    if not names or document.text.count(names[0][0]) < LEAST_NAMED:
        return None
    name = names[0][0]
    return f"the {name}" if f"the {name.lower()}" in document.folded else within_sentence(name)


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

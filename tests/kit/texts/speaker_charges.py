"""Whom an assessment charges with words of a text, over all its fields."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from api.analysis.text.names import same_party
from schemas.assessments import Assessment, Finding, LoadedTerm, Voice
from schemas.spans import Span
from tests.kit.texts.kept_reports import (
    describes,
    is_embedded,
    is_party,
    keeps,
    report_of,
    retells,
    stands_for,
)
from tests.kit.texts.speaker_traps import DOCUMENT, UNNAMED, Trap

RUN = 4  # consecutive words of a statement that make a mention of it
# More in fields that quote terms and noun phrases without charging anybody with them.
RUNS = {"key_stats": 7, "spin": 6, "frame": 6, "objective": 6, "mechanics": 6}
EMBEDDED = ("rebuttal-claim-of",)  # the sentence is the document's, and names the speaker of the statement
SHORT = 3  # letters: "the eyes of the" is no mention
_WORD = re.compile(r"[\w’'%-]+")
_SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?]”)) (?=[A-Z“])")
_LABEL = re.compile(r"[A-Z][\w’' ]{0,40}: ")
_CLOSER = {"“": "”", '"': '"', "‘": "’"}
_MARKED = re.compile(r"“[^”]*”")
_VERB = (
    r"(?:says?|said|writes|claims|softens|points|talks|appeals|stays|adds|speaks|tells|presents|puts|praises|"
    r"argues|promises|warns|sets)"
)
# "according to Roe", "Roe softens the news": the party outside quotation marks
_CHARGED = (
    re.compile(r"(?:[Aa]ccording to|stated by|in the words of|in the interest of) (?P<name>[^,:“”.]{2,60})"),
    re.compile(rf"^(?!Who )(?P<name>[^,:“”.]{{2,60}}?),? {_VERB}\b"),
)
_NEUTRAL = ("questions_raised", "left_out", "missing_voices", "keywords", "categories")  # they charge nobody
_SKIPPED = (*_NEUTRAL, "claims", "findings", "loaded_terms", "voices", "ledger", "source_role", "entities")


def wrong_charges(trap: Trap, assessment: Assessment, text: str) -> list[str]:
    """Every place where the assessment charges a statement of the trap to a wrong speaker."""
    found: list[str] = []
    for statement, speaker in trap.said:
        right = speaker.split("|")
        start, report = text.index(statement), report_of(text, statement)
        end = start + len(statement)
        found += _voiced(trap, assessment, text, statement, right)
        elsewhere = f"{text[:start]} | {text[end:]}"
        for field, sentence in sentences(assessment):
            run = RUNS.get(field.split(".")[0], RUN)
            is_told = mentions(sentence, statement, run, elsewhere) and not keeps(sentence, report)
            if is_told and (wrong := _wrong(trap, sentence, right, report)):
                found.append(f"{trap.name}: {field}: {wrong}: {sentence}")
    return found


def mentions(sentence: str, statement: str, run: int = RUN, elsewhere: str = "") -> bool:
    """Whether the sentence contains the statement, or `run` consecutive words of it, two of them long.

    Words that the text has `elsewhere` too are no mention.
    """
    words, inside, others = _words(statement), _line(sentence), _line(elsewhere)
    runs = (words[at : at + run] for at in range(max(1, len(words) - run + 1)))
    telling = (f" {' '.join(some)} " for some in runs if sum(len(w) > SHORT for w in some) > 1)
    return any(some in inside and some not in others for some in telling)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _line(text: str) -> str:
    return f" {' '.join(_words(text))} "


def _wrong(trap: Trap, sentence: str, right: Sequence[str], report: str | None) -> str | None:
    """Why the sentence charges the wrong party, None if it does not."""
    low = sentence.casefold()
    others = [n for n in right if n not in (DOCUMENT, UNNAMED)]
    if DOCUMENT not in right and any(n.casefold().split()[-1] in low for n in others):
        return None
    outside = _MARKED.sub("“”", sentence)
    for pattern in _CHARGED if "“" in outside else ():
        for match in pattern.finditer(outside):
            name = match["name"].strip()
            if describes(name, report):
                return None
            if not _is_right(trap, name, right):
                return f"charged to {match['name']}"
    if DOCUMENT in right or (UNNAMED in right and "a speaker whom the text does not name" in low):
        return None
    return "without its speaker"


def _is_right(trap: Trap, name: str, right: Sequence[str]) -> bool:
    low = name.casefold().removeprefix("the ")
    if DOCUMENT in right and (low in (DOCUMENT, "text", "it") or same_party(name, trap.publisher)):
        return True
    if UNNAMED in right and low in (
        UNNAMED,
        "a speaker whom the text does not name",
        "a speaker without a name",
    ):
        return True
    words = set(low.split())
    others = [set(other.casefold().removeprefix("the ").split()) for other in right]
    return any(words <= other or other <= words for other in others)  # "Mayor Ida Lund" is Ida Lund


def _voiced(
    trap: Trap, assessment: Assessment, text: str, statement: str, right: Sequence[str]
) -> Iterator[str]:
    """The items with a voice that contain the statement and have another voice."""
    start = text.index(statement)
    end = start + len(statement)
    report, voices = report_of(trap.body, statement), assessment.voices or []
    paragraph = next(p for p in trap.body.split("\n\n") if statement in p)
    for claim in assessment.claims:
        whole = len(statement.split()) >= RUN and trap.name not in EMBEDDED
        words = claim.text or ""
        if not whole or statement not in words:
            continue
        own = claim.voice == DOCUMENT and report is None and is_embedded(words, statement)
        own = own or any(stands_for(claim.voice, name, trap.body, statement) for name in right)
        around = _quoted(text, voices, claim.voice, start, end)
        own = own or any(retells(trap.body, statement, passage) for passage in around)
        if not (own or _is_right(trap, claim.voice, right) or is_party(claim.voice, report, paragraph)):
            yield f"{trap.name}: claim of {claim.voice}: {words}"
    items: list[Finding | LoadedTerm] = [*assessment.findings, *assessment.loaded_terms]
    for item in items:
        for span in item.spans:
            fits = _is_right(trap, item.voice, right) or describes(item.voice.lower(), report)
            fits = fits or any(stands_for(item.voice, name, trap.body, statement) for name in right)
            if start <= span.start and span.end <= end and not fits:
                yield f"{trap.name}: {type(item).__name__} of {item.voice}: {span.quote}"
    for voice in voices:
        beside = [*right, *trap_speakers_beside(trap, statement)]
        fits = _is_right(trap, voice.name, beside) or is_party(voice.name, report, paragraph)
        around = _quoted(text, voices, voice.name, start, end)
        if report is None and same_party(voice.name, trap.publisher):
            passages = (s.quote or "" for s in voice.spans)
            fits = fits or any(statement in p and is_embedded(p, statement) for p in passages)
        fits = fits or any(retells(trap.body, statement, passage) for passage in around)
        if any(s.start <= start and end <= s.end for s in voice.spans) and not fits:
            yield f"{trap.name}: voice {voice.name}"


def _quoted(text: str, voices: Sequence[Voice], name: str, start: int, end: int) -> list[str]:
    """The passages of the voice around [start, end) that stand in quotation marks or behind a label."""
    found = []
    for span in (s for v in voices if v.name == name for s in v.spans):
        opens, closes = text[span.start], span.end
        if opens in _CLOSER:
            closes = text.find(_CLOSER[opens], span.start + 1, span.end) % (span.end + 1)  # open: to the end
        elif text[: span.start].rstrip()[-1:] not in (*_CLOSER, ":") and not _LABEL.match(text, span.start):
            continue
        if span.start <= start and end <= closes:
            found.append(text[span.start : closes])
    return found


def trap_speakers_beside(trap: Trap, statement: str) -> list[str]:
    """The speakers of the statement's paragraph: a voice's passage is a whole sentence."""
    paragraph = next(p for p in trap.body.split("\n\n") if statement in p)
    return [n for words, names in trap.said if words in paragraph for n in names.split("|") if n != DOCUMENT]


def sentences(assessment: Assessment) -> Iterator[tuple[str, str]]:
    """Every generated sentence with its field; parts that belong together are one."""
    for name in assessment.__struct_fields__:
        if name not in _SKIPPED:
            found = _texts(getattr(assessment, name), name)
            yield from (one for one in found if not one[0].endswith(".absent"))  # they charge nobody either


def _texts(value: object, field: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Span):
        return
    if isinstance(value, str):
        parts = _SENTENCE_END.split(value) if field in ("summary", "tldr") else value.split("; ")
        yield from ((field, part) for part in parts)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, field)
    elif isinstance(value, msgspec.Struct):
        if field in ("questions_answered", "beneficiaries"):
            yield (
                field,
                " ".join(v for n in value.__struct_fields__ if isinstance(v := getattr(value, n), str)),
            )
            return
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name), f"{field}.{name}")

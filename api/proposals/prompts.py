"""The prompts of the calls: text files with a version, filled with the closed lists, and their digests.

The instructions are equal for all articles of a taxonomy, so that servers can cache them; all that comes from the
page is in the second message, each line after its mark.
"""

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

from msgspec import Struct

from api.analysis.content.expected_table import ITEMS, PARTIES
from api.analysis.content.subjects import about
from api.analysis.text.document import Text
from api.proposals.asked_findings import Asked, address_of
from api.proposals.grounded import GroundedJudgement
from api.proposals.languages.checks import checks_of
from api.proposals.languages.codes import LANGUAGES, ProseLanguage, language_of_prose
from api.proposals.languages.omissions import beginning_of
from api.proposals.languages.unparsed_text import UnparsedText
from api.proposals.numbered_text import NumberedText, one_line
from api.proposals.requests import Message
from schemas.enums import Band, ClaimKind, HappeningKind, Intent, SourceType
from schemas.taxonomy import Taxonomy

_VERSION: Final = "version: "
_OTHER_LANGUAGES: Final = "other_languages"
MAX_FINDING: Final = 300  # characters of a finding's words
# Parties whose name is found in the text only.
_PARTIES: Final = {
    "{expert}": "an expert on the topic",
    "{affected}": "those whom it affects",
    "{blamed}": "those who are blamed",
    "{itself}": "the subject itself",
}


class Prompt(Struct, kw_only=True, frozen=True):
    """Instructions: `version` is that of the text file, `digest` the SHA-256 of the filled text."""

    name: str
    version: str
    text: str

    @property
    def digest(self) -> str:
        """Hexadecimal."""
        return hashlib.sha256(f"{self.name}\n{self.version}\n{self.text}".encode()).hexdigest()


def judgement_prompt(taxonomy: Taxonomy) -> Prompt:
    """The first call's instructions, with types, bands and the question table."""
    lists = {
        "TYPES": "\n".join(_types(taxonomy)),
        "BANDS": "\n".join(f"{b.band.value} ({b.low}-{b.high}): {b.anchor}" for b in taxonomy.bands),
        "BAND_CODES": _codes(Band),
        "KINDS": _codes(HappeningKind),
        "CLAIM_KINDS": _codes(ClaimKind),
        "SOURCE_TYPES": _codes(SourceType),
        "INTENTS": _codes(Intent),
        "ITEMS": "\n".join(
            f"{code}: {about(item.lacks, None)} (look for {item.looked_for})" for code, item in ITEMS.items()
        ),
        "PARTIES": "\n".join(
            f"{code}: {about(_PARTIES.get(party.name, party.name), None)}" for code, party in PARTIES.items()
        ),
    }
    version, text = _file("judgement")
    for name, value in lists.items():
        text = text.replace(f"<<{name}>>", value)
    return Prompt(name="judgement", version=version, text=text)


def prose_prompt() -> Prompt:
    """The second call's instructions."""
    version, text = _file("prose")
    return Prompt(name="prose", version=version, text=text)


def review_prompt(taxonomy: Taxonomy) -> Prompt:
    """The third call's instructions, with the types."""
    version, text = _file("review")
    text = text.replace("<<TYPES>>", "\n".join(_types(taxonomy)))
    return Prompt(name="review", version=version, text=text)


def for_text(prompt: Prompt, document: Text, prose_language: ProseLanguage) -> Prompt:
    """The prompt as it is for an English text; for others with the language at its end.

    The beginning stays equal, so that servers can cache it.
    """
    if not isinstance(document, UnparsedText):
        return prompt
    code = document.article.language or ""
    prose = language_of_prose(code, prose_language)
    version, text = _file(_OTHER_LANGUAGES)
    for name, value in {
        "LANGUAGE": LANGUAGES[code],
        "PROSE": LANGUAGES.get(prose, "English"),
        "LACKS": beginning_of(prose),
    }.items():
        text = text.replace(f"<<{name}>>", value)
    return Prompt(name=prompt.name, version=f"{prompt.version}+{version}", text=f"{prompt.text}\n\n{text}")


def read_prompts() -> None:
    """Read all files: a confined process reads none later."""
    for name in ("judgement", "prose", "review", _OTHER_LANGUAGES):
        _file(name)


def judgement_messages(prompt: Prompt, document: Text, part: NumberedText) -> list[Message]:
    """The first call on one part of a text, with the items that the whole text may leave out."""
    checks = checks_of(document)
    content = "\n".join(
        [
            part.lines,
            f"[{part.mark} open items] {', '.join(checks.open_items()) or 'none'}",
            f"[{part.mark} open parties] {', '.join(checks.open_parties()) or 'none'}",
        ]
    )
    return [Message(role="system", content=prompt.text), Message(role="user", content=content)]


def prose_messages(prompt: Prompt, part: NumberedText, judgement: GroundedJudgement) -> list[Message]:
    """The second call: the text, and what survived of the first answer."""
    items = [f"[{part.mark} {name}] {one_line(words)}" for name, words in _survivors(judgement)]
    content = "\n".join([part.lines, *items])
    return [Message(role="system", content=prompt.text), Message(role="user", content=content)]


def review_messages(prompt: Prompt, document: Text, part: NumberedText, asked: Asked) -> list[Message]:
    """The third call: the text, and the findings, each with its address, sentence, type, voice and words."""
    findings = []
    for finding in asked.findings:
        sentence = document.sentence_at(finding.spans[0].start).index + 1
        kind = finding.type.value if finding.type else ""
        tactic = f", tactic {finding.tactic}" if finding.tactic else ""
        quote = " ".join(span.quote or "" for span in finding.spans)
        findings.append(
            f"[{part.mark} {address_of(finding)}] sentence {sentence}; {kind}{tactic}; "
            f"voice: {one_line(finding.voice)}; “{one_line(quote)[:MAX_FINDING]}”"
        )
    content = "\n".join([part.lines, *findings])
    return [Message(role="system", content=prompt.text), Message(role="user", content=content)]


def _types(taxonomy: Taxonomy) -> Iterable[str]:
    for kind in taxonomy.types:
        yield f"{kind.type.value}: {kind.gloss}; {kind.effect}. {kind.test}"
        yield from (f"  {tactic.code}: {tactic.description}" for tactic in kind.tactics)


def _survivors(judgement: GroundedJudgement) -> Iterable[tuple[str, str]]:
    """Name and words of all that the prose may rest on."""
    tactic = f", tactic {judgement.tactic}" if judgement.tactic else ""
    yield (
        "verdict",
        f"type {judgement.primary.value}{tactic}; {judgement.band.value}; {judgement.stance.value}",
    )
    happening = judgement.happening
    if happening is not None:
        yield "happening", f"{happening.kind.value}; subject: {happening.subject or 'not named'}"
    for finding in judgement.findings:
        quote = "".join(span.quote or "" for span in finding.spans[:1])
        yield finding.id, f"{finding.tactic}; voice: {finding.voice}; “{quote}”"
    for number, term in enumerate(judgement.loaded_terms, start=1):
        yield f"t{number}", f"{term.type.value}; voice: {term.voice}; “{term.term}”"
    for number, claim in enumerate(judgement.claims, start=1):
        yield f"c{number}", f"{claim.support.value}; voice: {claim.voice}; “{claim.text}”"
    for number, omission in enumerate(judgement.left_out, start=1):
        yield f"o{number}", omission.text
    for number, beneficiary in enumerate(judgement.beneficiaries, start=1):
        yield f"b{number}", beneficiary.name


def _codes(kinds: type[StrEnum]) -> str:
    return ", ".join(kind.value for kind in kinds)


@cache
def _file(name: str) -> tuple[str, str]:
    """Version and text of a prompt file."""
    head, _, text = (
        (files("api.proposals") / f"prompts/{name}.txt").read_text(encoding="utf-8").partition("\n")
    )
    if not head.startswith(_VERSION):
        raise ValueError(f"prompts/{name}.txt has no version")
    return head.removeprefix(_VERSION).strip(), text.strip()

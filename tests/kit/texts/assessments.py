"""Spans, and generated sentences, of any assessment."""

from collections.abc import Iterator

import msgspec

from schemas.assessments import Assessment
from schemas.spans import Range, Span


def spans_of(value: object) -> Iterator[Span]:
    if isinstance(value, Span):
        yield value
    for part in _parts(value):
        yield from spans_of(part)


def ranges_of(value: object) -> Iterator[Range]:
    if isinstance(value, Range):
        yield value
    for part in _parts(value):
        yield from ranges_of(part)


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, msgspec.Struct):
        yield from (getattr(value, name) for name in value.__struct_fields__)
    elif isinstance(value, list | tuple):
        yield from value


# Text that is not a generated sentence: codes, names, and quotes of the story.
_NO_SENTENCES = (
    "taxonomy_version", "input_digest", "text_sha256", "engine", "model", "not_scorable", "spin.tactic",
    "spin.tactic_name", "ledger", "findings.id", "findings.rule", "findings.label", "findings.tactic",
    "findings.voice", "loaded_terms", "ablations", "source_role", "voices", "entities", "categories", "vertical",
    "left_out.item", "missing_voices.code", "missing_voices.name", "questions_raised.item", "claims.text",
    "claims.voice", "claims.hedges", "claims.missing_evidence.item", "claims.missing_evidence.looked_for",
    "model",
)  # fmt: skip


def generated_sentences(assessment: Assessment) -> list[str]:
    """Every sentence that an engine wrote or took from the text as its own."""
    return [text for path, text in _texts(assessment, "") if text and not _is_in(path, _NO_SENTENCES)]


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every string in a struct, except those in spans, with its field names."""
    if type(value) is str:  # except codes of a closed list
        yield path, value
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry, path)
    elif isinstance(value, msgspec.Struct) and not isinstance(value, Span):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name), f"{path}.{name}" if path else name)


def _is_in(path: str, names: tuple[str, ...]) -> bool:
    return any(path == name or path.startswith(f"{name}.") for name in names)

"""Quoted paragraphs without quotation marks: "> ..." lines, and a paragraph behind "Roe writes:".

An introduction is a paragraph that ends with a colon and reports somebody else's words. It introduces one
paragraph, a list, or, if the quotation says "we" or "I" and the text before it does not, all following
paragraphs that say the same. Behind it "On method:" introduces the next of its speaker. A line "— Roe" behind a
block names its speaker.

Limits: a block in the third person over several paragraphs ends after the first.
"""

import re
from collections.abc import Callable, Sequence

from api.analysis.text.document import UNNAMED_VOICE, Quotation
from api.analysis.text.sentences import QUOTED_LINE

_ITEM = re.compile(r"(?:[-*•·]|\d{1,2}[.)])[ \t]")
_I = re.compile(r"(?<![\w“\"‘'«])(?:I|[Mm]y)(?![\w-])")
_WE = re.compile(r"(?<![\w“\"‘'«])(?:[Ww]e|[Oo]ur|[Uu]s)(?![\w-])")
_SIGNED = re.compile(r"\s{0,4}(?:—|–|--)\s{0,3}(?P<name>[A-Z][\w'’.-]{0,20}(?: [A-Z][\w'’.-]{1,20}){1,3})")
_CLOSED = re.compile(
    r"(?:(?:Warmly|Yours(?: \w+)?|Sincerely|(?:Kind|Best|Warm) (?:regards|wishes)|Regards),?\s{1,3})"
    r"(?P<name>[A-Z][\w’'-]{1,24}(?: [A-Z][\w’'-]{1,24}){0,2})"
)
_SALUTED = re.compile(r"(?:Dear )?[A-Z][\w’']{1,20}(?: [\w’'.]{1,20}){0,3},\s*$")
_NEXT = re.compile(
    r"(?:And |Then |Or )?(?:[Oo]n|[Aa]t|[Aa]bout|[Oo]f|[Ff]urther|[Ll]ater)\b[^.:\n]{0,40}:\s*"
)
_MARKS = '"“„«‘'
_MAX_PARAGRAPHS = 12  # of one block


def blocks(
    text: str,
    paragraphs: Sequence[tuple[int, int]],
    body_start: int,
    introduced: Callable[[int, int], str | None],
) -> list[Quotation]:
    """The paragraphs of all blocks in order.

    `introduced` gives the speaker that the paragraph [start, end) introduces, None if it introduces nobody.
    """
    found: list[Quotation] = []
    number = 0
    last: str | None = None
    while number < len(paragraphs):
        start, end = paragraphs[number]
        number += 1
        speaker = _speaker_behind(text, start, end, introduced)
        if (
            speaker is None
            and last
            and _NEXT.fullmatch(text[max(text.rfind(". ", start, end) + 2, start) : end])
        ):
            speaker = last
        if start < body_start or not speaker:
            if start >= body_start and QUOTED_LINE.match(text, start, end):
                number = _add(text, paragraphs, number - 1, body_start, UNNAMED_VOICE, found)
            continue
        last = speaker
        number = _add(text, paragraphs, number, body_start, speaker, found)
    return found


def _speaker_behind(
    text: str, start: int, end: int, introduced: Callable[[int, int], str | None]
) -> str | None:
    """The speaker of the next paragraph, if this one introduces it."""
    return introduced(start, end) if text[start:end].rstrip(" \t*_").endswith(":") else None


def _add(
    text: str,
    paragraphs: Sequence[tuple[int, int]],
    number: int,
    body_start: int,
    speaker: str,
    found: list[Quotation],
) -> int:
    """Add the block that begins with paragraph `number`; return the number of the paragraph behind it."""
    if number + 1 < len(paragraphs) and _SALUTED.match(text, *paragraphs[number]):
        number += 1
    opening = number
    places: list[tuple[int, int]] = []
    while number < min(len(paragraphs), opening + _MAX_PARAGRAPHS):
        start, end = paragraphs[number]
        if number > opening and not _goes_on(text, paragraphs, opening, number, body_start):
            break
        mark = QUOTED_LINE.match(text, start, end)
        start = mark.end() if mark else start
        end = start + len(text[start:end].rstrip())
        if start < end and text[start] in _MARKS:
            break  # quotation marks show its end
        places.append((start, end))
        number += 1
    if number < len(paragraphs) and (
        signed := _SIGNED.match(text, *paragraphs[number]) or _CLOSED.match(text, *paragraphs[number])
    ):
        speaker = signed["name"]
    name = None if speaker == UNNAMED_VOICE else speaker
    found += [Quotation(start, end, name, turn=True) for start, end in places if start < end]
    return max(number, opening + 1)


def _goes_on(
    text: str, paragraphs: Sequence[tuple[int, int]], opening: int, number: int, body_start: int
) -> bool:
    """Whether the paragraph `number` continues the block that begins with `opening`."""
    start, end = paragraphs[number]
    before, first_end = paragraphs[opening]
    if QUOTED_LINE.match(text, before, first_end):
        return QUOTED_LINE.match(text, start, end) is not None
    if _ITEM.match(text, before, first_end):
        return _ITEM.match(text, start, end) is not None
    return not _SIGNED.match(text, start, end) and any(
        person.search(text, before, first_end) is not None
        and person.search(text, start, end) is not None
        and person.search(text, body_start, before) is None
        for person in (_I, _WE)
    )

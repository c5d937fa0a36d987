"""Interviews whose questions have no labels: paragraphs in bold, or that ask, each with its answer below.

A firm's own questions and answers and an essay's headings ask too. So paragraphs are an interview only if at
least three ask and the text or the title says with whom it talked; or two questions say "you", two answers are in
the first person, and the text says that somebody was interviewed, or asks in bold and is answered with "I".

The one who answers is the person with whom the text says that it talked (`turns.py`), or who gives a name ("I'm
Ada Roe"). The interviewer is the document. The last answer ends with its first-person paragraphs.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import islice

from api.analysis.parsing.turns import GUEST_NAME, SAYS_SO, guests, interviewee
from api.analysis.text.document import Quotation

_BOLD = re.compile(r"(?:\*\*|__)(?=\S)")
_MARKUP = " \t*_#"
_QUOTED = '"“‘„«>-•·|'
_ITEM = "-•·"  # of a list
_ADDRESSES = re.compile(r"\b(?:you|your|you're|yourself)\b", re.IGNORECASE)
_I = re.compile(r"(?<![\w“\"‘'«])(?:I(?:['’](?:m|ve|d|ll))?|[Mm]y|[Mm]e)(?![\w-])")
_WE = re.compile(r"(?<![\w“\"‘'«])(?:[Ww]e(?:['’](?:re|ve|d|ll))?|[Oo]ur|[Uu]s)(?![\w-])")
_NAMES_ITSELF = re.compile(rf"\b(?:I['’]m|I am|[Mm]y name(?: is|['’]s)) {GUEST_NAME}")
_NOTE = re.compile(r"[*_](?![*_])|Note:|Read more|Follow\b")  # how an editor's paragraph begins
_LABELLED = re.compile(r"[*_]{0,2}[A-Z][\w’'.-]{1,24}(?: [A-Z][\w’'.-]{1,24}){0,2}[*_]{0,2}:[*_]{0,2}\s")
_REMARK = re.compile(r"(?!.*\b(?:I|[Mm]y|[Mm]e)\b)[A-Z][^.!?\n]{4,120}\.\s?")
_IN_TITLE = re.compile(r"[“\"]((?:[^\s“”\"]{1,40} ){3,40}[^\s“”\"]{1,40})[”\"]")
_FEWEST = 3  # questions
_ASKED = 2  # of those in bold end with a question mark
_ADDRESSED = 2  # of them say "you"
_OWN = 2  # answers in the first person
_MAX_ANSWERS = 8  # paragraphs to a question
_LONGEST = 400  # characters of a question
_MOST = 30  # paragraphs of one answer


@dataclass(slots=True)
class _Asked:
    """A question, with the (start, end) of its answer's paragraphs."""

    text: str
    start: int
    answer: list[tuple[int, int]] = field(default_factory=list)


def interview(
    text: str, paragraphs: Sequence[tuple[int, int]], body_start: int, people: Collection[str]
) -> list[Quotation]:
    """The answers by paragraph; [] if the text is no interview. `people` are recognised persons."""
    body = [
        (start, start + len(text[start:end].rstrip())) for start, end in paragraphs if start >= body_start
    ]
    bold = [_BOLD.match(text, start, end) is not None for start, end in body]
    asks = [_asks(text, start, end) for start, end in body]
    in_bold = sum(bold) >= _FEWEST and sum(b and a for b, a in zip(bold, asks, strict=True)) >= _ASKED
    asked: list[_Asked] = []
    for (start, end), is_bold, is_question in zip(body, bold, asks, strict=True):
        if is_bold if in_bold else is_question:
            asked.append(_Asked(text[start:end], start))
        elif asked and start < end:
            asked[-1].answer.append((start, end))
    asked = [one for one in asked if one.answer]
    if not asked or not _is_interview(text, asked, in_bold=in_bold):
        return []
    name = interviewee(text, body_start, asked[0].start, people)
    name = name or _named_itself(text, asked)
    asked[-1].answer = _last(text, asked[-1].answer)
    title = [
        Quotation(*m.span(1), name, turn=True)
        for m in islice(_IN_TITLE.finditer(text, 0, body_start), 1)
        if name
    ]
    answers = (_own(text, one, asked) for one in asked)
    return title + [Quotation(start, end, name, turn=True) for one in answers for start, end in one[:_MOST]]


def _own(text: str, one: _Asked, asked: Sequence[_Asked]) -> list[tuple[int, int]]:
    """The answer's paragraphs without the interviewer's remarks between: "You were ill for a year."

    Where most answers are one paragraph, every second is one if it is a short sentence without "I" or "we".
    """
    if len(one.answer) % 2 == 0 or 2 * sum(len(other.answer) == 1 for other in asked) < len(asked):
        return one.answer
    between = one.answer[1::2]
    if all(_REMARK.fullmatch(text, *at) and not _WE.search(text, *at) for at in between):
        return one.answer[::2]
    return one.answer


def _asks(text: str, start: int, end: int) -> bool:
    bare = text[start:end].strip(_MARKUP)
    return bare.endswith("?") and len(bare) <= _LONGEST and bare[0] not in _QUOTED


def _is_interview(text: str, asked: Sequence[_Asked], *, in_bold: bool) -> bool:
    if 2 * sum(_LABELLED.match(text, *one.answer[0]) is not None for one in asked) > len(asked):
        return False  # `turns.py` did not find out who they are
    if len(asked) < max(_FEWEST, sum(len(one.answer) for one in asked) / _MAX_ANSWERS):
        return False
    answers = ["\n".join(text[start:end] for start, end in one.answer) for one in asked]
    says_i = sum(_I.search(answer) is not None for answer in answers)
    own = sum(_I.search(answer) is not None or _WE.search(answer) is not None for answer in answers)
    if len(guests(text, asked[0].start)) == 1 and own:
        return True
    if sum(_ADDRESSES.search(one.text) is not None for one in asked) < _ADDRESSED:
        return False
    said = SAYS_SO.search(text, 0, asked[0].start) is not None
    return (said and own >= _OWN) or (in_bold and says_i >= _OWN)


def _named_itself(text: str, asked: Sequence[_Asked]) -> str | None:
    start, end = asked[0].answer[0]
    match = _NAMES_ITSELF.search(text, start, end)
    return match[1] if match else None


def _last(text: str, answer: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The paragraphs of the last answer: the first, and those in the first person that follow it."""
    kept = list(answer[:1])
    for start, end in answer[1:]:
        own = text[start] in _ITEM or _I.search(text, start, end) or _WE.search(text, start, end)
        if not own or _NOTE.match(text, start, end):
            break
        kept.append((start, end))
    return kept

"""Whose words the turns of an interview are: "Roe: We were late." "Q: Why?" "A: I do not know."

Two turns of one label at the start of paragraphs make an interview, if somebody else has a turn too or the text
names the speaker elsewhere; a lone "Note:" or "Update:" does not. A paragraph without a label goes on with the
turn before it, up to the next label. "Q" and "A" may be a firm's own questions and answers: they are an
interview where the text tells with whom, or where the answers say "I".

Limits: labels in bold without a colon are not known; words that an interview relates ("he told me that ...") are
those of whoever tells them.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from api.analysis.document import Quotation
from api.analysis.lexicon import words
from api.analysis.names import initials

_LABEL = re.compile(
    r"[*_]{0,2}([^\W\d_][\w.&’'-]{0,24}(?: [\w.&’'-]{1,24}){0,3})[*_]{0,2} ?:[*_]{0,2}\s{1,3}(?=\S)"
)
_OTHER = re.compile(r"[^.!?:]{2,60}: ")  # "Peer Lund on the radio: ..." ends the turn before it
_LONGEST = 40  # characters of a label
_MOST_SPEAKERS = 12  # more labels are a list of terms
_GOES_ON = 4  # paragraphs of one turn
_ASK = words("q question interviewer host moderator reporter")
_ANSWER = words("a answer interviewee guest")
_PARTICLES = words("of de van von der la the and & bin al")
_NO_NAMES = words(
    "note notes update updated editor's editor’s warning tip tips source sources example examples related "
    "photo image video correction disclaimer caption above below pros cons price rating verdict summary "
    "highlights step chapter figure table date time location address phone email contact tags topics "
    "category background result results method methods conclusion problem solution challenge fact myth read "
    "more also watch listen see subject from to re cc ps today monday tuesday wednesday thursday friday "
    "saturday sunday january february march april june july august september october november december "
    "title author published credit credits key impact goal why what how when where who best worst good bad "
    "next previous breaking exclusive analysis opinion quote wrote said says added asked question answer "
    "remember important caution first second third finally features benefits"
)
_WITH = re.compile(
    r"\b(?:interview(?:ed)? (?:with |of )?|(?:spoke|speaks|talked|talks|sat down|conversation|Q&A) (?:to|with) |"
    r"[Ww]e asked |[Mm]eet )([A-Z][\w’'-]{1,24}(?: [A-Z][\w.’'-]{0,24}){1,2})"
)
_FIRST_PERSON = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|[Mm]y)\b")


def turns(text: str, paragraphs: Sequence[tuple[int, int]], body_start: int) -> list[Quotation]:
    """The words of each turn, paragraph by paragraph, without their labels. "Q" is the label of nobody named."""
    opened: list[tuple[int, str, int]] = []  # paragraph, label, where its words begin
    for number, (start, end) in enumerate(paragraphs):
        if start < body_start:
            continue
        match = _LABEL.match(text, start, end)
        if match and (label := _label(match[1])) and match.end() < end:
            opened.append((number, label, match.end()))
    if not (speakers := _speakers(text, opened)):
        return []
    opened = [turn for turn in opened if turn[1] in speakers]
    found: list[Quotation] = []
    ends = [number for number, _, _ in opened[1:]]
    for (number, label, words_start), following in zip(opened, [*ends, None], strict=True):
        last = number + 1 if following is None or following - number > _GOES_ON else following
        for place in range(number, last):
            start, end = paragraphs[place]
            if place > number and _OTHER.match(text, start, end):
                break
            start = words_start if place == number else start
            end = start + len(text[start:end].rstrip())
            if start < end:
                found.append(Quotation(start, end, speakers[label]))
    return found


def with_turns(text: str, quotations: Sequence[Quotation], found: Sequence[Quotation]) -> list[Quotation]:
    """The quotations, and around them the turns: what stands in marks within a turn is another's, or its own."""
    if not found:
        return list(quotations)
    starts = [q.start for q in quotations]
    taken: set[int] = set()
    pieces: list[Quotation] = []
    for turn in found:
        start = turn.start
        first = bisect_left(starts, turn.start)
        for at in range(first, bisect_left(starts, turn.end)):
            taken.add(at)
            inner = quotations[at]
            if inner.speaker is not None and inner.speaker != turn.speaker and inner.end <= turn.end:
                pieces += [*_piece(text, start, inner.start - 1, turn), inner]
                start = inner.end + 1
        pieces += _piece(text, start, turn.end, turn)
    rest = [q for at, q in enumerate(quotations) if at not in taken]
    whole = sorted((*rest, *pieces), key=lambda q: (q.start, q.end))
    overlap = {id(left) for left, right in pairwise(whole) if left.end > right.start}
    return [q for q in whole if id(q) not in overlap]


def _piece(text: str, start: int, end: int, turn: Quotation) -> list[Quotation]:
    """The part of a turn, if there is a word in it."""
    return [Quotation(start, end, turn.speaker)] if any(map(str.isalnum, text[start:end])) else []


def _label(label: str) -> str | None:
    """The label if it has the form of a speaker's: capitals, no word that heads notes."""
    parts = label.split()
    low = [part.casefold().strip(".") for part in parts]
    if len(label) > _LONGEST or any(c.isdigit() for c in label):
        return None
    if len(parts) == 1 and low[0] in _ASK | _ANSWER:
        return label
    if not all(p[:1].isupper() or low[i] in _PARTICLES for i, p in enumerate(parts)) or low[-1] in _PARTICLES:
        return None
    return None if _NO_NAMES.intersection(low) else label


def _speakers(text: str, opened: Sequence[tuple[int, str, int]]) -> dict[str, str | None]:
    """The speaker of each label that has turns; none where the paragraphs are no interview."""
    count: dict[str, int] = {}
    for _, label, _ in opened:
        count[label] = count.get(label, 0) + 1
    longest = sorted(count, key=lambda label: (-len(label), label))
    if not longest or len(longest) > _MOST_SPEAKERS:
        return {}
    full = {label: next((other for other in longest if _is_short(label, other)), label) for label in longest}
    turns_of: dict[str, int] = {}
    for label, number in count.items():
        turns_of[full[label]] = turns_of.get(full[label], 0) + number
    if max(turns_of.values()) < 2:
        return {}
    roles = {label for label in count if label.casefold() in _ASK | _ANSWER}
    answers = _answers(text, opened, roles)
    if len(turns_of) == 1 and not roles and not _is_named(text, longest[0]):
        return {}
    if roles and answers is None:
        return {}
    return {label: answers[label] if answers and label in roles else full[label] for label in count}


def _answers(
    text: str, opened: Sequence[tuple[int, str, int]], roles: set[str]
) -> dict[str, str | None] | None:
    """Who stands behind "Q" and "A"; None where they are the questions and answers of the text itself."""
    if not roles:
        return {}
    first = opened[0][2]
    introduced = _WITH.search(text, 0, first)
    spoken = any(
        label.casefold() in _ANSWER and _FIRST_PERSON.search(text, at, min(at + 1_000, len(text)))
        for _, label, at in opened
    )
    if (
        introduced is None
        and not spoken
        and all(len(label) < 2 or label.casefold() == "question" for label in roles)
    ):
        return None
    name = introduced[1] if introduced else None
    return {label: name if label.casefold() in _ANSWER else None for label in roles}


def _is_short(label: str, other: str) -> bool:
    """Whether the label is the surname of the other one, or the capitals of its words."""
    low, long = label.casefold(), other.casefold()
    return low == long or long.endswith(f" {low}") or label == initials(other)


def _is_named(text: str, label: str) -> bool:
    """Whether the text calls the bearer of the only label by a fuller name, or mentions it inside a sentence."""
    return re.search(rf"[a-z,] (?:[A-Z][\w’'-]{{1,24}} ){{0,2}}{re.escape(label)}\b(?! ?:)", text) is not None

"""Whose words the turns of an interview are: "Roe: We were late." "Q: Why?" "A: I do not know."

Paragraphs with labels are an interview only where all of this shows it; a list of terms, a firm's own questions
and answers and a weather report have labels too, and in doubt there is none:
- at least three turns, and the speaker changes at least twice;
- one who asks, a third of whose turns or more end with a question mark: a role ("Q", "Moderator"), a name of two
  words or more, or one word that the text has inside a sentence or in full;
- everybody else is a person whose full name the text has outside labels, called by it, by its last word or by its
  initials; "A" and "Guest" are the one with whom the text says that it talked;
- one of those who answer says "I".

A paragraph without a label goes on with the turn before it, up to the next label or a paragraph that begins with
somebody else. The last turn does not go on: what follows may be the text's own.

Limits: labels in bold without a colon, first names and interviews with unlabelled questions are not known; words
that an interview relates ("he told me that ...") are those of whoever tells them.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from api.analysis.text.document import Quotation
from api.analysis.text.lexicon import words
from api.analysis.text.names import bare, initials

_LABEL = re.compile(
    r"[*_]{0,2}([^\W\d_][\w.&’'-]{0,24}(?: [\w.&’'-]{1,24}){0,3})[*_]{0,2} ?:[*_]{0,2}\s{1,3}(?=\S)"
)
# "Peer Lund on the radio: ..." ends the turn before it, "There were two reasons: ..." does not
_OTHER = re.compile(
    r"[*_]{0,2}([^\W\d_][\w.&’'-]{0,24})(?: ([\w.&’'-]{1,24})[^.!?:]{0,60})?[*_]{0,2} ?:[*_]{0,2} "
)
# The numbers are by judgement, no measurement:
_LONGEST = 40  # characters of a label: an outlet of four words
_MAX_SPEAKERS = 8  # labels of a panel and its host in two forms; more are a list of terms
_GOES_ON = 4  # paragraphs of one turn: the longest answers of printed interviews
_QUESTIONS = 3  # one turn in so many of the asker's ends with a question mark; others greet, or state
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
    "remember important caution first second third finally features benefits edit customer phase "
    "part stage round day week month year level option one two three four five "
    "system user assistant human ai bot prompt prompts instruction instructions model developer tool machine"
)
# capitals before a surname that are no given name, and no name where they open a paragraph
_OPENERS = words(
    "the a an and but or so if when while as after before since in on at by for from with to then now today "
    "yesterday tomorrow there here this that these those it he she we they i you my our his her their what why "
    "how who where did does do is are was were has had have can will would asked told said says not no yes only"
)
_NAME = r"([A-Z][\w’'-]{1,24}(?: (?:[A-Z]\.|de|van|von|der|la|al|bin)){0,2} [A-Z][\w’'-]{1,24})"
_WITH = re.compile(
    r"\b(?:(?:[Ii]nterview|[Cc]onversation|Q&A) (?:with|of) |[Ii]nterview(?:s|ed) |(?:[Ww]e|I) (?:met|asked) |"
    rf"(?:spoke|speaks|spoken|talked|talks|sat down|sits down) (?:to|with) ){_NAME}"
)
_I = re.compile(r"(?<![\w“\"‘'«])I(?:['’](?:m|ve|d|ll))? [a-z]")  # not of a button: “I agree”
_CLOSING = '*_"”’»)'


@dataclass(frozen=True, slots=True)
class _Turn:
    """The labelled paragraph `number`: its words are characters [start, end) of the text."""

    number: int
    label: str
    start: int
    end: int


def turns(text: str, paragraphs: Sequence[tuple[int, int]], body_start: int) -> list[Quotation]:
    """The words of each turn, paragraph by paragraph, without their labels. "Q" is the label of nobody named."""
    opened: list[_Turn] = []
    for number, (start, end) in enumerate(paragraphs):
        if start < body_start:
            continue
        match = _LABEL.match(text, start, end)
        if match and match.end() < end and (label := _label(match[1])):
            opened.append(_Turn(number, label, match.end(), end))
    if not (speakers := _speakers(text, opened)):
        return []
    found: list[Quotation] = []
    following = [*(turn.number for turn in opened[1:]), opened[-1].number + 1]
    for turn, stop in zip(opened, following, strict=True):
        for place in range(turn.number, min(stop, turn.number + _GOES_ON)):
            start, end = paragraphs[place]
            if place > turn.number and _is_anothers(text, start, end):
                break
            start = turn.start if place == turn.number else start
            end = start + len(text[start:end].rstrip())
            if start < end:
                found.append(Quotation(start, end, speakers[turn.label], turn=True))
    return found


def with_turns(text: str, quotations: Sequence[Quotation], found: Sequence[Quotation]) -> list[Quotation]:
    """The quotations, and around them the turns. What a turn has in marks is its speaker's, if nobody else's."""
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
            end = min(inner.end, turn.end)  # a quotation left open reaches over the white space at the end
            if inner.speaker is None:
                inner = replace(inner, speaker=turn.speaker, statement=True)
            if inner.start < end:
                pieces += [*_piece(text, start, inner.start - 1, turn), replace(inner, end=end)]
                start = end + 1
        pieces += _piece(text, start, turn.end, turn)
    rest = [q for at, q in enumerate(quotations) if at not in taken]
    whole = sorted((*rest, *pieces), key=lambda q: (q.start, q.end))
    overlap = {id(left) for left, right in pairwise(whole) if left.end > right.start}
    return [q for q in whole if id(q) not in overlap]


def _piece(text: str, start: int, end: int, turn: Quotation) -> list[Quotation]:
    """The part of a turn, if there is a word in it."""
    return [replace(turn, start=start, end=end)] if any(map(str.isalnum, text[start:end])) else []


def _is_anothers(text: str, start: int, end: int) -> bool:
    """Whether the paragraph begins with a label or a name of two words, and a colon after it."""
    match = _OTHER.match(text, start, end)
    if match is None or not match[1][0].isupper():
        return False
    return match[2] is None or (not match[2][0].islower() and match[1].casefold() not in _OPENERS)


def _label(label: str) -> str | None:
    """The label if it has the form of a speaker's: capitals, no word that heads notes."""
    parts = label.split()
    low = [part.casefold().strip(".") for part in parts]
    if len(label) > _LONGEST or any(c.isdigit() for c in label):
        return None
    if len(parts) == 1 and low[0] in _ASK | _ANSWER:
        return label if label[0].isupper() else None
    if not all(p[:1].isupper() or low[i] in _PARTICLES for i, p in enumerate(parts)) or low[-1] in _PARTICLES:
        return None
    return None if _NO_NAMES.intersection(low) else label


def _speakers(text: str, opened: Sequence[_Turn]) -> dict[str, str | None]:
    """The speaker of each label; none where the paragraphs are no interview."""
    longest = sorted({turn.label for turn in opened}, key=lambda label: (-len(label), label))
    if not 2 <= len(longest) <= _MAX_SPEAKERS:
        return {}
    full = {label: next((other for other in longest if _is_short(label, other)), label) for label in longest}
    parties = [full[turn.label] for turn in opened]
    if sum(left != right for left, right in pairwise(parties)) < 2:
        return {}
    asked = [party for party, turn in zip(parties, opened, strict=True) if _asks(text, turn)]
    askers = {label for label in longest if label.casefold() in _ASK}
    if not askers and asked:
        askers = {max(asked, key=asked.count)}  # of equals the one who asked first
    if sum(map(askers.__contains__, asked)) * _QUESTIONS < max(sum(map(askers.__contains__, parties)), 1):
        return {}
    if not any(
        party not in askers and _I.search(text, turn.start, turn.end)
        for party, turn in zip(parties, opened, strict=True)
    ):
        return {}
    names: dict[str, str | None] = {}
    for party in dict.fromkeys(parties):
        if party.casefold() in _ASK:
            names[party] = None
            continue
        name = _introduced(text, opened[0].start) if party.casefold() in _ANSWER else _person(text, party)
        if name is None and party in askers and party.casefold() not in _ANSWER and _is_name(text, party):
            name = party
        if name is None:
            return {}
        names[party] = name
    return {label: names[full[label]] for label in longest}


def _asks(text: str, turn: _Turn) -> bool:
    """Whether its labelled paragraph ends with a question mark."""
    return text[turn.start : turn.end].rstrip().rstrip(_CLOSING).endswith("?")


def _is_short(label: str, other: str) -> bool:
    """Whether the label is the surname of the other one, or the capitals of its words."""
    low, long = label.casefold(), other.casefold()
    if low in _ASK | _ANSWER or long in _ASK | _ANSWER:
        return low == long
    return low == long or long.endswith(f" {low}") or (len(label) > 1 and label == initials(other))


def _introduced(text: str, end: int) -> str | None:
    """The only person with whom the text before `end` says that somebody talked."""
    names = {match[1] for match in _WITH.finditer(text, 0, end)}
    return names.pop() if len(names) == 1 else None


def _person(text: str, label: str) -> str | None:
    """The full name, outside labels, of the only one whom the label calls by name, surname or initials."""
    name = bare(label)
    parts = name.split()
    if not parts:
        return None
    forms = [r" ".join(map(re.escape, parts))]
    if len(parts) == 1:
        forms = [r"([^\W\d_][\w’'-]{1,24})(?: (?:[A-Z]\.|de|van|von|der|la|al|bin)){0,2} " + forms[0]]
        if 2 <= len(name) <= 3 and name.isupper() and name.isalpha():
            forms.append(" ".join(rf"{letter}[\w’'-]{{1,24}}" for letter in name))
    names: dict[str, str] = {}  # as last written: a headline may be in capitals
    for form in forms:
        # capitals of a label may stand for small letters
        any_case = re.IGNORECASE if name.isupper() and form == forms[0] else re.NOFLAG
        for match in re.finditer(rf"(?<![\w’'-]){form}(?![\w-])(?![*_]{{0,2}} ?:)", text, any_case):
            found = match[0].split()
            if len(bare(match[0]).split()) < 2 or found[0].casefold() in _OPENERS:
                continue
            if found[0][0].isupper() and found[-1][0].isupper():
                names[match[0].casefold()] = match[0]
    return next(iter(names.values())) if len(names) == 1 else None


def _is_name(text: str, label: str) -> bool:
    """Whether one who asks has a name of two words, or one that stands inside a sentence of the text."""
    return " " in label or re.search(rf"[a-z,] {re.escape(label)}\b(?![*_]{{0,2}} ?:)", text) is not None

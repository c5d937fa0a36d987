"""Speakers of an interview's turns: "Roe: We were late." "Q: Why?" "A: I do not know."

Lists of terms, a firm's own questions and answers and weather reports have labels too. So labelled paragraphs
are an interview only if all of this is true:
- There are at least three turns, and the speaker changes at least twice.
- At least a third of one party's turns end with a question mark. That party's label is a role ("Q",
  "Moderator"), two words or more, or a word that the text has inside a sentence or in full.
- Everybody else has a full name outside labels, and is labelled by it, by its last word or by its initials, or
  has a recognised given name; "A" and "Guest" are the person with whom the text says that it talked.
- One of those who answer says "I", or "we" if the text says that somebody was interviewed.

An unlabelled paragraph continues a turn, up to a label or a paragraph that begins with somebody else. The last
turn is one paragraph, since the text may continue in its own voice.

Outside interviews, "Ida Lund: ..." is a statement of a person whom the text names elsewhere too.

Limits: unlabelled questions are not recognised; words that a speaker relays ("he told me that ...") are the
speaker's.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from api.analysis.text.document import Quotation
from api.analysis.text.lexicon import words
from api.analysis.text.names import bare_name, initials

_LABEL = re.compile(
    r"[*_]{0,2}([^\W\d_][\w.&’'-]{0,24}(?: [\w.&’'-]{1,24}){0,3})[*_]{0,2} ?:[*_]{0,2}\s{1,3}(?=\S)"
)
_Q_OR_A = re.compile(r"([QA])\.\s{1,3}(?=\S)")
_BOLD_LABEL = re.compile(
    r"(?:\*\*|__)([^\W\d_][\w.&’'-]{0,24}(?: [\w.&’'-]{1,24}){0,3})(?:\*\*|__)\s{1,3}(?=\S)"
)
# "Peer Lund on the radio: ..." ends the previous turn, "There were two reasons: ..." does not
_OTHER = re.compile(
    r"[*_]{0,2}([^\W\d_][\w.&’'-]{0,24})(?: ([\w.&’'-]{1,24})[^.!?:]{0,60})?[*_]{0,2} ?:[*_]{0,2} "
)
# The numbers are estimates:
_LONGEST = 40  # characters of a label
_MAX_SPEAKERS = 8  # labels; more are a list of terms
_MAX_PARAGRAPHS = 4  # paragraphs of one turn
_OFTEN = 3  # turns of one whom the text names by the label alone
_QUESTIONS = 3  # at least one in three of the asker's turns ends with a question mark
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
# capitalised words that are no given names
_OPENERS = words(
    "the a an and but or so if when while as after before since in on at by for from with to then now today "
    "yesterday tomorrow there here this that these those it he she we they i you my our his her their what why "
    "how who where did does do is are was were has had have can will would asked told said says not no yes only"
)
GUEST_NAME = r"([A-Z][\w’'-]{1,24}(?: (?:[A-Z]\.|de|van|von|der|la|al|bin)){0,2} [A-Z][\w’'-]{1,24})"
_WITH = re.compile(
    r"\b(?:(?:[Ii]nterview|[Cc]onversation|Q&A) (?:with|of) |[Mm]inutes with |[Ii]nterview(?:s|ed) |"
    r"(?:[Ww]e|I) (?:met|asked) |"
    rf"(?:spoke|speaks|spoken|talked|talks|sat down|sits down) (?:to|with) )"
    rf"{GUEST_NAME}(?:,? and (?:(?:to|with) )?{GUEST_NAME})?"
)
_I = re.compile(r"(?<![\w“\"‘'«])I(?:['’](?:m|ve|d|ll))? [a-z]")  # not a button's: “I agree”
_WE = re.compile(r"\b(?:[Ww]e|[Oo]ur)\b")
_I_OR_WE = re.compile(f"{_I.pattern}|{_WE.pattern}")
_ANSWERED = re.compile(rf"(?<=[.?!”\"]) {GUEST_NAME}: (?=\S)")
_APOSTROPHE = re.compile(r"['’]")
SAYS_SO = re.compile(
    r"\b(?:interview(?:s|ed|ing)?|q ?& ?a|(?:sat|sits|sit) down with|conversation|(?:caught|followed) up with|"
    r"(?:spoke|speaks|talked|talks|chatted|chats) (?:to|with)|met (?:her|him|them) (?:in|at|on|for)|"
    r"answers (?:our|your|some) questions|transcript|"
    r"(?-i:[A-Z][\w’'-]{1,24} [A-Z][\w’'-]{1,24}) on (?:her|his|their|how|why))\b",
    re.IGNORECASE,
)  # how a text says that somebody was interviewed
_OPENS = re.compile(rf"(?!By ){GUEST_NAME}")
_SURELY = ("interview", "conversation", "q & a", "q&a")
_INTERVIEWS = re.compile(r"\s(?:met|meets|spoke|speaks|talk(?:s|ed)|interview(?:s|ed)|sat|sits|asks|asked)\b")
_BYLINE = re.compile(
    r"(?:\b[Bb]y|[Ii]nterview|[Ww]ords|[Tt]ext|[Pp]hotos?|[Qq]uestions):? $"
)  # before its author
_BEFORE = 16  # characters of it
_SHORT = re.compile(r"[A-Z]&?[A-Z]")  # of a magazine: "K&C"
_CLOSING = '*_"”’»)'


@dataclass(frozen=True, slots=True)
class _Turn:
    """The labelled paragraph `number`; its words are characters [start, end) of the text."""

    number: int
    label: str
    start: int
    end: int


def turns(
    text: str, paragraphs: Sequence[tuple[int, int]], body_start: int, people: Collection[str] = ()
) -> list[Quotation]:
    """The words of each turn by paragraph, without labels. The speaker is None for labels such as "Q".

    `people` are names that a recogniser takes for persons.
    """
    opened: list[_Turn] = []
    for number, (start, end) in enumerate(paragraphs):
        if start < body_start:
            continue
        match = _LABEL.match(text, start, end) or _BOLD_LABEL.match(text, start, end)
        match = match or _Q_OR_A.match(text, start, end)
        if match and match.end() < end and (label := _label(match[1])):
            opened += _in_paragraph(text, _Turn(number, label, match.end(), end), people)
    if not (speakers := _speakers(text, opened, body_start, people)):
        return _statements(text, opened, people)
    found: list[Quotation] = []
    following = [*(turn.number for turn in opened[1:]), opened[-1].number + 1]
    for turn, stop in zip(opened, following, strict=True):
        for place in range(turn.number, min(max(stop, turn.number + 1), turn.number + _MAX_PARAGRAPHS)):
            start, end = paragraphs[place]
            if place > turn.number and _is_anothers(text, start, end):
                break
            start, end = (turn.start, turn.end) if place == turn.number else (start, end)
            end = start + len(text[start:end].rstrip())
            if start < end:
                found.append(Quotation(start, end, speakers[turn.label], turn=True))
    return found


def _in_paragraph(text: str, turn: _Turn, people: Collection[str]) -> list[_Turn]:
    """The turn, cut where a recognised person answers in the same paragraph: "Why? Ada Roe: Because"."""
    found = [turn]
    for match in _ANSWERED.finditer(text, turn.start, turn.end):
        if match[1] in people and _label(match[1]) == match[1]:
            last = found.pop()
            found += [replace(last, end=match.start()), replace(last, label=match[1], start=match.end())]
    return found


def _statements(text: str, opened: Sequence[_Turn], people: Collection[str]) -> list[Quotation]:
    """The labelled paragraphs of people whom the text also names elsewhere, outside an interview.

    A person says "I", or is recognised and does not say "we", as a firm does. If one label is such a person's, so
    are other full names that say "I".
    """
    known = {t.label: _person(text, t.label) for t in opened if t.label.casefold() not in _ASK | _ANSWER}
    says_i = {turn.label for turn in opened if _I.search(text, turn.start, turn.end)}
    says_we = {turn.label for turn in opened if _WE.search(text, turn.start, turn.end)}
    found: list[Quotation] = []
    for turn in opened:
        name = known.get(turn.label)
        if name is None and turn.label in says_i and any(known.values()) and " " in bare_name(turn.label):
            name = turn.label
        if name is not None and (turn.label in says_i or (name in people and turn.label not in says_we)):
            end = turn.start + len(text[turn.start : turn.end].rstrip())
            found.append(Quotation(turn.start, end, name, turn=True))
    return found


def with_turns(text: str, quotations: Sequence[Quotation], found: Sequence[Quotation]) -> list[Quotation]:
    """The quotations with the turns around them. A turn's quotations without a speaker get the turn's."""
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
            end = min(inner.end, turn.end)  # an unclosed quotation includes trailing white space
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
    """The part of a turn, unless it has no words."""
    return [replace(turn, start=start, end=end)] if any(map(str.isalnum, text[start:end])) else []


def _is_anothers(text: str, start: int, end: int) -> bool:
    """Whether the paragraph begins with a label or a name of two words, and a colon."""
    match = _OTHER.match(text, start, end)
    if match is None or not match[1][0].isupper():
        return False
    return match[2] is None or (not match[2][0].islower() and match[1].casefold() not in _OPENERS)


def _label(label: str) -> str | None:
    """The label if it can be a speaker's: capitalised, no heading of notes."""
    parts = label.split()
    low = [part.casefold().strip(".") for part in parts]
    if len(label) > _LONGEST or any(c.isdigit() for c in label):
        return None
    if len(parts) == 1 and low[0] in _ASK | _ANSWER:
        return label if label[0].isupper() else None
    if not all(p[:1].isupper() or low[i] in _PARTICLES for i, p in enumerate(parts)) or low[-1] in _PARTICLES:
        return None
    return None if _NO_NAMES.intersection(low) else label


def _speakers(
    text: str, opened: Sequence[_Turn], body_start: int, people: Collection[str]
) -> dict[str, str | None]:
    """The speaker of each label; empty if the paragraphs are no interview."""
    longest = sorted({turn.label for turn in opened}, key=lambda label: (-len(label), label))
    if not 2 <= len(longest) <= _MAX_SPEAKERS:
        return {}
    full = {label: next((other for other in longest if _is_short(label, other)), label) for label in longest}
    parties = [full[turn.label] for turn in opened]
    said = [match[0].lower() for match in SAYS_SO.finditer(text, 0, opened[0].start)]
    is_sure = any(sign.startswith(_SURELY) for sign in said)
    if sum(left != right for left, right in pairwise(parties)) < (1 if is_sure else 2):
        return {}
    asked = [party for party, turn in zip(parties, opened, strict=True) if _asks(text, turn)]
    askers = {label for label in longest if label.casefold() in _ASK}
    if not askers and asked:
        askers = {max(asked, key=asked.count)}  # if tied, the first to ask
    few = 0 if "transcript" in said else _QUESTIONS
    if few and sum(map(askers.__contains__, asked)) * few < max(sum(map(askers.__contains__, parties)), 1):
        return {}
    first_person = _I_OR_WE if is_sure else _I
    if not any(
        party not in askers and first_person.search(text, turn.start, turn.end)
        for party, turn in zip(parties, opened, strict=True)
    ):
        return {}
    names: dict[str, str | None] = {}
    full_names = [person for person in people if " " in person.strip()]
    given_names = {person.split()[0] for person in full_names}
    for party in dict.fromkeys(parties):
        if party.casefold() in _ASK:
            names[party] = None
            continue
        answers = party.casefold() in _ANSWER and bool(said)
        name = interviewee(text, body_start, opened[0].start, people) if answers else _person(text, party)
        if name is None and not answers:
            name = _bearer(party, full_names, text[: opened[0].start])
        if name is None and party in askers and party.casefold() not in _ANSWER and _is_name(text, party):
            name = party
        if name is None and bare_name(party) != party and not answers:  # "Ms Roe"
            name = bare_name(party) if " " in bare_name(party) else party
        calls_itself = any(f"{i_am} {party}" in text for i_am in ("I am", "I'm", "I’m"))
        if name is None and not answers and (calls_itself or party in given_names) and _is_name(text, party):
            name = party
        if name is None and not answers and said and parties.count(party) >= _OFTEN:
            name = party  # "Joe" and "Manny" sat down together
        if name is None and not answers:
            return {}
        names[party] = name  # one of several guests has no name
    return {label: names[full[label]] for label in longest}


def _asks(text: str, turn: _Turn) -> bool:
    """Whether the labelled paragraph ends with a question mark."""
    return text[turn.start : turn.end].rstrip().rstrip(_CLOSING).endswith("?")


def _is_short(label: str, other: str) -> bool:
    """Whether the label is the other's surname, also with a title, or its initials."""
    low, long = label.casefold(), other.casefold()
    if bare_name(label) != label and " " in bare_name(other) and " " not in bare_name(label):
        low = bare_name(label).casefold()  # "Ms Roe", "Spokesperson Jane Roe"
    if low in _ASK | _ANSWER or long in _ASK | _ANSWER:
        return low == long
    return low == long or long.endswith(f" {low}") or (len(label) > 1 and label == initials(other))


def guests(text: str, end: int) -> set[str]:
    """The people with whom the text before `end` says it talked."""
    return {name for match in _WITH.finditer(text, 0, end) for name in match.groups() if name}


def interviewee(text: str, body_start: int, end: int, people: Collection[str]) -> str | None:
    """The person with whom the text before `end` says that it talked, else whom it introduces; None if unsure.

    That is the only person named in the title or before `end`, or the one with whom the body begins.
    """
    if named := guests(text, end):
        return named.pop() if len(named) == 1 else None
    opens = _OPENS.match(text, body_start)
    met = opens is not None and SAYS_SO.search(text, body_start, end) is not None
    if opens and (met or opens[1] in text[:body_start]):  # the body begins with a name of the title
        return opens[1]
    places = {name: text.find(name, 0, end) for name in people if " " in name.strip()}
    found = sorted((at, name) for name, at in places.items() if at >= 0)
    found = [(at, name) for at, name in found if not _INTERVIEWS.match(text, at + len(name))]
    found = [(at, name) for at, name in found if not _BYLINE.search(text[max(at - _BEFORE, 0) : at])]
    titled = [name for at, name in found if at < body_start]
    if len(titled) == 1 or len(found) == 1:
        return titled[0] if titled else found[0][1]
    return next((name for _, name in found if text.startswith(name, body_start)), None)


def _person(text: str, label: str) -> str | None:
    """The only full name outside labels that the label abbreviates by name, surname or initials."""
    name = bare_name(label)
    parts = name.split()
    if not parts:
        return None
    forms = [r" ".join(map(re.escape, parts))]
    if len(parts) == 1:
        forms = [r"([^\W\d_][\w’'-]{1,24})(?: (?:[A-Z]\.|de|van|von|der|la|al|bin)){0,2} " + forms[0]]
        if 2 <= len(name) <= 3 and name.isupper() and name.isalpha():
            forms.append(" ".join(rf"{letter}[\w’'-]{{1,24}}" for letter in name))
    names: dict[str, str] = {}  # last spelling: a headline may be in capitals
    for form in forms:
        # labels may be in capitals
        any_case = re.IGNORECASE if name.isupper() and form == forms[0] else re.NOFLAG
        for match in re.finditer(rf"(?<![\w’'-]){form}(?![\w-])(?![*_]{{0,2}} ?:)", text, any_case):
            found = match[0].split()
            opener = _APOSTROPHE.split(found[0].casefold())[0]  # of "I'm"
            if len(bare_name(match[0]).split()) < 2 or opener in _OPENERS:
                continue
            if found[0][0].isupper() and found[-1][0].isupper():
                names[match[0].casefold()] = match[0]
    return next(iter(names.values())) if len(names) == 1 else None


def _bearer(label: str, full_names: Sequence[str], before: str) -> str | None:
    """The only person who is so called by the given name, or by its initial in the words `before` the turns."""
    if len(label) > 1:
        found = {name for name in full_names if name.split()[0] == label}
    else:
        found = {name for name in full_names if name.startswith(label) and name in before}
    return found.pop() if len(found) == 1 else None


def _is_name(text: str, label: str) -> bool:
    """Whether the asker's label has two words, is an abbreviation, or stands inside a sentence of the text."""
    return (
        " " in label
        or _SHORT.fullmatch(label) is not None
        or re.search(rf"[a-z,] {re.escape(label)}\b(?![*_]{{0,2}} ?:)", text) is not None
    )

"""Whether a text has the shape of a page rather than of a story, by signs that are counted.

A story has whole paragraphs, tells what happened and lets people speak; offers, lists, instructions, policies
and threads do not. The weights are rounded from a logistic regression of 180 pages that are no articles against
4,800 articles. Limits: English words; a story in short lines that quotes nobody looks like a list.
"""

import re
from itertools import pairwise
from typing import Final, NamedTuple

from api.analysis.text.document import Text
from api.analysis.text.lexicon import words as words_of
from api.analysis.text.text_shape import chat_turns, legal_signs, priced_lines, rating_signs, stamps

PARAGRAPH: Final = 25  # least words of a whole paragraph
QUOTES: Final = 3  # more quotations count no more
MOST: Final = 6.0  # of a hundred words: a few words of a short text do not decide
STILL: Final = 1.75  # verbs of the past in a hundred words; a text with fewer tells nothing
TITLE: Final = 4  # least words in a title that tells something
# Points: of a text without any sign, and for each sign.
BARE_TEXT: Final = 4.4
IN_PARAGRAPHS, PAST, QUOTE, TELLING_TITLE = 6.0, 0.7, 0.75, 1.25  # taken away
TELLS_NOTHING, COMMAND, FORMULA, RATING, TURN, THREAD, PRICES = 2.0, 1.0, 0.8, 1.4, 1.0, 6.0, 1.5

_MARKS: Final = ".,;:!?()[]“”\"'’"
_QUOTED = re.compile(r"[“\"][^“”\"\n]{10,400}[”\"]")
_READER = re.compile(r"\d|.*\b(?:I|my|me)\b")
_OPENING = re.compile(r"(?:^|[.!?:] )(?:\d{1,2}[.)] |[-•*] )?([A-Z][a-z]{1,12})(?:['’]t)?\b", re.M)
_IRREGULAR = words_of(
    "said told did made found came went took gave wrote began became got saw met left lost paid sold bought held "
    "kept led won fell rose ran grew sent spoke stood thought felt knew brought"
)
_AUXILIARIES, _SUBJECTS = words_of("was were had"), words_of("he she it they we i who there that")
# Before a participle rather than a past tense.
_BEFORE_PARTICIPLE = words_of(
    "is are be been being and the a an of by to not or with our your for in on any all more no as at well"
)
_COMMANDS = words_of(
    "Add Apply Ask Avoid Book Bring Browse Buy Call Change Check Choose Clean Click Close Compare Connect "
    "Contact Cook Copy Cover Create Cut Discover Do Don Download Draw Drop Enter Explore Fill Find Fit "
    "Follow Get Give Go Grease Have Heat Hold Install Join Keep Learn Leave Let Lift Line Load Look Make "
    "Meet Mix Move Never Note Open Pack Pay Pick Place Please Pour Press Pull Push Put Read Register "
    "Release Remove Repeat Replace Rest Return Ring Run Save Say Search See Select Send Serve Set Share "
    "Show Sign Slice Spread Start Stay Stir Stop Store Submit Switch Take Talk Tell Test Tick Track "
    "Transfer Try Turn Type Unplug Unscrew Use View Visit Wait Wash Watch Wear Wipe Work Write"
)


class Shape(NamedTuple):
    """How much a text looks like a page, in points, and what it looks like, as a noun phrase."""

    points: float
    looks_like: str


def shape(document: Text) -> Shape:
    """The shape of the title and the body."""
    text = document.text[document.article.body_start :]
    lengths = [len(line.split()) for line in text.splitlines()]
    count = max(sum(lengths), 1)
    share = 100 / count
    told_past, quotes = past(text), _quotes(document, text)
    told = (
        IN_PARAGRAPHS * sum(n for n in lengths if n >= PARAGRAPH) / count
        + PAST * min(told_past, MOST)
        + QUOTE * min(max(quotes, 0), QUOTES)
        + TELLING_TITLE * _title_tells(document)
    )
    told_nothing = quotes < 2 and told_past < STILL
    signs = {
        "a list or an offer": BARE_TEXT - told + TELLS_NOTHING * told_nothing,
        "instructions": COMMAND * min(share * _commands(text), MOST),
        "terms or a policy": FORMULA * min(share * len(legal_signs(text)), MOST),
        "ratings": RATING * min(share * rating_signs(text), MOST),
        "a chat": TURN * min(len(chat_turns(text)), MOST),
        "a list of prices": PRICES * (priced_lines(text) > 0),
        "a thread of posts": THREAD * stamps(text),
    }
    return Shape(sum(signs.values()), max(signs, key=lambda sign: signs[sign]))


def past(text: str) -> float:
    """Verbs of the past in a hundred words; irregular forms count half: pages have them too."""
    words = [word.strip(_MARKS) for word in text.lower().split()]
    found = 0.0
    for before, word in pairwise(words):
        if word.endswith("ed"):
            found += before not in _BEFORE_PARTICIPLE and not before.endswith("ly")
        elif word in _IRREGULAR or (word in _AUXILIARIES and before in _SUBJECTS):
            found += 0.5
    return 100 * found / max(len(words), 1)


def _quotes(document: Text, text: str) -> int:
    """Quotations, or answers of an interview; numbered ones and readers' ("How do I") are no interviewer's."""
    asked = [line for line in text.splitlines() if line.endswith("?")]
    answers = sum(-1 if _READER.match(line) else 1 for line in asked)
    return max(len(_QUOTED.findall(text)), answers, sum(quotation.turn for quotation in document.quotations))


def _title_tells(document: Text) -> bool:
    title = document.sentences[0] if document.sentences else None
    return (
        title is not None
        and title.role == "title"
        and len(title.text.split()) >= TITLE
        and document.is_finite(title)
    )


def _commands(text: str) -> int:
    """How many different words command at the beginning of a sentence."""
    return len(_COMMANDS.intersection(_OPENING.findall(text)))

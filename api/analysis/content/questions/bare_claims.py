"""What a claim that is only asserted would need to be believed, by its form.

A rule needs a ground, a plan a date and somebody who checks, an expectation its assumptions (ISSB IFRS S1),
a rank a comparison (CMA and ASA, comparative claims), a number of others a count (SEC guidance on metrics), an
effect a measurement, a danger a frequency (SPJ code).
"""

import re
from typing import Final

PLAN: Final = "plan"
# The first that fits.
_FORMS: Final = {
    "rule": re.compile(r"\b(?:must|should|needs? to|ought to|ha(?:s|ve) to)\b", re.I),
    PLAN: re.compile(
        r"\b(?:will|(?:is|are) to) (?:\w+ )?(?:be introduced|be available|be offered|get|receive|pay|introduce|"
        r"make|offer|assist|launch|open|build|continue|work|invest|support|reach|hire|train|install)\b",
        re.I,
    ),
    "expectation": re.compile(
        r"\b(?:will|(?:is|are) (?:set|poised|going|expected|bound) to|expects?|anticipates?|predicts?)\b",
        re.I,
    ),
    "share": re.compile(r"\b(?:percent|two[- ]thirds|three[- ]quarters|half) of\b", re.I),
    "rank": re.compile(
        r"\b(?:the|its|their|our|one of the|[a-z]+['’]s) (?:\w+ )?"
        r"(?:first(?= (?:and|to|ever|of its|\w+ to)\b)|only|leading|best|most|largest|biggest|fastest|strongest|"
        r"greatest|highest|newest|smartest)\b"
        r"|\b(?:better|faster|more|safer|easier|stronger) (?:\w+ )?than\b",
        re.I,
    ),
    "count": re.compile(
        r"\b(?:most|many|more and more|growing (?:number|demand)|surge|increasingly|every(?:one|body)?|always|"
        r"never|everywhere|majority|countless|often|typically|rising)\b",
        re.I,
    ),
    "effect": re.compile(
        r"\b(?:reduc|improv|boost|increas|accelerat|enhanc|eliminat|prevent|transform|streamlin|sav|driv|strengthen|"
        r"protect|empower|help|enabl|ensur|provid|allow|caus)(?:e|es|ed|ing|s|ting)?\b",
        re.I,
    ),
    "danger": re.compile(r"\b(?:risks?|threats?|dangers?|vulnerab\w+|attacks?|crisis|exposed)\b", re.I),
}
# What such a claim lacks, and what was looked for.
LACKS: Final = {
    "rule": ("Names no figure, study or witness for this view.", "a figure, a study or a named witness"),
    PLAN: (
        "Does not say by when this is to be done, and how it is checked.",
        "a date, and somebody who checks",
    ),
    "expectation": (
        "Does not say what this expectation rests on.",
        "a plan, a figure or a source for the expectation",
    ),
    "share": ("Does not say who has counted this.", "a count and its source"),
    "rank": (
        "Does not say by which ranking or comparison this holds.",
        "a ranking, a comparison or a measure",
    ),
    "count": ("Does not say who has counted this.", "a count and its source"),
    "effect": (
        "Does not say who has measured this effect, and against what.",
        "a measurement of the effect",
    ),
    "danger": ("Names no case of this and no figure of how often it happens.", "a case or a frequency"),
}
_ASIDE: Final = re.compile(
    r"^\W*(?:even )?(?:if|while|although|though|here)\b|: "
    r"|\b(?:focus|goal|aim|mission|purpose) (?:\w+ ){0,4}is to\b",
    re.I,
)
_SAYS_MORE: Final = re.compile(
    r"\d|\b(?:today|tomorrow|next (?:week|month|year)|this (?:week|month|summer|autumn|fall|spring|winter|year)|"
    r"two|three|four|five|six|seven|eight|nine|ten|twelve|dozens?|hundreds?|for (?:example|instance)|such as|"
    r"including)\b",
    re.I,
)


def form_of(sentence: str) -> str | None:
    """The form of a claim, a key of `LACKS`; None for a claim of no such form."""
    return next((form for form, pattern in _FORMS.items() if pattern.search(sentence)), None)


def is_aside(sentence: str) -> bool:
    """Whether it states a condition, a concession or an aim, or introduces what follows: none wants a proof."""
    return _ASIDE.search(sentence) is not None


def says_more(sentence: str) -> bool:
    """Whether it gives a figure, a date or an example."""
    return _SAYS_MORE.search(sentence) is not None

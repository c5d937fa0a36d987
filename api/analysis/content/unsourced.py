"""The figures for which a text names no source: shares, multiples and large counts, which somebody counted.

A source may stand in the sentence, in the three before it or in the one after it; errors favour the text. What
one pays, holds or gives needs none, nor does what a firm counts of its own. Limits: a source named once for a
whole page covers only what stands near it.
"""

import re
from typing import Final

from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence

BEFORE: Final = 3  # sentences in which a source may stand
SHOWN: Final = 3  # figures that are told
# Whole, all but one and one in a hundred are figures of speech.
_FIGURE = re.compile(
    r"(?<![\w.,$€£-])(?!(?:1|99|100) ?%)(?:\d[\d.,]{0,8})?\d(?: ?%| percent\b| per cent\b|x\b| times\b)"
    r"(?! (?:off|down)\b)"
    r"|(?<![\w.,])[$€£]?\d[\d.,]{0,8} (?:million|billion|trillion)\b"
    r"|(?<![\w.,$€£])\d{1,3},\d{3}(?:,\d{3}){0,3}\b(?![.,]?\d)"
)
_IS_MEASURE = re.compile(r"(?:%|percent|per cent|x|times)$")
# Whoever counted, or where it can be looked up.
_SOURCE = re.compile(
    r"\b(?:according to|sources?:|survey\w*|stud(?:y|ies)|reports?|reported|polls?|polled|research\w*|statistics|"
    r"data (?:from|by|of|shows?|suggests?|indicates?)|figures (?:from|by|show)|estimate[sd]?|census|index|"
    r"analy[sz]\w+|filings?|filed|found (?:that|in|by)|findings?|benchmark\w*|trials?|audit\w*|measured|tested|"
    r"counted|calculat\w+|forecasts?|predicts?|projects that|footnotes?|gartner|forrester|idc|mckinsey|deloitte|"
    r"npm|github)\b|https?:",
    re.IGNORECASE,
)
_CITES = re.compile(
    r"\b(?:according to|sources?:|surveys?|stud(?:y|ies)|reports?|polls?|researchers|census)\b|https?:",
    re.IGNORECASE,
)
# What one pays, owns or gives, and what is planned: terms, which nobody measures.
_TERMS = re.compile(
    r"\b(?:fees?|discounts?|commissions?|contingency|interest|tax(?:es)?|bonus(?:es)?|stakes?|owns?|owned|"
    r"ownership|carr(?:y|ied)|shareholders?|shares|equity|royalt\w+|dividends?|salar\w+|wages?|rent|loans?|coupon|"
    r"yield|tariffs?|invest(?:s|ed|ing|ment|ments)?|rais(?:e|es|ed|ing)|funds?|funding|donat\w+|grants?|pledg\w+|"
    r"paid|pays?|price[sd]?|costs? (?:only|just)|settle\w*|fine[sd]?|penalt\w+|budget\w*|spend\w*|goals?|"
    r"targets? (?:of|is|to)|aims?|plans?|votes?|percent(?:age)? points?|committed|dedicated|sure|focused|pure|"
    r"natural|cotton|free|laid off|layoffs?)\b|[$€£]",
    re.IGNORECASE,
)
# What one counts of one's own, and what is to come.
_OWN = re.compile(r"\b(?:will|would|we|our|us|my|I)\b", re.IGNORECASE)


_COUNT = re.compile(
    r"(?<![\w/.,$-])(?!(?:19|20)\d\d\b)\d{2,3}(?:,\d{3}){0,3}\+? (?!(?:a\.?m|p\.?m|st|nd|rd|th)\b)[a-z]{2}"
)


def has_source_near(document: Document, sentence: Sentence) -> bool:
    """Whether the sentence, or one just before or after it, names who counted, or quotes somebody."""
    if sentence.voice != DOCUMENT_VOICE or sentence.attributed_to is not None:
        return True
    place = sentence.index
    before, after = document.sentences[max(0, place - BEFORE) : place + 1], document.sentences[place + 1 :]
    return any(_SOURCE.search(other.text) for other in before if other.role != "title") or any(
        _CITES.search(other.text) for other in after[:1]
    )


def is_of_terms(sentence: Sentence) -> bool:
    """Whether the sentence is about what one pays, owns, gives or plans."""
    return _TERMS.search(sentence.text) is not None


def unsourced_figures(document: Document) -> list[tuple[str, Sentence]]:
    """The figures as written, each with its first sentence: shares and multiples first, in the order of the text.

    [] if there is a single count only.
    """
    found: dict[str, Sentence] = {}
    for sentence in document.body_sentences():
        if not sentence.numbers or is_boilerplate(sentence.text):
            continue
        if is_of_terms(sentence) or _OWN.search(sentence.text):
            continue
        if not has_source_near(document, sentence):
            for match in _FIGURE.finditer(sentence.text):
                found.setdefault(" ".join(match[0].split()), sentence)
    ranked = sorted(found.items(), key=lambda one: _IS_MEASURE.search(one[0]) is None)
    return ranked if len(ranked) > 1 or (ranked and _IS_MEASURE.search(ranked[0][0])) else []


def listed(figures: list[str]) -> str:
    """The first of the figures in a sentence: "the figures 51%, 50% and 400,000"; "" for none."""
    shown = figures[:SHOWN]
    if len(shown) < 2:
        return "".join(f"the figure {figure}" for figure in shown)
    return f"the figures {', '.join(shown[:-1])} and {shown[-1]}"


def gives_figures(document: Document) -> bool:
    """Whether the body counts anything, from ten up; a date or a size of one thing is no count."""
    return _COUNT.search(document.text, document.article.body_start) is not None

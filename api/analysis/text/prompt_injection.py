"""Phrases of prompt injection: text addressed to language models and scoring machines."""

import re
from collections.abc import Iterator
from typing import Final

from ahocorasick_rs import AhoCorasick

from api.analysis.text.disguises import undisguised, without_invisible
from api.analysis.text.lexicon import phrases

_ADDRESSEE: Final = (
    r"(?:ai|a\.i\.|llm|large language|language|chat)[ -]?"
    r"(?:models?|assistants?|agents?|systems?|crawlers?|bots?|llms?)"
)
_ORDER: Final = (
    r"(?:you must|must|please|should|rate|score|summari[sz]e|say|recommend|mention|describe|treat|do not|"
    r"always|never)"
)
_RULES: Final = (
    r"(?:instruction|prompt|rule|direction|message|guideline|guardrail|programming|training|codebook)s?"
)
_TEXT: Final = r"(?:article|text|page|story|post|document|content|piece)"
_INJECTIONS: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\s(?:all\s|any\s|the\s|your\s|these\s|every\s|of\s){0,3}"
    rf"(?:previous|prior|above|earlier|preceding|system|other|former)\s{_RULES}"
    rf"|\b(?:ignore|disregard|forget|override|bypass)\s(?:all\s|all\sof\s)?your\s(?:own\s)?{_RULES}"
    rf"(?=[^.!?\n]{{0,80}}\b(?:give|return|output|answer|respond|rate|score|assign|print|write|say|set)\b)"
    r"|\b(?:if you are|as|dear|attention|note to|instructions? (?:to|for))[, ]{1,2}"
    rf"(?:an?\s|any\s|all\s|the\s|every\s)?{_ADDRESSEE}\b(?=[^.\n]{{0,160}}\b{_ORDER}\b)"
    rf"|\b(?:rate|score|classify|label|mark)\sthis\s{_TEXT}\s(?:as|at|with|zero|0|10|100|neutral|unbiased)"
    rf"|\b(?:assign|give)\s(?:it|this(?:\s{_TEXT})?)\s(?:a\s)?(?:spin\s)?(?:score|rating)\s(?:of\s)?(?:0|zero|100|10)\b"
    rf"|\b(?:give|assign|return|output)\s(?:it\s|this(?:\s{_TEXT})?\s)?(?:a\s|the\s)?(?:spin\s|final\s)?score\s?(?:of|to|:|=)?\s?"
    r"(?:0|zero|100)\b"
    r"|\b(?:ignore|disregard|override|bypass)\s(?:the|this|any|its)\s(?:spin\s|scoring\s)?(?:codebook|rubric)\b"
    r"|\b(?:spin\s|final\s)score\s(?:is to be|must be|should be|shall be|has to be)\s(?:0|zero|100)\b"
    r"|\b(?:respond|reply|answer)\sonly\s(?:with|in)\s(?:valid\s)?json\b"
    r"|\b(?:do not|don't|never)\s(?:flag|report|score|rate)\sthis\s" + _TEXT + r"\b"
    r"|\byou are now\s(?:a|an|in)\s(?:helpful|unrestricted|developer|different|new)\b"
    r"|\b(?:new|updated|real|actual)\sinstructions?\sfor\s(?:the\s)?"
    + _ADDRESSEE
    + r"|<\|?(?:im_start|system|endoftext|im_end)\|?>|\[/?inst\]|\bsystem prompt:"
)

# First words of the phrases: trying the expression only there costs a twentieth of trying it everywhere.
_BEGINNINGS: Final = AhoCorasick(
    phrases("""
    ignore; disregard; forget; override; bypass; if you are; as; dear; attention; note to; instruction; rate
    score; spin score; final score; classify; label; mark; assign; give; return; output; respond; reply; answer
    do not; don't; never; you are now; new; updated; real; actual; <; [; system prompt:
    """)
)


def injections(folded: str) -> Iterator[tuple[int, int]]:
    """The (start, end) of every such phrase of a folded text, in text order."""
    reached = 0
    for _, start, _ in _BEGINNINGS.find_matches_as_indexes(folded, overlapping=True):
        if start >= reached and (match := _INJECTIONS.match(folded, start)):
            reached = match.end()
            yield match.span()


def has_prompt_injection(text: str) -> bool:
    """Whether text outside the analysed one (a comment, a hidden passage) contains such a phrase."""
    folded = undisguised(without_invisible(text)).lower().replace("\u2019", "'")
    return next(injections(" ".join(folded.split())), None) is not None

"""Shapes of text that are not articles: recipes, menus, lists, terms, scripts, offers.

Each test counts a plain sign. Thresholds reject at most one in a hundred of 2,360 labelled articles, and most
texts that annotators could not judge. Limits: English signs.
"""

import re

from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.document import Text
from api.analysis.text.lexicon import words as words_of

QUANTITIES = 5  # lines that begin with a kitchen quantity
ENDLESS = 90  # words; a longer sentence is a row of headlines or menu entries without full stops
FEW = 8  # sentences
PROSE = 0.25  # least share of words in finite sentences; a paper with its reference list has a third
LABEL = 8  # words; a shorter line without a full stop is a label, even if the tagger finds a verb
LINES = 5  # a shorter text is not tested
IN_WORDS = 0.5  # least share of characters in words; the lowest of 956 labelled texts, full of code, has .70
FURNITURE = 0.6  # least share of words in sentences of the page rather than of the story
LEGAL = 0.045  # formulae a word; the most of an article, on cookies, is .025, the least of five policies .11
LEGAL_SIGNS, LEGAL_KINDS = 8, 4  # formulae, and different ones: "shall" alone is an old manner of speech
THOUGHTS, THOUGHT = 5, 0.015  # different signs outside quotations, and signs a word; an article has 4 at most
TURNS, OPENING = 4, 0.4  # turns of a chat with a model, the first in the first part of the text
VOICES = 3  # kinds of phrases of a model
FEW_LINES = 3  # short lines of one kind; a story has one or two
CODE = 0.5  # least share of characters in lines of code; the most of an article is .23
SHOP = 3  # different signs of a shop
STARS, STAR_WORDS = 4, 50  # ratings, and words to one; a reporter's test of five lamps says more of each
ONE_RATING, HEAD = 200, 80  # words of one customer's rating, which stands in the first characters
JOB = 3  # different headings of a job advertisement; a guide to interviews has 2

_WORD = re.compile(r"[^\W\d_]{2,}")
_STOPS = frozenset(".!?…:;\"'”’»)")
_QUANTITY = re.compile(
    r"^\W{0,4}(?:\d+|[¼½¾⅓⅔⅛]|one|two|three|half)[\d\s/.,¼½¾⅓⅔⅛-]{0,8}\(?\s?"
    r"(?:cups?|tbsps?|tablespoons?|tsps?|teaspoons?|oz|ounces?|g|grams?|kg|ml|l|lbs?|pounds?|pinch|cloves?|"
    r"sticks?|"
    r"cans?|packages?|box)\b",
    re.I | re.M,
)

_LEGAL = re.compile(
    r"\b(?:here(?:by|in|of|under|to)|there(?:of|in|under)|notwithstanding|pursuant to|shall|licensors?|"
    r"licensees?|"
    r"sub-?licen[cs]\w{1,6}|indemnif\w{1,8}|indemnity|warrant(?:y|ies)|merchantability|liable|liability|"
    r"governed by|governing law|written consent|terminat(?:e|es|ion)|"
    r"you (?:agree|acknowledge|must|may not|represent)|these terms|this (?:agreement|licen[cs]e|policy|notice)|"
    r"personal (?:data|information)|third[- ]part(?:y|ies)|applicable laws?|non-exclusive|royalty-free|"
    r"non-transferable|in accordance with|intellectual property|provided that|subject to|as is|"
    r"to the (?:fullest|maximum) extent|we (?:may|collect|process|retain|disclose|reserve)|legitimate interests?|"
    r"opt[- ]out|consequential damages|force majeure|the foregoing|arising (?:out of|from)|as defined|"
    r"withdraw your consent|rectif\w{1,8}|supervisory authority|on our behalf|required (?:to do so )?by law|"
    r"express or implied|in no event)\b",
    re.I,
)
_LEGAL_WORDS = words_of(
    "shall hereby hereunder thereof notwithstanding pursuant licensor licensee licence license terms agreement "
    "policy consent liable liability warranty warranties terminate termination subject accordance personal data "
    "party parties information applicable law laws"
)  # a cheap test: nearly all texts have few
_THOUGHT = re.compile(
    r"(?:^|(?<=[.!?:\n] )|(?<=>))(?:okay,|ok,|alright,|hmm\b|wait\b|hold on|let me |let['’]s (?:see|think|check)|"
    r"(?:i|we) (?:need to|should|could|might|must|want to|have to|think)|(?:i|we)['’]ll |alternatively,|"
    r"actually,|"
    r"now,? let me|so,? (?:the|i|we|it['’]s)\b|first,? (?:i|we)\b|but (?:wait|maybe|we (?:should|need))|maybe |"
    r"let['’]s (?:compute|produce|double|write|verify|answer))|"
    r"\bthe (?:user|prompt|question)(?:['’]s)? (?:wants?|is asking|asks?|asked|says?|said|gives?|mentions?|"
    r"mentioned|question|request|might|may|would|did)\b|\blet me (?:think|reconsider|re-?check|double-check|"
    r"check|verify|recall|draft|write|look)|"
    r"</?think(?:ing)?>|\bthe answer (?:should|must|is)\b|\bstep by step|\bfinal answer",
    re.I | re.M,
)
_THOUGHT_WORDS = ("okay", "hmm", "wait", "let me", "the user", "think>", "let's", "need to", "maybe")
_TURN = re.compile(
    r"^\W{0,2}(?:(?P<model>thought|action|observation|assistant|ai|bot|\w{0,12}chat(?:bot)?|\w{0,12}gpt-?\w{0,3}|"
    r"claude|gemini|copilot|llm|model|response|final answer|tool(?: call)?)|"
    r"(?P<user>user|human|you|me|prompt)|system)(?: said| wrote)?\s?[:>]",
    re.I | re.M,
)
# What models say of themselves, of the question, or at the end of an answer.
_MODEL_PHRASES = (
    ("as an ai ", "ai language model", "as a language model"),
    ("sure! here", "sure, here", "certainly! here", "certainly, here", "of course! here", "absolutely! here"),
    ("would you like me to",),
    ("let me know if you",),
    ("i hope this helps",),
    ("i apologize", "i apologise", "you're absolutely right", "you're right, and"),
    ("can make mistakes",),
    ("great question!", "good question!"),
    ("i can't provide", "i can't help with", "i can't assist", "i'm happy to help", "i'd be happy to"),
)
_STAMP = re.compile(
    r"[^\W\d].{0,60}?(?:\b\d{1,2}[:.]\d\d\b|\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|"
    r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w{0,6}\.? \d|\bposts:|\bsays:$)|"
    r".{0,60}?(?:(?:\d|\ban?) ?(?:m|min|h|hr|hours?|d|days?|weeks?|months?|years?)\b\.? ago\b)|"
    r"(?:recommend|reply|quote|like|\d+ nights?)\b",
    re.I,
)
_PRICED = re.compile(r".{0,60}?(?:[€$£]\s?\d|\b\d[\d.,]{0,9} ?(?:€|eur|usd|gbp)\b)", re.I)
_CODE = re.compile(
    r"\s{0,40}(?:[}\])]{1,9}[;,)]{0,9}\s{0,9}$|//|/\*|(?:var|let|const|function|if|for|while|return|import|"
    r"export|"
    r"class|def|window|document)\b[^\n]{0,200}?[({;=>]|[.#@]?[\w-]{1,40}(?: [.:\w-]{1,40}){0,4} \{)"
)
_CODE_END = re.compile(r"[;{}]\s{0,9}$")
# Lines that stand beside an offer, by kind of sign.
_SHOP = re.compile(
    r"^\W{0,3}(?:(?P<cart>add to (?:cart|basket|bag|wish ?list)|buy (?:it )?now|secure checkout|pre-?order now)|"
    r"(?P<stock>in stock\b.{0,40}|out of stock|sold out|[\d,]{1,9} backers|\d{1,3} days to go|(?:sku|"
    r"article number|item no)\b.{0,30})|"
    r"(?P<delivery>free (?:shipping|delivery|returns)\b.{0,60}|delivery (?:and|&) returns|(?:ships|"
    r"delivered) in .{0,40})|"
    r"(?P<data>(?:size|colou?r|weight|material|dimensions|height|width|volume|capacity|warranty|brand|"
    r"model)s?:.{0,80})|"
    r"(?P<price>(?:was |now |from )?[€$£]\s?\d[\d.,]{0,9}(?: (?:per|a|/) \w{3,9})?|\d[\d.,]{0,9}\s?(?:€|eur|"
    r"usd|gbp))|"
    r"(?P<plan>pledge [€$£]\d.{1,200}|.{1,30}: [€$£]\d[\d.,]{0,9} ?(?:per|a|/) ?\w{2,9}|contact sales|pricing)|"
    r"(?P<trial>(?:start (?:your|a) )?free trial|(?:book|request|get) a (?:free )?(?:demo|quote)|"
    r"no credit card (?:required|needed)|back this project|sign up (?:for )?free|get started(?: for free)?)|"
    r"(?P<more>you (?:may|might) also like|frequently bought together|customers also (?:bought|viewed)|"
    r"related products)|(?P<heading>(?:technical )?specifications?|customer reviews|product (?:details|"
    r"description)|"
    r"what['’]s in the box|key features|quantity))\W{0,3}$",
    re.I | re.M,
)
_SHOP_ONLY = frozenset(
    {"cart", "stock", "delivery", "trial", "more"}  # the others stand in tests and results too
)
_RATING = re.compile(
    r"[★⭐☆]{2,5}|\b\d(?:\.\d)? ?(?:out of|/) ?(?:5|10)\b|\b(?:one|two|three|four|five|[1-5]) stars?\b|"
    r"\bverified (?:purchase|buyer|owner)|\bfound this (?:review )?helpful|\breviewed (?:on|in) \w",
    re.I,
)
_RATING_SIGNS = ("★", "⭐", "☆", " star", "out of 5", "out of 10", "/5", "/10", "erified", "helpful")
_JOB = re.compile(
    r"^\W{0,3}(?:(?:key |your |main |job )?responsibilities|(?:minimum |preferred |key |job )?(?:requirements|"
    r"qualifications)|what (?:we offer|you bring|you will do|you['’]ll (?:do|bring|need))|who you are|"
    r"about the (?:role|job|position)|your (?:profile|tasks|role)|benefits|how to apply|apply now\b.{0,80}|"
    r"job (?:description|type)\b.{0,40}|employment type\b.{0,40}|nice to have|we offer|"
    r".{0,60}\bequal opportunit(?:y|ies) employer\b.{0,200})\W{0,3}$",
    re.I | re.M,
)


def lacks_words(text: str) -> bool:
    """Whether most of the text is figures, signs, pictographs or single letters. Needs no parse."""
    return sum(map(len, _WORD.findall(text))) < IN_WORDS * sum(map(len, text.split()))


def is_legal_text(text: str) -> bool:
    """Whether the text is terms, a licence, a contract or a policy: dense with legal formulae."""
    found = legal_signs(text)
    return len(found) >= max(LEGAL_SIGNS, LEGAL * len(text.split())) and len(set(found)) >= LEGAL_KINDS


def legal_signs(text: str) -> list[str]:
    """The legal formulae, in lower case."""
    words = text.lower().split()
    if sum(word in _LEGAL_WORDS for word in words) < LEGAL / 4 * len(words):
        return []
    return [sign.lower() for sign in _LEGAL.findall(text)]


def is_chain_of_thought(document: Text) -> bool:
    """Whether a model thinks aloud: many of its phrases, outside quotations."""
    text = document.text
    if sum(document.folded.count(word) for word in _THOUGHT_WORDS) < THOUGHTS / 2:
        return False
    found = [
        match.group().strip().lower()
        for match in _THOUGHT.finditer(text)
        if document.quotation_at(match.start(), match.end()) is None
    ]
    return len(set(found)) >= THOUGHTS and len(found) >= THOUGHT * len(text.split())


def is_chat(text: str) -> bool:
    """Whether the text is a chat with a model: it has turns from its beginning on, or the model's phrases."""
    turns = chat_turns(text)
    asked = sum(match["user"] is not None for match in turns)
    if len(turns) >= TURNS and turns[0].start() < OPENING * len(text) and 2 * asked >= TURNS:
        return asked < len(turns) or asked >= TURNS
    folded = text.lower().replace("’", "'")
    return sum(any(phrase in folded for phrase in kind) for kind in _MODEL_PHRASES) >= VOICES


def chat_turns(text: str) -> list[re.Match[str]]:
    """The beginnings of lines that name a model or its user as the speaker."""
    return list(_TURN.finditer(text))


def stamps(text: str) -> float:
    """The share of lines that are short and hold a name and a date, as above the posts of a thread."""
    return _share_of_lines(_STAMP, text)


def priced_lines(text: str) -> float:
    """The share of lines that are short and hold a price."""
    return _share_of_lines(_PRICED, text)


def _share_of_lines(sign: re.Pattern[str], text: str) -> float:
    lines = [line for line in text.splitlines() if line.strip()]
    found = sum(len(line.split()) <= LABEL and sign.match(line) is not None for line in lines)
    return found / len(lines) if found >= FEW_LINES else 0.0


def is_code(text: str) -> bool:
    """Whether most of the text is lines of a program or a style sheet."""
    lines = [line for line in text.splitlines() if line.strip()]
    in_code = sum(len(line) for line in lines if _CODE.match(line) or _CODE_END.search(line[-10:]))
    return in_code >= CODE * sum(map(len, lines)) > 0


def is_offer(text: str) -> bool:
    """Whether lines of a shop or of plans with prices stand in the text."""
    found = {match.lastgroup for match in _SHOP.finditer(text)}
    return len(found) >= SHOP and not found.isdisjoint(_SHOP_ONLY)


def is_ratings(text: str) -> bool:
    """Whether the text is short ratings by several customers."""
    found, length = rating_signs(text), len(text.split())
    return (found >= STARS and length <= STAR_WORDS * found) or (
        length < ONE_RATING and _RATING.search(text, 0, HEAD) is not None
    )


def rating_signs(text: str) -> int:
    """How often the text rates something."""
    return len(_RATING.findall(text)) if any(sign in text for sign in _RATING_SIGNS) else 0


def is_job_advertisement(text: str) -> bool:
    """Whether the text has the headings of a job advertisement."""
    return len({match.group().strip().lower() for match in _JOB.finditer(text)}) >= JOB


def is_furniture(document: Text) -> bool:
    """Whether much of the text is sentences of the page: subscriptions, notices, credits."""
    lengths = [(len(s.text.split()), is_boilerplate(s.text)) for s in document.body_sentences()]
    return sum(n for n, boilerplate in lengths if boilerplate) > FURNITURE * sum(n for n, _ in lengths)


def is_recipe(text: str) -> bool:
    """Whether many lines begin with a kitchen quantity."""
    return len(_QUANTITY.findall(text)) >= QUANTITIES


def is_run_together(document: Text) -> bool:
    """Whether most of the text is a few endless sentences: menus or headlines that lost their line breaks."""
    lengths = [len(s.text.split()) for s in document.body_sentences()]
    return len(lengths) <= FEW and 2 * sum(n for n in lengths if n > ENDLESS) > sum(lengths)


def lacks_sentences(document: Text) -> bool:
    """Whether hardly any text is in finished sentences with a finite verb: lists, menus, tables."""
    sentences = list(document.body_sentences())
    lengths = [len(s.text.split()) for s in sentences]
    finite = [
        (n > LABEL or s.text[-1] in _STOPS) and document.is_finite(s)
        for s, n in zip(sentences, lengths, strict=True)
    ]
    in_prose = sum(n for n, is_finite in zip(lengths, finite, strict=True) if is_finite)
    return len(sentences) >= LINES and in_prose < PROSE * sum(lengths)

"""Asks of central claims for their proof and for the measurement of their figures.

It asks only of assertions without support (`ClaimSupport.ASSERTED`) in the text's own voice, the most steering
first. They give a share or a factor, or steer and tell no mere deed. `open_points.json` has the wordings and
their reasons.
"""

import re
from collections.abc import Sequence
from typing import Final

from api.analysis.claims.claims import CentralClaim
from api.analysis.content.absent_item import AbsentItem
from api.analysis.content.key_phrases import core_of
from api.analysis.content.news import News, told
from api.analysis.content.open_points import CLAIM_POINTS, points_of
from api.analysis.content.unsourced import has_source_near, is_of_terms
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence
from api.analysis.text.lexicon import words
from schemas.assessments import Spin
from schemas.enums import ClaimSupport

MIN_WORDS, MAX_WORDS = 4, 16
SHARE_OF_CLAIM = 0.6  # share of a claim's words by which its core stands for it
LEAST_WEIGHT: Final = 0.6  # strength by which a sentence steers
SURE: Final = 0.5  # chance that a reader marks a loaded term
# Shares and factors, which somebody must have measured; sums and dates are told by deeds.
_MEASURED = re.compile(
    r"\b(?!100 ?%)\d[\d.,]{0,9}(?: ?%| percent\b| per cent\b|x\b| times\b|-fold\b)|\b(?:twice|half) (?:as|the)\b"
)
# The last: a heading that runs into its sentence ("Decision-making By using data").
_ODD = re.compile(
    r"^\W*[+*]|[”“:;—|•…]|[^\w\s]{3}|\.\w{2,4}\b|\n|[a-z] (?:By|With|In|Our|We|As|To|At|Through|From) "
)
_POINTING = re.compile(
    r"\b(?:this|these|those|it|they|he|she|such|there|here|I|we|our|my|you|your|both|one|another|other)\b",
    re.I,
)
_JOINED = re.compile(
    r"^\W*(?:far|while|for|although|though|after|before|when|what|as|by|if|to|since|but|and)\b|, but "
    r"|\b(?:I|we|our|my|me|us)\b",
    re.I,
)
# Aims need no proof; estimates name their source.
_SOURCED = re.compile(
    r"\b(?:goals?|aims?|mission|purpose|vision) (?:\w+ ){0,3}(?:is|are|was) to\b"
    r"|\b(?:according to|estimates? (?:that|a|an|the)|\w+ (?:found|estimated|reported|forecasts?) that)\b"
    r"|\b(?:data|figures|survey|study|report|research|poll) (?:by|from|of)\b",
    re.I,
)
# What should be done or is planned, a part of something, and a reason that is given: no evidence decides these.
_UNDECIDED = re.compile(
    r"\b(?:needs?|should|must|ought|deserves?|want|hopes?|believes?|thinks?|plans?|aims?)\b"
    r"|\b(?:not|never|no longer)\b|n['’]t\b|\bpart of\b"
    r"|\b(?:because|since|as|if|when) (?:\w+ ){1,4}(?:is|are|has|have)\b",
    re.I,
)
# A clause behind the last comma, without which the statement is whole.
_APPENDED = re.compile(r", (?:which|whose|while|whereas|as|because|since|with|without|\w{3,15}ing)\b[^,]*$")
_OPENING = re.compile(r"^(?:typically|often|increasingly|today|currently|clearly|indeed|in fact|now), ", re.I)
_PRESENT = frozenset({"VBZ", "VBP"})
_STATES = words("become prove remain turn grow")  # verbs whose perfect tells how things are
_SHOWN_BY_DOING = words(
    "shed share feature include bring mark announce offer continue invite celebrate present look call have"
)
_POINTS = re.compile(r"\b(?:this|that|it|them)\W*$|[^\w\s]{2}\W*$", re.IGNORECASE)
_PRESENTS = re.compile(r"\W*(?:here|there|below|above|following)\b", re.IGNORECASE)
_SHOWS = re.compile(
    r"\b(?:stud(?:y|ies)|surveys?|trials?|audit\w*|benchmark\w*|independent\w*|according to|figure was)\b",
    re.I,
)
SAME, SHARE = 3, 0.4  # content words of two sentences about the same thing; their share of the claim's
_CEREMONY = re.compile(
    r"\b(?:proud|pleased|excited|thrilled|delighted|happy|honou?red) to (?:announce|share|introduce|launch|"
    r"welcome|partner|join|present|unveil|be)\b",
    re.IGNORECASE,
)
_OWN_AFFAIR = re.compile(r"“[^”]{0,60}\bour\b")  # a figure that needs no source: "11 % of our team"
# Verbs of deeds: these are news and need no proof.
_DEEDS = words(
    "announce launch release publish sue file appoint name join speak say tell evaluate license sign partner "
    "call introduce unveil open close host hold present receive win raise acquire buy sell move hire elect "
    "approve agree plan expect retain own remain add update report complete begin start continue schedule send "
    "lead let aim work ask urge discuss check write meet visit offer stand poll invest put create fly "
    "issue reaffirm found emphasize stress highlight note encourage"
)


def claim_points(
    document: Document, central: Sequence[CentralClaim], actor: str | None, subject: str | None
) -> dict[str, AbsentItem]:
    """At most one open claim for each of "shown" (its proof) and "measured" (its measurement).

    `actor` is the party for which the whole text speaks, `subject` the name of who acts.
    """
    weights = strengths(document)
    found: dict[str, AbsentItem] = {}
    for one in sorted(central, key=lambda c: (-weights[c.sentence.index], c.claim.number)):
        sentence = one.sentence
        code = "measured" if _MEASURED.search(sentence.text) else "shown"
        if code == "measured" and (is_of_terms(sentence) or has_source_near(document, sentence)):
            continue
        if code in found or one.claim.support is not ClaimSupport.ASSERTED or sentence.role == "title":
            continue
        if sentence.text.endswith("?") or sentence.attributed_to or _SOURCED.search(sentence.text):
            continue
        if one.claim.voice not in (DOCUMENT_VOICE, actor):
            continue
        if code == "shown" and (
            not is_contestable(document, sentence)
            or _UNDECIDED.search(sentence.text)
            or len(sentence.numbers) > 1
            or not steers(document, sentence, weights[sentence.index])
            or is_borne_out(document, sentence)
            or _goes_on_to_show(document, sentence)
        ):
            continue
        news = told(document, [sentence], actor, subject)
        claim = _claim(document, news) if news.sentence.index == sentence.index else None
        if claim is None or (code == "measured" and not _MEASURED.search(claim)):
            continue
        row = CLAIM_POINTS[code]
        slots = {"claim": claim, "for_claim": claim if claim.startswith("that ") else f"for {claim}"}
        found[code] = AbsentItem(
            code=f"claim_{code}",
            lacks=row.lacks.format_map(slots),
            looked_for=row.looked_for,
            question=row.question.format_map(slots),
            verb=row.verb,
            place=(sentence.start, sentence.end),
            brief=row.brief,
        )
    return found


def spare_points(document: Document, central: Sequence[CentralClaim], spin: Spin) -> list[AbsentItem]:
    """What the words of bare central claims leave open, for a story of which nothing weightier can be told."""
    bare = [one.sentence for one in central if one.claim.support is ClaimSupport.ASSERTED]
    unshown = [sentence for sentence in bare if not _goes_on_to_show(document, sentence)]
    return [
        point
        for sentence in unshown
        for point in points_of(document, sentence, spin)
        if not _OWN_AFFAIR.search(point.lacks)
    ]


def steers(document: Document, sentence: Sentence, weight: float) -> bool:
    """Whether the sentence, of this strength, steers or has loaded words, and tells no mere deed."""
    if is_deed(document, sentence):
        return False
    return weight >= LEAST_WEIGHT or any(
        t.probability >= SURE and sentence.start <= t.start < sentence.end for t in document.tagged
    )


def is_deed(document: Document, sentence: Sentence) -> bool:
    """Whether the sentence tells only what somebody did, or is no clause ("is proud to announce" is one)."""
    root = next((t for t in document.all_tokens[sentence.first : sentence.last] if t.dep_ == "ROOT"), None)
    if root is None:
        return True
    announced = _CEREMONY.search(sentence.text)
    return announced is not None or root.lemma_.lower() in _DEEDS


def strengths(document: Document) -> list[float]:
    """How strongly each sentence steers."""
    return next(iter(document.sentence_weights()), [0.0] * len(document.sentences))


def is_contestable(document: Document, sentence: Sentence) -> bool:
    """Whether the sentence says how things are or will be, not what somebody did."""
    root = next((t for t in document.tokens(sentence) if t.dep_ == "ROOT"), None)
    if root is None or sentence.negated or _POINTS.search(sentence.text) or _PRESENTS.match(sentence.text):
        return False
    is_state = root.lemma_ in _STATES and any(c.lower_ in ("has", "have") for c in root.children)
    if not (root.tag_ in _PRESENT or is_state or any(c.tag_ == "MD" for c in root.children)):
        return False
    subject = next((c for c in root.children if c.dep_ == "nsubj"), None)
    if subject is None or subject.ent_type_ == "PERSON" or subject.lower_ in ("he", "she", "i"):
        return False
    return root.lemma_ not in _SHOWN_BY_DOING


def is_borne_out(document: Document, sentence: Sentence) -> bool:
    """Whether another sentence about the same thing has a figure, a source or somebody else's word."""
    own = frozenset(document.content_words(sentence))
    return any(
        other.index != sentence.index
        and (other.numbers or other.attributed_to or _SHOWS.search(other.text))
        and len(own & frozenset(document.content_words(other))) >= max(SAME, SHARE * len(own))
        for other in document.body_sentences()
    )


def _goes_on_to_show(document: Document, sentence: Sentence) -> bool:
    """Whether the next sentence has a figure or a source, and a word of this one."""
    own = frozenset(document.content_words(sentence))
    return any(
        _SHOWS.search(other.text)
        or ((other.numbers or other.attributed_to) and own & frozenset(document.content_words(other)))
        for other in document.sentences[sentence.index + 1 : sentence.index + 2]
    )


def _claim(document: Document, news: News) -> str | None:
    """The claim as a statement, else it or its core in quotation marks; None if it makes no sense alone."""
    statement = news.statement and _OPENING.sub("", _APPENDED.sub("", news.statement))
    if statement and _stands_alone(statement):
        return f"that {statement}"
    quotes = (news.quote, core_of(document, news.sentence)) if news.is_whole else ()
    fewest = SHARE_OF_CLAIM * len(news.quote.split())
    return next((f"“{q}”" for q in quotes if q and len(q.split()) >= fewest and _stands_alone(q)), None)


def _stands_alone(claim: str) -> bool:
    said = claim.split()
    if not MIN_WORDS <= len(said) <= MAX_WORDS or _ODD.search(claim):
        return False
    return not _POINTING.search(" ".join(said[:3])) and not _JOINED.search(claim)

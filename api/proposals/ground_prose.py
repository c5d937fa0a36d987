"""Reads the second answer against text and judgement: a sentence that fails a check leaves its field null.

A sentence names the sentences and items on which it rests, and its numbers must stand there. Whoever makes a
reported statement is named, and no sentence says more than the text. The likely summary is excepted: it shows how
the text is retold without its speakers and limits.
"""

from collections.abc import Sequence
from typing import Final

from api.analysis.text.document import Sentence, Text
from api.analysis.text.spans import spans
from api.proposals.answers import Passage, ProposedContrast, ProposedPlainTerm, Prose
from api.proposals.decoding import MalformedAnswer, decode_answer
from api.proposals.drops import Checked, DropReason
from api.proposals.excerpt import excerpt
from api.proposals.ground_judgement import MAX_DROPPED
from api.proposals.grounded import (
    GroundedContrast,
    GroundedJudgement,
    GroundedProse,
    GroundedQuestion,
    PlainTerm,
    Refusal,
    RefusedAnswer,
)
from api.proposals.languages.checks import checks_of
from api.proposals.languages.codes import ProseLanguage
from api.proposals.numbered_text import MAX_PART
from api.proposals.overstatements import Manner
from api.proposals.quotes import LEFT_OUT, Place, QuoteFinder
from api.proposals.text_checks import TextChecks
from schemas.assessments import Finding
from schemas.spans import Span

# Characters of a field's sentence.
LIMITS: Final = {
    "deck": 220,
    "emphasis": 160,
    "frame": 320,
    "objective": 320,
    "plain_english": 360,
    "believe": 320,
    "hard_to_question": 320,
    "how": 320,
    "likely_summary": 320,
    "faithful_summary": 400,
}
_MANNERS: Final = dict.fromkeys(
    ("emphasis", "frame", "objective", "believe", "hard_to_question", "how"), Manner.EXPLAINS
) | {"likely_summary": Manner.RETELLS}
MAX_LINE: Final = 320  # characters of a sentence in a list
MAX_PLAIN, MAX_PLAIN_WORDS = 60, 120  # terms; characters of one
MAX_SUMMARY, MAX_TLDR, MAX_QUESTIONS, MAX_CONTRASTS = 5, 5, 5, 3


def ground_prose(
    document: Text,
    judgement: GroundedJudgement,
    answer: bytes,
    prompt: str = "",
    max_dropped: float = MAX_DROPPED,
    limit: int = MAX_PART,
    dismissed: Sequence[Finding] = (),
    prose_language: ProseLanguage = ProseLanguage.STORY,
) -> GroundedProse | RefusedAnswer:
    """The prose of an answer as JSON in UTF-8; never raises on any bytes.

    `prompt` is the text of the instructions, `limit` that of the characters that the model has seen
    (`excerpt.py`). A sentence on one of the `dismissed` findings is left out, and is no fault of the answer. An
    answer is refused if more than the share `max_dropped` of its sentences fell. `prose_language` is that of its
    sentences if the text is not in English.
    """
    try:
        decoded = decode_answer(answer, Prose)
    except MalformedAnswer:
        checked = Checked()
        checked.drop(DropReason.MALFORMED)
        return RefusedAnswer(reason=Refusal.MALFORMED, drops=checked.drops)
    checks = checks_of(document, prose_language, judgement)
    reading = _Reading(checks, judgement, prompt, limit, dismissed)
    reading.checked.drop(DropReason.MALFORMED, decoded.malformed)
    reading.checked.drop(DropReason.TOO_MANY, decoded.too_many)
    prose = reading.prose(decoded.answer)
    if reading.checked.share > max_dropped:
        return RefusedAnswer(reason=Refusal.TOO_MUCH_DROPPED, drops=prose.drops)
    return prose


class _Reading:
    """The checks of one answer, and their counts."""

    def __init__(
        self,
        checks: TextChecks,
        judgement: GroundedJudgement,
        prompt: str,
        limit: int,
        dismissed: Sequence[Finding],
    ) -> None:
        self.checked = Checked()
        self._check = checks
        self._document = document = checks.document
        self._seen = {sentence.index + 1: sentence for sentence in excerpt(document, judgement, limit)}
        self._finder = QuoteFinder(document.text)
        self._prompt = QuoteFinder(prompt)
        items = item_spans(judgement)
        self._items = {name: items[name] for name in items if name not in judgement.answered}
        published = {omission.item for omission in judgement.published_left_out}
        self._omitted = {
            f"o{n}": omission.item
            for n, omission in enumerate(judgement.left_out, start=1)
            if omission.item in published
        }
        self._dismissed = dismissed
        self._written: set[str] = set()

    def prose(self, answer: Prose) -> GroundedProse:
        fields = {name: self._field(answer, name) for name in LIMITS}
        first_falls = False
        summary: list[str] = []
        for number, passage in enumerate(answer.summary[:MAX_SUMMARY]):
            text = self._text(passage, MAX_LINE)
            first_falls = first_falls or (number == 0 and text is None)  # the others follow from it
            summary += [] if text is None else [text]
        tldr = [self._text(passage, MAX_LINE) for passage in answer.tldr[:MAX_TLDR]]
        questions = [self._question(passage) for passage in answer.questions[:MAX_QUESTIONS]]
        contrasts = [self._contrast(pair) for pair in answer.spin_vs_substance[:MAX_CONTRASTS]]
        return GroundedProse(
            **fields,
            summary=None if first_falls or not summary else " ".join(summary),
            tldr=[text for text in tldr if text is not None],
            questions=[question for question in questions if question is not None],
            spin_vs_substance=[contrast for contrast in contrasts if contrast is not None],
            plain_terms=self._plain_terms(answer.plain_terms),
            drops=self.checked.drops,
            dropped_share=round(self.checked.share, 4),
        )

    def _plain_terms(self, proposed: Sequence[ProposedPlainTerm]) -> list[PlainTerm]:
        """The first plain words for each term that hold nothing which the text lacks."""
        found: dict[int, PlainTerm] = {}
        for one in proposed[:MAX_PLAIN]:
            fault: DropReason | None = None
            if one.item not in self._items or not one.item.startswith("t"):
                fault = DropReason.UNKNOWN_ITEM
            elif one.words:
                fault = self._check.fault(one.words, MAX_PLAIN_WORDS)
            if fault is not None:
                self.checked.drop(fault)
                continue
            self.checked.passed += 1
            number = int(one.item[1:])
            found.setdefault(number, PlainTerm(term=number, words=one.words))
        return [found[number] for number in sorted(found)]

    def _field(self, answer: Prose, name: str) -> str | None:
        passage: Passage | None = getattr(answer, name)
        if passage is None:
            return None
        return self._text(passage, LIMITS[name], _MANNERS.get(name, Manner.TELLS))

    def _text(self, passage: Passage, limit: int, manner: Manner = Manner.TELLS) -> str | None:
        """The sentence, counted; None if it fell."""
        if self._is_dismissed(passage):
            return None
        fault = self._fault(passage, limit, manner)
        if fault is not None:
            self.checked.drop(fault)
            return None
        self.checked.passed += 1
        self._written.add(passage.text)
        return passage.text

    def _fault(self, passage: Passage, limit: int, manner: Manner) -> DropReason | None:
        if passage.text in self._written:
            return DropReason.DUPLICATE
        known = self._known(passage)
        items = [item for item in passage.items if item in self._items]
        if not known and not items:  # a wrong number beside right ones supports nothing, and harms nothing
            if passage.sentences:
                return DropReason.UNKNOWN_SENTENCE
            return DropReason.UNKNOWN_ITEM if passage.items else DropReason.UNSUPPORTED
        fault = self._check.fault(passage.text, limit, lenient=True)
        if fault is DropReason.INVENTED and self._quotes_prompt(passage.text):
            return DropReason.FROM_PROMPT
        if fault is not None:
            return fault
        rests_on = self._rests_on(known, items)
        if self._check.has_numbers_beyond(passage.text, rests_on):
            return DropReason.UNSUPPORTED
        if self._check.overstates(passage.text, rests_on, manner):
            return DropReason.OVERSTATED
        if manner in (Manner.RETELLS, Manner.ASKS):
            return None
        if self._check.names_wrong_speaker(passage.text, rests_on):
            return DropReason.WRONG_SPEAKER
        quoted = self._quoted(passage.text)
        if self._check.lacks_speaker(passage.text, rests_on, quoted, of_text=manner is Manner.EXPLAINS):
            return DropReason.UNATTRIBUTED
        return None

    def _is_dismissed(self, passage: Passage) -> bool:
        """Whether the sentence names a dismissed finding, or quotes its place."""
        if not self._dismissed:
            return False
        places = self._quoted(passage.text)
        return any(
            finding.id in passage.items
            or any(p.start < finding.spans[-1].end and finding.spans[0].start < p.end for p in places)
            for finding in self._dismissed
        )

    def _known(self, passage: Passage) -> list[Sentence]:
        """The named sentences that the model has seen."""
        return [self._seen[number] for number in passage.sentences if number in self._seen]

    def _question(self, passage: Passage) -> GroundedQuestion | None:
        if not passage.text.endswith("?"):
            self.checked.drop(DropReason.MALFORMED)
            return None
        text = self._text(passage, MAX_LINE, Manner.ASKS)
        if text is None:
            return None
        claims = [int(item[1:]) for item in passage.items if item in self._items and item.startswith("c")]
        omitted = [self._omitted[item] for item in passage.items if item in self._omitted]
        return GroundedQuestion(
            question=text,
            claim=next(iter(claims), None),
            item=next(iter(omitted), None),
            spans=self._spans(passage),
        )

    def _contrast(self, pair: ProposedContrast) -> GroundedContrast | None:
        """Both sides, or None: one side alone contrasts with nothing."""
        spin = self._text(pair.spin, MAX_LINE, Manner.EXPLAINS)
        substance = self._text(pair.substance, MAX_LINE, Manner.EXPLAINS)
        if spin is None or substance is None:
            return None
        return GroundedContrast(
            spin=spin,
            spin_spans=self._spans(pair.spin),
            substance=substance,
            substance_spans=self._spans(pair.substance),
        )

    def _rests_on(self, named: Sequence[Sentence], items: Sequence[str]) -> list[Sentence]:
        """The named sentences and those of the named items, in text order."""
        places = [place for item in items for place in self._items.get(item, [])]
        found = {s.index: s for s in (*named, *(self._document.sentence_at(p.start) for p in places))}
        return [found[index] for index in sorted(found)]

    def _spans(self, passage: Passage) -> list[Span]:
        rests_on = self._rests_on(self._known(passage), passage.items)
        return [place for s in rests_on for place in spans(self._document.text, s.start, s.end)]

    def _quoted(self, text: str) -> list[Place]:
        parts = (part for quote in self._check.quoted(text) for part in LEFT_OUT.split(quote))
        places = (self._finder.first(part) for part in parts)
        return [place for place in places if place is not None]

    def _quotes_prompt(self, text: str) -> bool:
        return any(self._prompt.first(quote) is not None for quote in self._check.quoted(text))


def item_spans(judgement: GroundedJudgement) -> dict[str, list[Span]]:
    """The ids by which prose names items, and their places.

    Findings are `f1`, claims `c1`, omissions `o1` (without a place), beneficiaries `b1`, loaded terms `t1`.
    """
    return (
        {finding.id: finding.spans for finding in judgement.findings}
        | {f"c{n}": claim.spans for n, claim in enumerate(judgement.claims, start=1)}
        | {f"o{n}": [] for n in range(1, len(judgement.left_out) + 1)}
        | {f"b{n}": one.spans for n, one in enumerate(judgement.beneficiaries, start=1)}
        | {f"t{n}": term.spans for n, term in enumerate(judgement.loaded_terms, start=1)}
    )

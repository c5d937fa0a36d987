"""Says of each finding how its words work: by their form, or by the rule that found them.

Each form has several wordings, which are true of it anywhere. A wording that names the thing described, or says
that there is no figure, is used only if the sentence bears it out. A verdict uses a wording at most MOST times,
as long as another fits.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from api.analysis.framing.detector import Detector, Hit
from api.analysis.framing.finding_wordings import ANY, OF_TROUBLE, VIEWS, WORDINGS, Wording, quoted
from api.analysis.framing.form_words import PRAISE
from api.analysis.framing.learned_terms import LEARNED_CODES
from api.analysis.framing.places import Place
from api.analysis.framing.surroundings import surroundings
from api.analysis.framing.term_tactics import TROUBLE
from api.analysis.framing.word_forms import Form, forms, tells, thing_at
from api.analysis.text.document import Sentence, Text
from api.analysis.text.shown_words import shown, whole_words
from schemas.enums import SpinType

MOST = 3  # findings of a verdict with one wording
_ARTICLES = ("a ", "an ", "the ")
_FEW = 6  # words of a place that are quoted whole
_PRAISING = frozenset({SpinType.HYPE, SpinType.HALO})
_COMPARED = frozenset({"than", "compared", "versus", "vs", "against", "according", "ranked", "rated"})
# Rules whose words have one of the forms. The others find combinations, and say best what they found.
_OF_WORDS = LEARNED_CODES | {
    "adoption_momentum",
    "alarm",
    "altruistic_reframing",
    "arms_race_framing",
    "breakthrough_framing",
    "excitement",
    "future_promise",
    "inevitability_framing",
    "innovation_framing",
    "job_loss_softening",
    "magnitude_claims",
    "minimized_harm",
    "mission_first_framing",
    "moonshot_framing",
    "responsible_ai_framing",
    "transforming_verbs",
}
Said = tuple[str, str]  # a wording, and the sentence that it gives


@dataclass
class Explainer:
    """Explains the findings of one document, in their order. `blames`: it is critical, and praises little."""

    document: Text
    blames: bool = False
    _used: Counter[str] = field(default_factory=Counter)

    def explain(self, rule: Detector, hit: Hit, place: Place, *, own_type: bool, found: bool) -> str:
        """How the words of the place work. `rule` is the rule that explains them; `found`: it found them too.

        `own_type`: the rule's type is the text's own, so that what is true of the type is true of the words, and
        what the rule found has its charge.
        """
        own = [self._by_rule(rule, hit, place, charged=found and own_type)]
        groups, bland = self._by_form(rule.type, place) if rule.type is not None else ([], [])
        if rule.code not in LEARNED_CODES:
            groups.insert(0 if found and rule.code not in _OF_WORDS else len(groups), own)
        if rule.type is not None:
            of_type, views = self._by_type(rule.type, place), [_said(VIEWS, *self._any(place))]
            known = own_type or rule.type in _PRAISING  # what praises does so in any text
            groups += [*of_type, *bland, *views] if known else [*bland, *views, *of_type]
        options = [
            (max(self._used[wording] - MOST + 1, 0), at, self._used[wording], number, wording, sentence)
            for at, group in enumerate(groups)
            for number, (wording, sentence) in enumerate(group)
        ]
        *_, wording, sentence = min(options)
        self._used[wording] += 1
        around = surroundings(self.document, place.start, place.end)
        if around is None or not sentence.startswith(quoted(_words(self.document, place))):
            return sentence
        return f"In {quoted(around)}, {sentence}"

    def _by_rule(self, rule: Detector, hit: Hit, place: Place, *, charged: bool) -> Said:
        """The explanation of the rule, or its charge, with the words of the place; of a long one, those found."""
        document = self.document
        start, end = whole_words(document.text, place.start, place.end)
        if len(document.text[start:end].split()) > _FEW:
            start, end = whole_words(document.text, hit.start, hit.end)
        wording = rule.explanation
        if charged and rule.charge is not None:
            wording = rule.charge
        elif rule.type in _PRAISING and TROUBLE.search(document.text, start, end):
            wording = OF_TROUBLE
        elif rule.asks_figure and not document.sentence_at(start).numbers:
            wording = f"{wording.removesuffix('.')} and gives no figure."
        return wording, wording.replace("“{words}”", quoted(shown(document.text[start:end])))

    def _by_form(self, kind: SpinType, place: Place) -> tuple[list[list[Said]], list[list[Said]]]:
        """For each form of the words, the wordings that fit; apart those that tell less than the type."""
        said = _words(self.document, place)
        signs = _signs(self.document, self.document.sentence_at(place.start))
        groups: tuple[list[list[Said]], list[list[Said]]] = ([], [])
        for form in forms(self.document, kind, place.start, place.end):
            bland = form.name == "judgement" or not tells(form.name, kind)
            fits = [w for w in WORDINGS[form.name] if w.fits(form, *signs)]
            groups[bland].append([(w.text, w.said(said, form)) for w in fits])
        return groups

    def _by_type(self, kind: SpinType, place: Place) -> list[list[Said]]:
        """Wordings that are true of almost any words of the type, but for praise in blame or alarm."""
        said, form = self._any(place)
        if kind is SpinType.STAMPEDE and any(PRAISE.within(said.casefold())):
            return []
        if kind in _PRAISING and TROUBLE.search(said) is not None:
            return [_said(WORDINGS["trouble"][:1], said, form)]
        return [] if kind in _PRAISING and self.blames else [_said(ANY[kind], said, form)]

    def _any(self, place: Place) -> tuple[str, Form]:
        """The words of the place, and their form as that of any words."""
        said = _words(self.document, place)
        thing, plural = thing_at(self.document, place.start, place.end)
        itself = thing in (f"the {said}", *(f"the {said.removeprefix(article)}" for article in _ARTICLES))
        return said, Form("any", said, None if itself else thing, plural)


def _said(wordings: Sequence[Wording], said: str, form: Form) -> list[Said]:
    return [(w.text, w.said(said, form)) for w in wordings if w.fits(form, figure=True, compared=True)]


def _words(document: Text, place: Place) -> str:
    start, end = whole_words(document.text, place.start, place.end)
    return shown(document.text[start:end])


def _signs(document: Text, sentence: Sentence) -> tuple[bool, bool]:
    """Whether the sentence has a figure, and whether it compares or names a source."""
    said = document.folded[sentence.start : sentence.end].split()
    return bool(sentence.numbers), sentence.attributed_to is not None or not _COMPARED.isdisjoint(said)

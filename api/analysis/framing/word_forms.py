"""The form of a finding's words: superlative, degree, amount, promise, picture, mild word, praise and others.

The words of the place alone are searched (`form_words.py`); tags and heads of the parse tell superlatives,
comparatives and the thing that the words describe. Limits: a form is a property of the wording, and proves no
intention; the literal use of a word that is mostly a picture is taken for the picture.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.analysis.framing import form_words as known
from api.analysis.text.document import Document, Text
from api.analysis.text.lexicon import Lexicon, words
from api.analysis.text.shown_words import shown, whole_words
from schemas.enums import SpinType

if TYPE_CHECKING:
    from spacy.tokens import Token

_HYPHENS = frozenset("-‑")
_NO_EFFECT = frozenset({"amod", "compound", "acl", "relcl"})
_NARROWING = frozenset({"npadvmod", "compound", "nmod"})
_LONGEST = 30  # characters of the name of a thing
_PAIRED = 2  # from one comparative to the same again
_NO_DEED = frozenset({"praise", "newness"})
# Forms that words do not have after a negation.
_CLAIMING = frozenset(
    {"praise", "newness", "ease", "weight", "virtue", "first", "foremost"}
)  # not what is denied
_DENIED_WITHIN = 3  # words that a negation affects
# "the first half", "modern society", "a fair hearing": no claim of a first, of newness or of virtue.
_USUAL = {
    "first": words(
        "quarter half step phase part stage round week month year day time place glance floor name"
    ),
    "modern": words("society life world times age era day days history slavery"),
    "fair": words("hearing share price value market amount trial use game bit"),
}
_NO_PRAISE = frozenset({SpinType.STAMPEDE, SpinType.SHIELD, SpinType.FOG})  # "great powers" alarms there
FORMLESS = frozenset({"denial", "judgement", "label", "manner"})  # forms of almost any words
# Forms that say how words soften, excuse or blur; others (praise, newness) do not.
_SOFT = {
    SpinType.CUSHION: words("hard_choice mild spared small picture promise prospect feeling degree vague"),
    SpinType.SHIELD: words("hard_choice mild small duty degree picture"),
    SpinType.FOG: words("mild small vague"),
}
_CALM = words("newness ease first foremost judgement")  # forms that press or alarm nobody
_PRAISING = frozenset({SpinType.HYPE, SpinType.HALO})
_LOW = words("worst lowest least hardest weakest smallest slowest poorest darkest toughest")
_COURTESY = words("sincerest warmest deepest dearest kindest")
_AMOUNTS = words("least most more less best latest last")  # "at least", "most users", "best practices"
# Nouns that say too little to be named: "the way", "the one".
_THIN = words(
    "way ways one ones thing things kind kinds lot part parts number numbers level levels sort type types person "
    "time place piece layer sense bit range set series chance something anything everything "
    "nothing what that this it they people all some any"
)
_COMPARATIVES = words("more less worse fewer")
# Nouns of praise that are none as nouns: "quality of life", "industry professionals".
_NO_PRAISE_AS_NOUNS = words("quality good professional professionals natural special expert experts fun rich")
_COMPARING = frozenset({"than", "compared"})
_WILL = words("will 'll ’ll shall")
_NEGATIONS = words("n't n’t not no never hardly")
_NOT_ONLY = words("only just merely simply")
_RELATIONAL = ("al", "ic", "ary", "an", "ese", "ern", "wide")  # ends of adjectives that tell a sort
_PLAIN = words(
    "new old own other same next last first second third current recent previous former late early daily weekly "
    "yearly open free public private available local different similar such many more most few several able "
    "ready specific various certain main possible likely unlikely potential emerging progressive deep record "
    "high low long "
    "short large small young whole full due prior "
    "live about subsequent single overall little joint collective much common separate further"
)
# Adverbs that tell when, how often or how surely, or are no adverbs of manner.
_NO_MANNER = words(
    "previously recently currently formerly initially originally finally usually generally typically newly "
    "exactly possibly probably reportedly allegedly feasibly likely only early daily weekly monthly yearly "
    "partly mostly"
)
# The lexicons of each form, in the order in which they explain best.
_BY_WORDS: tuple[tuple[str, Lexicon], ...] = (
    ("hard_choice", known.HARD_CHOICE),
    ("first", known.FIRST),
    ("peak", known.PEAK),
    ("foremost", known.FOREMOST),
    ("degree", known.DEGREE),
    ("size", known.SIZE),
    ("newness", known.NEWNESS),
    ("feeling", known.FEELING),
    ("prospect", known.PROSPECT),
    ("haste", known.HASTE),
    ("duty", known.DUTY),
    ("ease", known.EASE),
    ("praise", known.PRAISE),
    ("total", known.TOTAL),
    ("weight", known.WEIGHT),
    ("effect", known.EFFECT),
    ("vague", known.VAGUE),
)


@dataclass(frozen=True, slots=True)
class Form:
    """`name` of the form, the `marker` that shows it, the `thing` that it describes, if any.

    `target`: the word that a degree strengthens, the domain of a picture, the plain word for a mild one.
    """

    name: str
    marker: str
    thing: str | None = None
    plural: bool = False
    target: str | None = None


def tells(name: str, kind: SpinType | None) -> bool:
    """Whether the form of this name says how words of the type steer."""
    if kind in _SOFT:
        return name in _SOFT[kind]
    return kind is not SpinType.STAMPEDE or name not in _CALM


def forms(document: Text, kind: SpinType | None, start: int, end: int) -> Iterator[Form]:
    """The forms of the words at [start, end), a finding of this type; the most telling first."""
    found = list(_forms(document, kind, start, end))
    marked = shown(document.text[start : _marked_end(document, start, end)])
    yield from (form for form in found if form.name == "denial" or form.marker in marked)
    yield from (form for form in found if form.name not in FORMLESS and form.marker not in marked)


def _marked_end(document: Text, start: int, end: int) -> int:
    """The end of the words there that a reader would mark; behind it stands what completes the phrase."""
    return max((min(t.end, end) for t in document.tagged if t.start < end and start < t.end), default=end)


def _forms(document: Text, kind: SpinType | None, start: int, end: int) -> Iterator[Form]:
    tokens = _tokens(document, start, end)
    if kind in _SOFT:
        yield from _softening(document, kind, start, end)
    elif any(token.dep_ == "neg" or token.lower_ in _NEGATIONS for token in tokens):
        yield from _named(document, "duty", known.DUTY, start, end)
        yield Form("denial", shown(document.text[start:end]))
        return
    elif kind is SpinType.STAMPEDE or kind in _PRAISING:
        name = "danger" if kind is SpinType.STAMPEDE else "trouble"
        yield from _named(document, name, known.DANGER, start, end)
    for domain, lexicon in known.PICTURES.items():
        for marker, _, _ in _markers(document, lexicon, start, end):
            yield Form("picture", marker, target=domain)
    if kind is SpinType.HALO:
        yield from _named(document, "virtue", known.VIRTUE, start, end)
    yield from _by_tags(document, tokens)
    for name, lexicon in _BY_WORDS:
        if name != "praise" or kind not in _NO_PRAISE:
            yield from _named(document, name, lexicon, start, end)
    yield from _labels(document, tokens)
    yield from _judgements(tokens)


def thing_at(document: Text, start: int, end: int) -> tuple[str | None, bool]:
    """The thing that the phrase at [start, end) names or describes, and whether it is plural."""
    tokens = _tokens(document, start, end)
    for token in tokens:
        if token.head.i < tokens[0].i or token.head.i > tokens[-1].i or token.head == token:
            return _described(token) if token.pos_ in ("NOUN", "ADJ") else (None, False)
    return None, False


def _softening(document: Text, kind: SpinType, start: int, end: int) -> Iterator[Form]:
    if kind is SpinType.CUSHION:
        yield from _named(document, "spared", known.SPARED, start, end)
        yield from _named(document, "small", known.SMALL, start, end)
    for plain, lexicon in known.MILD.items():
        for marker, _, _ in _markers(document, lexicon, start, end):
            yield Form("mild", marker, target=plain)


def _named(document: Text, name: str, lexicon: Lexicon, start: int, end: int) -> Iterator[Form]:
    """The form of each word of the lexicon there."""
    for marker, _, high in _markers(document, lexicon, start, end):
        thing, plural, target = None, False, None
        if isinstance(document, Document):
            token = document.all_tokens[document.token_at(high - 1)]
            if not _can_be(token, name):
                continue
            thing, plural = _described(token)
            if thing is not None and token.lower_ in thing:
                thing = None
            if name == "degree":
                target = _strengthened(token)
            elif name == "size" and thing is not None and thing.split()[-1] not in known.MEASURED:
                yield Form("stress", marker, thing, plural)
                continue
        if name != "degree" or target:
            yield Form(name, marker, thing, plural, target)


def _can_be(token: "Token", name: str) -> bool:
    """Whether the word has the form here.

    An effect is told by a verb, praise by no verb of what was done; a word that a noun before it narrows tells a
    sort ("memory safe"), and "the next generation" are people.
    """
    if name == "effect":
        return (
            token.pos_ == "VERB"
            and token.tag_ != "VBN"
            and token.dep_ not in ("amod", "compound", "acl", "relcl")
        )
    if name == "total" and token.is_title and token.i + 1 < len(token.doc) and token.nbor(1).is_title:
        return False  # of a name: "Every Cup"
    if _is_narrowed(token) or (name in _CLAIMING and _is_denied(token)) or _is_usual(token):
        return False
    if name == "trouble":
        return token.dep_ != "compound"  # "issue reader"
    if name == "praise" and token.pos_ == "NOUN" and token.dep_ != "compound":
        return token.lower_ not in _NO_PRAISE_AS_NOUNS
    if name == "newness" and token.lower_ == "generation":
        return token.dep_ == "compound" or any(child.lower_ == "of" for child in token.children)
    return name not in _NO_DEED or (token.tag_ != "VBD" and (token.tag_ != "VBN" or token.dep_ == "amod"))


def _is_usual(token: "Token") -> bool:
    """Whether a word of a claim is part of a plain phrase, or "first" tells an order: "puts people first"."""
    if token.lower_ == "first" and token.dep_ == "advmod":
        return True
    return token.head.lemma_ in _USUAL.get(token.lower_, ())


def _is_denied(token: "Token") -> bool:
    """Whether a word shortly before negates this one: "never easy", but not "not only easy"."""
    for number in range(token.i - 1, max(token.i - 1 - _DENIED_WITHIN, -1), -1):
        before = token.doc[number]
        if before.is_space or (before.is_punct and before.text not in _HYPHENS):
            return False
        if before.lower_ in _NEGATIONS:
            return token.doc[number + 1].lower_ not in _NOT_ONLY
    return False


def _is_narrowed(token: "Token") -> bool:
    """Whether a noun directly before an adjective belongs to it: "memory safe", "carbon neutral"."""
    if token.pos_ != "ADJ" or token.dep_ != "amod" or token.i == 0:
        return False
    before = token.nbor(-1)
    return before.pos_ == "NOUN" and before.dep_ in _NARROWING and before.head.i in (token.i, token.head.i)


def _markers(document: Text, lexicon: Lexicon, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The words of the lexicon at [start, end) that are no part of a word with a hyphen."""
    folded = document.folded
    for low, high in lexicon.within(folded[start:end]):
        before, after = folded[start + low - 1 : start + low], folded[start + high : start + high + 1]
        if before not in _HYPHENS and after not in _HYPHENS:
            yield shown(document.text[start + low : start + high]), start + low, start + high


def _by_tags(document: Text, tokens: "list[Token]") -> Iterator[Form]:
    """Superlatives, comparatives without a second side, and promises."""
    if not tokens or not isinstance(document, Document):
        return
    sentence = document.sentence_at(tokens[0].idx)
    said = {token.lower_ for token in document.tokens(sentence)}
    for token in tokens:
        thing, plural = _described(token)
        marker = token.text
        if token.tag_ in ("JJS", "RBS") and not _is_no_rank(token):
            if token.tag_ == "RBS" and token.head.pos_ in ("ADJ", "ADV"):
                marker = f"{token.text} {token.head.text}"
            name = "among" if _is_among(token) else "superlative"
            yield Form(name, marker, None if token.lower_ in _LOW else thing, plural)
        elif _is_comparative(token) and said.isdisjoint(_COMPARING) and not _is_absolute(token):
            yield Form("comparative", marker, thing, plural)
        elif token.lower_ in _WILL and not sentence.hedges:
            yield Form("promise", marker)


def _is_no_rank(superlative: "Token") -> bool:
    """Whether it tells an amount ("at least") or is a courtesy ("sincerest hope")."""
    if superlative.lower_ in _COURTESY and any(known.FEELING.within(superlative.head.lower_)):
        return True
    return superlative.lower_ in _AMOUNTS and superlative.dep_ != "advmod"


def _is_comparative(token: "Token") -> bool:
    """Whether the word compares: "innocent" sometimes has the tag, and "for better or worse" compares nothing."""
    if token.tag_ not in ("JJR", "RBR") or token.head.pos_ == "ADP":
        return False
    return (token.lower_.endswith("er") and token.lemma_ != token.lower_) or token.lower_ in _COMPARATIVES


def _is_absolute(token: "Token") -> bool:
    """Whether it names a group, a time or a growth: "the larger community", "once more", "more and more"."""
    named = token.dep_ == "amod" and any(child.lower_ == "the" for child in token.head.children)
    paired = (token.i - _PAIRED, token.i + _PAIRED)
    growing = any(0 <= i < len(token.doc) and token.doc[i].lower_ == token.lower_ for i in paired)
    again = token.lower_ == "more" and token.i > 0 and token.nbor(-1).lower_ == "once"
    return named or growing or again or token.lower_ in ("earlier", "later")


def _is_among(token: "Token") -> bool:
    """Whether the superlative is that of one of several: "one of the best"."""
    low = max(token.i - 4, 0)
    return "one of" in token.doc[low : token.i].text.lower()


def _labels(document: Text, tokens: "list[Token]") -> Iterator[Form]:
    """Adjectives of several words with hyphens before a noun: "values-driven leadership"."""
    for place in range(1, len(tokens) - 1):
        last = tokens[place + 1]
        if tokens[place].text not in _HYPHENS or last.dep_ != "amod" or place + 2 >= len(tokens):
            continue
        thing, plural = _described(last)
        low, high = whole_words(document.text, last.idx, last.idx + len(last.text))
        if thing:
            yield Form("label", shown(document.text[low:high]), thing, plural)


def _judgements(tokens: "list[Token]") -> Iterator[Form]:
    """Adverbs of manner, and adjectives that weigh; not those that tell a sort: "operational", "open"."""
    for token in tokens:
        if not token.is_lower or _in_compound(token) or token.lower_ in _PLAIN or _is_narrowed(token):
            continue
        if token.lower_ == "only" and token.dep_ == "amod":
            yield Form("sole", token.text)
        elif token.pos_ == "ADV" and token.lower_.endswith("ly"):
            if token.lower_ not in _NO_MANNER and (target := _strengthened(token)):
                yield Form("manner", token.text, target=target)
        elif token.tag_ == "JJ" and not token.lower_.endswith(_RELATIONAL):
            yield Form("judgement", token.text, *_described(token))


def _in_compound(token: "Token") -> bool:
    """Whether the word is part of one with hyphens: "higher-than-expected"."""
    doc, at = token.doc, token.i
    return not token.is_alpha or any(0 <= i < len(doc) and doc[i].text in _HYPHENS for i in (at - 1, at + 1))


def _tokens(document: Text, start: int, end: int) -> "list[Token]":
    if not isinstance(document, Document):
        return []
    return document.all_tokens[document.token_at(start) : document.token_at(max(end - 1, start)) + 1]


def _described(token: "Token") -> tuple[str | None, bool]:
    """The name of the noun that the word is, modifies, or has as its subject or object; whether it is plural."""
    for _ in range(4):
        if token.pos_ in ("NOUN", "PROPN"):
            if token.dep_ in _NARROWING and token.i < token.head.i <= token.i + 2:
                token = token.head
                continue
            return _name(token), token.tag_ in ("NNS", "NNPS")
        if token.pos_ == "VERB":
            objects = [c for c in token.children if c.dep_ in ("dobj", "nsubjpass") and c.pos_ == "NOUN"]
            return (_name(objects[0]), objects[0].tag_ == "NNS") if objects else (None, False)
        if token.dep_ in ("acomp", "attr", "oprd"):
            subjects = [c for c in token.head.children if c.dep_ in ("nsubj", "nsubjpass")]
            return (_name(subjects[0]), subjects[0].tag_ == "NNS") if subjects else (None, False)
        if token.head == token or token.pos_ not in ("ADJ", "ADV", "NUM", "DET", "PART"):
            return None, False
        if any(between.pos_ == "ADP" for between in token.doc[token.i + 1 : token.head.i]):
            return None, False  # "renowned for its approach, ..."
        token = token.head
    return None, False


def _name(noun: "Token") -> str | None:
    """The noun with the nouns directly before it, as "the ..."; None for names, thin nouns and titles."""
    first = noun
    while first.i > 0 and (before := noun.doc[first.i - 1]).dep_ == "compound" and before.head.i <= noun.i:
        if before.head.i < first.i or not before.is_lower or not before.is_alpha:
            break
        first = before
    if first.i > 0 and first.nbor(-1).text in _HYPHENS:
        first = noun
    name = noun.doc[first.i : noun.i + 1].text
    if any(noun.doc[i].text in _HYPHENS for i in (first.i - 1, noun.i + 1) if 0 <= i < len(noun.doc)):
        return None
    if noun.pos_ != "NOUN" or not noun.is_lower or not noun.is_alpha or noun.lower_ in _THIN:
        return None
    return f"the {name}" if len(name) <= _LONGEST else f"the {noun.text}"


def _strengthened(adverb: "Token") -> str | None:
    """The adjective, adverb or verb that follows and that the adverb strengthens."""
    head = adverb.head
    if adverb.dep_ != "advmod" or head.pos_ not in ("ADJ", "ADV", "VERB") or not 0 < head.i - adverb.i <= 2:
        return None
    return head.text

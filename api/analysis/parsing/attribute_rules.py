"""A cache in front of spaCy's attribute ruler, at a quarter of its cost.

The model's 179 rules set part of speech, morphology and lemma by a token's tag and white space, its form and
role if named by a rule, and in a few rules the same of the next token. So the ruler runs once for each
combination. A test compares the results with the ruler's.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, cast

from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc, Token

_Rule = list[dict[str, Any]]
_Key = tuple[int, str, str, str, str]
_Attributes = tuple[int, int, int, int, int]


class CachedAttributeRuler:
    """Replaces the ruler in a pipeline."""

    def __init__(self, ruler: AttributeRuler) -> None:
        self._ruler = ruler
        self._known: dict[_Key, _Attributes] = {}
        patterns = cast("list[dict[str, list[_Rule]]]", ruler.patterns)
        rules = [tokens for rule in patterns for tokens in rule["patterns"]]
        one, several = [r for r in rules if len(r) == 1], [r for r in rules if len(r) > 1]
        self._roles = frozenset(_named(rules, "DEP"))
        self._forms = _Forms(token for rule in one for token in rule)
        self._first, self._second = _Forms(r[0] for r in several), _Forms(r[-1] for r in several)
        self._first_roles = frozenset(_named([r[:1] for r in several], "DEP"))
        if any(len(rule) > 2 for rule in several):
            raise ValueError("a rule of the model looks further than at the next token")

    def __call__(self, doc: Doc) -> Doc:
        """Set the attributes of the document."""
        keys = list(self._keys(doc))
        self._learn(doc, {key: number for number, key in enumerate(keys) if key not in self._known})
        for key, token in zip(keys, doc, strict=True):
            token.pos, morph, lemma, tag, dep = self._known[key]
            if morph:
                token.set_morph(morph)  # type: ignore[attr-defined]  # spaCy's stub lacks it
            if lemma:
                token.lemma = lemma
            if tag:
                token.tag, token.dep = tag, dep
        return doc

    def _learn(self, doc: Doc, places: dict[_Key, int]) -> None:
        """Run the ruler on the tokens at these places, each between its neighbours."""
        if not places:
            return
        around = [n for place in places.values() for n in (place - 1, place, place + 1)]
        tokens = [doc[n] if 0 <= n < len(doc) else None for n in around]
        sample = Doc(doc.vocab, words=[token.text if token else "\n" for token in tokens])
        for copy, token in zip(sample, tokens, strict=True):
            if token:
                copy.tag, copy.dep = token.tag, token.dep
        self._ruler(sample)
        for number, key in enumerate(places):
            self._known[key] = _attributes_at(sample[3 * number + 1])

    def _keys(self, doc: Doc) -> Iterator[_Key]:
        tokens = [(token, token.lower_, token.dep_) for token in doc]
        seconds = [self._second.known(low) for _, low, _ in tokens] + [""]
        before = ""
        for number, (token, low, dep) in enumerate(tokens):
            first = self._first.known(low) or (dep if dep in self._first_roles else "")
            yield (
                token.tag * 2 + token.is_space,
                self._forms.known(low),
                dep if dep in self._roles else "",
                f"{first} {seconds[number + 1]}" if first else "",
                f"{before} {seconds[number]}" if before and seconds[number] else "",
            )
            before = first


class _Forms:
    """The lower-case forms that rules name, literally or by an expression."""

    def __init__(self, tokens: Iterable[dict[str, Any]]) -> None:
        self._words: set[str] = set()
        self._expressions: list[re.Pattern[str]] = []
        for token in tokens:
            if "LOWER" in token:
                wanted = token["LOWER"]
                if isinstance(wanted, dict) and "REGEX" in wanted:
                    self._expressions.append(re.compile(wanted["REGEX"]))
                else:
                    self._words |= set(_values(wanted))

    def known(self, low: str) -> str:
        """The form if a rule names it, else an empty string."""
        if low in self._words or any(e.search(low) for e in self._expressions):
            return low
        return ""


def _named(rules: Iterable[_Rule], attribute: str) -> Iterator[str]:
    for rule in rules:
        for token in rule:
            if attribute in token:
                yield from _values(token[attribute])


def _values(wanted: Any) -> list[str]:
    """The values of a condition, allowed or not: `"x"`, `{"IN": ["x", "y"]}`, `{"NOT_IN": ["x"]}`."""
    if isinstance(wanted, dict):
        return [value for one in wanted.values() for value in _values(one)]
    return [wanted] if isinstance(wanted, str) else list(wanted)


def _attributes_at(token: Token) -> _Attributes:
    """The attributes that the rules set. They change tag and role only of white space."""
    tag, dep = (token.tag, token.dep) if token.is_space else (0, 0)
    morph = int(token.morph.key)  # type: ignore[attr-defined]  # spaCy's stub lacks it
    return token.pos, morph, token.lemma, tag, dep

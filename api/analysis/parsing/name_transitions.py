"""spaCy's recogniser of names in few steps: the same network and the same moves at a quarter of the cost.

Its transition system (BILUO, Ratinov and Roth 2009) walks from token to token, and takes Python's lock for
each of 74 moves to ask whether it is valid: three times what the network costs. But outside a name the choice
depends on the token alone, so all tokens are scored in one product; inside one, where the name's first token and
the one before count too, only going on and ending are left. A test holds both to the same names.
"""

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc, Span

_FEATURES = 3  # what a state sees: the token, the first of the open name, the one before within it
_BLOCKED = "U-"  # a move for names that were set beforehand, which there are none of


class NameTransitions:
    """Takes the recogniser's place in a pipeline."""

    def __init__(self, recogniser: EntityRecognizer) -> None:
        model, moves = cast("Any", recogniser).model, cast("Any", recogniser).moves
        self._vectors, self._lower = model.get_ref("tok2vec"), model.get_ref("lower")
        if self._lower.get_dim("nF") != _FEATURES or model.attrs["unseen_classes"]:
            raise ValueError("a recogniser of another shape")
        self._bias = self._lower.get_param("b")
        self._upper, self._upper_bias = (model.get_ref("upper").get_param(name) for name in "Wb")
        self._moves = [moves.get_class_name(number) for number in range(moves.n_moves)]
        self._row = {name: row for row, name in enumerate(self._moves)}
        kind = np.array([name[0] if name != _BLOCKED else "" for name in self._moves])
        self._opens, self._opens_or_is_one = kind == "B", (kind == "B") | (kind == "U")
        self._goes_on = ~self._opens_or_is_one & (kind != "O")

    def __call__(self, doc: Doc) -> Doc:
        """The document with its names set; sentence starts as they are, and no name set before."""
        doc.set_ents(list(self._names(doc)) if len(doc) else [], default="outside")
        return doc

    def _names(self, doc: Doc) -> Iterator[Span]:
        cached = self._lower.predict(self._vectors.predict([doc]))
        nothing, seen = cached[0], cached[1:]
        is_last = np.append(doc.to_array("SENT_START")[1:] == 1, True)
        scores = (seen[:, 0] + nothing[1] + nothing[2] + self._bias).max(axis=-1) @ self._upper.T
        scores += self._upper_bias
        scores[:, self._goes_on] = -np.inf
        scores[np.ix_(doc.to_array("IS_SPACE") == 1, self._opens_or_is_one)] = -np.inf
        scores[np.ix_(is_last, self._opens)] = -np.inf
        chosen = scores.argmax(axis=1)
        end = 0
        for first in np.flatnonzero(self._opens_or_is_one[chosen]).tolist():
            if first < end:
                continue
            move, _, label = self._moves[chosen[first]].partition("-")
            end = first + 1 if move == "U" else self._end(seen, is_last, first, label)
            yield Span(doc, first, end, label=label)

    def _end(self, seen: NDArray[np.float32], is_last: NDArray[np.bool_], first: int, label: str) -> int:
        """Where a name that opens at `first` ends."""
        rows = [self._row[f"I-{label}"], self._row[f"L-{label}"]]
        weights, bias = self._upper[rows], self._upper_bias[rows]
        at = first + 1
        while not is_last[at]:
            state = (seen[at, 0] + seen[first, 1] + seen[at - 1, 2] + self._bias).max(axis=-1)
            goes_on, ends = weights @ state + bias
            if ends > goes_on:
                break
            at += 1
        return at + 1

"""Changes of single words that leave a sentence whole and say nothing that it did not say.

The text is not parsed, so that verdicts of any engine can be reworded when they are read. Closed lists of words
around a place decide instead, and in doubt nothing is changed. A modifier that is left out ("a remarkable
result") leaves a statement that followed from the first, if no negation, condition or comparison is near.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from api.rendering.plain_wording.lexicon import Entry, Group, Lexicon, words_of
from schemas.plain_wording import PlainReason

# "a" or "an" before a word.
Article = Callable[[str], str]

_ENDS: Final = frozenset(".!?:;|•")
_ARTICLES: Final = frozenset({"a", "an"})
_EXCLAIMS: Final = frozenset({"such", "what", "quite"})  # "such a result" says something else
_JOINED: Final = frozenset({" ", ", "})
_NO_NOUN: Final = ("ss", "us", "is")  # endings of words in -s that are no plural
_NEAR: Final = 4  # words
_LONGEST: Final = 1_000  # characters of a sentence; longer ones are lists and code
_AFTER_CLAUSE: Final = frozenset(".,;:!?)")


class Edit(Struct, frozen=True):
    """Characters [start, end) become `plain`."""

    start: int
    end: int
    plain: str
    reason: PlainReason


class Line:
    """The words of a paragraph."""

    def __init__(self, text: str, start: int, end: int, lexicon: Lexicon, article: Article) -> None:
        self.text, self.start, self.end = text, start, end
        self.words = words_of(text, start, end)
        self._lexicon, self._classes, self._article = lexicon, lexicon.classes, article
        self._starts = [word.start for word in self.words]
        self._firsts = [word.start for at, word in enumerate(self.words) if self._is_first(at)]

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """The [start, end) of the sentence with the place, from its first word; of several if it spans them."""
        before, after = bisect_right(self._firsts, start), bisect_left(self._firsts, end)
        return (
            self._firsts[before - 1] if before else self.start,
            self._firsts[after] if after < len(self._firsts) else self.end,
        )

    def edits(self, start: int, end: int) -> list[Edit]:
        """The changes of the words between two places, in text order."""
        at, last = bisect_left(self._starts, start), bisect_left(self._starts, end) - 1
        first, until = self.sentence(start, end)
        if (
            last < at
            or self.words[last].end > end
            or until - first > _LONGEST
            or self._is_downward(at, first, until)
        ):
            return []
        found: list[Edit] = []
        while at <= last:
            edit, at = self._edit(at, last)
            if edit is not None:
                found.append(edit)
        return found

    def _edit(self, at: int, last: int) -> tuple[Edit | None, int]:
        """The change at a word, and the next word to look at."""
        run, reason = self._modifiers(at, last)
        if reason is not None and self._may_leave_out(at, run, last):
            return self._without(at, run, reason), run + self._is_first(at)
        for entry in self._entries(at, last):
            after, group = at + len(entry.words), entry.group
            if group.reason is None:
                return None, after
            if not self._are_lower(at, after) or not group.allows(self._folded(at - 1), self._folded(after)):
                continue
            if group.part is None and self._stands_free(at, after) and self._fits(at, entry.plain):
                return self._changed(at, after, entry.plain, group.reason), after
            if group.part == "adverb" and self._is_before_word(at, after):
                return self._without(at, after, group.reason), after
            if group.part == "closing adverb" and self._is_closing(at, after):
                return Edit(self.words[at].start - 1, self.words[after - 1].end, "", group.reason), after
        return None, at + 1

    def _modifiers(self, at: int, last: int) -> tuple[int, PlainReason | None]:
        """The end of a run of adjectives to leave out ("bold, truly innovative"), and the reason of the last."""
        members: list[list[Group]] = []
        end = following = at
        while member := self._member(following, last):
            groups, end = member
            members.append(groups)
            following = end + (self._folded(end) == "and")
            if self._gap(end) not in _JOINED or self._gap(following) not in _JOINED:
                break
        previous, next_word = self._folded(at - 1), self._folded(end)
        allowed = [[g for g in groups if g.allows(previous, next_word)] for groups in members]
        return (end, allowed[-1][0].reason) if allowed and all(allowed) else (at, None)

    def _member(self, at: int, last: int) -> tuple[list[Group], int] | None:
        """The groups of the adjective at a word, which may follow adverbs, and the number of the next word."""
        adjectives: list[Group] = []
        after = at
        for entry in self._entries(at, last):
            if adjectives and at + len(entry.words) < after:
                break
            if entry.group.reason is None:
                return None
            after = at + len(entry.words)
            if entry.group.part == "adjective":
                adjectives.append(entry.group)
            elif entry.group.part == "adverb" and self._gap(after) == " ":
                return self._member(after, last)
        return (adjectives, after) if adjectives else None

    def _entries(self, at: int, last: int) -> Iterator[Entry]:
        if at > last:
            return
        for entry in self._lexicon.by_first_word.get(self.words[at].folded, ()):
            words = self.words[at : min(at + len(entry.words), last + 1)]
            if [word.folded for word in words] == entry.words and all(
                self._gap(at + n) == " " for n in range(1, len(words))
            ):
                yield entry

    def _may_leave_out(self, at: int, after: int, last: int) -> bool:
        """Whether the adjectives [at, after) stand before their noun, and the words around them fit together."""
        if not self._are_lower(at, after) or not self._is_content(after):
            return False
        if self._is_first(at):
            return after <= last and self._shown(after).islower()
        previous, is_hollow = self._folded(at - 1), self._folded(after) in self._classes.hollow
        if previous in _ARTICLES and (is_hollow or self._folded(at - 2) in _EXCLAIMS):
            return False
        if is_hollow and previous in self._classes.verbs:
            return False
        return self._opens_noun(at) and self._fits(at, self._shown(after))

    def _opens_noun(self, at: int) -> bool:
        """Whether the word before can stand before a noun, or ends the one before.

        Some words in -ing may be verbs ("to inspiring people"), unless they follow a determiner.
        """
        classes, previous, gap = self._classes, self._folded(at - 1), self._gap(at)
        is_genitive = previous.endswith("'s") and previous not in classes.contractions
        if gap == " " and (previous in _ARTICLES or previous in classes.determiners or is_genitive):
            return True
        if self._folded(at) in classes.gerunds:
            return False
        if gap == " " and previous == "and":
            return self._gap(at - 1) in _JOINED and self._ends_noun(self._folded(at - 2))
        if gap == ", ":
            return self._ends_noun(previous)
        return gap == " " and (
            previous in classes.prepositions or previous in classes.verbs or previous in classes.adjectives
        )

    def _ends_noun(self, word: str) -> bool:
        is_plural = word.endswith("s") and not word.endswith(_NO_NOUN)
        is_plain = word in self._classes.function_words or word in self._classes.verbs
        return not is_plain and (is_plural or word.endswith(self._classes.noun_endings))

    def _is_before_word(self, at: int, after: int) -> bool:
        """Whether the adverb [at, after) is left out without a trace before the word that it modifies."""
        return (
            self._is_content(after)
            and not self._is_first(at)
            and self._gap(at) in _JOINED
            and self._folded(at - 1) not in self._classes.bound
            and not (self._folded(at - 1) == "and" and self._folded(at - 2).endswith("ly"))
            and self._fits(at, self._shown(after))
        )

    def _is_closing(self, at: int, after: int) -> bool:
        """Whether the adverb ends a clause, after a word that can end it too."""
        previous, gap = self._folded(at - 1), self._gap(after)
        ends = gap[:1] in _AFTER_CLAUSE if gap.strip() else after == len(self.words) and not gap
        goes_on = gap == " " and self._folded(after) in self._classes.prepositions
        return (
            (ends or goes_on)
            and self._gap(at) == " "
            and not self._is_first(at)
            and previous not in self._classes.function_words
            and previous not in self._classes.bound
        )

    def _without(self, at: int, after: int, reason: PlainReason) -> Edit:
        """The words [at, after) are left out with the space after them; the next word gets their capital."""
        start, following = self.words[at].start, self.words[after]
        if self._is_first(at):
            return Edit(start, following.end, _capital(self._shown(after)), reason)
        return Edit(start, following.start, "", reason)

    def _changed(self, at: int, after: int, plain: str, reason: PlainReason) -> Edit:
        start = self.words[at].start
        is_capital = self.text[start].isupper()
        return Edit(start, self.words[after - 1].end, _capital(plain) if is_capital else plain, reason)

    def _stands_free(self, at: int, after: int) -> bool:
        """Whether the words are no part of an address, a tag or code."""
        before, behind = self._gap(at)[-1:], self._gap(after)[:1]
        return (before.isspace() or before in "(—–") and (behind.isspace() or behind in ",.;:!?)—–")

    def _fits(self, at: int, following: str) -> bool:
        """Whether an article before a word also fits what follows it then, and no word is doubled."""
        previous = self._folded(at - 1) if self._gap(at) == " " else ""
        if previous in _ARTICLES and self._article(following) != previous:
            return False
        return previous != following.split(" ")[0].casefold()

    def _is_content(self, at: int) -> bool:
        """Whether a word is there, after a space, that is no function word and no number."""
        shown = self._shown(at)
        is_content = shown.isupper() or self._folded(at) not in self._classes.function_words  # "IT", not "it"
        return self._gap(at) == " " and shown[:1].isalpha() and is_content

    def _are_lower(self, at: int, after: int) -> bool:
        """Whether the words are no names: in lower case, or with a capital at the start of a sentence alone."""
        first, *others = (self._shown(n) for n in range(at, after))
        is_lower = first.islower() or (self._is_first(at) and first[1:].islower())
        return is_lower and all(map(str.islower, others))

    def _is_first(self, at: int) -> bool:
        return at == 0 or not _ENDS.isdisjoint(self._gap(at))

    def _is_downward(self, at: int, start: int, end: int) -> bool:
        """Whether a word in the sentence between two places, or soon before a word, stands against a change."""
        begin = bisect_left(self._starts, start)
        sentence = self.words[begin : bisect_left(self._starts, end)]
        near = self.words[max(begin, at - _NEAR) : at]
        return any(word.folded in self._classes.downward for word in sentence) or any(
            word.folded in self._classes.limits for word in near
        )

    def _gap(self, at: int) -> str:
        """The characters between a word and the one before, or the end of the line."""
        start = self.words[at - 1].end if at > 0 else self.start
        return self.text[start : self.words[at].start if at < len(self.words) else self.end]

    def _folded(self, at: int) -> str:
        return self.words[at].folded if 0 <= at < len(self.words) else ""

    def _shown(self, at: int) -> str:
        return self.text[self.words[at].start : self.words[at].end] if at < len(self.words) else ""


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def applied(text: str, start: int, end: int, edits: Sequence[Edit]) -> str:
    """Characters [start, end) of the text after the changes, without white space at the ends."""
    parts, at = [], start
    for edit in edits:
        parts += [text[at : max(edit.start, start)], edit.plain]
        at = max(at, min(edit.end, end))
    return "".join([*parts, text[at:end]]).strip()

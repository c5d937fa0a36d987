"""Antecedents of pronouns beside a statement: a subject of the sentences before, or the last speaker.

Subjects of main clauses and report verbs precede other names (centering: Grosz, Joshi and Weinstein, 1995) if
they fit in kind: "he" and "she" are a person, "it" and "they" a body. No antecedent is better than the nearest
name, which is often the accuser's or a rival's. Words in quotation marks are no antecedents.

Limits: only titles and words like "spokeswoman" distinguish "he" and "she"; of two subjects the nearer is taken.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from api.analysis.text.lexicon import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from spacy.tokens import Span as Tokens

PERSON_PRONOUNS = frozenset({"he", "she"})
GROUP_PRONOUNS = frozenset({"it", "they"})
_POSSESSIVE = {"his": "he", "her": "she", "its": "it", "their": "they"}
ANAPHORS = PERSON_PRONOUNS | GROUP_PRONOUNS | frozenset(_POSSESSIVE)
_MAIN = frozenset({"ROOT", "conj", "parataxis"})
_MAX_CANDIDATES = 40  # for one pronoun: a few paragraphs, and a bound for hostile texts
_MAX_OWNERS = 2  # "the company's chair's plan"
_BACK = 400  # tokens searched before a name
_SPOKE_LAST = 12  # paragraphs in which "he" may still be the last speaker, as in narrated interviews
PEOPLE = words(
    "officer ceo cto cfo coo founder cofounder president professor director head lead leader manager engineer "
    "scientist researcher analyst economist spokesman spokeswoman spokesperson minister secretary senator lawyer "
    "attorney author editor partner chair chairman chairwoman fellow expert doctor physician teacher student "
    "worker resident executive prosecutor critic official artist regulator investigator opponent supporter "
    "advocate activist employee customer user investor insider source judge father mother son daughter wife "
    "husband neighbour neighbor witness man woman person mayor governor councillor councilor farmer grower nurse "
    "driver campaigner owner coach player actor writer reporter journalist member developer "
    "scholar historian veteran whistleblower lawmaker commissioner ombudsman tenant patient boss aide colleague "
    "master headmaster headteacher caretaker surveyor inspector curator librarian treasurer clerk registrar "
    "accountant chemist biologist physicist psychologist surgeon consultant solicitor barrister magistrate "
    "bishop priest vicar imam rabbi pensioner pilot captain skipper baker grocer fisherman adviser advisor "
    "supervisor agent negotiator trustee deputy ambassador general colonel detective constable sheriff architect "
    "midwife predecessor successor"
)
BODIES = words(
    "company firm agency university institute group union association startup start-up nonprofit charity court "
    "commission ministry department bureau office committee council government police bank airline hospital "
    "school board panel party church team administration regulator authority watchdog corporation manufacturer "
    "supplier operator developer publisher retailer maker carmaker carrier utility insurer lender brand business "
    "organisation organization foundation trust society federation tribunal parliament senate party lab "
    "laboratory studio network newspaper paper family couple coalition alliance consortium giant outlet parent "
    "provider service vendor platform"
)
_PAPERS = words(
    "report study survey poll statement letter filing complaint lawsuit ruling memo document review leaflet "
    "brochure advert card notice bulletin email flyer poster circular"
)
# last words of the titles of things: "the Plant Danger Index"
_TITLES = _PAPERS | words(
    "index act award awards forum week day bill guide list plan programme program project"
)
_FIRM_ENDINGS = words(
    "inc corp co ltd plc llc airways airlines air motors media news times post systems labs technologies energy "
    "industries partners ventures capital holdings services solutions software networks research watch records "
    "international global digital health foods pharma pictures studios games robotics power water copper "
    "mining steel rail railways logistics insurance securities wire press journal review online magazine survey"
)
_PEOPLE_ENDINGS = ("ists", "ians", "women", "men", "people")
_POSSESSIVES = words("his hers theirs ours mine yours")  # "Hers is a modest proposal" is tagged as a name
_MEN = frozenset({"mr", "mr.", "sir", "lord"})
_WOMEN = frozenset({"mrs", "mrs.", "ms", "ms.", "miss", "dame", "lady"})
_OF_MEN = words("father son husband man spokesman chairman businessman policeman")
_OF_WOMEN = words("mother daughter wife woman spokeswoman chairwoman businesswoman policewoman")


class Antecedents:
    """The subjects of one parsed text.

    `entities` are its names by token, `report_verbs` lemmas, `paragraphs` the offsets at which they begin;
    `is_quoted` tests whether an offset is within quotation marks.
    """

    def __init__(
        self,
        doc: Doc,
        entities: Mapping[int, Tokens],
        report_verbs: frozenset[str],
        is_quoted: Callable[[int], bool],
        paragraphs: Sequence[int],
    ) -> None:
        self._entities, self._paragraphs, self._is_quoted = entities, paragraphs, is_quoted
        self._report_verbs = report_verbs
        self._labels: dict[str, Counter[str]] = {}
        # a bearer of one is no firm, even if the recogniser says so elsewhere
        self._surnames: set[str] = set()
        self._given: set[str] = set()
        named = {e.start: e for e in entities.values()}
        for entity in named.values():
            parts = _parts(entity)
            self._labels.setdefault(" ".join(parts), Counter())[entity.label_] += 1
            if entity.label_ == "PERSON" and len(parts) > 1:
                self._surnames.add(parts[-1])
                self._given.add(parts[0])
        self._people = [
            e for _, e in sorted(named.items()) if e.label_ == "PERSON" and not is_quoted(e.start_char)
        ]
        self._people_starts = [e.start for e in self._people]
        self._subjects: list[tuple[Token, bool]] = []  # with whether it speaks
        for token in doc:
            speaks = _is_source(token)
            if not speaks:
                subject = token.dep_ in ("nsubj", "nsubjpass") or _is_agent(token)
                if not subject or token.pos_ not in ("NOUN", "PROPN"):
                    continue
                speaks = token.dep_ == "nsubj" and token.head.lemma_ in report_verbs
                if not speaks and _governor(token).dep_ not in _MAIN and not _is_kin(token):
                    continue
            if not is_quoted(token.idx):
                self._subjects.append((token, speaks))
        self._places = [token.i for token, _ in self._subjects]
        self._resolved: dict[int, Token | None] = {}

    def of(self, pronoun: Token) -> Token | None:
        """The noun that the pronoun stands for, or None."""
        if pronoun.i not in self._resolved:  # long sentences look the same one up repeatedly
            self._resolved[pronoun.i] = self._of(pronoun)
        return self._resolved[pronoun.i]

    def _of(self, pronoun: Token) -> Token | None:
        if pronoun.dep_ == "nsubjpass" or pronoun.dep_ == "expl":
            return None  # "it was reported that"
        own = self._paragraph(pronoun)
        at = bisect_left(self._places, pronoun.i)
        before = self._subjects[max(at - _MAX_CANDIDATES, 0) : at]
        if _form(pronoun) in GROUP_PRONOUNS:
            named = self._named(pronoun, pronoun.sent.start) if _form(pronoun) == "they" else []
            for token, speaks in reversed(before):
                if self._paragraph(token) < own - 1 or (named and token.i < pronoun.sent.start):
                    break  # "they" are the persons just named
                speaks = speaks or (token.lemma_ in _PAPERS and pronoun.head.lemma_ in self._report_verbs)
                if (found := self._group(token, _form(pronoun), speaks)) is not None:
                    return found
            return None
        people = [
            (t, own - self._paragraph(t), speaks)
            for t, speaks in reversed(before)
            if self._is_person(t, pronoun)
        ]
        near_by = [(token, speaks) for token, distance, speaks in people if distance == 0]
        if pronoun.dep_ == "nsubj" and pronoun.head.lemma_ in self._report_verbs:
            near_by.sort(key=lambda found: not found[1])  # who spoke speaks on
        for token, speaks in near_by:
            if speaks or self._is_known(token):
                return token
        if not near_by and (same := self._same_before(pronoun)) is not None:
            return self.of(same)
        if named := self._named(pronoun, pronoun.sent.start):
            return named[-1]
        beside = [t for t in self._named(pronoun, 0) if self._paragraph(t) == own]
        if beside and not self._opens_with_pronoun(beside[0], pronoun):
            return beside[-1]
        near = [t for t, distance, speaks in people if distance < 2 or (speaks and distance <= _SPOKE_LAST)]
        if (found := next(filter(self._is_known, near), None)) is not None:
            return found
        return beside[-1] if beside else next(iter(near), None) or self._only_person(pronoun)

    def _same_before(self, pronoun: Token) -> Token | None:
        """The same pronoun as the last subject before it in its paragraph, if no subject is a person there."""
        own = self._paragraph(pronoun)
        for at in range(pronoun.i - 1, max(pronoun.i - _BACK, 0), -1):
            token = pronoun.doc[at]
            if self._paragraph(token) < own:
                return None
            if token.lower_ == pronoun.lower_ and token.dep_ == "nsubj" and not self._is_quoted(token.idx):
                return token
        return None

    def _only_person(self, pronoun: Token) -> Token | None:
        """The person of the text before the pronoun, if it names one in full and no other."""
        before = self._people[: bisect_left(self._people_starts, pronoun.i)]
        full = {" ".join(_parts(e)): e for e in before if len(_parts(e)) > 1}
        others = {e.text for e in before} - {word for name in full for word in (name, name.split()[-1])}
        return next(iter(full.values())).root if len(full) == 1 and not others else None

    def _opens_with_pronoun(self, name: Token, pronoun: Token) -> bool:
        """Whether the paragraph has the pronoun before the name, so that it stands for somebody before."""
        start = self._paragraphs[self._paragraph(name) - 1] if self._paragraph(name) else 0
        at = name.i
        while at > max(0, name.i - _BACK) and name.doc[at - 1].idx >= start:
            at -= 1
            token = name.doc[at]
            if token.lower_ == pronoun.lower_ and not self._is_quoted(token.idx):
                return True
        return False

    def _paragraph(self, token: Token) -> int:
        return bisect_right(self._paragraphs, token.idx)

    def _named(self, pronoun: Token, start: int) -> list[Token]:
        """The last persons before the pronoun, from token `start` on, by a name that the text has in full."""
        high = bisect_left(self._people_starts, pronoun.i)
        low = max(bisect_left(self._people_starts, start), high - _MAX_CANDIDATES)
        known = self._surnames | self._given
        return [e.root for e in self._people[low:high] if len(e) > 1 or e.text in known]

    def _is_person(self, token: Token, pronoun: Token) -> bool:
        if any(c.dep_ == "conj" and c.i in self._entities for c in token.children) and token.pos_ == "PROPN":
            return False  # two are "they"
        low = token.lower_
        if low in _TITLES:
            return False
        if token.pos_ == "NOUN" and token.i not in self._entities:
            if self._is_named_behind(token):  # "the firm's maker, a Mr Roe in Tarn"
                return True
            if low in (_OF_WOMEN if _form(pronoun) == "he" else _OF_MEN):
                return False
            return low in PEOPLE and token.tag_ == "NN"
        entity = self._entities.get(token.i)
        first = entity.start if entity is not None else token.i
        titles = {token.doc[i].lower_ for i in range(max(first - 1, 0), token.i)}
        if titles & (_WOMEN if _form(pronoun) == "he" else _MEN):
            return False
        if titles & (_WOMEN | _MEN):
            return True
        if entity is None:
            known = token.ent_type_ == "" or (token.text in self._surnames and token.dep_ == "nsubj")
            named = token.tag_ == "NNP" and token.is_title and known
            return bool(named and low not in BODIES and low not in _POSSESSIVES)
        if any(t.text in ("'s", "’s") for t in entity[:-1]):
            return False
        # the recogniser takes a name at the start of the text for a firm's: "Jane Roe said"
        two = len(entity) == 2 and all(t.is_title and t.is_alpha and t.lower_ not in BODIES for t in entity)
        return (
            token.text in self._surnames or self._mostly(entity) == "PERSON" or (two and not _is_firm(entity))
        )

    def _is_named_behind(self, noun: Token) -> bool:
        """Whether a person's name is put behind the noun, with a title or in full."""
        for name in noun.children:
            if name.dep_ == "appos" and (entity := self._entities.get(name.i)) is not None:
                titled = entity.doc[max(entity.start - 1, 0)].lower_ in _MEN | _WOMEN
                if entity.label_ == "PERSON" and (titled or len(entity) > 1):
                    return True
        return False

    def _is_known(self, token: Token) -> bool:
        """Whether the token cannot be a firm's name as well."""
        entity = self._entities.get(token.i)
        if token.doc[max(token.i - 1, 0)].lower_ in _MEN | _WOMEN:
            return True
        if entity is None or token.text in self._surnames:
            return token.pos_ == "NOUN" or token.text in self._surnames
        return len(entity) > 1 and [*self._labels[" ".join(_parts(entity))]] == ["PERSON"]

    def _mostly(self, entity: Tokens) -> str:
        """The recogniser's most frequent label of the name in the text; its label here if tied."""
        labels = self._labels[" ".join(_parts(entity))]
        ((most, times),) = labels.most_common(1)
        return entity.label_ if labels[entity.label_] == times else most

    def _group(self, token: Token, pronoun: str, speaks: bool, owners: int = _MAX_OWNERS) -> Token | None:
        """The token if it is a body, or the body that owns it ("the company's plan")."""
        several = pronoun == "they"
        entity = self._entities.get(token.i)
        if entity is None and token.pos_ == "NOUN":
            lemma = token.lemma_.lower()
            if token.tag_ == "NNS":
                if several and (lemma in PEOPLE or lemma in BODIES or token.lower_.endswith(_PEOPLE_ENDINGS)):
                    return token
            elif lemma in BODIES or (lemma in _PAPERS and not several and speaks):
                return token
        elif entity is None:
            if token.tag_ == "NNP" and token.text not in self._surnames and speaks:
                return token
        elif token.text not in self._surnames and (
            "ORG" in (entity.label_, self._mostly(entity)) or (entity.label_ in ("GPE", "NORP") and speaks)
        ):
            return token
        owner = next((c for c in token.children if c.dep_ == "poss"), None) if owners else None
        return self._group(owner, pronoun, speaks=False, owners=owners - 1) if owner is not None else None


def _form(pronoun: Token) -> str:
    """The pronoun as a subject."""
    return _POSSESSIVE.get(pronoun.lower_, pronoun.lower_)


def _is_firm(entity: Tokens) -> bool:
    """Whether the last word is no surname: "Velmora Airways", "Harbour Commission"."""
    last = entity[-1].lower_
    return last in _FIRM_ENDINGS or last in BODIES


def _parts(entity: Tokens) -> list[str]:
    return [t.text for t in entity if t.is_alpha]


def _is_kin(token: Token) -> bool:
    """Whether the noun tells "he" from "she", but is nobody's of a pronoun: "the boy's mother", not "his son"."""
    kin = token.lower_ in _OF_MEN | _OF_WOMEN
    return kin and not any(c.dep_ == "poss" and c.pos_ == "PRON" for c in token.children)


def _is_agent(token: Token) -> bool:
    """Whether the token does what is told in the passive: "it was summed up by Jane Roe"."""
    return bool(token.dep_ == "pobj" and token.head.dep_ == "agent" and token.ent_type_ == "PERSON")


def _governor(token: Token) -> Token:
    """The verb of a subject or an agent."""
    return token.head.head if token.dep_ == "pobj" else token.head


def _is_source(token: Token) -> bool:
    """Whether the token is X in "according to X"."""
    return bool(
        token.dep_ == "pobj"
        and token.pos_ in ("NOUN", "PROPN")
        and "according" in (token.head.lower_, token.head.head.lower_)
    )

"""Plain wordings: what is replaced, what must not be, and that no selection of replacements adds anything."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from api.analysis.content.grounding import Grounding
from api.analysis.text.indefinite_article import indefinite_article
from api.analysis.text.passages import HEDGES
from api.analysis.text.spans import span
from api.rendering.plain_wording.lexicon import lexicon, words_of
from api.rendering.plain_wording.quoted import quoted_places
from api.rendering.plain_wording.replacements import build_plain_wording, find_replacements, replaced
from schemas.assessments import LoadedTerm
from schemas.enums import SpinType, Writer
from schemas.plain_wording import PlainReason, Replacement
from schemas.verdicts import Verdict
from tests.kit.servers.cpu_limit import cpu_seconds
from tests.kit.tables import each
from tests.kit.texts.factories import make_article
from tests.kit.texts.filled import filled_story

# The loaded words stand in [[ ]]; the sentence after the replacement, and its reason.
REPLACED: Final = [
    ("It is a [[truly portable model]] by Wren.", "It is a portable model by Wren.", "intensifier"),
    ("Ostrel is an [[extremely old]] firm.", "Ostrel is an old firm.", "intensifier"),
    ("The yard was [[hugely profitable]], they say.", "The yard was profitable, they say.", "intensifier"),
    ("We took this [[very seriously]] in May.", "We took this seriously in May.", "intensifier"),
    ("It makes repairs [[super useful and really fun]].", "It makes repairs useful and fun.", "intensifier"),
    ("Costs [[grew dramatically]].", "Costs grew.", "intensifier"),
    ("Costs grew [[dramatically]] in May.", "Costs grew in May.", "intensifier"),
    ("Costs grew [[dramatically]], they say.", "Costs grew, they say.", "intensifier"),
    ("Wren is a [[leading provider]] of boats.", "Wren is a provider of boats.", "praise"),
    ("They provide [[excellent IT support]] here.", "They provide IT support here.", "praise"),
    ("Its [[new state-of-the-art]] yard opened.", "Its new yard opened.", "praise"),
    ("This [[innovative, state-of-the-art]] yard opened.", "This yard opened.", "praise"),
    ("This [[bold and truly visionary plan]] passed.", "This plan passed.", "praise"),
    ("The firm's [[state-of-the-art]] yard opened.", "The firm's yard opened.", "praise"),
    ("They sell boats, gliders and [[world-class ferries]].", "They sell boats, gliders and ferries.", "praise"),
    ("It prizes innovation and [[robust service]].", "It prizes innovation and service.", "praise"),
    ("[[Innovative ferries]] help the islands.", "Ferries help the islands.", "praise"),
    ("The yard [[seamlessly connects]] two islands.", "The yard connects two islands.", "praise"),
    ("Wren [[empowers businesses]] to sail.", "Wren helps businesses to sail.", "praise"),
    ("The ferry [[boasts a]] deck.", "The ferry has a deck.", "praise"),
    ("It gives [[actionable insights]] to crews.", "It gives insights to crews.", "vague"),
    ("We made the [[strategic decision]] to close.", "We made the decision to close.", "vague"),
    ("It played a [[pivotal role]] there.", "It played a role there.", "vague"),
    ("We made the [[difficult decision]] to close.", "We made the decision to close.", "euphemism"),
    ("Wren met [[severe headwinds]] in May.", "Wren met severe difficulties in May.", "euphemism"),
    ("Sixty people were [[let go]] in May.", "Sixty people were dismissed in May.", "euphemism"),
    ("The [[challenging market]] went on.", "The difficult market went on.", "euphemism"),
    ("The [[rightsizing]] took a year.", "The job cuts took a year.", "euphemism"),
    ("A series of [[devastating wildfires]] came.", "A series of wildfires came.", "fear"),
    ("The [[onslaught of]] emails went on.", "The series of emails went on.", "fear"),
    ("Prices [[skyrocketed]] in May.", "Prices increased in May.", "drama"),
    ("Prices have [[plummeted]] since.", "Prices have declined since.", "drama"),
    ("They saw [[soaring costs]] in May.", "They saw rising costs in May.", "drama"),
    ("Wren [[slashed prices]] in May.", "Wren cut prices in May.", "drama"),
    ("A [[massive increase]] came.", "A large increase came.", "drama"),
    ("The plan will [[revolutionize ferries]] soon.", "The plan will change ferries soon.", "drama"),
    ("Critics [[lambasted the plan]] in May.", "Critics criticised the plan in May.", "drama"),
    ("Wren [[unveiled its plan]] in May.", "Wren presented its plan in May.", "drama"),
    ("It [[harnesses the power of tides]] there.", "It uses tides there.", "jargon"),
    ("It is [[leveraging the scale]] of tides.", "It is using the scale of tides.", "jargon"),
    ("We are [[thrilled to announce]] a ferry.", "We are announcing a ferry.", "emotion"),
    ("We’re [[excited to share]] a plan.", "We’re sharing a plan.", "emotion"),
]  # fmt: skip
KEPT: Final = [
    # an article that would no longer fit
    "It is an [[innovative platform]] for boats.",
    "It is an [[incredibly rich]] place.",
    "It is a [[truly open model]].",
    "This was a [[remarkable achievement]] for all.",
    # a predicate, which the sentence needs
    "The yard is [[innovative]].",
    "The yard is [[remarkable]] for its size.",
    "The yard is [[innovative and robust]].",
    "It was a [[great place]] to start.",
    "It has been an [[incredible experience]].",
    "We are [[proud]] of it.",
    # one of two joined adjectives, or a comparison
    "It is a fast and [[powerful]] engine.",
    "It is a fast, [[powerful]] engine.",
    "It is a [[powerful]], fast engine.",
    "It is a [[powerful yet simple]] engine.",
    "It is the [[most innovative]] yard.",
    "It is a [[more robust design]] than ours.",
    "It is [[as powerful as]] ours.",
    "They were [[so incredibly]] tired.",
    "She had such a [[groundbreaking career]].",
    "They log in [[securely and seamlessly]] pay.",
    "They log in securely and [[seamlessly]] pay.",
    "It kept [[ballooning the cost]].",
    # a verb, not an adjective
    "The plan is about [[inspiring people]] to sail.",
    "They keep [[challenging the]] ruling.",
    "He [[slammed the]] door.",
    # without the modifier the sentence would say more
    "This is [[no remarkable change]].",
    "There was not a [[significant improvement]] in May.",
    "Without [[robust safeguards]] boats sink.",
    "If [[powerful engines]] fail, boats sink.",
    "Sales fell despite the [[robust performance]] of the yard.",
    "It changed course with [[disastrous results]].",
    "Every [[innovative company]] grew.",
    "It was the first [[truly autonomous]] ferry.",
    "Costs did not [[skyrocket]].",
    # a number
    "A [[staggering 40%]] of boats sank.",
    "They lost a [[whopping $5 million]] in May.",
    "Wren [[slashed]] 300 jobs.",
    "It has [[nearly doubled]] in [[over 20 years]].",
    # a quotation
    "She called it “a [[robust plan]]” in May.",
    'She called it "a [[robust plan]]" in May.',
    "She called it 'a [[robust plan]]' in May.",
    "She called it ‘a [[robust plan]]’ in May.",
    "She called it «a [[robust plan]]» in May.",
    "“It is a [[robust plan]].",
    'A 5" pipe with [[robust walls]] held.',
    "> with [[robust walls]] it held",
    "Run `with [[robust walls]]` there.",
    # a name or a title
    "The [[Innovative Ferries Award]] went to Wren.",
    "The [[Great Harbour]] opened.",
    "Wren Opens [[World-Class Yard]] in Ostrel",
    "WREN OPENS [[WORLD-CLASS YARD]]",
    "They sail the [[premier league]] route.",
    # a term of a trade
    "It paid [[extraordinary expenses]] in May.",
    "The [[groundbreaking ceremony]] took place.",
    "It protects [[critical infrastructure]] in May.",
    "It bought [[leveraged buyout]] debt.",
    # part of an address, a tag or a longer word
    "See wren.example/[[soaring]] for more.",
    "See #[[soaring]] for more.",
    "See wren_[[soaring]] for more.",
    "It is **[[powerful]]** software.",
    # a doubled word
    "Costs show [[rising soaring]] rents.",
    "They have cut [[slashed prices]] again.",
    # a lone adverb between commas
    "And, [[dramatically]], it fell.",
    "[[Truly]] it fell.",
    # plain words
    "The [[ferry]] sails.",
    "The [[closed harbour]] reopened.",
]  # fmt: skip
_PIECES: Final = [
    *(phrase for group in lexicon().groups for phrase, _ in group.phrases()),
    *100 * ("a", "an", "the", "its", "of", "is", "and", "boats", "ferry", "island", "Wren"),
    *30 * (",", ".", "40%", "seven", "“", "”", '"', "not", "provides", "role", "price", "The", "growth"),
]
_LOADED: Final = re.compile(r"\[\[(.*?)\]\]")
_NUMBER: Final = re.compile(r"\d+")


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its brackets, and the places that they enclose."""
    places: list[tuple[int, int]] = []
    for number, match in enumerate(_LOADED.finditer(text)):
        start = match.start() - 4 * number
        places.append((start, start + len(match[1])))
    return _LOADED.sub(r"\1", text), places


def verdict_of(text: str, places: Sequence[tuple[int, int]], voice: str = "document") -> Verdict:
    terms = [
        LoadedTerm(term=text[start:end], type=SpinType.HYPE, voice=voice, spans=[span(text, start, end)])
        for start, end in places
    ]
    return replace(filled_story().verdict, loaded_terms=terms)


def _found(text: str, verdict: Verdict) -> list[Replacement]:
    article = replace(make_article(), title="", text=text)
    return find_replacements(verdict, text, Grounding(article).ungrounded, indefinite_article)


def _all_made(text: str, found: Sequence[Replacement]) -> str:
    for one in reversed(found):
        text = replaced(text, one.start, one.end, one.plain)
    return text


class TestAPlainWording:
    @each("sentence", KEPT)
    def test_is_not_offered_if_the_sentence_might_break_or_say_more(self, sentence: str) -> None:
        text, places = marked(sentence)
        assert places
        assert [one.plain for one in _found(text, verdict_of(text, places))] == []

    def test_is_not_offered_for_the_words_of_another(self) -> None:
        text, places = marked("The [[robust walls]] held.")
        assert _found(text, verdict_of(text, places))
        assert _found(text, verdict_of(text, places, voice="Ada Quillfeather")) == []

    def test_is_not_offered_if_the_verdict_does_not_quote_the_words(self) -> None:
        text, places = marked("The [[robust walls]] held.")
        verdict = verdict_of(text, places)
        (term,) = verdict.loaded_terms
        unquoted = replace(term, spans=[replace(term.spans[0], quote=None, prefix=None, suffix=None)])
        assert _found(text, replace(verdict, loaded_terms=[unquoted])) == []

    def test_is_not_offered_if_the_article_lacks_a_part_of_it(self) -> None:
        text, places = marked("The [[robust walls]] held.")
        verdict = verdict_of(text, places)
        assert find_replacements(verdict, text, lambda sentence: ["walls"], indefinite_article) == []

    @each(("sentence", "plain", "reason"), REPLACED)
    def test_leaves_a_whole_sentence(self, sentence: str, plain: str, reason: str) -> None:
        text, places = marked(sentence)
        (found,) = _found(text, verdict_of(text, places))
        assert replaced(text, found.start, found.end, found.plain) == plain
        assert (found.reason, found.written_by) == (PlainReason(reason), Writer.RULES)
        assert (found.start, found.end) == places[0]
        assert found.quote == text[found.start : found.end]

    def test_is_offered_for_one_of_two_neighbours(self) -> None:
        text, places = marked("It is a [[truly]] [[powerful]] [[plan]] with [[robust walls]] there.")
        assert [one.quote for one in _found(text, verdict_of(text, places))] == ["truly", "robust walls"]

    def test_is_offered_for_the_longest_of_overlapping_places(self) -> None:
        text = "The robust walls held."
        assert [one.quote for one in _found(text, verdict_of(text, [(4, 10), (4, 16), (11, 16)]))] == [
            "robust walls"
        ]

    def test_comes_in_text_order_with_a_pointer_into_the_verdict(self) -> None:
        text, places = marked("The [[robust walls]] held. The walls carry [[world-class decks]] too.")
        verdict = verdict_of(text, places[::-1])
        found = _found(text, verdict)
        assert [(one.pointer, one.plain) for one in found] == [
            ("/loaded_terms/1/spans/0", "walls"),
            ("/loaded_terms/0/spans/0", "decks"),
        ]
        wording = build_plain_wording(verdict, found)
        assert (wording.loaded, wording.version, wording.text_sha256) == (
            2,
            verdict.version,
            verdict.text_sha256,
        )

    def test_ends_soon_on_a_long_line(self) -> None:
        setup = """
from api.analysis.text.indefinite_article import indefinite_article
from api.rendering.plain_wording.replacements import find_replacements
from tests.unit.rendering.test_plain_wording import marked, verdict_of
one, other = "with [[robust walls]], a ferry ", "It has [[robust walls]] “too”. "
text, places = marked(one * 4_000 + ". " + other * 4_000)
verdict = verdict_of(text, places)
"""
        code = "find_replacements(verdict, text, lambda sentence: [], indefinite_article)"
        assert cpu_seconds(setup, code) < 2


class TestAnySelection:
    @given(st.lists(st.sampled_from([*(case[0] for case in REPLACED), *KEPT]), max_size=6), st.data())
    def test_adds_no_number_name_or_quotation(self, sentences: list[str], data: st.DataObject) -> None:
        text, places = marked("\n\n".join(sentences))
        found = _found(text, verdict_of(text, places))
        for one in found:
            assert (one.start, one.end) in places
            assert one.quote == text[one.start : one.end]
            self._check_words(one)
        kept = data.draw(st.lists(st.sampled_from(found), unique=True) if found else st.just([]))
        made = _all_made(text, sorted(kept, key=lambda one: one.start))
        assert Counter(_NUMBER.findall(made)) == Counter(_NUMBER.findall(text))
        assert [made[a:b] for a, b in quoted_places(made)] == [text[a:b] for a, b in quoted_places(text)]
        assert Grounding(replace(make_article(), title="", text=text)).ungrounded(made) == []
        assert not re.search(r"  | [,.]|\ba [aeio]|\ban [^aeiou]|(\b\w+) \1\b", made)

    @given(st.lists(st.sampled_from(_PIECES), min_size=4, max_size=40), st.data())
    def test_of_places_in_any_words_adds_none(self, pieces: list[str], data: st.DataObject) -> None:
        text = " ".join(pieces)
        starts = [match.start() for match in re.finditer(r"\S+", text)]
        ends = [match.end() for match in re.finditer(r"\S+", text)]
        firsts = data.draw(st.lists(st.integers(0, len(starts) - 1), max_size=8))
        places = [
            (starts[first], ends[min(first + data.draw(st.integers(0, 3)), len(ends) - 1)])
            for first in firsts
        ]
        found = _found(text, verdict_of(text, places))
        made = _all_made(text, found)
        for one in found:
            assert (one.start, one.end) in places
            self._check_words(one)
        assert Counter(_NUMBER.findall(made)) == Counter(_NUMBER.findall(text))
        assert [made[a:b] for a, b in quoted_places(made)] == [text[a:b] for a, b in quoted_places(text)]
        assert Grounding(replace(make_article(), title="", text=text)).ungrounded(made) == []
        for fault in (r"  ", r" [,.]", r"\ba [aeio]", r"\ban [^aeiou“]", r"(\b\w+) \1\b"):
            assert len(re.findall(fault, made)) <= len(re.findall(fault, text)), fault

    def _check_words(self, one: Replacement) -> None:
        """The words are those of the quote, and of the lexicon."""
        known = {word for group in lexicon().groups for plain in group.say.values() for word in plain.split()}
        words = [word.folded for word in words_of(one.plain or "", 0, len(one.plain or ""))]
        quote = [word.folded for word in words_of(one.quote or "", 0, len(one.quote or ""))]
        assert set(words) <= known | set(quote)
        assert len(one.plain or "") < len(one.quote or "") + 20

    @given(st.text(alphabet="ab “”\"'‘’«»`>\n.", max_size=60))
    def test_leaves_lines_with_an_odd_mark(self, text: str) -> None:
        quoted = quoted_places(text)
        ends = [place for both in quoted for place in both]
        assert ends == sorted(ends)
        assert not ends or 0 <= ends[0] <= ends[-1] <= len(text)
        for line in re.finditer(r"[^\n]+", text):
            if line.group().count('"') % 2:
                assert any(start <= line.start() and line.end() <= end for start, end in quoted)


class TestTheLexicon:
    def test_has_each_word_in_lower_case_and_says_no_number(self) -> None:
        for group in lexicon().groups:
            for phrase, plain in group.phrases():
                assert phrase == phrase.casefold()
                assert plain == plain.casefold()
                assert not _NUMBER.search(phrase + plain), phrase

    def test_has_no_hedge(self) -> None:
        assert not HEDGES & {
            word
            for entries in lexicon().by_first_word.values()
            for entry in entries
            for word in entry.words
            if entry.group.reason is not None
        }

    def test_says_nothing_that_is_loaded_itself(self) -> None:
        loaded = {
            " ".join(entry.words)
            for entries in lexicon().by_first_word.values()
            for entry in entries
            if entry.group.reason is not None and not entry.group.before
        }
        said = {plain for group in lexicon().groups for plain in group.say.values()}
        assert not said & loaded

    def test_has_a_use_for_each_group(self) -> None:
        for group in lexicon().groups:
            assert bool(group.reason) is not bool(group.keep)
            assert bool(group.part) is bool(group.leave_out)
            assert group.leave_out or group.say or group.keep
            assert not group.before & group.not_before
            assert not group.after & group.not_after


def test_every_reason_is_the_reason_of_a_case() -> None:
    assert {PlainReason(case[2]) for case in REPLACED} == set(PlainReason)

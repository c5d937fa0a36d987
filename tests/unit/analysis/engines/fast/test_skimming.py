"""Reading without a parser: the same sentences, quotations, words, and speakers."""

import pytest

from api.analysis.engines.fast.skimming import TaggedText, skim
from api.analysis.engines.reading import read
from api.analysis.text.document import UNNAMED_VOICE
from tests.kit.texts.articles import article
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_LAYOFF, PLAIN_REPORT, STAMPEDE
from tests.kit.texts.hostile_texts import KINDS

STORIES = (HYPE, CUSHION, STAMPEDE, PLAIN_REPORT, PLAIN_LAYOFF)


def skimmed(body: str, title: str = "") -> TaggedText:
    return skim(article(body, title))


@pytest.mark.parametrize(("title", "body"), STORIES)
def test_sentences_and_quotations_are_those_of_the_whole_reading(title: str, body: str) -> None:
    record = article(body, title)
    whole, quick = read(record), skim(record)
    assert [(s.start, s.end, s.role, s.numbers) for s in quick.sentences] == [
        (s.start, s.end, s.role, s.numbers) for s in whole.sentences
    ]
    assert [(q.start, q.end, q.statement) for q in quick.quotations] == [
        (q.start, q.end, q.statement) for q in whole.quotations
    ]
    assert quick.folded == whole.folded


@pytest.mark.parametrize("kind", KINDS)
def test_words_stand_where_they_are_said_to(kind: str) -> None:
    quick = skimmed(KINDS[kind](4_000), "A title")
    assert all(
        quick.folded[start:end] == word for word, (start, end) in zip(quick.words, quick.places, strict=True)
    )
    assert [n for s in quick.sentences for n in range(s.first, s.last)] == list(range(len(quick.words)))


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("The roof is sound, said Ines Korhola on Friday.", "Ines Korhola"),
        ("Ines Korhola, who leads the union, said the roof was sound.", "Ines Korhola"),
        ("According to the Harbour Board, three berths are closed.", "the Harbour Board"),
        ("Corvell told the court that it had no plans.", "Corvell"),
        ("The roof is sound, and the town is glad.", None),
        ("Korhola has a roof.", None),
        ("It was said that the roof was sound.", None),
    ],
)
def test_whoever_stands_beside_a_verb_of_saying_speaks(sentence: str, speaker: str | None) -> None:
    assert skimmed(f"{sentence}\n\nMore.").sentences[0].attributed_to == speaker


def test_a_quotation_is_its_speakers() -> None:
    quick = skimmed("“We are thrilled to bring this to everyone,” said Talia Brandmoor. The plant is old.")
    (quotation,) = quick.quotations
    assert quotation.voice == "Talia Brandmoor"
    assert [s.voice for s in quick.sentences] == ["Talia Brandmoor", "document"]
    start = quick.text.index("thrilled")
    assert quick.relayed_voice(start, start + 8) == "Talia Brandmoor"


def test_a_statement_without_a_name_has_an_unnamed_speaker() -> None:
    quick = skimmed("The day was long. “We are all quite tired of this.”")
    assert quick.sentences[-1].voice == UNNAMED_VOICE


@pytest.mark.parametrize(
    ("sentence", "negated", "hedges"),
    [
        ("The roof isn't sound.", True, []),
        ("Nobody has seen it.", True, []),
        ("The roof may be sound, perhaps.", False, ["may", "perhaps"]),
        ("The roof is sound.", False, []),
    ],
)
def test_negation_and_hedges_are_words(sentence: str, negated: bool, hedges: list[str]) -> None:
    quick = skimmed(sentence)
    (found,) = quick.sentences
    assert found.negated is negated
    assert [quick.text[start:end] for start, end in found.hedges] == hedges


def test_names_are_capitals_inside_a_sentence() -> None:
    quick = skimmed("In May the council of North Tarn met Quillon Robotics. Nobody came in 2019.")
    assert [quick.text[start:end] for start, end in quick.names()] == [
        "May",
        "North Tarn",
        "Quillon Robotics",
        "2019",
    ]


def test_nothing_is_read_in_nothing() -> None:
    quick = skimmed("")
    assert (quick.sentences, quick.quotations, quick.words, quick.tagged) == ((), (), (), [])

"""The thesis of an argument can be contested; an event cannot."""

import pytest

from api.analysis.content.news import told
from api.analysis.content.thesis import is_contestable, tells_past, thesis
from tests.kit.texts.articles import document


@pytest.mark.parametrize(
    ("sentence", "can_be"),
    [
        ("Growers should ask for better tools.", True),
        ("The farms of the valley won't survive another dry year.", True),
        ("Small farms are the backbone of the valley.", True),
        ("Hackers are gaining entry in ways that are obvious.", True),
        ("The court agreed to hear the case in Tarn.", False),
        ("The price of wheat surged on Monday.", False),
        ("The agency has once again delayed its decision.", False),
        ("The farms lost $85 million to drought.", False),
        ("The judgement was wrong.", True),
        ("Orrinware signals a new era of farming.", True),
    ],
)
def test_a_thesis_is_no_event(sentence: str, can_be: bool) -> None:
    read = document(sentence)
    assert is_contestable(read, read.sentences[0]) is can_be


def test_the_past_is_told_unless_it_is_judged() -> None:
    read = document("The firm took similar steps in May. The plan was reckless.")
    assert [tells_past(read, s) for s in read.sentences] == [True, False]


@pytest.mark.parametrize(
    ("title", "statement"),
    [
        ("Small farms are the backbone of the valley", "small farms are the backbone of the valley"),
        ("Court agreed to hear the case", None),
        ("Microsoft buys the growers of Germany", None),
    ],
)
def test_the_title_is_the_thesis_if_the_news_is_an_event(title: str, statement: str | None) -> None:
    read = document("The court agreed to hear the case of the growers in May.", title)
    found = thesis(read, told(read, [read.sentences[1]], None, None), None, None)
    assert (found and found.statement) == statement

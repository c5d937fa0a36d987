"""The extractive summary, the keywords and the key figures."""

import re

import pytest

from api.analysis.content.key_stats import key_stats
from api.analysis.content.keywords import keywords
from api.analysis.content.summary import DEPENDENT, Summary, is_byline, summarize
from api.analysis.engines.reading import read as read_article
from api.analysis.parsing.noun_chunks import NounChunks
from api.analysis.people.entities import entities
from api.analysis.text.article import SourceFacts
from api.analysis.text.spans import span
from schemas.assessments import EntityMention
from schemas.enums import EntityType, SourceType
from tests.kit.texts.articles import article, document
from tests.kit.texts.framed_texts import PLAIN_LAYOFF, PLAIN_REPORT

STORIES = pytest.mark.parametrize("story", [PLAIN_LAYOFF, PLAIN_REPORT])


class TestSummarize:
    @pytest.mark.parametrize(
        "body", ["", "Only. Crumbs. Here.", "Subscribe to our newsletter for all of our news."]
    )
    def test_is_empty_where_no_sentence_will_do(self, body: str) -> None:
        assert summarize(document(body)) == Summary(None, [])

    @STORIES
    def test_consists_of_whole_sentences_of_the_text(self, story: tuple[str, str]) -> None:
        read = document(story[1], story[0])
        short = summarize(read)
        sentences = {s.text for s in read.sentences}
        assert short.tldr
        assert set(short.tldr) <= sentences
        rest = short.summary or ""
        for sentence in read.sentences:
            rest = rest.replace(sentence.text, "")
        assert rest.strip() == ""

    @STORIES
    def test_begins_with_the_news(self, story: tuple[str, str]) -> None:
        read = document(story[1], story[0])
        news = list(read.body_sentences())[-1]
        short = summarize(read, [news])
        assert (short.summary or "").startswith(news.text)
        assert short.tldr[0] == news.text
        assert " ".join(short.tldr).count(news.text) == 1

    @STORIES
    def test_never_misses_bad_news(self, story: tuple[str, str]) -> None:
        read = document(story[1], story[0])
        first, *_, last = read.body_sentences()
        assert last.text in (summarize(read, [first], bad=[last]).summary or "")

    def test_shows_no_dateline_and_closes_a_title(self) -> None:
        read = document(
            "TARN, June 3, 2025 (PRNewswire) -- Corvell closes its plant.", "Corvell closes its plant"
        )
        assert summarize(read, [read.sentences[1]]).summary == "Corvell closes its plant."
        assert summarize(read, [read.sentences[0]]).tldr == ["Corvell closes its plant."]

    @pytest.mark.parametrize(
        ("sentence", "shown"),
        [
            ("We are proud to open a plant for pumps in Tarn.", "Corvell opens a plant."),
            ("However, the plant in Tarn has 40 pumps.", "The plant in Tarn has 40 pumps."),
            (
                "However many pumps the plant has, it is small.",
                "However many pumps the plant has, it is small.",
            ),
            ("So far the plant in Tarn has 40 pumps.", "So far the plant in Tarn has 40 pumps."),
            ("Summary The plant in Tarn has 40 pumps.", "The plant in Tarn has 40 pumps."),
            ("**The `plant`** in Tarn closes on May 31\\.", "The plant in Tarn closes on May 31."),
            ("PUMPS FOR ALL The plant in Tarn has 40 pumps.", "The plant in Tarn has 40 pumps."),
            (
                "The plant in Tarn , which is small , has 40 pumps.",
                "The plant in Tarn, which is small, has 40 pumps.",
            ),
            ("- The plant in Tarn has 40 pumps.", "The plant in Tarn has 40 pumps."),
            ("The Pump House The plant in Tarn has 40 pumps.", "The plant in Tarn has 40 pumps."),
            ("The plant in Tarn has 40 pumps[^3].", "The plant in Tarn has 40 pumps."),
            ("The plant in Tarn has 40 pumps.Workers like them.", "The plant in Tarn has 40 pumps."),
            ("The plant in Tarn has these pumps:", "Corvell opens a plant."),
            (
                "The plant has " + "a pump and " * 9 + "a pool.",
                "The plant has " + "a pump and " * 9 + "a pool.",
            ),
        ],
    )
    def test_retells_a_sentence_that_speaks_of_itself_and_drops_its_connective(
        self, sentence: str, shown: str
    ) -> None:
        read = document(sentence)
        assert summarize(read, read.sentences[:1], retell=lambda _: "Corvell opens a plant").summary == shown

    def test_tells_a_long_sentence_in_fewer_words_as_a_point(self) -> None:
        read = document("The plant has " + "a pump and " * 9 + "a pool.")
        points = summarize(read, read.sentences[:1], retell=lambda _: "the plant has pumps").tldr
        assert points == ["The plant has pumps."]

    def test_has_a_long_sentence_as_a_point_if_it_can_be_told_in_fewer_words(self) -> None:
        read = document(f"{PLAIN_LAYOFF[1]} The plant has " + "a pump and " * 12 + "a pool.", PLAIN_LAYOFF[0])
        scores = {read.sentences[-1].index: 9.0}
        assert "The plant has pumps." not in summarize(read, scores=scores).tldr
        assert summarize(read, scores=scores, retell=lambda _: "the plant has pumps").tldr[0] == (
            "The plant has pumps."
        )

    def test_ranks_by_the_scores_of_claims(self) -> None:
        read = document(PLAIN_LAYOFF[1], PLAIN_LAYOFF[0])
        *_, last = read.body_sentences()
        assert summarize(read, scores={last.index: 2.0}).tldr[0] == last.text

    @pytest.mark.parametrize(
        "fragment", ["Seasons greetings to all growers of Tarn.", "and the rest of the pumps are now here."]
    )
    def test_leaves_fragments_out(self, fragment: str) -> None:
        read = document(f"Corvell has a plant in Tarn.\n\n{fragment}")
        assert fragment not in (summarize(read, scores={1: 9.0}).summary or "")

    @pytest.mark.parametrize(
        "last",
        [
            "Not because the pumps of Tarn are old.",
            "Highlighting the pumps of Corvell and its works in Quell.",
            "The report says that pumps in Quell are old.",
            "Our pumps are the best that you can buy in Quell.",
        ],
    )
    def test_shows_others_before_what_cannot_stand_alone(self, last: str) -> None:
        body = f"Corvell dismisses 300 workers. A report came. {last} {PLAIN_LAYOFF[1]}"
        read = document(body)
        short = summarize(read, read.sentences[:1], scores={2: 9.0})
        assert last not in (short.summary or "")
        assert last not in short.tldr

    @pytest.mark.parametrize(
        "last",
        [
            "Pumps of Quell are tested because of that moment.",
            "Growers of Quell are still in the process of answering it.",
            "A rule of Quell is the result of such talks.",
            "As a young miller she opened the works of Quell.",
            "Two years later, the growers of Quell bought pumps.",
        ],
    )
    def test_leaves_out_what_another_sentence_explains_if_two_are_told(self, last: str) -> None:
        body = f"Corvell dismisses 300 workers. Rain fell on the works of Tarn all day. A report came. {last}"
        read = document(body)
        short = summarize(read, read.sentences[:1], scores={3: 9.0})
        assert last not in (short.summary or "")
        assert last not in short.tldr

    def test_leaves_out_what_one_of_several_of_that_name_does(self) -> None:
        body = (
            "The Orrin Foundation gives to the Tarn Foundation for the works. Growers of Tarn have 40 pumps. "
            "The Foundation spent 9 million crowns in Quell."
        )
        read = document(body)
        assert "9 million" not in (summarize(read, read.sentences[:1], scores={2: 9.0}).summary or "")

    def test_opens_with_no_question(self) -> None:
        read = document(f"At what age should growers of Tarn stop? {PLAIN_LAYOFF[1]}")
        assert "?" not in (summarize(read, read.sentences[:1]).summary or "")

    def test_keeps_a_size_that_the_sentence_itself_tells(self) -> None:
        told = "Although 40 growers bought pumps, the number in use is only a part of that size."
        read = document(f"Corvell dismisses 300 workers. {told} {PLAIN_LAYOFF[1]}")
        assert told in (summarize(read, read.sentences[:1], scores={1: 9.0}).summary or "")

    def test_keeps_what_we_say_in_figures(self) -> None:
        ours = "Our growers of Quell lose 40 million crowns."
        read = document(f"Corvell dismisses 300 workers. A report came. {ours} {PLAIN_LAYOFF[1]}")
        assert ours in (summarize(read, read.sentences[:1], scores={2: 9.0}).summary or "")

    def test_keeps_what_we_say_where_the_news_is_ours(self) -> None:
        ours = "Our growers of Quell lose what they paid."
        read = document(f"We dismiss 300 workers. A report came. {ours} {PLAIN_LAYOFF[1]}")
        assert ours in (summarize(read, read.sentences[:1], scores={2: 9.0}).summary or "")

    @pytest.mark.parametrize(
        "first", ["This year the works sold 40 pumps in Quell.", "In short, growers sold 40 pumps in Quell."]
    )
    def test_shows_what_a_date_or_connective_opens(self, first: str) -> None:
        read = document(f"Corvell dismisses 300 workers. {first} {PLAIN_LAYOFF[1]}")
        assert any(p.endswith("40 pumps in Quell.") for p in summarize(read, scores={1: 9.0}).tldr)

    @pytest.mark.parametrize("title", ["Why does Corvell close its plant?", "A plant without pumps"])
    def test_opens_with_no_title_that_states_nothing(self, title: str) -> None:
        read = document(PLAIN_LAYOFF[1], title)
        assert title not in (summarize(read, [read.sentences[0]]).summary or "")

    @pytest.mark.parametrize(
        "about",
        [
            "Why Corvell makes its pumps in Tarn alone.",
            "In this post, Corvell shows how to build a pump.",
            "Read on for more of the pumps of Corvell.",
            "As May ends, it's time to look back at the pumps of Corvell.",
            "This is a summary of what Corvell does with its pumps.",
            "Posted on April 20, but written at Corvell in March.",
        ],
    )
    def test_leaves_sentences_about_the_text_out(self, about: str) -> None:
        assert about not in (summarize(document(f"{about}\n\n{PLAIN_LAYOFF[1]}")).summary or "")

    @STORIES
    def test_has_three_points_and_no_point_twice(self, story: tuple[str, str]) -> None:
        points = summarize(document(story[1])).tldr
        assert len(points) == len(set(points)) == 3

    @pytest.mark.parametrize(
        "heading", ["About Corvell", "About Corvell Pumps Ltd", "About us", "ABOUT CORVELL PUMPS"]
    )
    def test_leaves_the_box_about_the_publisher_out(self, heading: str) -> None:
        box = "Corvell makes pumps for 41,000 growers and has plants in Tarn and Quell."
        for between in ("\n", "\n\n"):
            short = summarize(document(f"{PLAIN_LAYOFF[1]}\n\n{heading}{between}{box}"))
            assert short.tldr
            assert box not in short.tldr
            assert box not in (short.summary or "")

    def test_leaves_a_box_out_that_stands_behind_its_heading(self) -> None:
        box = "About Corvell Pumps: Corvell makes pumps for 41,000 growers and has plants in Tarn and Quell."
        read = document(f"{PLAIN_LAYOFF[1]}\n\n{box}")
        assert box not in (summarize(read, scores={read.sentences[-1].index: 9.0}).summary or "")

    def test_keeps_what_stands_under_a_heading_of_the_story_itself(self) -> None:
        first, _, rest = PLAIN_LAYOFF[1].partition("\n\n")
        assert len(summarize(document(f"{first}\n\nAbout Corvell\n\n{rest}")).tldr) == 3

    def test_puts_a_sentence_that_leans_on_a_word_outside_it_last(self) -> None:
        leaning = "Mayor Orla Threlkeld said them four times at the meeting of the council last week."
        assert leaning not in summarize(document(f"{leaning}\n\n{PLAIN_LAYOFF[1]}")).tldr
        assert DEPENDENT.match("Corvell said it has sold 40 pumps to the growers of Tarn.") is None

    @pytest.mark.parametrize(
        ("text", "byline"),
        [
            (
                "By Orla Threlkeld , a senior reporter who has covered pumps for eight years at The Quell.",
                True,
            ),
            ("By Orla Threlkeld, staff writer.", True),
            ("By May, the reporter had asked for the files twice.", False),
            ("By Tarn, a reporter-led inquiry was over.", False),
        ],
    )
    def test_knows_a_byline(self, text: str, byline: bool) -> None:
        assert is_byline(text) is byline


class TestKeywords:
    def test_of_nothing_are_none(self) -> None:
        read = document("")
        assert keywords(read, NounChunks(read), []) == []

    def test_name_the_story(self) -> None:
        read = document(PLAIN_LAYOFF[1], PLAIN_LAYOFF[0])
        found = keywords(read, NounChunks(read), entities(read))
        assert "Corvell" in found
        assert len(found) <= 10

    def test_begin_with_those_of_the_title(self) -> None:
        body = (
            "Talia Brandmoor runs Corvell. Talia Brandmoor sells. Growers buy heat pumps and more heat pumps."
        )
        read = document(body, "A market for heat pumps")
        assert keywords(read, NounChunks(read), entities(read))[0] == "heat pumps"

    def test_are_no_generic_words_and_no_names_that_only_a_title_has(self) -> None:
        body = "The company has customers. The company likes its customers, and customers like the company."
        read = document(body, "Company Cuts Harsh Penalties")
        assert keywords(read, NounChunks(read), entities(read)) == []

    @pytest.mark.parametrize(
        ("body", "word"),
        [
            (
                "It has point-of-sale tools. The point-of-sale tools and their point-of-sale prices rose.",
                "sale",
            ),
            ("Exciting updates came. The river is wide. A bridge stands in Tarn.", "exciting updates"),
            ("It grew by 3 percent. Some 40 percent of pumps and 20 percent of mills are old.", "percent"),
            (
                "In March inflation rose, and March inflation fell. The March inflation was high.",
                "march inflation",
            ),
            ("High-ticket sales are hard. He likes high-ticket sales and sells.", "ticket sales"),
        ],
    )
    def test_are_no_fragments_dates_and_passing_praise(self, body: str, word: str) -> None:
        read = document(body)
        assert word not in [k.casefold() for k in keywords(read, NounChunks(read), entities(read))]

    @pytest.mark.parametrize(
        ("body", "word"),
        [
            ("Most growers of Tarn buy heat pumps. Most growers like heat pumps.", "growers"),
            ("The growers keep data. The growers read the data, and the data help.", "growers"),
            ("Norwegian growers buy heat pumps. Norwegian growers like heat pumps.", "Norwegian growers"),
            ("The Tarnix growers like LoRa pumps. The growers buy LoRa pumps.", "LoRa pumps"),
            ("The growers of Tarn want T pumps. The growers buy T pumps.", "T pumps"),
        ],
    )
    def test_are_phrases_with_their_capitals(self, body: str, word: str) -> None:
        read = document(body)
        found = keywords(read, NounChunks(read), [])
        assert word in found
        assert "data" not in found

    def test_keep_capitals_and_the_adjective_that_recurs(self) -> None:
        body = (
            "An AI ethics board met. The AI ethics board reads. Solar panels shine. The solar panels are new."
        )
        read = document(body)
        found = keywords(read, NounChunks(read), [])
        assert {"AI ethics board", "solar panels"} <= set(found)

    def test_are_not_who_is_only_quoted_or_the_publisher(self) -> None:
        body = "Corvell sells heat pumps. Heat pumps sell, said Orla Vex. Corvell likes heat pumps."
        record = article(
            body, "Heat pumps", source=SourceFacts(name="Corvell", type=SourceType.NGO, host=None)
        )
        read = read_article(record)
        at = read.text.index("Orla Vex")
        twice = [span(read.text, at, at + 8)] * 2
        own = [span(read.text, m.start(), m.end()) for m in re.finditer("Corvell", read.text)]
        names = [
            EntityMention(name="Corvell", type=EntityType.ORGANIZATION, salience=1.0, spans=own),
            EntityMention(name="Orla Vex", type=EntityType.PERSON, salience=0.2, spans=twice),
        ]
        assert {"Corvell", "Orla Vex"}.isdisjoint(keywords(read, NounChunks(read), names))

    def test_stand_in_the_text_as_they_are(self) -> None:
        body = (
            "Real-world pump tests came first. Real-world pump tests cost much. Its own pump tests did not."
        )
        read = document(body)
        found = keywords(read, NounChunks(read), [])
        assert found
        assert all(word in read.text.lower() for word in found)
        assert not any(word.startswith(("world", "own")) for word in found)


class TestKeyStats:
    @pytest.mark.parametrize(
        "body", ["", "In 2019 it rained.", "Model GPT-3 and version 2.1.4 came on May 3, 2020."]
    )
    def test_are_none_without_a_figure(self, body: str) -> None:
        assert key_stats(document(body)) == []

    def test_say_what_they_measure_in_the_words_of_the_text(self) -> None:
        read = document(
            "Orders for pumps fell by 38 percent, and the company lost 41 million crowns last year."
        )
        found = {s.value: s for s in key_stats(read)}
        assert set(found) == {"38 percent", "41 million"}
        assert "Orders for pumps fell" in found["38 percent"].measures
        for stat in found.values():
            assert [read.text[s.start : s.end] for s in stat.spans] == [stat.value, stat.measures]


class TestAByline:
    @pytest.mark.parametrize(
        ("line", "is_one"),
        [
            ("By Ida Rem, a senior reporter covering ports.", True),
            ("By Ida Rem-Holm and nobody else.", False),
            ("By Monday, a reporter had called.", False),
            (
                f"By {'A' * 1_900} one two three four five.",
                False,
            ),  # at once, though there are many ways to split it
        ],
    )
    def test_is_known_whatever_its_length(self, line: str, is_one: bool) -> None:
        assert is_byline(line) is is_one

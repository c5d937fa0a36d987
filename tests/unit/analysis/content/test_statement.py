"""The news as another would report it: a statement in the third person."""

import pytest

from api.analysis.content.news import told
from api.analysis.content.statement import third_person
from tests.kit.texts.articles import document


def statement(sentence: str, actor: str | None = "Orrinware", subject: str | None = None) -> str | None:
    read = document(sentence)
    return told(read, [read.sentences[0]], actor, subject).statement


class TestAName:
    def test_is_taken_as_it_is(self) -> None:
        said = statement("The company opened a plant in Tarn.", None, r"AC\DC \1")
        assert said == r"AC\DC \1 opened a plant in Tarn"


class TestStatement:
    @pytest.mark.parametrize(
        ("sentence", "told_as"),
        [
            (
                "To support this, certain of our policies are being renewed in Tarn.",
                "certain of Orrinware's policies are being renewed in Tarn",
            ),
            (
                "Orrinware will move its strengths to a School of Pumps, Wells and Water, the board of the works "
                "agreed at its meeting in Tarn on Thursday.",
                "Orrinware will move its strengths to a School of Pumps, Wells and Water, the board of the works "
                "agreed at its meeting in Tarn on Thursday",
            ),
            (
                "The US Department of Pumps has fined the works in Tarn.",
                "the US Department of Pumps has fined the works in Tarn",
            ),
            (
                "Founded in 1974, Corvell has closed its pump works in Tarn.",
                "founded in 1974, Corvell has closed its pump works in Tarn",
            ),
            (
                "After long talks, today we have opened a vote in Tarn.",
                "after long talks, Orrinware has opened a vote in Tarn",
            ),
            (
                "The pump trade has driven new works, however, it seems the valley will lose that part of it.",
                "the pump trade has driven new works, however, it seems the valley will lose that part of it",
            ),
            (
                "Under Harbour Inc.’s latest earnings report has shaken confidence in Tarn.",
                "Under Harbour Inc.’s latest earnings report has shaken confidence in Tarn",
            ),
            (
                "One Harbour Products has opened a plant for paper cups in Tarn.",
                "One Harbour Products has opened a plant for paper cups in Tarn",
            ),
        ],
    )
    def test_drops_a_lead_in_that_points_back_and_cuts_no_name(self, sentence: str, told_as: str) -> None:
        assert statement(sentence) == told_as

    @pytest.mark.parametrize(
        "sentence",
        [
            "Will Orrinware open a plant in Tarn?",
            "I have left Orrinware after seven years in Tarn.",
            "Your account at Orrinware may be affected by the breach.",
            "Orrinware Opens Plant",
            "It has opened a new plant in the valley.",
            "We want a better place for all of us in Tarn.",
            "We are Mara Venn and Jon Roe, the managers of the release.",
            "I think that your plant in Tarn is too large.",
            "Orrin Trust (OT) a host in Tarn that carries pump projects, and which has chosen to dissolve.",
            "There are still only 5 of us in the works at Tarn.",
            "Pumps have changed how we live and work in the towns of the valley.",
            "How the growers of the valley can buy pumps is told in Tarn.",
            "Damn, the works in Tarn had a fire that lasted for a day.",
            "The whole valley likes to hear the ongoing adventures of",
            "It's what is called the second pump, and it's changing the whole valley.",
        ],
    )
    def test_is_none_if_the_sentence_cannot_be_turned(self, sentence: str) -> None:
        assert statement(sentence) is None

    def test_turns_no_we_without_an_actor(self) -> None:
        assert statement("We are closing our plant in Tarn.", actor=None) is None

    @pytest.mark.parametrize(
        ("sentence", "told_as"),
        [
            ("We are closing our plant in Tarn.", "Orrinware is closing its plant in Tarn"),
            (
                "After a thoughtful review with our board and all of our partners in the country, we have "
                "decided to close our plant in Tarn.",
                "Orrinware has decided to close its plant in Tarn",
            ),
            (
                "Customers all over the country have trusted us for forty years.",
                "customers all over the country have trusted Orrinware for forty years",
            ),
            ("Roles will go at the plant in Tarn.", "roles will go at the plant in Tarn"),
            (
                "High-resolution images of Tarn are not available.",
                "high-resolution images of Tarn are not available",
            ),
            ("French banks closed their offices in Tarn.", "French banks closed their offices in Tarn"),
            (
                "Today, we have opened our first plant in Tarn.",
                "Orrinware has opened its first plant in Tarn",
            ),
            (
                "We’re thrilled to announce the launch of our planning engine.",
                "Orrinware announces the launch of its planning engine",
            ),
            (
                "Orrinware is proud to offer a planning engine for farms.",
                "Orrinware offers a planning engine for farms",
            ),
            (
                "TARN, June 3, 2025 (PRNewswire) -- Orrinware, a maker of pumps, today opened a plant in Tarn.",
                "Orrinware opened a plant in Tarn",
            ),
            (
                "Hey everyone, we are Mara Venn and Jon Roe and we are proud to announce the pump of Tarn.",
                "Orrinware announces the pump of Tarn",
            ),
            (
                "Unlike the last report, however, Orrinware gave no forecast for its plant in Tarn.",
                "Orrinware gave no forecast for its plant in Tarn",
            ),
            ("Orrinware, however, will close its plant in Tarn.", "Orrinware will close its plant in Tarn"),
            ("That is why Orrinware opens a plant in Tarn.", "Orrinware opens a plant in Tarn"),
            (
                "Our plan Fixed, which many of you love, can no longer be offered.",
                "Orrinware's plan Fixed can no longer be offered",
            ),
            ("I am writing to share that Mara Venn has left the plant.", "Mara Venn has left the plant"),
            (
                "NEW YORK, NY / News Direct / June 20th, 2024 / Orrinware opened a plant in Tarn.",
                "Orrinware opened a plant in Tarn",
            ),
            (
                "Orrin, ON – August 21st, 2025 – Orrinware reports that its plant in Tarn is closed.",
                "Orrinware reports that its plant in Tarn is closed",
            ),
            (
                "TARN, OH, May 15, 2026 – PRISM MediaWire (Press Release Service – Press Release Distribution) – "
                "Orrinware opened a plant in Tarn.",
                "Orrinware opened a plant in Tarn",
            ),
            (
                "As you may know, Orrinware has closed its plant in Tarn.",
                "Orrinware has closed its plant in Tarn",
            ),
            (
                "TARN–(BUSINESS WIRE)–Orrinware, a maker of pumps, today opened a plant in the valley.",
                "Orrinware opened a plant in the valley",
            ),
            ("TARN–(BUSINESS WIRE)–The council of Tarn closed a pool.", "the council of Tarn closed a pool"),
            (
                "Orrinware Inc., today announced plans for Tarn.",
                "Orrinware Inc. announced plans for Tarn",
            ),
            (
                "In summary, the plant doubles the output of pumps in Tarn.",
                "the plant doubles the output of pumps in Tarn",
            ),
            (
                "Orrinware, which makes pumps and valves for farms, opened a plant in Tarn.",
                "Orrinware opened a plant in Tarn",
            ),
            (
                "Orrinware, a maker of pumps, valves, and hoses, has opened a large plant in the hills.",
                "Orrinware has opened a large plant in the hills",
            ),
            (
                "Orrinware announced the completion of a strategic transition of its plants in the hills with "
                "the Quillon Group, a distinguished maker of pumps for large farms.",
                "Orrinware announced the completion of a strategic transition of its plants in the hills with "
                "the Quillon Group",
            ),
            (
                "Orrinware announced the completion of a strategic transition of its plants in the hills with "
                "the Quillon Group, a maker that cut 310 jobs in May.",
                "Orrinware announced the completion of a strategic transition of its plants in the hills with "
                "the Quillon Group, a maker that cut 310 jobs in May",
            ),
            ("The costs of the plant It is not yet known what they are.", None),
            ("Hybrid pumps take overWhile farms were slow, the plant in Tarn is now full.", None),
            ("The future of cloud technology Cloud technology lets farms grow quickly.", None),
            ("10 ways growers can improve their pumps in Tarn.", None),
            (
                "First and foremost, the new water meter helps growers in Tarn.",
                "the new water meter helps growers in Tarn",
            ),
            ("May 28, 2025, saw the plant open in Tarn.", "May 28, 2025, saw the plant open in Tarn"),
            (
                "Last October, Orrinware opened a plant in Tarn.",
                "last October, Orrinware opened a plant in Tarn",
            ),
            ("Not because the plant is full, but because it is new.", None),
            (
                "The purpose of this post is to let those who wait know that the plant closes in May.",
                "the plant closes in May",
            ),
            ("Here is a look at the plant that opened in Tarn.", None),
            (
                "In May, 38 of us will move on from Tarn.",
                "in May, 38 of Orrinware's people will move on from Tarn",
            ),
            (
                "(CNN) — The council of Tarn closed two of its pools.",
                "the council of Tarn closed two of its pools",
            ),
            ("I think the plant in Tarn is the best one.", "the plant in Tarn is the best one"),
            (
                'TARN, OH - June 3, 2025 (NEWMEDIAWIRE) - Orrinware, Inc. (NYSE: ORW) ("Orrinware"), a maker of '
                "pumps received a letter from the exchange in Tarn.",
                "Orrinware received a letter from the exchange in Tarn",
            ),
            ("The council of Tarn closed two of its pools.", "the council of Tarn closed two of its pools"),
            (
                "Tarn, Norway – June 3, 2025 – Orrinware, a maker of pumps, has opened a plant in the valley.",
                "Orrinware has opened a plant in the valley",
            ),
            (
                "It is with sad hearts that we have heard the news that Orrin Trust will close on May 31\\.",
                "Orrinware has heard the news that Orrin Trust will close on May 31",
            ),
            (
                "I'm really excited to let you know that from May, we're going to be running a course in Tarn!",
                "from May, Orrinware is going to be running a course in Tarn",
            ),
            (
                "So far in May, we have opened three plants in Tarn.",
                "so far in May, Orrinware has opened three plants in Tarn",
            ),
            (
                "The `pump` call was **removed** from Orrinware 3\\.1 in May.",
                "the pump call was removed from Orrinware 3.1 in May",
            ),
            ("We explain how we build pumps in Tarn.", "Orrinware explains how it builds pumps in Tarn"),
            ("We at Orrinware will build our pumps in Tarn.", "Orrinware will build its pumps in Tarn"),
            (
                "Orrinware announced the founding of Orrin LP, a new firm for pumps that will be owned by the "
                "growers of Tarn and of the whole upper valley.",
                "Orrinware announced the founding of Orrin LP, a new firm for pumps that will be owned by the "
                "growers of Tarn and of the whole upper valley",
            ),
            (
                "On Monday Orrinware received a report from the police of the upper valley, detailing a theft of "
                "forty pumps from the works in Tarn.",
                "on Monday Orrinware received a report from the police of the upper valley, detailing a theft of "
                "forty pumps from the works in Tarn",
            ),
        ],
    )
    def test_is_the_sentence_in_the_third_person(self, sentence: str, told_as: str) -> None:
        assert statement(sentence) == told_as

    def test_leaves_the_words_of_others_as_they_are(self) -> None:
        found = statement("The firm said that “we are closing our plant” in Tarn on Monday.")
        assert found is None or "“we are closing our plant”" in found

    def test_names_the_company_that_acts(self) -> None:
        assert statement("The company closed a plant in Tarn.", subject="Orrinware") == (
            "Orrinware closed a plant in Tarn"
        )

    @pytest.mark.parametrize(
        "opening",
        [
            'Orrin Pumps, Inc. (NYSE: ORP) ("Orrin" or the “Company”) makes pumps.',
            "Vale Capital updates its coverage on Orrin Pumps Inc. (NYSE: ORP).",
        ],
    )
    def test_names_the_company_that_the_text_means(self, opening: str) -> None:
        read = document(f"{opening} The Company closed a plant in Tarn.")
        news = told(read, [read.sentences[-1]], "Vale Capital", "Vale Capital")
        assert news.statement == "Orrin Pumps closed a plant in Tarn"

    def test_names_no_company_without_a_subject(self) -> None:
        assert statement("The company closed a plant in Tarn.") == "the company closed a plant in Tarn"

    def test_keeps_the_source_of_a_long_sentence(self) -> None:
        long = (
            "The plant that Orrinware opened in the valley of Tarn in the spring of the year after the flood "
            "makes more pumps for growers than any other plant in the whole country, said Ines Korhola."
        )
        found = statement(long)
        assert found is None or found.endswith("said Ines Korhola")

    @pytest.mark.parametrize(
        "limit",
        [
            "In internal trials during the last harvest",
            "Of those whom Orrinware hired last year",
            "By its own and unaudited count",
            "Among growers of the upper valley",
        ],
    )
    def test_keeps_what_limits_a_long_sentence(self, limit: str) -> None:
        told_as = statement(
            f"{limit}, the pump moved water faster than a crew of four with buckets while it reduced the losses "
            "of the tanks and the pipes."
        )
        assert (told_as or "").lower().startswith(limit.lower())

    def test_keeps_brackets_that_limit(self) -> None:
        sentence = "The pump moved water faster than a crew (in internal trials) and cut losses (see box)."
        assert (
            statement(sentence)
            == "the pump moved water faster than a crew (in internal trials) and cut losses"
        )

    def test_is_none_of_a_sentence_that_hangs_on_the_one_before(self) -> None:
        assert statement("Otherwise, the new rule has no impact on growers.") is None

    def test_drops_in_response(self) -> None:
        assert (
            statement("In response, Orrinware closed a plant in Tarn.") == "Orrinware closed a plant in Tarn"
        )

    def test_keeps_what_a_long_sentence_tells(self) -> None:
        long = (
            "Last spring, the head of the works, Mara Venn, publicly shared a letter to the people of Tarn that "
            "signalled, to some, that those who work on large pumps might be spared the brunt of cuts to jobs."
        )
        assert (statement(long) or "").endswith(
            "signalled, to some, that those who work on large pumps might be spared the brunt of cuts to jobs"
        )

    def test_drops_a_clause_that_only_adds_from_a_long_sentence(self) -> None:
        long = (
            "Orrinware has opened a plant for pumps in Tarn that will make forty pumps an hour for growers in "
            "the valley, which has seen the trade in pumps fall for most of the last nine years or so."
        )
        assert (statement(long) or "").endswith("for growers in the valley")


@pytest.mark.parametrize(
    ("verb", "form"),
    [("announce", "announces"), ("have", "has"), ("are", "is"), ("apply", "applies"), ("teach", "teaches")],
)
def test_third_person(verb: str, form: str) -> None:
    assert third_person(verb) == form

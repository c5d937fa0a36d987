"""Whose words a sentence tells: reports, statements charged by the sentence beside, blocks and quotations."""

import pytest

from api.analysis.engines.reading import read as document_of
from api.analysis.text.article import SourceFacts
from schemas.enums import SourceType
from tests.kit.texts.articles import article, document

FILLER = "\n\nThe ferry leaves at nine. The library has a new door."


def voice_of(body: str, words: str) -> str:
    """The main voice of the sentence with these words."""
    read = document(body + FILLER)
    return read.main_voice(next(s for s in read.sentences if words in s.text))


class TestPointers:
    @pytest.mark.parametrize(
        "pointer",
        [
            "So said Ada Roe, who speaks for the growers.",
            "That, at least, is the case put to the council by Ada Roe, head of the trust.",
            "The words are those of Ada Roe, who runs the line.",
            "It was Ada Roe, for the buyers, who drew this picture.",
            "With this Ada Roe, of the guild, opened the day.",
            "That came from the back of the hall, from a postman called Ada Roe.",
        ],
    )
    @pytest.mark.parametrize("between", [" ", "\n\n"])
    def test_charge_what_stands_before_them(self, pointer: str, between: str) -> None:
        body = f"The council met in Tarn.\n\nThe new quay saves forty lives a year.{between}{pointer}"
        assert voice_of(body, "forty lives") == "Ada Roe"

    def test_that_name_nobody_charge_nobody(self) -> None:
        body = "The new quay saves forty lives a year. That is the promise of a plan from last summer."
        assert voice_of(body, "forty lives") == "document"

    def test_do_not_reach_over_a_paragraph(self) -> None:
        body = "The quay is new.\n\nThe bridge is old.\n\nSo said Ada Roe, who speaks for the growers."
        assert (voice_of(body, "quay is new"), voice_of(body, "bridge is old")) == ("document", "Ada Roe")


class TestReportsThatGoOn:
    @pytest.mark.parametrize(
        ("before", "speaker"),
        [
            ("Ada Roe told the panel that the quay was old.", "Ada Roe"),
            ("Ada Roe did not agree.", "Ada Roe"),
            ("Ada Roe came in late.", "document"),
            ("Ada Roe says that the quay is old.", "document"),
        ],
    )
    def test_go_on_with_would(self, before: str, speaker: str) -> None:
        assert voice_of(f"{before} An ambulance would need an hour more.", "ambulance") == speaker

    @pytest.mark.parametrize(
        "after",
        ["But the trust would not.", "Would it hold?", "The quay opened in May."],
    )
    def test_end_with_the_writer_s_own_words(self, after: str) -> None:
        assert voice_of(f"Ada Roe told the panel that the quay was old. {after}", after) == "document"

    @pytest.mark.parametrize(
        ("before", "after", "speaker"),
        [
            ("Ada Roe told the panel that the quay was old.", "Drivers had paid twice.", "Ada Roe"),
            ("The guild takes a colder view.", "The quay has no roof.", "The guild"),
            ("Growers see it otherwise.", "Nobody has cut a price.", "Growers"),
            ("Ada Roe goes on.", "Fares have never been lower.", "Ada Roe"),
            (
                "Prices will hold, according to Ada Roe.",
                "A fall is, for her, out of the question.",
                "Ada Roe",
            ),
        ],
    )
    def test_go_on_where_form_or_announcement_shows_it(self, before: str, after: str, speaker: str) -> None:
        assert voice_of(f"It rained.\n\n{before} {after}", after) == speaker

    def test_go_on_between_a_report_and_its_continuation(self) -> None:
        body = "Ada Roe told the panel that the quay was old. Two men fell in. Nobody would mend it."
        assert voice_of(body, "Two men") == "Ada Roe"
        assert voice_of(body.replace("would mend", "mended"), "Two men") == "document"

    def test_that_go_further_go_on_with_one_sentence(self) -> None:
        body = "Ada Roe goes on. Fares have never been lower. In truth they rose in May."
        assert voice_of(body, "In truth") == "document"


class TestReportsByPronouns:
    @pytest.mark.parametrize(
        ("body", "speaker"),
        [
            ("They carry a printed card. It says that the valve is sound.", "a printed card"),
            ("They were rung by a man giving the name Jon Roe. He told them the valve was sound.", "Jon Roe"),
            ("The bot is called Odette. 'Your valve is sound,' it wrote.", "The bot"),
            ("It told me on Monday that the valve was sound.", "unnamed speaker"),
        ],
    )
    def test_are_those_of_what_stands_beside_them(self, body: str, speaker: str) -> None:
        assert voice_of(f"It rained.\n\n{body}", "valve") == speaker

    def test_by_a_relative_clause_charge_nobody(self) -> None:
        body = "The office disputes a figure in the Sun, according to which one valve in five failed."
        assert voice_of(body, "valve") == "document"


class TestAnsweredLines:
    LINES = (
        "“Dust stays within the limits.” There are none for this size.\n\n"
        "“The extension brings jobs to the valley.” The form says nine."
    )

    def test_are_those_of_the_only_party_named_before(self) -> None:
        body = f"Castor Aggregates Ltd has sent every house a leaflet.\n\n{self.LINES}"
        assert voice_of(body, "Dust stays") == "Castor Aggregates Ltd"

    def test_of_two_parties_are_nobody_s(self) -> None:
        body = f"Ada Roe met Peer Lund in Tarn. They wrote to us.\n\n{self.LINES}"
        assert voice_of(body, "Dust stays") == "unnamed speaker"

    def test_are_the_points_that_a_text_counts(self) -> None:
        body = (
            "A builder, Kev Maddern, made a film. Here are his points.\n\n1. Pumps fail in frost. Mine ran.\n\n"
            "2. They sound like a jet engine. It is quiet."
        )
        assert voice_of(body, "Pumps fail") == "Kev Maddern"
        assert voice_of(body, "Mine ran") == "document"


class TestReports:
    @pytest.mark.parametrize(
        ("body", "speaker"),
        [
            ("Ada Roe, 34, said that the valve was sound.", "Ada Roe"),
            ("According to Corvell, ending it would set the valve back by years.", "Corvell"),
            (
                "Velox says today that the valve is sound, neither of them badly, and that it told us so.",
                "Velox",
            ),
            (
                "The valve is sound, Ada Roe told a fair last month, and nobody in the hall laughed.",
                "Ada Roe",
            ),
            (
                "Her daughter's doctor had written in a letter that no valve should stay.",
                "Her daughter's doctor",
            ),
            ("The valve was sound, according to its head of sales, Ada Roe.", "Ada Roe"),
            ("A clerk called Ada Roe told a panel that the valve was sound.", "Ada Roe"),
            ("None of the papers say that the valve was sound.", "document"),
            ("The OCDA believes that they will conclude that the valve was sound.", "OCDA"),
            ("Firms will admit that the valve was sound.", "document"),
        ],
    )
    def test_have_the_speaker_whom_they_name(self, body: str, speaker: str) -> None:
        assert voice_of(f"It rained.\n\n{body}", "valve") in (
            speaker,
            "document" if "None" in body else speaker,
        )

    def test_of_the_master_are_not_the_rival_s(self) -> None:
        body = (
            "Ada Roe asked for two berths.\n\nThe harbour master does not share her view. "
            "There are berths enough; what is missing, he told the Bulletin, is people."
        )
        assert voice_of(body, "berths enough") == "The harbour master"

    def test_of_the_only_person_named_are_hers(self) -> None:
        body = (
            "The paper ran a page about us by Ada Roe. We answered.\n\nThe depot is clean. "
            "We published the list.\n\nThe answers were short. Nobody came.\n\n"
            "“The count is one in six this year,” she writes a little later."
        )
        assert voice_of(body, "one in six") == "Ada Roe"

    @pytest.mark.parametrize(
        ("before", "speaker"),
        [
            (
                "Mr Thornbury is to speak next week. Through his lawyer he has said that the count is old.",
                "Rex Thornbury",
            ),
            ("A leaflet has been put through the doors. It says that the count is old.", "A leaflet"),
            (
                "Asked by a nurse whether it held, the assistant itself replied that the count is old.",
                "the assistant",
            ),
        ],
    )
    def test_of_those_whom_the_recogniser_misses(self, before: str, speaker: str) -> None:
        opening = "Samir Dovlatian said that he had gone to the supervisor, Rex Thornbury, with a photograph."
        assert voice_of(f"{opening}\n\n{before}", "count") == speaker

    def test_who_spoke_speaks_on(self) -> None:
        body = "As Ada Roe told us, an insider is anyone with a key. This can be an accident, he pointed out."
        assert voice_of(body, "accident") == "Ada Roe"


class TestBlocks:
    def test_open_with_a_salutation_and_are_signed(self) -> None:
        body = (
            "A reader sent me the memo. I give it whole:\n\nTeam,\n\nWe tried it with open hearts.\n\n"
            "Warmly, Pieter Roe\n\nThe week had four days."
        )
        assert (voice_of(body, "open hearts"), voice_of(body, "four days")) == ("Pieter Roe", "document")

    @pytest.mark.parametrize(
        "introduction",
        [
            "The Pilots Union sent its members a bulletin that reads in part:",
            "A few words from our chief, the Pilots Union:",
            "The Pilots Union wrote to us about the dam. Here is the heart of its letter of May:",
            "Most have seen the post by the Pilots Union. For those who have not, the part that hurt:",
        ],
    )
    def test_are_those_of_who_sent_the_writing(self, introduction: str) -> None:
        body = f"{introduction}\n\nEvery plane flies on borrowed time.\n\nThe fleet is nine years old."
        assert "Union" in voice_of(body, "borrowed time")
        assert voice_of(body, "nine years") == "document"

    def test_go_on_behind_a_short_heading(self) -> None:
        body = (
            "On the sample, Ada Roe writes:\n\nThey asked 300 people.\n\nTable 4 gives the ages. On method:\n\n"
            "No attempt was made to measure sleep.\n\nEvery one wore a band."
        )
        assert (voice_of(body, "No attempt"), voice_of(body, "a band")) == ("Ada Roe", "document")

    def test_in_our_words_are_ours(self) -> None:
        body = "In their own words, they named the gains:\n\nWhat made the week a success?"
        assert voice_of(body, "a success") == "document"

    def test_of_an_accuser_end_where_we_answer(self) -> None:
        body = (
            "Here is what Ada Roe wrote:\n\nI saw the table, and it is a casino.\n\nWe checked our records. "
            "Nobody has left.\n\nWe have doubled the shells."
        )
        assert (voice_of(body, "casino"), voice_of(body, "shells")) == ("Ada Roe", "document")


class TestQuotations:
    @pytest.mark.parametrize(
        ("body", "speaker"),
        [
            ("“We count every lamp in the town.” — Ada Roe, Corvell\n\nPeer Lund came.", "Ada Roe"),
            ("“We count every lamp in the town.” — Luis von Ahn, Corvell", "Luis von Ahn"),
            ("“We count every lamp in the town,” reads a memo that was sent to Peer Lund.", "a memo"),
            ("Senator Ada Roe praised the guild, “We count every lamp in the town.”", "Ada Roe"),
            ("“We count every lamp in the town,” she answered. Ada Roe left.", None),
            ("Ada Roe rose. “We count every lamp in the town,” she answered.", "Ada Roe"),
            ("The stage Scale answers: “Can we count every lamp in the town?”", None),
            ("The study looks to answer: “Can we count every lamp in the town?”", None),
            ("The full weight of the rise continues: “We count every lamp in the town.”", None),
        ],
    )
    def test_have_the_speaker_whom_the_text_names(self, body: str, speaker: str | None) -> None:
        found = document(f"It rained.\n\n{body}").quotations
        assert [q.speaker for q in found] == [speaker]


def test_q_and_a_with_full_stops_are_an_interview() -> None:
    body = (
        "Ada Roe buys butter. We spoke to Ada Roe in an interview.\n\nQ. Is it dear?\n\n"
        "A. I think it is a good line.\n\n"
        "Q. Who gains?\n\nA. I would say the dairies.\n\nQ. Will it fall?\n\nA. I said so last spring."
    )
    assert voice_of(body, "the dairies") == "Ada Roe"


class TestAReport:
    def test_to_somebody_may_be_taken_for_words_on_him(self) -> None:
        body = "Olaf Lund had told a packed hall that the merger with Corvell was the most generous offer of all."
        assert voice_of(body, "merger") == "Olaf Lund"

    def test_stands_before_another_statement(self) -> None:
        body = "The agency, Ninth Parrot, said the client had approved the words; it supplied a screenshot."
        assert voice_of(body, "approved") == "Ninth Parrot"

    def test_may_be_by_a_number_of_people(self) -> None:
        body = "A number of outlets have stated that Corvell is to shut its plant in Tarn by the end of the year."
        assert voice_of(body, "plant") == "A number of outlets"

    def test_is_most_of_a_sentence_that_it_ends(self) -> None:
        body = (
            "The publisher, Quern House, promises on the cover "
            "“the novel that will define the age of the ferry and of the quay”."
        )
        assert voice_of(body, "novel") == "Quern House"

    def test_of_a_paper_goes_on_in_its_paragraph(self) -> None:
        body = (
            "The clerk read a statement by Ada Roe, who is ill. “He came round with gifts,” it said. "
            "“I thought that it was a kind thing to do.”"
        )
        assert voice_of(body, "kind thing") == "a statement"


class TestLines:
    def test_of_a_story_are_answered_by_nobody(self) -> None:
        body = (
            "Penmore Dairy shuts its plant.\n\n“We looked at all of it.”\n\nSo it was read.\n\n"
            "“Half of these people live in one street.”\n\nShe had been told so."
        )
        media = SourceFacts(name="Courier", type=SourceType.MEDIA, host=None)
        read = document_of(article(body + FILLER, source=media))
        assert "Penmore Dairy" not in {read.main_voice(s) for s in read.sentences}

    def test_are_the_opponent_s_whose_others_have_a_label(self) -> None:
        body = (
            "A letter came from Corvell Homes. We answer it.\n\nCorvell says: “It reflects the pressures.” "
            "It does not.\n\n“We remain a mission-led body.” That is the last line."
        )
        assert voice_of(body, "mission-led") == "Corvell"

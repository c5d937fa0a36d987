"""What is asked of a text is sensible, is not in it, and is said about the subject in English."""

import re

import msgspec
import pytest

from api.analysis.content.absent_item import AbsentItem
from api.analysis.content.absent_items import _OF_CLAIMS, absent_items, left_out, questions_raised
from api.analysis.content.expected_table import BY_KIND, BY_TYPE, EXPERTS, ITEMS, PARTIES, ROWS, TOLD
from api.analysis.content.grounding import Grounding
from api.analysis.content.open_points import CLAIM_POINTS
from api.analysis.content.searchable import search_form
from api.analysis.content.stakes import Parties
from api.analysis.content.subjects import about, possessive, subject_name
from api.analysis.framing.spin import judge
from api.analysis.models.document_heads import voice_code
from api.analysis.models.encoded_document import EncodedDocument
from schemas.assessments import Happening, Spin
from schemas.enums import HappeningKind, SpinType, Stance
from tests.kit.texts.articles import document
from tests.kit.texts.expected_items import EXAMPLES
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_LAYOFF, PLAIN_REPORT
from tests.kit.texts.taxonomy import TAXONOMY
from tests.patterns.measure import Trial, cpu_seconds

FILLER = "\n\n" + "The valley is wide, and the river runs through it from the north to the south. " * 9
SPIN = judge(document("The pool is open."), TAXONOMY).spin
INDIRECT = re.compile(
    r"(?:how|what|who|which|when|where|why|whether|by whose|in which|at (?:what|which)|on what|by what)\b"
)
MAX_CPU_S = 1.0
LENGTH = 20_000  # characters; a page's text has fewer


def spin(kind: SpinType, stance: Stance = Stance.PROMOTIONAL) -> Spin:
    return msgspec.structs.replace(SPIN, primary=kind, stance=stance)


def happening(kind: HappeningKind, subject: str | None = None) -> Happening:
    return Happening(kind=kind, subject=subject, spans=[])


def lacking(story: tuple[str, str], what: Happening | None, framed: Spin) -> list[str]:
    return [item.code for item in absent_items(document(story[1] + FILLER, story[0]), what, framed)]


STRICTER = {
    code: item for code, item in TOLD.items() if code not in ITEMS or ITEMS[code].found_by != item.found_by
}
# A text that says it, and one that only has words near it.
TOLD_EXAMPLES = {
    "outside_view": ("A study by Tarn asked them.", "“Customers are at our heart,” Ines Vale said."),
    "affected_view": (
        "Workers told the council that it hurts.",
        "We will stand by our workers and customers.",
    ),
    "executives": ("The president goes too.", "Those who lead it stay."),
    "investor_risk": ("You may lose your money.", "The market has lost interest in old coins."),
    "paid_coverage": ("Corvell paid for this post.", "It is about clients of independent advisers."),
    "drawbacks": ("It works only if the valley is dry.", "It is a pump for all."),
    "author_stake": ("We earn a commission on each pump.", "Ines Vale is chief executive of Corvell."),
    "evidence": ("According to a survey, 40% agree.", "“It is so,” said Ines Vale, for example."),
    "method": ("We asked 400 respondents.", "The figures are new, and 40% are high."),
    "figures": ("It has 4,000 customers.", "It was founded in 2019 by 3 friends."),
    "measured_effect": ("It cuts the time by 40%.", "It was measured with care, in 3 hours."),
    "limits": ("It does not support old pumps.", "However, the challenges are many."),
    "comparison": ("It is faster than any other pump.", "It is more than a pump, and competitive."),
    "price": ("The pump costs $40.", "The pump pays for itself, and plans are made."),
    "outcome": ("It has helped 400 families.", "It has been there since 2019, thanks to our friends."),
    "user_count": ("It has 400 users.", "It is trusted by many, and widely used in Tarn."),
    "total_cost": ("The upgrade has a budget of $40.", "The upgrade is a step for all."),
    "objections": ("Critics call it a waste.", "However, there is a debate against time."),
    "why_change": ("She leaves to join a bank.", "It is a time of change, because of the market."),
    "reply": ("Corvell declined to comment.", "Corvell said last year that it would grow."),
    "predecessor": ("Her predecessor was Ada Roe.", "She has led the mill of Tarn for years."),
    "advice_works": (
        "It cut the losses of those who did by 40%.",
        "It is 2024, and whoever waits will lose.",
    ),
}
UNCOUNTED = (HYPE[0], HYPE[1].replace("up to 10x faster", "faster"))
CUTS = happening(HappeningKind.JOB_CUTS, "Corvell")


class TestAbsentItems:
    def test_are_none_of_a_short_text(self) -> None:
        assert absent_items(document(*CUSHION[::-1]), CUTS, spin(SpinType.CUSHION)) == []

    def test_are_none_of_satire(self) -> None:
        framed = msgspec.structs.replace(spin(SpinType.HYPE), satire=True)
        assert lacking(HYPE, happening(HappeningKind.LAUNCH), framed) == []

    @pytest.mark.parametrize("kind", HappeningKind)
    def test_are_at_most_one_of_plain_news(self, kind: HappeningKind) -> None:
        assert len(lacking(PLAIN_REPORT, happening(kind), spin(SpinType.NONE, Stance.NEUTRAL))) <= 1

    @pytest.mark.parametrize("code", ["jobs_count", "share_of_staff", "where_cut"])
    def test_are_not_what_the_text_says(self, code: str) -> None:
        assert code not in lacking(PLAIN_LAYOFF, CUTS, spin(SpinType.CUSHION))

    def test_are_not_what_the_title_says(self) -> None:
        body = "Corvell says goodbye to valued people. The new structure makes it stronger." + FILLER
        for title, absent in (("Corvell cuts 310 jobs", False), ("A new chapter", True)):
            assert ("jobs_count" in lacking((title, body), CUTS, spin(SpinType.CUSHION))) is absent

    def test_are_those_that_too_few_readers_missed_to_learn_of_bad_news_alone(self) -> None:
        assert "share_of_staff" in lacking(CUSHION, CUTS, spin(SpinType.CUSHION))[:3]
        assert "margin" not in lacking(HYPE, happening(HappeningKind.SURVEY_OR_REPORT), spin(SpinType.HYPE))

    def test_are_the_likeliest_to_be_missed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        launched = happening(HappeningKind.LAUNCH, "Orrinware")
        for first, second in (("independent_test", "limits"), ("limits", "independent_test")):
            monkeypatch.setattr(
                EncodedDocument, "missed", lambda _, one=first, two=second: {one: 0.5, two: 0.4}
            )
            assert lacking(UNCOUNTED, launched, spin(SpinType.HYPE))[:2] == [first, second]
        for chance, told in ((0.9, True), (0.05, False)):
            monkeypatch.setattr(EncodedDocument, "missed", lambda _, chance=chance: {"drawbacks": chance})
            assert ("drawbacks" in lacking(UNCOUNTED, launched, spin(SpinType.HYPE))) is told

    def test_are_none_that_such_news_and_the_text_do_not_call_for(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(EncodedDocument, "missed", lambda _: {"where_cut": 0.9, "investor_risk": 0.9})
        body = "The new positions are in the valley, and the presale of tokens is open." + FILLER
        found = lacking(
            ("The pump", body), happening(HappeningKind.PROFILE_OR_INTERVIEW), spin(SpinType.HYPE)
        )
        assert "where_cut" not in found
        assert "investor_risk" in found

    def test_are_those_that_readers_miss_in_such_news(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(EncodedDocument, "missed", lambda _: {"author_stake": 0.1})
        body = "Everyone must look ahead. The trend is clear, and nobody can escape it." + FILLER
        framed = spin(SpinType.STAMPEDE)
        argued = happening(HappeningKind.TREND_OR_ARGUMENT)
        assert "author_stake" in lacking(("The trend", body), argued, framed)
        assert "author_stake" not in lacking(("The trend", body), happening(HappeningKind.UPDATE), framed)

    def test_are_the_likeliest_alone_if_none_is_likely(self, monkeypatch: pytest.MonkeyPatch) -> None:
        launched = happening(HappeningKind.LAUNCH, "Orrinware")
        for price, told in ((-1.0, True), (0.5, False)):
            missed = {**dict.fromkeys(TOLD, -1.0), "drawbacks": 0.08, "price": price}
            monkeypatch.setattr(EncodedDocument, "missed", lambda _, missed=missed: missed)
            assert ("drawbacks" in lacking(UNCOUNTED, launched, spin(SpinType.HYPE))) is told

    def test_are_about_the_offer_and_not_its_maker(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(EncodedDocument, "missed", lambda _: {"limits": 0.9})
        updated = happening(HappeningKind.UPDATE, "Orrinware")
        absent = absent_items(document(HYPE[1] + FILLER, HYPE[0]), updated, spin(SpinType.HYPE))
        assert "what the platform cannot do, or where it fails" in [item.lacks for item in absent]
        unnamed = re.sub("engine|platform|solution", "features", HYPE[1])
        assert "limits" not in lacking((HYPE[0], unnamed), updated, spin(SpinType.HYPE))

    def test_ask_the_same_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(EncodedDocument, "missed", lambda _: {"drawbacks": 0.9, "objections": 0.8})
        body = "Everyone must look ahead. The trend is clear." + FILLER
        argued = happening(HappeningKind.TREND_OR_ARGUMENT)
        found = lacking(("The trend", body), argued, spin(SpinType.STAMPEDE))
        assert "drawbacks" in found
        assert "objections" not in found

    def test_are_spare_points_or_an_outsiders_view_if_nothing_else_is_lacking(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(EncodedDocument, "missed", lambda _: dict.fromkeys(TOLD, -1.0))
        body = "The valley has a pump, and it runs day and night for the people of Tarn." + FILLER
        framed, told_as = spin(SpinType.HYPE), happening(HappeningKind.EARNINGS)
        assert lacking(("The pump", body), told_as, framed) == ["outside_view"]
        quoting = f"{body} “It runs,” said Ines Vale of Tarn."
        assert lacking(("The pump", quoting), told_as, framed) == []
        own = absent_items(document(quoting, "The pump"), told_as, framed, parties=Parties(teller="Corvell"))
        assert [item.code for item in own] == ["outside_view"]
        spare = AbsentItem(code="figure", lacks="where it comes from", looked_for="a source", question="Why?")
        read = document(body, "The pump")
        assert absent_items(read, told_as, framed, spare=[spare, spare]) == [spare]

    def test_name_who_tells(self) -> None:
        read = document("Everyone must look ahead. The trend is clear." + FILLER, "The trend")
        argued = happening(HappeningKind.TREND_OR_ARGUMENT)
        framed = spin(SpinType.STAMPEDE)
        for parties, name in (
            (Parties(), "its author, or those whom it quotes,"),
            (Parties(quoted="Quillon, which it quotes,"), "Quillon, which it quotes,"),
            (Parties(teller="Corvell", quoted="Quillon, which it quotes,"), "Corvell"),
        ):
            omitted = [a.omission for a in absent_items(read, argued, framed, parties=parties)]
            assert f"Does not say what {name} would gain if readers believed it." in omitted

    def test_name_whom_a_critical_text_does_not_hear(self) -> None:
        read = document("The pump is a fraud, and nobody should buy it." + FILLER, "The pump")
        argued, framed = happening(HappeningKind.TREND_OR_ARGUMENT), spin(SpinType.NONE, Stance.CRITICAL)
        for name in ("the Orrin Works", None):
            omitted = [
                a.omission for a in absent_items(read, argued, framed, parties=Parties(criticised=name))
            ]
            found = "Does not give an answer from the Orrin Works to the criticism." in omitted
            assert found is (name is not None)

    def test_name_the_figures_without_a_source(self) -> None:
        read = document("Everyone must look ahead. Pumps fail in 40% of all mills. " + FILLER, "The trend")
        found = absent_items(read, happening(HappeningKind.TREND_OR_ARGUMENT), spin(SpinType.STAMPEDE))
        sources = next(item for item in found if item.code == "figure_sources")
        assert sources.lacks == "where the figure 40% comes from"
        assert sources.place
        assert "40%" in read.text[slice(*sources.place)]

    @pytest.mark.parametrize(
        ("body", "code", "lacks"),
        [
            (
                "Ada Roe succeeds Ines Vale as chief executive of Corvell. ",
                "why_change",
                "why Ines Vale goes",
            ),
            (
                "Ada Roe succeeds Ines Vale as chief executive. Ines Vale leaves to join a bank. ",
                "why_change",
                None,
            ),
            ("Ada Roe is the chief executive from May. ", "predecessor", "who held the post before"),
            ("Ada Roe is the chief executive from May. The post is new, a new role. ", "predecessor", None),
        ],
    )
    def test_are_who_goes_where_a_new_name_comes(self, body: str, code: str, lacks: str | None) -> None:
        read = document(body + FILLER, "Corvell appoints Ada Roe")
        appointed = happening(HappeningKind.APPOINTMENT_OR_DEPARTURE, "Corvell")
        found = {item.code: item.lacks for item in absent_items(read, appointed, spin(SpinType.HYPE))}
        assert found.get(code, "").startswith(lacks or "")
        assert (code in found) is (lacks is not None)

    def test_are_slight_open_points_only_if_nothing_else_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        body = (
            "Corvell, a leading maker of pumps in the valley, has a mill. It makes 40 pumps a day. " + FILLER
        )
        told_as, framed = happening(HappeningKind.UPDATE, "Corvell"), spin(SpinType.HYPE)
        monkeypatch.setattr(EncodedDocument, "missed", lambda _: {"by_when": -1.0})
        alone = lacking(("The mill", body), told_as, framed)
        assert alone == ["superlative"]
        monkeypatch.setattr(EncodedDocument, "missed", lambda _: {"by_when": 0.9})
        assert lacking(("The mill", f"A hall will follow. {body}"), told_as, framed) == ["by_when"]

    def test_are_half_as_likely_in_another_sort_of_news(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(EncodedDocument, "missed", lambda _: {"price": 0.15})
        resigned = happening(HappeningKind.APPOINTMENT_OR_DEPARTURE)
        assert "price" not in lacking(HYPE, resigned, spin(SpinType.HYPE))
        assert "price" in lacking(HYPE, happening(HappeningKind.LAUNCH), spin(SpinType.HYPE))

    def test_become_omissions_and_questions_about_the_subject(self) -> None:
        body = "Corvell will cut 310 jobs. " + CUSHION[1] + FILLER
        read = document(body, CUSHION[0])
        absent = absent_items(read, CUTS, spin(SpinType.CUSHION))
        grounding = Grounding(read.article)
        assert "Does not say how many of Corvell's staff that is." in [
            o.text for o in left_out(absent, grounding)
        ]
        questions = questions_raised(read, absent, CUTS, grounding)
        assert "What share of Corvell's staff is that?" in [q.question for q in questions]

    def test_become_none_that_name_what_the_text_does_not(self) -> None:
        read = document(CUSHION[1] + FILLER, CUSHION[0])
        absent = absent_items(read, CUTS, spin(SpinType.CUSHION))
        assert all("Quillon" not in o.text for o in left_out(absent, Grounding(read.article)))
        invented = [msgspec.structs.replace(CUTS, subject="Quillon")]
        assert all("Quillon" not in a.lacks for a in absent_items(read, invented[0], spin(SpinType.CUSHION)))


class TestASubject:
    BODY = (
        "Corvell Inc. met the Orrin Works, the Commission for Pumps and openPump. “The company was there, and so "
        "were four senators of Tarn,” said Marta Eide, 54, a farmer from Vale. Marta Eide is her name."
    )

    @pytest.mark.parametrize(
        "label",
        [
            None,
            "",
            "the company",
            "The company's",
            "four senators",
            "senators of Tarn",
            "Quillon",
            "Corvell (the “maker”)",
            "Corvell, Orrin Works",
            "Marta Eide",
            "the Orrin Works of Tarn and of Vale and of Marl",
        ],
    )
    def test_is_none_if_it_is_no_name_of_an_organisation_in_the_text(self, label: str | None) -> None:
        assert subject_name(document(self.BODY), happening(HappeningKind.LAUNCH, label)) is None

    @pytest.mark.parametrize(
        ("label", "name", "possessed"),
        [
            ("Corvell Inc.", "Corvell", "Corvell's"),
            ("The Orrin Works", "the Orrin Works", "the Orrin Works'"),
            ("Commission for Pumps", "the Commission for Pumps", "the Commission for Pumps'"),
            ("openPump", "openPump", "openPump's"),
        ],
    )
    def test_stands_in_a_sentence(self, label: str, name: str, possessed: str) -> None:
        found = subject_name(document(self.BODY), happening(HappeningKind.LAUNCH, label))
        assert found == name
        assert possessive(name) == possessed

    def test_with_a_possessive_in_its_name_has_no_second(self) -> None:
        assert possessive("Wendel's") == "Wendel's"

    @pytest.mark.parametrize(
        ("subject", "said"),
        [
            (None, "how many of the staff stay with the firm"),
            ("Corvell", "how many of Corvell's staff stay with Corvell"),
        ],
    )
    def test_fills_a_sentence_or_leaves_it_whole(self, subject: str | None, said: str) -> None:
        assert about("how many of {subject's|the} staff stay with {subject|the firm}", subject) == said


class TestTheTable:
    def test_asks_of_every_kind_and_type(self) -> None:
        assert set(BY_KIND) == set(HappeningKind)
        assert sum(len(row.kinds) for row in ROWS) == len(BY_KIND)
        assert set(BY_TYPE) == set(SpinType)

    def test_names_items_and_parties_that_are_known_and_used(self) -> None:
        learned = document("The pool is open.").missed()
        asked = {code for row in ROWS for code in row.asks}
        assert asked | (learned.keys() & set(ITEMS)) == set(ITEMS) == set(EXAMPLES)
        heard = {code for row in ROWS for code in row.hears}
        assert heard | {code for code in PARTIES if voice_code(code) in learned} == set(PARTIES)
        assert all(row.reason for row in [*ROWS, *BY_TYPE.values()])

    def test_has_what_readers_were_found_to_miss_of_claims(self) -> None:
        learned = document("The pool is open.").missed()
        assert set(_OF_CLAIMS) == set(CLAIM_POINTS)
        assert all(set(codes) & learned.keys() for codes in _OF_CLAIMS.values())

    @pytest.mark.parametrize("code", ITEMS)
    def test_has_an_indirect_and_a_direct_question_six_wordings_and_a_reason(self, code: str) -> None:
        item = ITEMS[code]
        assert INDIRECT.match(item.lacks)
        assert item.question.endswith("?")
        assert len(item.found_by) >= 6
        assert item.reason
        assert item.looked_for

    @pytest.mark.parametrize("code", ITEMS)
    def test_has_items_that_are_found_in_all_texts_that_hold_them_and_in_no_other(self, code: str) -> None:
        item, examples = ITEMS[code], EXAMPLES[code]
        assert len(examples.holds) >= 5
        assert len(examples.lacks) >= 3
        assert [text for text in examples.holds if not item.is_in(search_form(text.lower()))] == []
        assert [text for text in examples.lacks if item.is_in(search_form(text.lower()))] == []

    @pytest.mark.parametrize("code", STRICTER)
    def test_tells_readers_of_items_that_a_text_says_only_in_passing(self, code: str) -> None:
        item, (holds, lacks) = STRICTER[code], TOLD_EXAMPLES[code]
        assert item.is_in(search_form(holds.lower()))
        assert not item.is_in(search_form(lacks.lower()))
        assert item.question.endswith("?")
        assert item.verb != "say" or INDIRECT.match(item.lacks)

    def test_counts_for_the_score_what_it_counted_before(self) -> None:
        assert "method" not in ITEMS
        said = search_form("the tool is a work of our company, with a limit: however, it is free.")
        assert ITEMS["limits"].is_in(said)
        assert not TOLD["limits"].is_in(said)

    def test_has_patterns_that_end_soon_on_any_text(self) -> None:
        told = {f"told {code}": item for code, item in STRICTER.items()}
        asked = {**ITEMS, **told, **{f"party {code}": party for code, party in PARTIES.items()}}
        trials = [Trial(code, one._pattern, "search", LENGTH) for code, one in asked.items()]
        trials += [
            Trial(f"{code} {n}", pattern, "search", LENGTH)
            for code, one in asked.items()
            for n, pattern in enumerate([*one._conditions, *one._exceptions])
        ]
        trials += [Trial(expert.name, expert.pattern, "findall", LENGTH) for expert in EXPERTS]
        assert {key: cost for key, cost in cpu_seconds(trials).items() if cost > MAX_CPU_S} == {}


class TestTheSearchableForm:
    @pytest.mark.parametrize(
        ("text", "form"),
        [
            ("$5.40, (4.5%)", " ¤, ( ‰)"),
            ("usd 5 million", " ¤ million"),
            ("12 million euros", " ¤"),
            ("three hundred", " № hundred"),
            ("thousands of homes", " № homes"),
            ("at 10:42 in 2019", " at 10:42 in 2019"),
            ("v8 or q1", " v8 or q1"),
            ("“four pumps”", " “ № pumps”"),
        ],
    )
    def test_has_signs_for_figures_and_a_space_before_each_word(self, text: str, form: str) -> None:
        assert search_form(text) == form

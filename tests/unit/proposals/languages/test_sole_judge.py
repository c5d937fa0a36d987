"""A language model that judges alone: texts in other languages, its answers, and what is published of them."""

from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.analysis.content.expected_table import ITEMS
from api.analysis.engines.rules import RulesEngine
from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.operations.stories.two_judges import chosen
from api.pages.model_tasks import BothReadings
from api.pages.reader import Reading
from api.proposals.engine import LanguageModelEngine
from api.proposals.grounded import Refusal
from api.proposals.languages.codes import LANGUAGES, ProseLanguage
from api.proposals.languages.written_sentences import WrittenSentences
from api.proposals.proposal import Proposal
from api.proposals.second_assessment import FIELDS
from schemas.assessments import Assessment, ModelUse
from schemas.enums import NotScorableReason, Writer
from tests.kit.tables import each
from tests.kit.texts.answers import STORY, answer
from tests.kit.texts.assessments import generated_sentences
from tests.kit.texts.other_languages import (
    SAMPLES,
    finding,
    judgement,
    number_of,
    passage,
    proposal,
    prose,
    story,
)
from tests.kit.texts.taxonomy import TAXONOMY
from tests.unit.analysis.engines.test_invariants import ARTICLES, check_ledger, check_spans
from tests.unit.proposals.test_engine_invariants import DESCRIPTIONS, answers

ENGINE, RULES = LanguageModelEngine(), RulesEngine()
SECRET = b"secret of a test"
GERMAN = story("de")
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
# Fields that only a parse or English lists could fill.
UNFILLED = (
    "entities",
    "voices",
    "missing_voices",
    "key_stats",
    "questions_answered",
    "vertical",
    "ablations",
)
# The digests of the requests on the English story before there were other languages: recorded answers are found
# by such digests.
REQUESTS = (
    "ef6c7b2714589f71ad1ad03c5bffdf12b42fe7debce499aa5590562739766574",
    "79e3ccd574956250927e986078502827b93eecca4ff96899168fcd95faf6b582",
)


def judged(language: str, given: bytes | None = None, rulings: tuple[Ruling, ...] = ()) -> Assessment:
    return ENGINE.assess(story(language), TAXONOMY, rulings, given or proposal(language))


def used(assessment: Assessment) -> ModelUse:
    assert assessment.model is not None
    return assessment.model


def spoken(language: str, words: str, *numbers: int, **fields: Any) -> Assessment:
    """The assessment with one sentence of prose, as the frame."""
    return judged(language, proposal(language, None, {"frame": passage(words, *numbers)}, **fields))


class TestWhatIsRefused:
    @each("language", ["ja", "zh", "ru", "tr", "hu", "xx", "english", ""])
    def test_other_languages(self, language: str) -> None:
        record = msgspec.structs.replace(GERMAN, language=language)
        found = ENGINE.assess(record, TAXONOMY, (), proposal("de"))
        assert found.not_scorable is not None
        assert found.not_scorable.reason is NotScorableReason.UNSUPPORTED_LANGUAGE
        assert ENGINE.judgement_requests(record, TAXONOMY, SECRET) == []

    @each(
        ("changes", "reason"),
        [
            ({"text": "Viel zu kurz. " * 10, "body_start": 0, "title": ""}, "too_short"),
            ({"text": "", "body_start": 0}, "empty"),
            ({"paywalled": True}, "paywalled"),
            ({"page_type": "Recipe"}, "not_an_article"),
            ({"text": "Wort und noch ein Wort mehr " * 60, "body_start": 0}, "not_an_article"),
            ({"text": "1 2 3 4 5 6 7 8 9 " * 60, "body_start": 0}, "not_an_article"),
        ],
    )
    def test_texts_that_cannot_be_judged_in_any_language(self, changes: dict[str, Any], reason: str) -> None:
        record = msgspec.structs.replace(GERMAN, **changes)
        found = ENGINE.assess(record, TAXONOMY, (), proposal("de"))
        assert found.not_scorable is not None
        assert found.not_scorable.reason == reason
        assert ENGINE.judgement_requests(record, TAXONOMY, SECRET) == []
        assert ENGINE.prose_request(record, TAXONOMY, SECRET, []).refusal is Refusal.NOT_SCORABLE

    @each("given", [b"", b"{}", b"\xff", b"[" * 9_000, proposal("de", {"band": "plain"})])
    def test_answers_that_cannot_be_used(self, given: bytes) -> None:
        found = ENGINE.judge_both(GERMAN, TAXONOMY, (), given)
        assert found.refusal is Refusal.MALFORMED
        assert found.llm.spin is None
        assert found.llm.not_scorable == found.rules.not_scorable
        assert set(used(found.llm).written_by.values()) <= {Writer.NONE, Writer.RULES}

    def test_a_band_without_words_of_the_text(self) -> None:
        found = ENGINE.judge_both(GERMAN, TAXONOMY, (), proposal("de", judgement("de", anchor=None)))
        assert found.refusal is Refusal.UNSUPPORTED_BAND


class TestASoleJudgement:
    @each("language", SAMPLES)
    def test_is_published_whole_if_the_text_supports_it(self, language: str) -> None:
        found, sample = judged(language), SAMPLES[language]
        assert found.not_scorable is None
        assert found.spin is not None
        assert (found.spin.primary, found.spin.band) == ("hype", "strong")
        assert found.spin.confidence is found.spin.interval is None
        assert used(found).dropped == {}
        assert (used(found).language, used(found).calibrated) == (language, False)
        assert (found.deck, found.summary) == (sample.deck, sample.summary)
        assert {f.explanation for f in found.findings} == {sample.why}
        assert [f.voice for f in found.findings] == ["document", "Marta Eide", "document"]
        assert [(c.voice, c.hedges, c.missing_evidence) for c in found.claims] == [
            ("document", [], []),
            ("Peer Lund", [], []),
        ]
        assert [(o.item, o.text) for o in found.left_out or ()] == [("limits", sample.omission)]
        check_spans(story(language), found)
        check_ledger(found)

    def test_stands_without_the_rules(self) -> None:
        both = ENGINE.judge_both(GERMAN, TAXONOMY, (), proposal("de"))
        assert both.rules == RULES.assess(GERMAN, TAXONOMY)
        assert both.refusal is both.published_llm is both.published_rules is None
        found = both.llm
        assert all(getattr(found, name) is None for name in UNFILLED)
        assert found.keywords == found.categories == found.tldr == []
        written = used(found).written_by
        assert set(written) == set(FIELDS)
        assert {path for path, who in written.items() if who is Writer.RULES} <= {"source_role.publisher"}
        assert written["deck"] is written["spin.score"] is written["left_out"] is Writer.LLM
        assert {written[path] for path in ("entities", "keywords", "tldr", "frame")} == {Writer.NONE}

    def test_leaves_a_field_null_whose_sentence_falls(self) -> None:
        found = judged("de", proposal("de", None, prose("de", deck=passage("Der Plan kostet 400 Euro.", 2))))
        assert found.deck is None
        assert used(found).written_by["deck"] is Writer.NONE
        assert used(found).dropped == {"invented": 1}

    def test_says_that_answers_were_recorded(self) -> None:
        found = judged("de", proposal("de", recorded=True))
        assert used(found).written_by["deck"] is Writer.RECORDED

    def test_heeds_rulings(self) -> None:
        before = judged("fr")
        place = before.findings[0].spans[0]
        ruling = Ruling(
            rule=before.findings[0].rule,
            start=place.start,
            end=place.end,
            text_sha256=story("fr").text_sha256,
            note="A product's name.",
        )
        found = judged("fr", rulings=(ruling,))
        assert len(found.findings) == len(before.findings) - 1

    @each(("publishes", "alone"), [("rules", False), ("agreed", True), ("llm", True)])
    def test_is_chosen_unless_the_rules_alone_publish(self, publishes: str, alone: bool) -> None:
        both = ENGINE.judge_both(GERMAN, TAXONOMY, (), proposal("de"))
        reading = Reading(article=GERMAN, assessment=both.rules, signature=b"", bands=[])
        found = chosen(BothReadings(reading=reading, both=both), publishes)
        assert found.assessment == (both.llm if alone else both.rules)
        assert found.second is found.agreement is None


class TestGrounding:
    @each(
        ("language", "words", "survives"),
        [
            (
                "de",
                "Das Unternehmen stellt die Neuerung als Durchbruch der Branche dar.",
                True,
            ),  # nouns, no names
            ("de", "Der Umsatz lag bei 1234,5 Mio. Euro.", True),
            ("de", "Der Umsatz lag bei 1.234,6 Mio. Euro.", False),
            ("de", "Der Umsatz lag bei 12.345 Mio. Euro.", False),
            ("fr", "Le chiffre d’affaires était de 1234,5 millions d’euros.", True),
            ("fr", "Le chiffre d’affaires était de 1 235 millions d’euros.", False),
            ("fr", "Le texte compare Quillon à Renault.", False),
        ],
    )
    def test_of_numbers_and_names(self, language: str, words: str, survives: bool) -> None:
        assert (spoken(language, words, 2, 3, 4).frame is not None) is survives

    @each(
        ("words", "survives"),
        [
            ("Die Fahrer sind begeistert von Tarnweg.", True),  # rests on the text's own sentence
            ("Niemand hat die Fahrer gefragt.", False),
            ("Peer Lund sagt, niemand habe die Fahrer gefragt.", True),
            ("Es heißt, „Niemand hat uns dazu gefragt“.", False),  # the speaker is known
            ("Peer Lund: „Niemand hat uns dazu gefragt“.", True),
        ],
    )
    def test_of_speakers(self, words: str, survives: bool) -> None:
        number = number_of("de", "gefragt" if "gefragt" in words else "Rechnern")
        given = proposal("de", None, {"deck": passage(words, number)})
        assert (judged("de", given).deck is not None) is survives

    def test_of_an_unnamed_speaker_needs_a_word_of_saying(self) -> None:
        said = judgement("de")
        said["claims"] = said["claims"][:1]
        number = number_of("de", "gefragt")
        for words, survives in (("Niemand fragte sie.", False), ("Es heißt, niemand fragte sie.", True)):
            found = judged("de", proposal("de", said, {"deck": passage(words, number)}))
            assert (found.deck is not None) is survives, words

    @each(
        ("voice", "published"),
        [
            ("document", "unnamed speaker"),
            ("unnamed speaker", "unnamed speaker"),
            ("Marta Eide", "Marta Eide"),
            ("Peer Lund", "unnamed speaker"),  # he stands elsewhere
            ("Jane Roe", "unnamed speaker"),
            ("x" * 90, "unnamed speaker"),
        ],
    )
    def test_of_the_voice_within_quotation_marks(self, voice: str, published: str) -> None:
        one = finding("de", SAMPLES["de"].by_eide, voice=voice)
        first = finding("de", SAMPLES["de"].praise[0])
        found = judged("de", proposal("de", judgement("de", findings=[first, one])))
        assert [f.voice for f in found.findings] == ["document", published]

    def test_of_a_voice_outside_quotation_marks(self) -> None:
        first = finding("de", SAMPLES["de"].praise[0])
        for voice, voices in (("Harrow Bay", ["document", "Harrow Bay"]), ("Marta Eide", ["document"])):
            one = finding("de", "Sprung ins Dunkle", voice=voice)
            found = judged("de", proposal("de", judgement("de", findings=[first, one])))
            assert [f.voice for f in found.findings] == voices

    @each(
        ("omission", "reason"),
        [
            ({"item": "no_item"}, "unknown_item"),
            ({"looked_for": ["Grenzen der Plattform", "die Grenzen der Plattform"]}, "few_phrasings"),
            ({"looked_for": ["Grenzen der Plattform", "versagt", "41 Depots"]}, "in_text"),
            ({"looked_for": ["kauft Schnee", "wiegt Blei", "malt Bilder"]}, "unrelated_phrasings"),
            ({"text": "Does not say where it fails."}, "malformed"),
            ({"text": "Sagt nichts dazu."}, "malformed"),
            ({"text": "Sagt nicht, was Peter Müller will."}, "unrelated_phrasings"),
        ],
    )
    def test_of_what_is_left_out(self, omission: dict[str, Any], reason: str) -> None:
        given = judgement("de")["omissions"][0] | omission
        found = judged("de", proposal("de", judgement("de", omissions=[given])))
        assert found.left_out is None
        assert used(found).dropped == {reason: 1}

    def test_of_an_item_without_words_has_those_of_the_table(self) -> None:
        given = judgement("de")["omissions"][0] | {"text": ""}
        (found,) = judged("de", proposal("de", judgement("de", omissions=[given]))).left_out or ()
        assert found.text.startswith("Does not say ")
        assert found.looked_for == ", ".join(SAMPLES["de"].looked_for)

    def test_of_missing_voices_keeps_none(self) -> None:
        found = judged("de", proposal("de", judgement("de", missing_voices=[{"party": "competitors"}])))
        assert found.missing_voices is None
        assert used(found).dropped == {"unknown_item": 1}


class TestProseInEnglish:
    def test_is_checked_as_english(self) -> None:
        written = {
            "deck": passage("Quillon praises its platform, and moves 300 of 1,820 drivers.", 2, 3),
            "frame": passage("Der Text lobt Peter Müller.", 2),
            "emphasis": passage("You should doubt it.", 2),
            "how": passage("It calls the possibilities “grenzenlos”.", items=("f3",)),
        }
        said = judgement("de", omissions=[], beneficiaries=[])
        for one in said["findings"]:
            one["why"] = "The words praise the platform."
        found = judged("de", proposal("de", said, written, prose_language="english"))
        assert found.deck == written["deck"]["text"]
        assert found.frame is None
        assert used(found).dropped == {"addresses_reader": 1, "invented": 1}
        assert used(found).language == "en"

    def test_has_omissions_in_english_with_phrasings_of_the_text(self) -> None:
        given = judgement("de")["omissions"][0] | {"text": "Does not say where the platform fails."}
        said = judgement("de", omissions=[given])
        (found,) = judged("de", proposal("de", said, prose_language="english")).left_out or ()
        assert found.text == "Does not say where the platform fails."


class TestRequests:
    def test_on_english_stories_are_as_they_were(self) -> None:
        (first,) = ENGINE.judgement_requests(STORY.article, TAXONOMY, SECRET, ProseLanguage.ENGLISH)
        assert (first,) == tuple(ENGINE.judgement_requests(STORY.article, TAXONOMY, SECRET))
        step = ENGINE.prose_request(STORY.article, TAXONOMY, SECRET, [answer().decode()])
        assert step.request is not None
        assert (first.digest, step.request.digest) == REQUESTS

    @each("language", SAMPLES)
    def test_name_the_language_after_the_instructions(self, language: str) -> None:
        english = ENGINE.judgement_requests(STORY.article, TAXONOMY, SECRET)[0].messages[0].content
        (first,) = ENGINE.judgement_requests(story(language), TAXONOMY, SECRET)
        system, user = (message.content for message in first.messages)
        added = system.removeprefix(english)
        assert added != system
        assert f"in plain {LANGUAGES[language]}" in added
        assert "<<" not in added
        assert f"open items] {', '.join(ITEMS)}" in user
        assert user.endswith("open parties] none")
        assert "Quillon" not in system
        (other,) = ENGINE.judgement_requests(story(language), TAXONOMY, SECRET, ProseLanguage.ENGLISH)
        assert "in plain English" in other.messages[0].content.removeprefix(english)
        assert other.messages[1] == first.messages[1]
        said = msgspec.json.encode(judgement(language)).decode()
        step = ENGINE.prose_request(story(language), TAXONOMY, SECRET, [said])
        assert step.request is not None
        assert step.request.messages[0].content.endswith(added)
        assert SAMPLES[language].omission in step.request.messages[1].content

    def test_of_a_proposal_in_english_have_the_bytes_of_before(self) -> None:
        given = Proposal(model="m", recorded=False, judgements=[], prose=None)
        assert msgspec.json.encode(given) == b'{"model":"m","recorded":false,"judgements":[],"prose":null}'


@st.composite
def proposals(draw: st.DrawFn) -> tuple[Article, bytes]:
    """A text that says it is in one of the languages, and answers: sound ones, hostile ones, or any bytes."""
    sample = draw(st.sampled_from(sorted(SAMPLES)))
    record = draw(st.sampled_from([story(sample), story(sample), None])) or msgspec.structs.replace(
        draw(ARTICLES), language=draw(st.sampled_from(sorted(LANGUAGES)))
    )
    if draw(st.integers(1, 4)) == 1:
        some = st.binary(max_size=60)
        return record, draw(some)
    said, written = draw(answers(record, draw(st.sampled_from([2, 12]))))
    given = Proposal(
        model="m",
        recorded=False,
        judgements=[said.decode()],
        prose=written.decode(),
        prose_language=draw(st.sampled_from(ProseLanguage)),
    )
    return record, msgspec.json.encode(given)


class TestAnyAnswer:
    @FEW
    @given(given=proposals())
    def test_keeps_the_invariants(self, given: tuple[Article, bytes]) -> None:
        record, data = given
        found = ENGINE.assess(record, TAXONOMY, (), data)
        assert msgspec.json.encode(found) == msgspec.json.encode(ENGINE.assess(record, TAXONOMY, (), data))
        assert msgspec.json.decode(msgspec.json.encode(found), type=Assessment) == found
        assert (found.spin is None) is (found.not_scorable is not None)
        check_spans(record, found)
        if found.spin is None:
            return
        check_ledger(found)
        use = used(found)
        assert not use.calibrated
        assert all(getattr(found, name) is None for name in UNFILLED)
        assert next(b.band for b in TAXONOMY.bands if b.low <= found.spin.score <= b.high) is found.spin.band
        text = " ".join(record.text.split())
        voices = {f.voice for f in found.findings} | {c.voice for c in found.claims}
        assert all(voice in text for voice in voices - {"document", "unnamed speaker"})
        check = WrittenSentences(record, record.language or "", use.language)
        searched = {omission.looked_for for omission in found.left_out or ()}
        happening = found.happening
        names = {one.name for one in found.beneficiaries or ()} | {happening.subject if happening else None}
        # a summary is joined from sentences that are checked one by one
        for sentence in set(generated_sentences(found)) - DESCRIPTIONS - searched - names - {found.summary}:
            assert check.fault(sentence, 2_000) is None, sentence

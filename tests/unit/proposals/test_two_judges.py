"""When a language model is asked, and which of two judgements is published."""

from typing import Any

import msgspec

from api.operations.language_models.wanted_opinions import is_wanted
from api.operations.stories.two_judges import chosen
from api.pages.model_tasks import BothReadings
from api.pages.reader import Reading
from api.proposals.grounded import Refusal
from api.proposals.requests import BothAssessments
from api.settings import Settings
from schemas.agreements import Agreement, OtherJudge
from schemas.assessments import Assessment, EngineRef, NotScorable
from schemas.enums import NotScorableReason, SpinType
from tests.kit.tables import each
from tests.kit.texts.factories import make_article, make_assessment, make_refusal

ARTICLE = make_article()
MODEL = {"UNSPUN_LLM_URL": "http://127.0.0.1:1/v1", "UNSPUN_LLM_MODEL": "m"}


def settings(**more: str) -> Settings:
    return Settings.from_environment(MODEL | {f"UNSPUN_LLM_{name}": value for name, value in more.items()})


def judged(engine: str, primary: SpinType, score: int) -> Assessment:
    ref = EngineRef(name=engine, version="1", digest="0" * 64)
    return msgspec.structs.replace(make_assessment(ARTICLE, score=score, primary=primary), engine=ref)


def with_spin(**changes: Any) -> Assessment:
    assessment = make_assessment(ARTICLE, score=45)
    return msgspec.structs.replace(assessment, spin=msgspec.structs.replace(assessment.spin, **changes))


class TestTheModelIsAsked:
    def test_about_nothing_without_a_model(self) -> None:
        assert not is_wanted(Settings.from_environment({}), make_assessment(ARTICLE, score=45))

    def test_about_no_text_without_a_score_and_no_satire(self) -> None:
        assert not is_wanted(settings(), make_refusal(ARTICLE))
        assert not is_wanted(settings(), with_spin(satire=True))

    @each(
        ("more", "language", "wanted"),
        [
            ({}, "de", True),
            ({}, "no", True),
            ({"WHEN": "unsure"}, "fr", True),
            ({"WHEN": "above_score", "ABOVE_SCORE": "0"}, "de", False),
            ({"WHEN": "on_request"}, "de", False),
            ({"PUBLISHES": "rules"}, "de", False),
            ({}, "ja", False),
            ({}, None, False),
        ],
    )
    def test_about_languages_in_which_it_judges_alone(
        self, more: dict[str, str], language: str | None, wanted: bool
    ) -> None:
        refusal = NotScorable(reason=NotScorableReason.UNSUPPORTED_LANGUAGE, detail="The language.")
        refused = msgspec.structs.replace(make_refusal(ARTICLE), not_scorable=refusal)
        assert is_wanted(settings(**more), refused, language) is wanted
        assert not is_wanted(settings(**more), make_refusal(ARTICLE), language)

    @each(
        ("more", "confidence", "wanted"),
        [
            ({}, 0.9, True),
            ({"WHEN": "on_request"}, 0.1, False),
            ({"WHEN": "above_score", "ABOVE_SCORE": "45"}, 0.9, False),
            ({"WHEN": "above_score", "ABOVE_SCORE": "44"}, 0.9, True),
            ({"WHEN": "unsure"}, 0.6, False),
            ({"WHEN": "unsure"}, 0.59, True),
            ({"WHEN": "unsure", "BELOW_CONFIDENCE": "0.5"}, 0.55, False),
            ({"WHEN": "unsure"}, None, True),
        ],
    )
    def test_as_the_settings_say(self, more: dict[str, str], confidence: float | None, wanted: bool) -> None:
        assert is_wanted(settings(**more), with_spin(confidence=confidence)) is wanted


class TestTheChosenJudgement:
    @each(
        ("model", "publishes", "engine"),
        [
            ((SpinType.HYPE, 45), "rules", "rules"),
            ((SpinType.HYPE, 45), "agreed", "llm"),
            ((SpinType.HYPE, 90), "agreed", "llm"),
            ((SpinType.HYPE, 25), "agreed", "llm"),
            ((SpinType.HYPE, 24), "agreed", "rules"),  # it may have been told so
            ((SpinType.NONE, 45), "agreed", "rules"),
            ((SpinType.NONE, 0), "llm", "llm"),
        ],
    )
    def test_is_that_of_the_setting(self, model: tuple[SpinType, int], publishes: str, engine: str) -> None:
        reading = chosen(readings(*model), publishes)
        assert reading.second is not None
        assert {reading.assessment.engine.name, reading.second.engine.name} == {"rules", "llm"}
        assert reading.assessment.engine.name == engine
        assert reading.agreement is not None
        assert reading.agreement.other.engine == reading.second.engine

    def test_is_the_rules_alone_if_the_answers_cannot_be_used(self) -> None:
        reading = chosen(readings(SpinType.HYPE, 45, refusal=Refusal.MALFORMED), "llm")
        assert (reading.assessment.engine.name, reading.second, reading.agreement) == ("rules", None, None)


def readings(primary: SpinType, score: int, refusal: Refusal | None = None) -> BothReadings:
    rules, llm = judged("rules", SpinType.HYPE, 45), judged("llm", primary, score)

    def agreement(other: Assessment) -> Agreement:
        assert other.spin is not None
        return Agreement(
            type=primary is SpinType.HYPE,
            score_distance=abs(score - 45),
            findings=1.0,
            contested=primary is not SpinType.HYPE or abs(score - 45) > 20,
            other=OtherJudge(
                engine=other.engine, primary=other.spin.primary, score=other.spin.score, confidence=None
            ),
        )

    both = BothAssessments(
        rules=rules,
        llm=llm,
        refusal=refusal,
        published_llm=agreement(rules),
        published_rules=agreement(llm),
    )
    return BothReadings(
        reading=Reading(article=ARTICLE, assessment=rules, signature=b"", bands=[]), both=both
    )

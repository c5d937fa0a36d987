"""The questions that news raises are asked in words of the text, unless it answers them."""

import msgspec
import pytest

from api.analysis.content.questions.main_questions import MAIN_QUESTIONS, main_questions
from api.analysis.framing.spin import judge
from schemas.assessments import Happening
from schemas.enums import HappeningKind, SpinType, Stance
from tests.kit.texts.articles import document
from tests.kit.texts.taxonomy import TAXONOMY
from tests.patterns.measure import Trial, cpu_seconds

SPIN = judge(document("The pool is open."), TAXONOMY).spin
MAX_CPU_S = 1.0
LENGTH = 20_000  # characters


def asked(
    body: str,
    kind: HappeningKind,
    framed: SpinType,
    stance: Stance = Stance.DEFENSIVE,
    title: str = "Corvell has news",
    teller: str | None = None,
) -> dict[str, str]:
    """Codes and indirect questions, in order."""
    spin = msgspec.structs.replace(SPIN, primary=framed, stance=stance)
    what = Happening(kind=kind, subject="Corvell", spans=[])
    return {q.code: q.lacks for q in main_questions(document(body, title), what, spin, teller)}


CUTS = "Corvell ends production at Tarn. Of the 520 people who work at the mill, about 90 get a post in Vale."
EVENT = (
    "Corvell identified unusual activity in systems. Data of individuals may have been accessed in the event, "
    "and individuals are informed. An access that was not authorised was seen."
)
LAUNCH = "Corvell launches Furrow, the first pump that runs on sea water. Orders are open to customers."
SUMMIT = "The summit of Corvell brings peace. The foundation calls the summit a success for the programme."


class TestMainQuestions:
    @pytest.mark.parametrize(
        ("body", "kind", "framed", "stance", "code", "lacks"),
        [
            (
                CUTS,
                HappeningKind.JOB_CUTS,
                SpinType.CUSHION,
                Stance.DEFENSIVE,
                "jobs_count",
                "how many of the 520 people who work at the mill lose their jobs",
            ),
            (
                EVENT,
                HappeningKind.INCIDENT,
                SpinType.FOG,
                Stance.DEFENSIVE,
                "affected_count",
                "how many individuals are affected",
            ),
            (
                SUMMIT,
                HappeningKind.OTHER_EVENT,
                SpinType.HALO,
                Stance.PROMOTIONAL,
                "outcome",
                "what the summit has measurably changed",
            ),
            (
                "Corvell tells of the outage. The outage was long, and the storm was strong.",
                HappeningKind.OTHER_EVENT,
                SpinType.SHIELD,
                Stance.DEFENSIVE,
                "own_part",
                "what part Corvell's own decisions had in the outage",
            ),
        ],
    )
    def test_are_about_what_the_text_names(
        self, body: str, kind: HappeningKind, framed: SpinType, stance: Stance, code: str, lacks: str
    ) -> None:
        assert asked(body, kind, framed, stance)[code] == lacks

    @pytest.mark.parametrize(
        ("body", "answer", "kind", "framed", "stance", "code"),
        [
            (
                CUTS,
                "Some 300 jobs will go.",
                HappeningKind.JOB_CUTS,
                SpinType.CUSHION,
                Stance.DEFENSIVE,
                "jobs_count",
            ),
            (
                EVENT,
                "Letters notify 4,000 individuals.",
                HappeningKind.INCIDENT,
                SpinType.FOG,
                Stance.DEFENSIVE,
                "affected_count",
            ),
            (
                EVENT,
                "It was an attack.",
                HappeningKind.INCIDENT,
                SpinType.FOG,
                Stance.DEFENSIVE,
                "incident_kind",
            ),
            (
                SUMMIT,
                "Violence fell by 20 percent.",
                HappeningKind.OTHER_EVENT,
                SpinType.HALO,
                Stance.PROMOTIONAL,
                "outcome",
            ),
        ],
    )
    def test_are_none_that_the_text_answers(
        self, body: str, answer: str, kind: HappeningKind, framed: SpinType, stance: Stance, code: str
    ) -> None:
        assert code in asked(body, kind, framed, stance)
        assert code not in asked(f"{body} {answer}", kind, framed, stance)

    def test_are_of_a_launch_its_test_and_its_price_by_its_name(self) -> None:
        title = "Corvell launches the pump"
        launch = f"{LAUNCH} The system is new, and our system is strong."
        found = asked(launch, HappeningKind.LAUNCH, SpinType.HYPE, Stance.PROMOTIONAL, title)
        assert found == {
            "independent_test": "whether anyone outside Corvell has tested the system",
            "price": "what the system costs",
        }
        told = f"{launch} It was tested by the Tarn Institute, and it costs $40."
        assert asked(told, HappeningKind.LAUNCH, SpinType.HYPE, Stance.PROMOTIONAL, title) == {}

    def test_are_of_a_closure_those_who_work_there(self) -> None:
        body, title = "Corvell ceases its operations in Vale.", "Corvell closes in Vale"
        found = asked(body, HappeningKind.OTHER_EVENT, SpinType.CUSHION, title=title)
        assert found == {"staff_after": "how many people work there, and what becomes of them"}
        assert asked(body, HappeningKind.OTHER_EVENT, SpinType.CUSHION) == {}

    def test_are_of_a_certificate_who_gave_it(self) -> None:
        body, title = (
            "Corvell earned the certification. The certification shows its care.",
            "Corvell is certified",
        )
        found = asked(body, HappeningKind.OTHER_EVENT, SpinType.HALO, Stance.PROMOTIONAL, title)
        assert list(found) == ["criteria"]
        said = f"{body} It was audited by the Tarn Institute."
        assert asked(said, HappeningKind.OTHER_EVENT, SpinType.HALO, Stance.PROMOTIONAL, title) == {}

    def test_are_of_results_what_is_left(self) -> None:
        body = "Corvell says that sales of the quarter grew, and the results are strong."
        found = asked(body, HappeningKind.EARNINGS, SpinType.HYPE, Stance.PROMOTIONAL)
        assert found == {"profit": "whether Corvell made a profit or a loss after all costs"}
        assert (
            asked(f"{body} The net loss grew.", HappeningKind.EARNINGS, SpinType.HYPE, Stance.PROMOTIONAL)
            == {}
        )

    def test_are_none_of_a_text_without_a_type(self) -> None:
        assert asked(CUTS, HappeningKind.JOB_CUTS, SpinType.NONE) == {}

    def test_take_little_time_on_any_text(self) -> None:
        patterns = {
            f"{code}:{n}": pattern
            for code, one in MAIN_QUESTIONS.items()
            for n, pattern in enumerate([one._pattern, *one._worth_telling, *one._idle])
        }
        trials = [Trial(key, pattern, "search", LENGTH) for key, pattern in patterns.items()]
        assert {key: cost for key, cost in cpu_seconds(trials).items() if cost > MAX_CPU_S} == {}

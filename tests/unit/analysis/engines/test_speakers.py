"""No field charges words to a wrong speaker."""

import pytest

from api.analysis.engines.rules import RulesEngine
from api.analysis.text.article import SourceFacts
from schemas.assessments import Assessment
from tests.kit.texts.articles import article
from tests.kit.texts.speaker_charges import wrong_charges
from tests.kit.texts.speaker_traps import FILLER, TRAPS, Trap
from tests.kit.texts.taxonomy import TAXONOMY

ENGINE = RulesEngine()


def assessed(trap: Trap) -> tuple[Assessment, str]:
    source = SourceFacts(name=trap.publisher, type=trap.kind, host=None)
    record = article(trap.body + FILLER, trap.title, source=source)
    return ENGINE.assess(record, TAXONOMY), record.text


class TestTraps:
    def test_are_forty_or_more(self) -> None:
        assert len({trap.name for trap in TRAPS}) == len(TRAPS) >= 40

    @pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
    def test_charge_nobody_with_words_of_another(self, trap: Trap) -> None:
        assessment, text = assessed(trap)
        assert assessment.spin is not None
        assert wrong_charges(trap, assessment, text) == []

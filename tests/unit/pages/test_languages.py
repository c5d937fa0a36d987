"""The language of a text: English by its function words, all others by the model."""

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from api.pages import languages
from api.pages.languages import language_of

ENGLISH = "The council voted to close the pool, and residents of the town are angry with that decision. "
OTHERS = {
    "de": "Der Rat hat am Dienstag beschlossen, das Schwimmbad zu schließen, weil die Reparatur zu teuer wäre. ",
    "es": "La junta decidió el martes cerrar la piscina porque la reparación sería demasiado cara para todos. ",
    "nl": "De raad heeft dinsdag besloten het zwembad te sluiten, omdat de reparatie te duur zou zijn geworden. ",
}


@pytest.mark.parametrize("code", OTHERS)
def test_the_model_knows_other_languages(code: str) -> None:
    assert language_of(OTHERS[code] * 5, "en") == code


def test_a_text_with_a_few_english_words_is_not_english() -> None:
    assert language_of(OTHERS["de"] * 6 + ENGLISH, "en") == "de"


def test_a_short_text_has_the_declared_language() -> None:
    assert language_of(ENGLISH) is None
    assert language_of(ENGLISH, "en-GB") == "en"
    assert language_of(ENGLISH, "fr") == "fr"


def test_english_needs_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "_identifier", None)
    assert language_of(ENGLISH * 5, "fr") == "en"


def test_the_unpacked_model_is_the_librarys() -> None:
    theirs = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    for text in (ENGLISH * 2, *(text * 2 for text in OTHERS.values()), "東京都は火曜日に決定した。" * 9):
        assert languages._identifier().classify(text) == theirs.classify(text)

"""Numbers in figures and letters, in the manner of each language."""

from api.proposals.languages.numbers import Numbers
from tests.kit.tables import each


def has_all(language: str, sentence: str, text: str) -> bool:
    known = Numbers([text], language)
    return known.has_figures(sentence, language) and known.has_words(sentence, language)


class TestANumber:
    @each(
        ("language", "sentence", "text"),
        [
            ("es", "seiscientos cincuenta trabajadores", "640 trabajadores"),
            ("es", "42 mil viajeros", "41.000 viajeros"),
            ("es", "41 mil viajeros", "41 millones de viajeros"),
            ("pt", "25.000 conjuntos", "25 conjuntos"),
            ("fr", "trois plats", "treize plats"),
            ("da", "ti depoter", "i tide tid"),
            ("sv", "sex ställ", "sexuell"),
            ("de", "dreiundzwanzig Filialen", "drei oder zwanzig Filialen"),
            ("cs", "třicet jedna gramů", "30 gramů"),
            ("no", "tusenvis av varsler", "430 varsler"),
            ("no", "tusen varsler", "4 300 varsler"),
            ("cs", "z padesáti dvou poboček", "z 53 poboček"),
        ],
    )
    def test_is_not_another_one(self, language: str, sentence: str, text: str) -> None:
        assert not has_all(language, sentence, text)

    @each(
        ("language", "sentence", "text"),
        [
            ("es", "seiscientos cuarenta trabajadores", "640 trabajadores"),
            ("es", "treinta y ocho casas", "38 casas"),
            ("es", "41 mil viajeros", "41.000 viajeros"),
            ("pt", "25.000 conjuntos", "25 mil conjuntos"),
            ("pt", "sessenta e oito mil pessoas", "68 mil pessoas"),
            ("sv", "1620 miljoner kronor", "1,62 miljarder kronor"),
            ("pl", "15 000 osób", "15 tys. osób"),
            ("pl", "czterysta siedemdziesiąt osób", "470 osób"),
            ("cs", "třicet jedna gramů", "31 gramů"),
            ("de", "einundzwanzig Filialen", "21 Filialen"),
            ("de", "zwischen 39,9 und 41,2 Millionen", "39,9 bis 41,2 Mio. Euro"),
            ("de", "sechs Wochen", "ein sechswöchiger Streik"),
            ("fr", "un robot et une usine", "le robot"),
            ("fr", "9 jours", "neuf jours"),
            ("no", "tusenvis av varsler", "4 300 varsler"),
            ("pl", "40 lat", "czterdziestu lat"),
            ("cs", "z padesáti dvou poboček", "z 52 poboček"),
            ("fr", "un service neuf", "un service"),  # new
            ("de", "38 Haushalte", "achtunddreißig Haushalte"),
        ],
    )
    def test_is_the_same_in_letters_and_figures(self, language: str, sentence: str, text: str) -> None:
        assert has_all(language, sentence, text)

"""Who speaks in a text that was not parsed, and whether a sentence says so."""

import msgspec

from api.proposals.drops import DropReason
from api.proposals.languages.checks import UnparsedChecks
from api.proposals.languages.unparsed_text import UnparsedText, read_unparsed
from api.proposals.quotes import Place
from api.proposals.text_checks import GivenVoice
from tests.kit.tables import each
from tests.kit.texts.articles import article

SPANISH = (
    "La compañía sostiene que el negocio sigue intacto. Nuria Villalba habla de un despido colectivo.\n\n"
    "El alcalde llamó al plan «una ayuda para toda la ciudad» en mayo. Después calló."
)
FINNISH = (
    "Yhdistyksen johtajan Sami Rautapuron mukaan matka on pitkä. ”Bussia sinne ei kulje lainkaan”, hän sanoo. "
    "Pankin mukaan kaikki on hyvin. Asiakas maksaa. Hän jonottaa. Hän lähtee.\n\nOuti Kortelahti on eri mieltä. "
    "Hän lukee. Hän laulaa.\n\nKortelahti sanoo, että ilta on kaunis."
)


def read(language: str, body: str) -> UnparsedText:
    return read_unparsed(msgspec.structs.replace(article(body), language=language))


def place(text: UnparsedText, words: str) -> Place:
    start = text.text.index(words)
    return Place(start, start + len(words))


class TestTheVoiceOfAPlace:
    @each(
        ("words", "given", "voice"),
        [
            ("matka on pitkä", "Sami Rautapuro", "Sami Rautapuron"),  # in the form of the text
            ("Bussia sinne ei kulje lainkaan", "Sami Rautapuro", "Sami Rautapuron"),
            ("kaikki on hyvin", "pankki", "Pankin"),
            ("Hän jonottaa", "Sami Rautapuro", DropReason.WRONG_SPEAKER),  # too far
            ("Hän lähtee", "Asiakas", "Asiakas"),
            ("matka on pitkä", "matka", "matka"),  # a word of saying stands there
            ("Asiakas maksaa", "maksaa", DropReason.WRONG_SPEAKER),
            ("Asiakas maksaa", "Outi Kortelahti", DropReason.WRONG_SPEAKER),
            ("ilta on kaunis", "Outi Kortelahti", "Outi Kortelahti"),  # by her last name
            ("ilta on kaunis", "Eva Kortelahti", DropReason.WRONG_SPEAKER),
            ("Asiakas maksaa", "…", DropReason.WRONG_SPEAKER),
        ],
    )
    def test_is_a_name_nearby_in_any_form(self, words: str, given: str, voice: str) -> None:
        text = read("fi", FINNISH)
        assert UnparsedChecks(text, "fi").voice_of(place(text, words), given) == voice


class TestASentence:
    @each(
        ("sentence", "lacks"),
        [
            ("El negocio sigue intacto.", True),
            ("La empresa dice que el negocio sigue intacto.", False),  # nobody else is named
            ("Villalba dice que el negocio sigue intacto.", True),
            ("La compañía no ve problemas.", False),
        ],
    )
    def test_names_an_office_by_a_word_of_saying(self, sentence: str, lacks: bool) -> None:
        text = read("es", SPANISH)
        given: list[GivenVoice] = [
            (0, 50, "La compañía"),
            (51, 98, "Nuria Villalba"),
        ]
        checks = UnparsedChecks(text, "es", given)
        assert checks.lacks_speaker(sentence, text.sentences[:1], []) is lacks

    def test_may_name_whom_the_text_names_beside_an_unnamed_speaker(self) -> None:
        text = read("es", SPANISH)
        given: list[GivenVoice] = [(51, 98, "Nuria Villalba"), (170, 180, "El alcalde")]
        checks = UnparsedChecks(text, "es", given)
        quoted = [place(text, "una ayuda para toda la ciudad")]
        for sentence, lacks in (("El alcalde lo llama ayuda.", False), ("Villalba lo llama ayuda.", True)):
            assert checks.lacks_speaker(sentence, [text.sentences[2]], quoted) is lacks

    def test_names_nobody_by_an_article(self) -> None:
        text = read("de", "Der Vorstand verweist auf das Umfeld. Die Filialen seien leer.")
        checks = UnparsedChecks(text, "de", [(0, 37, "Der Vorstand")])
        assert checks.lacks_speaker("Der Grund ist das Umfeld.", text.sentences[:1], [])
        assert not checks.lacks_speaker("Den Vorstand stört das Umfeld.", text.sentences[:1], [])

    @each(
        ("sentence", "numbers", "lacks"),
        [
            ("Villalba critica el plan.", [1], False),
            ("Ruz critica el plan.", [1], False),  # no speaker of the text
            ("Nuria Villalba critica el plan.", [0], True),
            ("La empresa, critica Villalba, no ve problemas.", [0, 1], False),
        ],
    )
    def test_names_nobody_who_speaks_elsewhere(self, sentence: str, numbers: list[int], lacks: bool) -> None:
        text = read("es", SPANISH)
        checks = UnparsedChecks(text, "es", [(0, 50, "La compañía"), (51, 98, "Nuria Villalba")])
        named = [text.sentences[number] for number in numbers]
        for of_text in (False, True):
            assert checks.lacks_speaker(sentence, named, [], of_text=of_text) is lacks or not of_text

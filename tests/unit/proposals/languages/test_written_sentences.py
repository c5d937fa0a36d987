"""What a model may write on a text in another language."""

import msgspec

from api.analysis.text.article import SourceFacts
from api.proposals.languages.codes import LANGUAGES
from api.proposals.languages.written_sentences import WrittenSentences
from schemas.enums import SourceType
from tests.kit.tables import each
from tests.kit.texts.articles import article
from tests.kit.texts.other_languages import story, text

CHECKS = {code: WrittenSentences(story(code), code, code) for code in ("de", "fr", "es", "it", "nl")}
IN_ENGLISH = WrittenSentences(story("de"), "de", "en")
# The record of a page in a language without a sample.
RECORD = article(
    "Corvell Oy kertoi, että Warszawa ja Nokkala saavat 12 uutta linjaa. NASDAQ.",
    "Corvell",
    source=SourceFacts(name="Harrow Uutiset", type=SourceType.MEDIA, host=None),
)


def fault(language: str, sentence: str) -> str | None:
    return CHECKS[language].fault(sentence, 300)


class TestASentence:
    @each(
        ("language", "sentence", "reason"),
        [
            ("de", "42.", "malformed"),
            ("de", "Es lobt.\u200b", "malformed"),
            ("de", "x" * 301, "too_long"),
            ("de", "Mehr auf quillon.example/kauf.", "contains_address"),
            ("de", "Kaufe jetzt bei Quillon.", "addresses_reader"),
            ("de", "Lesen Sie mehr bei Quillon.", "addresses_reader"),
            ("de", "Das sollten Sie wissen.", "addresses_reader"),
            ("de", "Es geht um dein Geld.", "addresses_reader"),
            ("fr", "Achetez la plateforme.", "addresses_reader"),
            ("fr", "Votre entreprise gagne.", "addresses_reader"),
            ("es", "Compre la plataforma.", "addresses_reader"),
            ("es", "Usted gana con Quillon.", "addresses_reader"),
            ("it", "Il tuo lavoro cambia.", "addresses_reader"),
            ("nl", "Klik op het platform.", "addresses_reader"),
            ("nl", "Uw werk verandert.", "addresses_reader"),
            ("de", "Der Plan kostet 400 Euro.", "invented"),
            ("de", "Der Umsatz lag bei 12.345 Mio. Euro.", "invented"),
            ("de", "Der Umsatz lag bei 1,2345 Mio. Euro.", "invented"),
            ("de", "Fünfzig Depots schließen.", "invented"),
            ("de", "Er nennt es „wunderbar neu“.", "invented"),
            ("de", "Er nennt es »wunderbar neu«.", "invented"),
            ("de", "Auch Peter Müller lobt den Plan.", "invented"),
            ("de", "Zudem prüft die BAFIN das Vorhaben.", "invented"),
            ("de", "Im Werk von Peter Müller stehen 41 Depots.", "invented"),
            ("fr", "M. Dupont dirige le syndicat.", "invented"),
            ("fr", "Crois-tu à la plateforme ?", "addresses_reader"),
            ("fr", "Le projet de Renault avance.", "invented"),
            ("fr", "Le projet de l’OCDE avance.", "invented"),
            ("fr", "Trente dépôts ferment.", "invented"),
            ("es", "El plan de Renfe avanza.", "invented"),
            ("it", "Il piano dell’Alitalia avanza.", "invented"),
            ("nl", "Het plan van Philips gaat door.", "invented"),
        ],
    )
    def test_falls(self, language: str, sentence: str, reason: str) -> None:
        assert fault(language, sentence) == reason

    @each(
        ("language", "sentence"),
        [
            ("de", "Der Text lobt die Plattform, bevor er zeigt, was sie leistet."),
            ("de", "Kritische Stimmen folgen erst im letzten Absatz."),
            ("de", "Die Mitteilung soll Kunden überzeugen, dass Quillon der Branche voraus ist."),
            ("de", "Sie lobt den Entwurf als nahtlos; für Leser wirkt das Wachstum als Tatsache."),
            ("de", "Der Umsatz lag bei 1234,5 Millionen Euro, und 300 von 1820 Fahrern wechseln."),
            ("de", "Es geht um 41 Quadratmeter Fläche und um Millionen Pakete."),
            ("de", "Daneben steht Peer Lunds Satz, und Marta Eides Antwort fehlt."),
            ("de", "Quillons Vorsitzende nennt es „bahnbrechende Neuerung“."),
            ("fr", "Place les louanges en tête ; le syndicat vient tard."),
            ("fr", "Il juge les possibilités « infinies » et la croissance “remarquable”."),
            ("fr", "D’après Peer Lund, personne n’a consulté les chauffeurs de l’entreprise."),
            ("fr", "Pour M. Lund, le nombre des chauffeurs est tu."),
            ("fr", "Convaincre les clients que le système est une nouvelle norme."),
            ("es", "¿Quién midió los 4 minutos?"),
            ("es", "La cifra fue de 1234,5 M€ y no más."),
            ("es", "Ignora las dudas del sindicato hasta el final."),
            ("it", "Dell’accordo con gli autisti non si sa nulla."),
            ("nl", "Stelt Quillon voor als voorloper in de vracht."),
        ],
    )
    def test_passes(self, language: str, sentence: str) -> None:
        assert fault(language, sentence) is None

    @each(
        ("language", "sentence", "passes"),
        [
            ("fi", "Tekstin mukaan Corvellin linjat kulkevat Warszawaan.", True),
            ("fi", "Nokkalassa avataan kaksitoista linjaa.", True),
            ("fi", "Tekstin mukaan Helsinkiin avataan linja.", False),
            ("pl", "Tekst chwali linie w Warszawie.", True),
            ("pl", "Tekst chwali linie w Krakowie.", False),
            ("sv", "Texten berömmer Corvells linjer och Nasdaq.", True),
            ("sv", "Texten berömmer Volvos linjer.", False),
            ("cs", "Text chválí linky v Nokkaly.", True),
            ("cs", "Linka stojí 12 Kč.", False),  # the text has another currency
            ("cs", "Text chválí linky v Nokii.", False),
            ("cs", "Text chválí dvanáct linek, píše Harrow Uutiset.", True),
        ],
    )
    def test_may_have_names_in_other_forms(self, language: str, sentence: str, passes: bool) -> None:
        record = msgspec.structs.replace(RECORD, language=language)
        assert (WrittenSentences(record, language, language).fault(sentence, 300) is None) is passes

    @each("language", LANGUAGES)
    def test_is_checked_in_every_language(self, language: str) -> None:
        check = WrittenSentences(msgspec.structs.replace(RECORD, language=language), language, language)
        assert check.fault("Corvell 12 “Nokkala saavat” NASDAQ", 300) is None
        assert check.fault("Corvell 13", 300) == "invented"
        assert check.fault("Corvell ABBA", 300) == "invented"

    def test_needs_its_numbers_in_its_own_sentences(self) -> None:
        named = [sentence for sentence in text("de").sentences if "1.820" in sentence.text]
        assert not CHECKS["de"].has_numbers_beyond("300 von 1820 Fahrern.", named)
        assert CHECKS["de"].has_numbers_beyond("41 Depots.", named)
        assert CHECKS["de"].has_numbers_beyond("Vier Minuten.", named)
        assert not CHECKS["de"].has_numbers_beyond("Zwei Gruppen.", named)


class TestASentenceInEnglish:
    @each(
        ("sentence", "reason"),
        [
            ("Revenue was 1,234 million euros.", "invented"),
            ("Revenue was 12,345 euros.", "invented"),
            ("You should buy it.", "addresses_reader"),
            ("The text praises Siemens.", "invented"),
            ("It calls it „wunderbar neu“.", "invented"),
            ("It closes thirty depots.", "invented"),
        ],
    )
    def test_falls(self, sentence: str, reason: str) -> None:
        assert IN_ENGLISH.fault(sentence, 300) == reason

    @each(
        "sentence",
        [
            "Revenue was 1,234.5 million euros, says Quillon.",
            "Drivers: 300 of 1,820 get other work in Harrow Bay.",
            "Marta Eide calls it a “bahnbrechende Neuerung”.",
            "Names all 41 depots.",
        ],
    )
    def test_passes(self, sentence: str) -> None:
        assert IN_ENGLISH.fault(sentence, 300) is None

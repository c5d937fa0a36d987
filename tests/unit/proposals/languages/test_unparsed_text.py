"""Sentences and quotations without a parse, in the manner of each language."""

import msgspec
import pytest

from api.analysis.text.document import UNNAMED_VOICE
from api.proposals.languages.codes import LANGUAGES
from api.proposals.languages.language import language_named
from api.proposals.languages.quotation_marks import quoted, unquoted
from api.proposals.languages.unparsed_text import UnparsedText, read_unparsed
from tests.kit.tables import each
from tests.kit.texts.articles import article
from tests.kit.texts.hostile_texts import KINDS


def read(language: str, body: str) -> UnparsedText:
    return read_unparsed(msgspec.structs.replace(article(body, "Ein Titel"), language=language))


def sentences(language: str, body: str) -> list[str]:
    return [sentence.text for sentence in read(language, body).body_sentences()]


class TestSentences:
    @each(
        ("language", "body", "count"),
        [
            ("de", "Am 3. März kam z.B. Dr. Eide. Das kostet 1.234,5 Mio. Euro. Er ging.", 3),
            ("de", "„Das ist so.“ Dann ging er. „Nein!“, rief sie.", 3),
            ("fr", "M. Lund parle à Mme Eide. « C’est ainsi. » Puis il part.", 3),
            ("fr", "« C’est ainsi. » Puis il part. « Stop ! », dit-elle. « Non ! » Rien de plus.", 5),
            ("da", "Han gik. »Det er slut.« Så kom hun. »Nej!« råbte hun.", 4),
            ("da", "Det sker pr. 1. februar. Så er det slut.", 2),
            ("da", "Det kostede 23,4 mio. kr. Resultatet blev 19,8 mio. kr. mod 18 før.", 2),
            ("pl", "Zysk wyniósł 143 mln zł. Spółka rośnie. Kosztuje 20 zł. miesięcznie.", 3),
            ("es", "Dijo que no. La Sra. Eide calló. ¿Por qué? ¡Nadie lo sabe!", 4),
            ("it", "Il sig. Lund e la dott.ssa Eide parlano. Disse di no. Poi tace.", 3),
            ("pt", "O Sr. Lund falou. A Dra. Eide saiu.", 2),
            ("nl", "Dhr. Lund sprak, bijv. over mevr. Eide. Hij ging.", 2),
            ("sv", "Det sker t.ex. i Tarn. Nästa år kommer fler.", 2),
            ("da", "Det sker den 3. Marts var kold. Så gik han.", 2),
            ("nb", "Det skjer bl.a. i Tarn. Så gikk han.", 2),
            ("pl", "Np. Tarn rośnie. Prof. Eide mówi.", 2),
            ("cs", "Např. Tarn roste. Prof. Eide mluví.", 2),
            ("fi", "Esim. Tarn kasvaa. Prof. Eide puhuu.", 2),
        ],
    )
    def test_end_where_the_language_ends_them(self, language: str, body: str, count: int) -> None:
        assert len(sentences(language, body)) == count, sentences(language, body)


class TestQuotations:
    @each(
        ("language", "body"),
        [
            ("de", "„Wir sind sehr froh darüber“, sagte Eide."),
            ("de", "»Wir sind sehr froh darüber«, sagte Eide."),
            ("fr", "« Nous sommes très heureux ici », dit Eide."),
            ("fr", "«\u202fNous sommes très heureux ici\u202f», dit Eide."),
            ("es", "«Estamos muy contentos con esto», dijo Eide."),
            ("sv", "”Vi är mycket glada nu”, sade Eide."),
            ("nl", "‘We zijn heel blij met foto’s’, zei Eide."),
            ("pl", "„Jesteśmy bardzo szczęśliwi tutaj”, mówi Eide."),
            ("it", '"Siamo molto felici di questo", disse Eide.'),
        ],
    )
    def test_are_statements_of_somebody_unnamed(self, language: str, body: str) -> None:
        text = read(language, body)
        (quotation,) = text.quotations
        assert text.text[quotation.start : quotation.end][0].isalpha()
        assert text.text[quotation.start : quotation.end][-1].isalpha()
        assert text.voice_at(quotation.start, quotation.end) == UNNAMED_VOICE

    def test_of_a_few_words_are_the_texts_own(self) -> None:
        text = read("de", "Er nennt es „ganz neu“ und geht.")
        assert [sentence.voice for sentence in text.sentences] == ["document"] * 2
        assert len(text.quotations) == 1

    def test_run_on_into_the_next_paragraph(self) -> None:
        text = read("de", "„Wir sind froh, sagte sie, und bleiben.\n\n„Das ist der Grund dafür“, sagte sie.")
        assert len(text.quotations) == 2

    def test_that_are_left_open_are_none(self) -> None:
        assert read("de", "„Wir sind froh und bleiben.\n\nDas ist der Grund dafür.").quotations == ()

    def test_in_a_sentence_are_found_in_any_marks(self) -> None:
        sentence = 'Es ist „neu“, »frei«, « vrai », “good” und "alt'
        assert quoted(sentence) == ["neu", "frei", "vrai", "good", "alt"]
        assert unquoted(sentence) == "Es ist _, _, _, _ und _"


class TestAnyText:
    @each("kind", KINDS)
    def test_is_read_without_an_error(self, kind: str) -> None:
        text = read("fi", KINDS[kind](20_000))
        assert all(a.end <= b.start for a, b in zip(text.sentences, text.sentences[1:], strict=False))
        assert all(a.end <= b.start for a, b in zip(text.quotations, text.quotations[1:], strict=False))


class TestTheTable:
    def test_has_every_language(self) -> None:
        assert len(set(LANGUAGES.values())) == 12
        for code in LANGUAGES:
            language = language_named(code)
            assert language.saying.search(language.says[0].replace("\\b", ""))
            assert language.number(language.numbers[3][:1]) == 3
            assert language.addresses.search("x") is None

    def test_refuses_others(self) -> None:
        with pytest.raises(AssertionError):
            language_named("ja")

    @each(
        ("language", "word", "value"),
        [
            ("de", "dreiundzwanzig", 23),
            ("de", "zweihundertfünfzig", 250),
            ("de", "Millionen", 1_000_000),
            ("fr", "quatre-vingt-dix", 90),
            ("fr", "vingt-cinq", 25),
            ("nl", "drieëntwintig", 23),
            ("it", "trecento", 300),
            ("fi", "kaksikymmentäviisi", 25),
            ("da", "femogtyve", 25),
            ("de", "Hund", None),
            ("nb", "femti" * 400 + "x", None),
        ],
    )
    def test_knows_numbers_in_words(self, language: str, word: str, value: int | None) -> None:
        assert language_named(language).number(word.split()) == value

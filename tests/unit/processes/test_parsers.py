from justext.core import define_stoplist  # type: ignore[import-untyped]  # it ships no types
from justext.utils import get_stoplist, get_stoplists  # type: ignore[import-untyped]
from trafilatura import external

from api.processes import parsers


def test_stop_words_of_all_languages_are_known_without_a_file() -> None:
    parsers.pages()
    known = define_stoplist(external.JT_STOPLIST)
    assert known == {word for language in get_stoplists() for word in get_stoplist(language)}

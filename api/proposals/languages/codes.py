"""The languages in which a language model judges alone. Light: the worker's own process imports it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

ENGLISH: Final = "en"
# ISO 639-1 codes with English names. `no` and `nb` are one language: the identifier says `no`, pages say both.
LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cs": "Czech",
        "da": "Danish",
        "de": "German",
        "es": "Spanish",
        "fi": "Finnish",
        "fr": "French",
        "it": "Italian",
        "nb": "Norwegian",
        "nl": "Dutch",
        "no": "Norwegian",
        "pl": "Polish",
        "pt": "Portuguese",
        "sv": "Swedish",
    }
)


class ProseLanguage(StrEnum):
    """The language of the sentences that a model writes: that of the story, or English."""

    STORY = "story"
    ENGLISH = "english"


def is_unparsed(language: str | None) -> bool:
    """Whether texts in this language are judged by a language model alone."""
    return language in LANGUAGES


def language_of_prose(language: str | None, prose: ProseLanguage) -> str:
    """The code of the language of the sentences on a text in `language`."""
    if language is None or language not in LANGUAGES or prose is ProseLanguage.ENGLISH:
        return ENGLISH
    return language

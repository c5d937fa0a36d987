"""Decides whether an article can be judged, and if not, why: a score for too little text would be a guess.

Cheap tests use the record alone; others use the parsed document. A refused article gets no score and no type,
and never counts in an average.
"""

import re
from collections.abc import Collection

from api.analysis.text.article import MIN_WORDS, Article
from api.analysis.text.document import Text
from api.analysis.text.text_shape import (
    has_several_stories,
    is_recipe,
    is_run_together,
    lacks_sentences,
    lacks_words,
)
from schemas.assessments import NotScorable
from schemas.enums import NotScorableReason

HEADLINE_WORDS = 15  # a shorter body is a teaser

# schema.org types of pages without running text about one subject.
NOT_ARTICLES = {
    "Recipe": "a recipe",
    "QAPage": "a page of questions and answers",
    "Product": "a product's page",
    "ProductGroup": "a product's page",
    "RealEstateListing": "a listing",
    "Hotel": "a listing",
    "Restaurant": "a listing",
    "LocalBusiness": "a listing",
    "MusicRecording": "a song's page",
    "MusicAlbum": "an album's page",
    "MusicComposition": "a song's page",
    "Movie": "a film's page",
    "TVSeries": "a series' page",
    "ItemList": "a list of links",
    "SearchResultsPage": "a page of search results",
    "CollectionPage": "a page of links to others",
    "ProfilePage": "a profile",
    "ContactPage": "a contact page",
    "CheckoutPage": "a checkout page",
}
_LETTERS = re.compile(
    r"\s*(?:letters?\b.{0,20}\b(?:editor|\d)|letters?\s*[:|–—-]|readers?['’]? letters)", re.IGNORECASE
)


def gate(article: Article, document: Text | None, languages: Collection[str] = ("en",)) -> NotScorable | None:
    """Why the article cannot be judged; None if it can.

    `languages` are the taxonomy's. Without `document` only the record is tested: call it once before the parse,
    to avoid the cost, and once after.
    """
    refusal = _by_record(article, languages)
    if refusal is None and document is not None:
        refusal = _by_shape(article, document)
    return refusal


def _by_record(article: Article, languages: Collection[str]) -> NotScorable | None:
    words = article.words
    if not article.text.strip():
        return _refusal(NotScorableReason.EMPTY, "There is no text.")
    if article.language is not None and article.language not in languages:
        return _refusal(
            NotScorableReason.UNSUPPORTED_LANGUAGE,
            f"The text's language ({article.language}) is not one that can be judged yet.",
        )
    if article.paywalled:
        return _refusal(
            NotScorableReason.PAYWALLED, f"Most of the text is behind a paywall; {words} words can be read."
        )
    if article.page_type in NOT_ARTICLES:
        return _refusal(
            NotScorableReason.NOT_AN_ARTICLE, f"The page declares itself {NOT_ARTICLES[article.page_type]}."
        )
    if words < HEADLINE_WORDS and article.title:
        return _refusal(NotScorableReason.HEADLINE_ONLY, "There is a headline and hardly any text below it.")
    if words < MIN_WORDS:
        return _refusal(
            NotScorableReason.TOO_SHORT, f"The text has {words} words; {MIN_WORDS} are needed to judge it."
        )
    if lacks_words(article.text[article.body_start :]):
        return _refusal(
            NotScorableReason.NOT_AN_ARTICLE, "Most of the text is figures, signs or single letters."
        )
    if _LETTERS.match(article.title):
        return _refusal(NotScorableReason.SEVERAL_STORIES, "The page holds several readers' letters.")
    return None


def _by_shape(article: Article, document: Text) -> NotScorable | None:
    if is_recipe(article.text):
        return _refusal(NotScorableReason.NOT_AN_ARTICLE, "The text is a list of quantities: a recipe.")
    if has_several_stories(document):
        return _refusal(NotScorableReason.SEVERAL_STORIES, "The text holds several stories, run together.")
    if is_run_together(document):
        return _refusal(
            NotScorableReason.NOT_AN_ARTICLE, "Most of the text is words without sentences, as in navigation."
        )
    if lacks_sentences(document):
        return _refusal(NotScorableReason.NOT_AN_ARTICLE, "Too few of the lines are sentences.")
    return None


def _refusal(reason: NotScorableReason, detail: str) -> NotScorable:
    return NotScorable(reason=reason, detail=detail)

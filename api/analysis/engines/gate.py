"""Decides whether an article can be judged, and if not, why: a score for too little text would be a guess.

Cheap tests use the record alone; others use the parsed document. A refused article gets no score and no type,
and never counts in an average.
"""

import re
from collections.abc import Collection
from typing import Final

from api.analysis.text.article import MIN_WORDS, Article
from api.analysis.text.document import Text
from api.analysis.text.page_kind import (
    is_address_of_things,
    is_story_address,
    kind_by_address,
    kind_by_title,
)
from api.analysis.text.several_stories import has_several_stories
from api.analysis.text.story_shape import Shape, past, shape
from api.analysis.text.text_shape import (
    is_chain_of_thought,
    is_chat,
    is_code,
    is_furniture,
    is_job_advertisement,
    is_legal_text,
    is_offer,
    is_ratings,
    is_recipe,
    is_run_together,
    lacks_sentences,
    lacks_words,
)
from schemas.assessments import NotScorable
from schemas.enums import NotScorableReason

REVIEW_WORDS = 300  # a reporter's review is longer, or declares an article too
HEADLINE_WORDS = 15  # a shorter body is a teaser
# Most points (`text/story_shape.py`) of a text that is submitted or declared an article; of one with an author, a
# date or the address of a story; of any other. 3, 26 and 61 of 1,000 published stories have more.
DECLARED, SIGNED, BARE = 4.0, 1.8, 0.6
TELLING = 5.0  # verbs of the past in a hundred words of a story about a thing; pages of one have 4.5 at most
THINGS = 1.5  # fewer points at an address of products, jobs or the like
LIKE_A_PAGE = 0.15  # above the line of `page_likeness`, since texts of odd hands lie near it
FEWEST_TOLD = 150  # words of a text that the model may refuse
VAGUE = frozenset({"a list or an offer", "instructions"})  # few points of these say little about a text

# schema.org types of pages without running text about one subject.
NOT_ARTICLES = {
    "Recipe": "a recipe",
    "QAPage": "a page of questions and answers",
    "AboutPage": "a page about its publisher",
    "JobPosting": "a job advertisement",
    "Product": "a product's page",
    "ProductGroup": "a product's page",
    "SoftwareApplication": "a product's page",
    "Course": "a course's page",
    "Event": "an event's page",
    "Book": "a book's page",
    "AggregateRating": "ratings by customers",
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
# Types that only articles declare; "Article" itself stands on many pages that are none.
_CERTAIN = frozenset(
    {"NewsArticle", "BlogPosting", "ReportageNewsArticle", "OpinionNewsArticle", "AnalysisNewsArticle",
     "TechArticle", "ScholarlyArticle", "LiveBlogPosting", "Report"}
)  # fmt: skip
# Types that a story about such a thing may declare too.
_TOLD_OF = frozenset({"Product", "Recipe", "Restaurant", "Hotel", "Book", "Movie", "MusicAlbum", "Event"})
_KINDS_OF_TEXT: Final = (
    (is_recipe, "a list of quantities: a recipe"),
    (is_code, "a program or a style sheet"),
    (is_legal_text, "terms, a licence or a policy"),
    (is_chat, "a chat with a language model"),
    (is_offer, "an offer of goods or plans"),
    (is_ratings, "ratings by customers"),
    (is_job_advertisement, "a job advertisement"),
)
_LETTERS = re.compile(
    r"\s*(?:letters\b.{0,20}\b(?:editor|\d)|letters\s*[:|–—-]|readers?['’]? letters)", re.IGNORECASE
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
    if article.page_type in NOT_ARTICLES and not _tells_of_a_thing(article):
        return _refusal(NotScorableReason.NOT_AN_ARTICLE, f"The page is {NOT_ARTICLES[article.page_type]}.")
    if (kind := _kind_of_page(article)) is not None:
        return _refusal(NotScorableReason.NOT_AN_ARTICLE, f"The page is {kind}.")
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
    text = article.text[article.body_start :]
    for is_kind, kind in _KINDS_OF_TEXT:
        if article.page_type not in _CERTAIN and is_kind(text):
            return _refusal(NotScorableReason.NOT_AN_ARTICLE, f"The text is {kind}.")
    return None


def _tells_of_a_thing(article: Article) -> bool:
    """Whether a page that declares a thing tells what happened, as a recall does or a cook's memoir."""
    told = past(article.text[article.body_start :])
    return article.page_type in _TOLD_OF and told >= TELLING and article.words >= MIN_WORDS


def _kind_of_page(article: Article) -> str | None:
    if article.page_type in _CERTAIN:
        return None
    if article.page_type == "Review" and article.words < REVIEW_WORDS:
        return "a customer's review"
    kind = kind_by_title(article.title, article.text[article.body_start :])
    if kind or article.url is None or is_story_address(article.url):
        return kind
    return kind_by_address(article.url)


def _by_shape(article: Article, document: Text) -> NotScorable | None:
    if has_several_stories(document):
        return _refusal(NotScorableReason.SEVERAL_STORIES, "The text holds several stories, run together.")
    if is_run_together(document):
        return _refusal(
            NotScorableReason.NOT_AN_ARTICLE, "Most of the text is words without sentences, as in navigation."
        )
    if is_chain_of_thought(document):
        return _refusal(NotScorableReason.NOT_AN_ARTICLE, "The text is a language model's thinking aloud.")
    found = shape(document)
    if found.points > _limit(article):
        return _refusal(
            NotScorableReason.NOT_AN_ARTICLE,
            f"The text has the shape of {found.looks_like}, not of a story.",
        )
    if is_furniture(document):
        return _refusal(
            NotScorableReason.NOT_AN_ARTICLE,
            "Much of the text is notices of the page: subscriptions, credits.",
        )
    if lacks_sentences(document):
        return _refusal(NotScorableReason.NOT_AN_ARTICLE, "Too few of the lines are sentences.")
    if reads_like_a_page(document):
        return _refusal(NotScorableReason.NOT_AN_ARTICLE, _likeness(found))
    return None


def reads_like_a_page(document: Text) -> bool:
    """Whether a model takes the text for a page; False of a short text, whose few sentences tell too little."""
    likeness = document.page_likeness
    return likeness is not None and likeness > LIKE_A_PAGE and len(document.text.split()) >= FEWEST_TOLD


def _likeness(found: Shape) -> str:
    """What is said of a text that the signs let pass and the model takes for a page."""
    if found.looks_like in VAGUE:
        return (
            "The text reads like a page that offers, lists or explains, or like a thread, not like a story."
        )
    return f"The text reads like {found.looks_like}, not like a story."


def _limit(article: Article) -> float:
    """The most points of a text that is judged: the less the page declares, the fewer."""
    if article.page_type is None or article.page_type in _CERTAIN:
        return DECLARED
    things = THINGS if article.url and is_address_of_things(article.url) else 0.0
    if article.author or article.published_at or (article.url and is_story_address(article.url)):
        return SIGNED - things
    return BARE - things


def _refusal(reason: NotScorableReason, detail: str) -> NotScorable:
    return NotScorable(reason=reason, detail=detail)

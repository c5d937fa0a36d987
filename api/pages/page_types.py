"""Determines the kind of a page: the most specific schema.org type that it declares."""

from collections.abc import Iterable
from typing import Final

# These override article types: recipe and question sites declare both.
_DECISIVE: Final = ("Recipe", "QAPage", "DiscussionForumPosting", "JobPosting")
# Most specific first.
ARTICLE_TYPES: Final = (
    "LiveBlogPosting",
    "OpinionNewsArticle",
    "AnalysisNewsArticle",
    "ReportageNewsArticle",
    "BackgroundNewsArticle",
    "ReviewNewsArticle",
    "AskPublicNewsArticle",
    "AdvertiserContentArticle",
    "SatiricalArticle",
    "MedicalScholarlyArticle",
    "ScholarlyArticle",
    "NewsArticle",
    "TechArticle",
    "BlogPosting",
    "SocialMediaPosting",
    "Report",
    "Article",
)
# Pages about one thing. They override `og:type` article, which many systems put on every page.
_THINGS: Final = (
    "Product", "ProductGroup", "Event", "Course", "RealEstateListing", "Hotel", "Restaurant", "LocalBusiness",
    "MusicRecording", "MusicAlbum", "MusicComposition", "Movie", "TVSeries", "Book", "SoftwareApplication",
    "SearchResultsPage", "CollectionPage", "ProfilePage", "ContactPage", "AboutPage", "CheckoutPage",
)  # fmt: skip
_OPEN_GRAPH: Final = "og:article"
# Things that articles embed, and lists; `og:type` article overrides them.
_PARTS: Final = (
    "FAQPage",
    "HowTo",
    "VideoObject",
    "AudioObject",
    "PodcastEpisode",
    "ItemList",
    "Dataset",
    "Review",
)
_GENERIC: Final = ("MedicalWebPage", "ItemPage", "WebPage", "Blog", "WebSite")
# Types of organisations that say more than Organization.
PUBLISHER_KINDS: Final = frozenset({
    "NewsMediaOrganization", "GovernmentOrganization", "GovernmentOffice", "NGO", "CollegeOrUniversity",
    "ResearchOrganization", "EducationalOrganization", "Corporation", "OnlineBusiness",
})  # fmt: skip

_RANKS: Final = {
    name.lower(): (rank, "Article" if name == _OPEN_GRAPH else name)
    for rank, name in enumerate((*_DECISIVE, *ARTICLE_TYPES, *_THINGS, _OPEN_GRAPH, *_PARTS, *_GENERIC))
}
_FROM_OPEN_GRAPH: Final = {
    "article": _OPEN_GRAPH,
    "blog": "Blog",
    "book": "Book",
    "product": "Product",
    "product.item": "Product",
    "product.group": "ProductGroup",
    "profile": "ProfilePage",
    "music.song": "MusicRecording",
    "music.album": "MusicAlbum",
    "video.movie": "Movie",
    "video.episode": "VideoObject",
    "video.other": "VideoObject",
    "video": "VideoObject",
    "website": "WebSite",
}


def page_type(schema_types: Iterable[str], open_graph_type: str | None) -> str | None:
    """The most specific declared schema.org type; None if none is known.

    `schema_types` are the types of JSON-LD and microdata, bare names in any case; `open_graph_type` is the
    content of `og:type`.
    """
    names = [name.lower() for name in schema_types]
    names.append(_FROM_OPEN_GRAPH.get((open_graph_type or "").strip().lower(), "").lower())
    ranks = [_RANKS[name] for name in names if name in _RANKS]
    return min(ranks)[1] if ranks else None

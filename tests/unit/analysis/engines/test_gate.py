from pathlib import Path

import pytest

from api.analysis.engines.fast.skimming import skim
from api.analysis.engines.gate import NOT_ARTICLES, gate
from api.analysis.engines.reading import read
from api.analysis.text.article import MIN_WORDS, Article
from api.analysis.text.page_kind import is_story_address, kind_by_address, kind_by_title
from schemas.assessments import NotScorable
from schemas.enums import NotScorableReason
from tests.kit.texts.articles import article
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_LAYOFF, PLAIN_REPORT, STAMPEDE
from tests.kit.texts.no_articles import NO_ARTICLES, ODD_ARTICLES, article_of_file
from tests.kit.texts.quiet_pages import ABOUT, THREAD

WORDS = "The council met on Monday and spoke about the pool for a long time. " * 8
TELLS_NOTHING = "A pump of this kind lifts water from a deep well and costs little to keep. " * 8
DATELINED = (
    "MARL (Reuters) - The council of Marl closed two pools on Monday. It did not say when they open again.\n\n"
    "TARN, June 4 (Reuters) - Shares of Corvell fell by 3 percent after its report on the second quarter.\n\n"
    "OSTERBY (AP) — A ferry ran aground near Osterby on Sunday. Nobody was hurt, the coast guard said, and the "
    "ferry was freed in the evening by two tugs. An inquiry begins this week in the harbour office of the town. "
    "The line had to stop its service until Tuesday, and passengers were taken by bus over the bridge instead."
)
DIGEST = "".join(
    f"{name} raised {n} million crowns from two funds this week and will hire ten people in its town.\n\n"
    f"Read more on {name}\n\n"
    for n, name in enumerate(("Larkpad", "Nobbin", "Quillo", "Merrow", "Tallowick", "Furrow"), 3)
)
RECIPE = (
    "This cake is quick to make and keeps for a week in a tin, if nobody finds it. My aunt in Marl baked it for "
    "every birthday, and so do I, with plums in autumn and with cherries in June when the trees are full.\n\n"
    "2 cups flour\n1 cup sugar\n1/2 tsp salt\n2 tbsp butter\n3 oz plums\n250 ml milk\n\n"
    "Mix the flour and the sugar. Add the butter and the milk. Lay the plums on top. Bake the cake for forty "
    "minutes until it is brown, let it cool and serve it with cream or with nothing at all, as you like it best."
)
MENU = "\n".join(
    f"{a} {b} guide and offers"
    for a in ("Spring", "Summer", "Autumn", "Winter")
    for b in ("Garden", "Kitchen", "Tools", "Sale", "News", "Help")
)
RUN_TOGETHER = (
    "More from the archive Videos Podcasts and then the newest stories of the week about pools " * 12
)


def reason(body: str, title: str = "", **fields: object) -> NotScorableReason | None:
    refusal = judged(article(body, title, **fields))
    return refusal.reason if refusal else None


def judged(record: Article) -> NotScorable | None:
    return gate(record, None) or gate(record, read(record))


def by_signs(record: Article) -> NotScorable | None:
    """Without an encoder, which takes some made-up texts of one sentence for pages."""
    return gate(record, None) or gate(record, skim(record))


class TestGate:
    @pytest.mark.parametrize(
        ("body", "title", "expected"),
        [
            ("", "", NotScorableReason.EMPTY),
            ("", "Council closes pools", NotScorableReason.HEADLINE_ONLY),
            ("The council met on Monday.", "Council closes pools", NotScorableReason.HEADLINE_ONLY),
            ("word " * (MIN_WORDS - 1), "Title", NotScorableReason.TOO_SHORT),
            ("A few words without a title.", "", NotScorableReason.TOO_SHORT),
            (WORDS, "Letters to the editor, 4 May", NotScorableReason.SEVERAL_STORIES),
            (DATELINED, "Council closes pools", NotScorableReason.SEVERAL_STORIES),
            (DIGEST, "Money this week", NotScorableReason.SEVERAL_STORIES),
            (RECIPE, "Plum cake", NotScorableReason.NOT_AN_ARTICLE),
            (MENU, "Home", NotScorableReason.NOT_AN_ARTICLE),
            (RUN_TOGETHER, "Archive", NotScorableReason.NOT_AN_ARTICLE),
        ],
        ids=[
            "empty",
            "title",
            "teaser",
            "short",
            "untitled",
            "letters",
            "agency",
            "digest",
            "recipe",
            "menu",
            "archive",
        ],
    )
    def test_refuses_what_cannot_be_judged(self, body: str, title: str, expected: NotScorableReason) -> None:
        assert reason(body, title) is expected

    def test_refuses_a_paywalled_text(self) -> None:
        assert reason(WORDS, paywalled=True) is NotScorableReason.PAYWALLED

    def test_refuses_a_language_outside_the_list(self) -> None:
        assert reason(WORDS, language="de") is NotScorableReason.UNSUPPORTED_LANGUAGE
        assert gate(article(WORDS, language="de"), None, languages=("en", "de")) is None

    @pytest.mark.parametrize("page_type", sorted(NOT_ARTICLES))
    def test_refuses_pages_of_another_kind(self, page_type: str) -> None:
        assert reason(TELLS_NOTHING, page_type=page_type) is NotScorableReason.NOT_AN_ARTICLE

    def test_says_why_in_a_sentence(self) -> None:
        refusal = gate(article("Eleven words stand here, and they are hardly enough for anything."), None)
        assert refusal is not None
        assert refusal.detail == "The text has 11 words; 80 are needed to judge it."

    @pytest.mark.parametrize(
        "story", [HYPE, STAMPEDE, CUSHION, PLAIN_REPORT, PLAIN_LAYOFF], ids=lambda s: s[0][:20]
    )
    def test_lets_stories_through(self, story: tuple[str, str]) -> None:
        assert reason(story[1], story[0]) is None

    @pytest.mark.parametrize("page_type", [None, "NewsArticle", "BlogPosting", "WebPage", "LiveBlogPosting"])
    def test_lets_articles_through(self, page_type: str | None) -> None:
        assert reason(PLAIN_REPORT[1], page_type=page_type) is None


class TestLikeness:
    """A page that no sign finds out; the fast engine, which has no encoder, judges it."""

    def test_of_a_page_is_refused_in_plain_words(self) -> None:
        refusal = judged(article(f"{ABOUT}\n\n{ABOUT}"))
        assert refusal is not None
        assert refusal.reason is NotScorableReason.NOT_AN_ARTICLE
        assert refusal.detail == (
            "The text reads like a page that offers, lists or explains, or like a thread, not like a story."
        )
        assert by_signs(article(ABOUT)) is None

    def test_names_what_a_sign_knows(self) -> None:
        refusal = judged(article(f"Me: Is it true?\n\nModel: I think so.\n\n{THREAD}\n\n{THREAD}"))
        assert refusal is not None
        assert refusal.detail == "The text reads like a chat, not like a story."


class TestPages:
    @pytest.mark.parametrize("path", NO_ARTICLES, ids=lambda p: p.stem)
    def test_that_are_no_article_are_refused(self, path: Path) -> None:
        record = article_of_file(path)
        if record.words >= MIN_WORDS:
            refusal = judged(record)
            assert refusal is not None
            assert refusal.reason in (NotScorableReason.NOT_AN_ARTICLE, NotScorableReason.SEVERAL_STORIES)

    @pytest.mark.parametrize("path", ODD_ARTICLES, ids=lambda p: p.stem)
    def test_that_look_like_no_article_are_judged(self, path: Path) -> None:
        assert judged(article_of_file(path)) is None

    @pytest.mark.parametrize(
        ("title", "kind"),
        [
            ("About us", "a page about its publisher"),
            ("Corvane | Our story", "a page about its publisher"),
            ("About Corvane", "a page about its publisher"),
            ("Terms and conditions of sale", "a page of terms"),
            ("Privacy Policy - Corvane", "a page of terms"),
            ("Category: Pumps", "a page of links to others"),
            ("What our customers say about us", "a page of reviews"),
            ("About Tuesday's outage", None),
            ("Our story: five years of Corvane, and the flood that saved it", None),
            ("Changes to our terms of service", None),
            ("Corvane changes its privacy policy", None),
            ("Contact with Tarn lost after storm", None),
            ("News from Tarn: pumps run again", None),
            ("", None),
        ],
    )
    def test_are_known_by_a_title_that_is_nothing_else(self, title: str, kind: str | None) -> None:
        assert kind_by_title(title, "We build pumps, and our pumps last.") == kind

    def test_are_about_a_publisher_only_if_it_speaks(self) -> None:
        assert (
            kind_by_title("About Corvane", "Corvane closed its hall in Tarn on Monday, and 40 people left.")
            is None
        )

    @pytest.mark.parametrize(
        ("path", "kind"),
        [
            ("/about", "a page about its publisher"),
            ("/company/about-us.html", "a page about its publisher"),
            ("/legal/privacy-policy/", "a page of terms"),
            ("/category/pumps/page/2", "a page of links to others"),
            ("/news", "a page of links to others"),
            ("/news/pumps-run-again", None),
            ("/2031/05/about-the-outage", None),
            ("/", None),
        ],
    )
    def test_are_known_by_the_last_part_of_the_address(self, path: str, kind: str | None) -> None:
        assert kind_by_address(f"https://corvane.example{path}") == kind

    @pytest.mark.parametrize("path", ["/blog/pumps", "/2031/05/04/x", "/corvane-closes-its-hall-in-tarn"])
    def test_of_stories_have_addresses_of_stories(self, path: str) -> None:
        assert is_story_address(f"https://corvane.example{path}")
        assert not is_story_address("https://corvane.example/pumps/model-4")

    def test_by_reporters_keep_their_ratings(self) -> None:
        rated = "".join(f"{WORDS} It gets {n} out of 5.\n\n" for n in range(1, 5))
        assert by_signs(article(rated, "Four pumps, and what they are worth")) is None

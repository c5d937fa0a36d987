import pytest

from api.analysis.engines.gate import NOT_ARTICLES, gate
from api.analysis.engines.reading import read
from api.analysis.text.article import MIN_WORDS
from schemas.enums import NotScorableReason
from tests.kit.texts.articles import article
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_LAYOFF, PLAIN_REPORT, STAMPEDE

WORDS = "The council met on Monday and spoke about the pool for a long time. " * 8
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
    record = article(body, title, **fields)
    refusal = gate(record, None) or gate(record, read(record))
    return refusal.reason if refusal else None


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
        assert reason(WORDS, page_type=page_type) is NotScorableReason.NOT_AN_ARTICLE

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

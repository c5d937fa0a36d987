"""The front page with the latest stories."""

from collections.abc import Sequence

from api.rendering.html.environment import render
from api.rendering.site import Site
from schemas.stories import StoryRow


def front_html(latest: Sequence[StoryRow], site: Site, *, public: bool) -> str:
    """`public`: stories can be read without a key."""
    return render("front.html", site, here=f"{site.base_url}/", graph=None, latest=latest, public=public)

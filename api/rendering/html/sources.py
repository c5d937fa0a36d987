"""A source as a page, with the latest of its stories."""

from collections.abc import Sequence

from api.rendering.html.environment import render
from api.rendering.jsonld.sources import source_graph
from api.rendering.site import Site
from schemas.sources import Source
from schemas.stories import StoryRow


def source_html(source: Source, latest: Sequence[StoryRow], site: Site) -> str:
    return render(
        "source.html",
        site,
        here=site.at("sources", source.id),
        graph=source_graph(source, site),
        source=source,
        latest=latest,
    )

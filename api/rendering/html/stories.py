"""A story as a page."""

from api.rendering.html.environment import render
from api.rendering.html.verdicts import verdict_values
from api.rendering.jsonld.stories import story_graph
from api.rendering.site import Site
from api.rendering.subject import subject_of
from schemas.stories import Story


def story_html(story: Story, site: Site) -> str:
    return render(
        "verdict.html",
        site,
        here=story.links.self,
        graph=story_graph(story, site),
        story=story,
        **verdict_values(story.verdict, subject_of(story), site),
    )

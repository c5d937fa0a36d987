"""The page of an error, for browsers."""

from api.rendering.html.environment import render
from api.rendering.site import Site


def failure_html(title: str, detail: str, site: Site) -> str:
    """A page that has no address of its own."""
    return render("failure.html", site, graph=None, title=title, detail=detail)

"""The vocabulary as a page."""

from api.rendering.html.environment import render
from api.rendering.site import Site
from api.rendering.vocabulary import TERMS, namespace


def vocabulary_html(site: Site) -> str:
    here = f"{site.base_url}/ns"
    return render("vocabulary.html", site, here=here, graph=None, terms=TERMS, space=namespace(site.base_url))

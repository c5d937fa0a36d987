"""The taxonomy, or one type of it, as a page."""

from api.rendering.html.environment import render
from api.rendering.jsonld.taxonomy import tactic_graph, taxonomy_graph, type_graph
from api.rendering.site import Site
from schemas.taxonomy import Tactic, Taxonomy, TaxonomyType


def taxonomy_html(taxonomy: Taxonomy, site: Site) -> str:
    return render(
        "taxonomy.html",
        site,
        here=f"{site.base_url}/v1/taxonomy",
        graph=taxonomy_graph(taxonomy, site),
        entries=taxonomy.types,
        bands=taxonomy.bands,
        heading="The taxonomy of spin",
    )


def type_html(entry: TaxonomyType, site: Site) -> str:
    return render(
        "taxonomy.html",
        site,
        here=site.at("taxonomy", entry.type.value),
        graph=type_graph(entry, site),
        entries=[entry],
        bands=[],
        heading=entry.name,
    )


def tactic_html(tactic: Tactic, entry: TaxonomyType, site: Site) -> str:
    return render(
        "tactic.html",
        site,
        here=site.at_tactic(entry.type, tactic.code),
        graph=tactic_graph(tactic, entry, site),
        tactic=tactic,
        entry=entry,
    )

"""The taxonomy as a set of defined terms: types and their tactics."""

from collections.abc import Iterator

from api.rendering.jsonld.graph import Node, graph, node, ref
from api.rendering.jsonld.sources import publisher_address, publisher_node
from api.rendering.site import Site
from schemas.enums import SpinType
from schemas.taxonomy import Tactic, Taxonomy, TaxonomyType


def taxonomy_graph(taxonomy: Taxonomy, site: Site) -> Node:
    """The whole taxonomy; its address contains the version."""
    bands = [
        node(
            f"{site.base_url}/v1/taxonomy#band-{band.band}",
            "unspun:ScoreBand",
            {
                "name": band.band.value,
                "unspun:scoreLow": band.low,
                "unspun:scoreHigh": band.high,
                "description": band.anchor,
            },
        )
        for band in taxonomy.bands
    ]
    terms = [term for entry in taxonomy.types for term in _terms(entry, site)]
    term_set = node(
        set_address(site),
        "DefinedTermSet",
        {
            "name": "Unspun taxonomy of spin",
            "url": f"{site.base_url}/v1/taxonomy",
            "version": taxonomy.version,
            "inLanguage": "en",
            "publisher": ref(publisher_address(site)),
            "license": site.license,
            "hasDefinedTerm": [ref(term["@id"]) for term in terms],
            "unspun:scoreBand": [ref(band["@id"]) for band in bands],
        },
    )
    return graph([term_set, *terms, *bands, publisher_node(site)], site)


def type_graph(entry: TaxonomyType, site: Site) -> Node:
    """One type with its tactics."""
    return graph(_terms(entry, site), site)


def tactic_graph(tactic: Tactic, entry: TaxonomyType, site: Site) -> Node:
    """One tactic with its type."""
    return graph([_tactic(tactic, entry, site), _type(entry, site)], site)


def set_address(site: Site) -> str:
    return f"{site.base_url}/v1/taxonomy#{site.taxonomy.version}"


def type_address(code: SpinType, site: Site) -> str:
    return site.at("taxonomy", code.value)


def tactic_address(code: str, site: Site) -> str | None:
    """Returns None for an unknown code."""
    for entry in site.taxonomy.types:
        if any(tactic.code == code for tactic in entry.tactics):
            return f"{type_address(entry.type, site)}#{code}"
    return None


def _terms(entry: TaxonomyType, site: Site) -> Iterator[Node]:
    yield _type(entry, site)
    yield from (_tactic(tactic, entry, site) for tactic in entry.tactics)


def _type(entry: TaxonomyType, site: Site) -> Node:
    return node(
        type_address(entry.type, site),
        "DefinedTerm",
        {
            "termCode": entry.type.value,
            "name": entry.name,
            "disambiguatingDescription": entry.gloss,
            "description": entry.description,
            "unspun:effect": entry.effect,
            "unspun:test": entry.test,
            "inDefinedTermSet": ref(set_address(site)),
        },
    )


def _tactic(tactic: Tactic, entry: TaxonomyType, site: Site) -> Node:
    return node(
        f"{type_address(entry.type, site)}#{tactic.code}",
        "DefinedTerm",
        {
            "termCode": tactic.code,
            "name": tactic.name,
            "url": site.at_tactic(entry.type, tactic.code),
            "description": tactic.description,
            "inDefinedTermSet": ref(set_address(site)),
            "unspun:broader": ref(type_address(entry.type, site)),
        },
    )

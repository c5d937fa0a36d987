"""The taxonomy in Markdown: types, tactics and bands."""

from api.rendering.markdown.page import Page, Section
from api.rendering.site import Site
from schemas.taxonomy import Tactic, Taxonomy, TaxonomyType


def taxonomy_page(taxonomy: Taxonomy, site: Site) -> Page:
    essentials = {"version": taxonomy.version, "license": site.license}
    here = f"{site.base_url}/v1/taxonomy"
    sections = [_type(entry, weight) for weight, entry in enumerate(taxonomy.types, 1)]
    bands = [f"- {band.low} to {band.high}, {band.band}: {band.anchor}" for band in taxonomy.bands]
    return Page(
        front=essentials | {"url": here, "languages": ", ".join(taxonomy.languages)},
        essentials=essentials,
        title="The taxonomy of spin",
        lead="Six types of framing, the tactics by which they work, and what the score means.",
        sections=[*sections, Section(heading="Score", noun="bands", weight=0, items=bands)],
        address=f"{here}.md",
    )


def type_page(entry: TaxonomyType, site: Site) -> Page:
    essentials = {"type": entry.type.value, "version": site.taxonomy.version, "license": site.license}
    here = site.at("taxonomy", entry.type.value)
    return Page(
        front=essentials | {"url": here},
        essentials=essentials,
        title=entry.name,
        lead=f"It {entry.gloss}.",
        sections=[_type(entry, 0, site)],
        address=f"{here}.md",
    )


def tactic_page(tactic: Tactic, entry: TaxonomyType, site: Site) -> Page:
    essentials = {
        "tactic": tactic.code,
        "type": entry.type.value,
        "version": site.taxonomy.version,
        "license": site.license,
    }
    here = site.at_tactic(entry.type, tactic.code)
    broader = f"[{entry.name}]({site.at('taxonomy', entry.type.value)}.md)"
    return Page(
        front=essentials | {"url": here},
        essentials=essentials,
        title=tactic.name,
        lead=tactic.description,
        sections=[
            Section(
                heading=None,
                noun="lines",
                weight=0,
                items=[f"- A tactic of {broader} (`{entry.type}`), which {entry.gloss}."],
            )
        ],
        address=f"{here}.md",
    )


def _type(entry: TaxonomyType, weight: int, site: Site | None = None) -> Section:
    """With a site, tactics are links; the whole taxonomy describes them itself."""

    def named(tactic: Tactic) -> str:
        return f"[{tactic.name}]({site.at_tactic(entry.type, tactic.code)}.md)" if site else tactic.name

    return Section(
        heading=entry.name,
        noun=f"lines on {entry.name}",
        weight=weight,
        items=[
            f"- It {entry.gloss} (`{entry.type}`): {entry.effect}.",
            f"- {entry.description}",
            f"- {entry.test}",
            *(f"- {named(tactic)} (`{tactic.code}`): {tactic.description}" for tactic in entry.tactics),
        ],
    )

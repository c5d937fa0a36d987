"""Objects in each form, as bytes. Equal objects give equal bytes.

`budget` is the maximum number of tokens, for Markdown only.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from api.rendering.forms import Form
from api.rendering.html.claims import claim_html
from api.rendering.html.sources import source_html
from api.rendering.html.stories import story_html
from api.rendering.html.taxonomy import tactic_html, taxonomy_html, type_html
from api.rendering.html.verdicts import verdict_html
from api.rendering.jsonld.claims import claim_graph
from api.rendering.jsonld.sources import source_graph
from api.rendering.jsonld.stories import story_graph
from api.rendering.jsonld.taxonomy import tactic_graph, taxonomy_graph, type_graph
from api.rendering.jsonld.verdicts import verdict_graph
from api.rendering.markdown.claims import claim_page
from api.rendering.markdown.page import Page, digest, whole
from api.rendering.markdown.sources import source_page
from api.rendering.markdown.stories import story_page
from api.rendering.markdown.taxonomy import tactic_page, taxonomy_page, type_page
from api.rendering.markdown.verdicts import verdict_page
from api.rendering.site import Site
from api.rendering.subject import Subject
from schemas.claims import Claim
from schemas.sources import Source
from schemas.stories import Story, StoryRow
from schemas.taxonomy import Tactic, Taxonomy, TaxonomyType
from schemas.verdicts import Verdict
from schemas.wire import encode_json

_encode = msgspec.json.Encoder().encode


def represent_story(form: Form, story: Story, site: Site) -> bytes:
    return _represent(
        form,
        story,
        graph=lambda: story_graph(story, site),
        page=lambda: story_page(story, site),
        html=lambda: story_html(story, site),
    )


def represent_verdict(form: Form, verdict: Verdict, subject: Subject, site: Site) -> bytes:
    return _represent(
        form,
        verdict,
        graph=lambda: verdict_graph(verdict, subject, site),
        page=lambda: verdict_page(verdict, subject, site),
        html=lambda: verdict_html(verdict, subject, site),
    )


def represent_claim(
    form: Form,
    claim: Claim,
    subject: Subject,
    site: Site,
    *,
    budget: int | None = None,
    superseded_by: str | None = None,
) -> bytes:
    """`superseded_by` as in `SingleClaim`."""
    return _represent(
        form,
        claim,
        graph=lambda: claim_graph(claim, subject, site, superseded_by=superseded_by),
        page=lambda: claim_page(claim, subject, site, superseded_by=superseded_by),
        html=lambda: claim_html(claim, subject, site, superseded_by=superseded_by),
        budget=budget,
    )


def represent_source(
    form: Form, source: Source, latest: Sequence[StoryRow], site: Site, *, budget: int | None = None
) -> bytes:
    """`latest` are stories of the source for the HTML page."""
    return _represent(
        form,
        source,
        graph=lambda: source_graph(source, site),
        page=lambda: source_page(source, site),
        html=lambda: source_html(source, latest, site),
        budget=budget,
    )


def represent_taxonomy(form: Form, taxonomy: Taxonomy, site: Site, *, budget: int | None = None) -> bytes:
    return _represent(
        form,
        taxonomy,
        graph=lambda: taxonomy_graph(taxonomy, site),
        page=lambda: taxonomy_page(taxonomy, site),
        html=lambda: taxonomy_html(taxonomy, site),
        budget=budget,
    )


def represent_type(form: Form, entry: TaxonomyType, site: Site, *, budget: int | None = None) -> bytes:
    return _represent(
        form,
        entry,
        graph=lambda: type_graph(entry, site),
        page=lambda: type_page(entry, site),
        html=lambda: type_html(entry, site),
        budget=budget,
    )


def represent_tactic(
    form: Form, tactic: Tactic, entry: TaxonomyType, site: Site, *, budget: int | None = None
) -> bytes:
    return _represent(
        form,
        tactic,
        graph=lambda: tactic_graph(tactic, entry, site),
        page=lambda: tactic_page(tactic, entry, site),
        html=lambda: tactic_html(tactic, entry, site),
        budget=budget,
    )


def _represent(
    form: Form,
    value: Any,
    *,
    graph: Callable[[], dict[str, Any]],
    page: Callable[[], Page],
    html: Callable[[], str],
    budget: int | None = None,
) -> bytes:
    match form:
        case Form.JSON:
            return encode_json(value)
        case Form.JSONLD:
            return _encode(graph())
        case Form.MARKDOWN:
            return (whole(page()) if budget is None else digest(page(), budget)).encode()
        case Form.HTML:
            return html().encode()
    raise ValueError(f"an object has no form {form}")

"""Every public GET with its cache policy."""

from typing import Final

from api.jobs.export_when_due import export_when_due
from api.rendering.html.environment import stylesheet_path
from tests.kit.clients.api_client import Api

OBJECT: Final = "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
LIST: Final = "public, max-age=15"
STATISTIC: Final = "public, max-age=60"
STATIC: Final = "public, max-age=3600"
IMMUTABLE: Final = "public, max-age=31536000, immutable"
SEARCH_KEY: Final = "k" * 32
# Settings that enable all of them, apart from a folder for exports.
SETTINGS: Final = {
    "UNSPUN_SECURITY_CONTACT": "mailto:security@unspun.example",
    "UNSPUN_INDEXNOW_KEY": SEARCH_KEY,
}

# Those of static and configured resources.
OF_THE_SERVICE: Final = {
    "/v1/taxonomy": STATIC,
    "/v1/taxonomy.md": STATIC,
    "/v1/taxonomy/fog": STATIC,
    "/v1/taxonomy/fog.html": STATIC,
    "/v1/taxonomy/fog/jargon_saturation": STATIC,
    "/v1/taxonomy/fog/jargon_saturation.md": STATIC,
    "/v1/event-types": STATIC,
    "/v1/methodology": STATIC,
    "/v1/methodology.html": STATIC,
    "/guide": STATIC,
    "/guide/lists.md": STATIC,
    "/guide/lists.html": STATIC,
    "/problems": STATIC,
    "/problems.md": STATIC,
    "/problems/gone": STATIC,
    "/problems/gone.html": STATIC,
    "/schemas": STATIC,
    "/schemas/story.json": STATIC,
    "/ns": STATIC,
    "/ns.md": STATIC,
    "/ns.html": STATIC,
    "/ns/context.jsonld": STATIC,
    "/openapi": STATIC,
    "/openapi.json": STATIC,
    "/openapi.yaml": STATIC,
    "/docs": STATIC,
    "/docs/assets/swagger-ui.css": STATIC,
    "/robots.txt": STATIC,
    "/.well-known/api-catalog": STATIC,
    "/": STATIC,
    "/.well-known/security.txt": STATIC,
    f"/{SEARCH_KEY}.txt": STATIC,
    stylesheet_path(): IMMUTABLE,
}


async def public_reads(api: Api) -> dict[str, str]:
    """With the ids of one story, an appeal against its verdict, and an export."""
    story = (await api.client.get(f"/v1/stories/{await api.publish_by_two()}")).json()
    here, source = f"/v1/stories/{story['id']}", f"/v1/sources/{story['source']['id']}"
    verdict, claim = f"/v1/verdicts/{story['verdict']['id']}", story["verdict"]["claims"][0]["id"]
    entity = (await api.client.get(f"/v1/entities?story={story['id']}")).json()["data"][0]["id"]
    span = (await api.client.get(f"{verdict}/passages")).json()["data"][0]
    appeal = {
        "spans": [{name: span[name] for name in ("start", "end", "quote")}],
        "statement": "It is a name.",
    }
    created = await api.holder.post(f"{verdict}/appeals", json=appeal)
    export = await export_when_due(api.runtime)
    assert export is not None
    return OF_THE_SERVICE | {
        here: OBJECT,
        f"{here}.jsonld": OBJECT,
        f"{here}.md": OBJECT,
        f"{here}.md?budget=400": OBJECT,
        f"{here}.html": OBJECT,
        f"{here}/cite": OBJECT,
        f"{here}/verdicts": LIST,
        f"{here}/claims": LIST,
        f"/v1/stories/{story['slug']}": OBJECT,
        f"/v1/lookup?url={story['url']}": OBJECT,
        verdict: OBJECT,
        f"{verdict}.md": OBJECT,
        f"{verdict}/explanation": OBJECT,
        f"{verdict}/passages": OBJECT,
        f"{verdict}/plain": OBJECT,
        f"{verdict}/second-opinion": OBJECT,
        f"{verdict}/diff?against={story['verdict']['id']}": OBJECT,
        f"/v1/claims/{claim}": OBJECT,
        f"/v1/claims/{claim}.jsonld": OBJECT,
        f"/v1/appeals/{created.json()['id']}": OBJECT,
        f"{verdict}/appeals": LIST,
        f"{here}/appeals": LIST,
        source: OBJECT,
        f"{source}.md": OBJECT,
        f"{source}.html": LIST,
        f"{source}/profile": STATISTIC,
        f"/v1/entities/{entity}": OBJECT,
        "/v1/stories": LIST,
        "/v1/stories?q=turbine": LIST,
        "/v1/verdicts": LIST,
        "/v1/claims": LIST,
        "/v1/sources": LIST,
        "/v1/entities": LIST,
        "/v1/exports": LIST,
        f"/v1/exports/{export.id}": OBJECT,
        f"/v1/exports/{export.id}.jsonld": OBJECT,
        f"/v1/exports/{export.id}/{export.files[0].name}": OBJECT,
        "/v1/stats": STATISTIC,
        "/v1/stats?by=source,month": STATISTIC,
        "/llms.txt": LIST,
        "/llms-full.txt": LIST,
        "/sitemap.xml": LIST,
        "/sitemaps/pages.xml": LIST,
        f"/sitemaps/{story['created_at'][:7]}.xml": LIST,
        "/news-sitemap.xml": LIST,
        "/feed.atom": LIST,
        "/feed.rss?spin_type=hype": LIST,
        "/feed.json": LIST,
        "/feed.jsonld": LIST,
    }

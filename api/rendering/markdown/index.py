"""The index of the API in Markdown."""

from api.rendering.sentences import score_meaning
from api.rendering.site import Site
from schemas.index import Index


def index_page(index: Index, site: Site) -> str:
    """Where to begin, and the URLs of all resources."""
    at = site.base_url
    begin = [
        f"- [Guide]({at}/guide.md): how to call the service",
        f"- [For language models]({at}/llms.txt): what is here, and the latest stories",
        f"- [Contract]({at}/openapi.json): every call, as OpenAPI 3.1",
        f"- [Stories]({at}/v1/stories), [verdicts]({at}/v1/verdicts), [claims]({at}/v1/claims), "
        f"[sources]({at}/v1/sources): lists, newest first",
    ]
    parts = [
        f"# {index.name} {index.version}",
        f"Verdicts on how stories are framed. {score_meaning()}",
        "## Begin",
        "\n".join(begin),
        "## All resources",
        "\n".join(f"- [{name}]({url})" for name, url in index.links.items()),
    ]
    if index.webhooks_from:
        parts.append(f"Webhooks come from {', '.join(index.webhooks_from)}.")
    parts.append(f"Terms of use: <{site.license}>")
    return "\n\n".join(parts) + "\n"

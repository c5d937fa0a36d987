"""The vocabulary in Markdown."""

from api.rendering.vocabulary import TERMS, namespace


def vocabulary_page(base_url: str) -> str:
    """All terms with their meanings."""
    head = f"# Vocabulary\n\nTerms of our own, under `{namespace(base_url)}`. The rest is schema.org's."
    parts = [head]
    for kind, heading in (("class", "Classes"), ("property", "Properties")):
        terms = [f"- `{term.name}`: {term.comment}" for term in TERMS if term.kind == kind]
        parts.append(f"## {heading}\n\n" + "\n".join(terms))
    return "\n\n".join(parts) + "\n"

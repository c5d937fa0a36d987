"""A story: the original, our analysis, the verdict, claims, and subjects."""

from typing import Final
from urllib.parse import quote

from api.rendering.jsonld.claims import claim_node
from api.rendering.jsonld.graph import Node, graph, node, ref, timed
from api.rendering.jsonld.originals import original_address, original_node
from api.rendering.jsonld.sources import publisher_address, publisher_node, source_node
from api.rendering.jsonld.verdicts import credit, verdict_address, verdict_node
from api.rendering.plain_text import plain
from api.rendering.sentences import verdict_sentence
from api.rendering.site import Site
from api.rendering.subject import Subject, subject_of
from schemas.entities import MentionedEntity
from schemas.enums import EntityType
from schemas.stories import Story

_CLASSES: Final = {
    EntityType.ORGANIZATION: "Organization",
    EntityType.PERSON: "Person",
    EntityType.PRODUCT: "Product",
    EntityType.PLACE: "Place",
    EntityType.EVENT: "Event",
    EntityType.LAW: "Legislation",
    EntityType.WORK: "CreativeWork",
    EntityType.GROUP: "Thing",
}
_SPOKEN: Final = (".deck", "#verdict")  # parts of the page to read aloud
_CENTRAL: Final = 0.5  # salience from which a story is about an entity instead of mentioning it


def story_graph(story: Story, site: Site) -> Node:
    """The whole story as one graph."""
    subject = subject_of(story)
    entities = {_entity_address(entity, story, site): entity for entity in story.verdict.entities or ()}
    nodes = [
        original_node(subject, site),
        _analysis(story, subject, entities, site),
        verdict_node(story.verdict, subject, site),
        *(claim_node(claim, subject, site) for claim in story.verdict.claims),
        *(
            node(address, _CLASSES[entity.type], {"name": plain(entity.name)})
            for address, entity in entities.items()
        ),
        source_node(story.source, site),
        publisher_node(site),
    ]
    return graph(nodes, site)


def story_address(story_id: str, site: Site) -> str:
    """The address of our article on the story."""
    return site.at("stories", story_id) + "#story"


def headline(title: str) -> str:
    """The headline of our article."""
    return f"How “{plain(title)}” is framed"


def _analysis(story: Story, subject: Subject, entities: dict[str, MentionedEntity], site: Site) -> Node:
    """Our article, based on the original."""
    verdict, original, us = story.verdict, ref(original_address(subject)), ref(publisher_address(site))
    address = site.at("stories", story.id)
    return node(
        story_address(story.id, site),
        "AnalysisNewsArticle",
        {
            "url": address,
            "identifier": story.id,
            "headline": headline(story.title),
            "abstract": " ".join(
                filter(None, (verdict_sentence(verdict, site), verdict.deck and plain(verdict.deck)))
            ),
            "isBasedOn": original,
            "citation": original,
            "review": ref(verdict_address(verdict.id or "", site)),
            "about": [ref(a) for a, entity in entities.items() if entity.salience >= _CENTRAL],
            "mentions": [ref(a) for a, entity in entities.items() if entity.salience < _CENTRAL],
            "author": us,
            "publisher": us,
            "datePublished": timed(story.created_at),
            "dateModified": timed(story.updated_at),
            "version": verdict.version,
            "license": site.license,
            "creditText": credit(verdict),
            "inLanguage": "en",
            "isAccessibleForFree": True,
            "keywords": [plain(keyword) for keyword in verdict.keywords],
            "articleSection": story.categories,
            "speakable": node(None, "SpeakableSpecification", {"cssSelector": list(_SPOKEN)}),
            "unspun:status": story.status.value,
            "unspun:secondOpinion": story.second_opinion.value if story.second_opinion else None,
            "comment": [
                node(
                    f"{address}#reply-{reply.appeal_id}",
                    "Comment",
                    {
                        "text": plain(reply.text),
                        "author": node(None, "Person", {"name": plain(reply.by)}) if reply.by else None,
                        "datePublished": timed(reply.shown_since),
                        "about": ref(site.at("verdicts", reply.verdict_id) + "#verdict"),
                    },
                )
                for reply in story.replies
            ],
        },
    )


def _entity_address(entity: MentionedEntity, story: Story, site: Site) -> str:
    """The address by name, since list positions change between versions."""
    name = quote(f"{entity.type}-{plain(entity.name)}".lower().replace(" ", "-"), safe="-")
    return f"{site.at('stories', story.id)}#entity-{name}"

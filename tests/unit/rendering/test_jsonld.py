"""JSON-LD, parsed by PyLD without a network and checked against schema.org's terms."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from pyld import jsonld
from rdflib.namespace import SDO

from api.rendering.feeds import Feed
from api.rendering.jsonld.claims import claim_graph
from api.rendering.jsonld.exports import export_graph
from api.rendering.jsonld.feeds import data_feed
from api.rendering.jsonld.sources import source_graph
from api.rendering.jsonld.stories import story_graph
from api.rendering.jsonld.taxonomy import tactic_graph, taxonomy_graph, type_graph
from api.rendering.jsonld.verdicts import verdict_graph
from api.rendering.subject import subject_of
from api.rendering.vocabulary import TERMS, context, vocabulary_graph
from api.routes.openapi.openapi_examples import example_of
from schemas.assessments import Happening
from schemas.enums import HappeningKind, SpinType, StoryStatus, Verification
from schemas.exports import Export
from schemas.sources import Source
from schemas.spans import Span
from schemas.stories import StoryRow
from tests.kit.texts.filled import BASE_URL, SITE, filled, filled_story
from tests.kit.texts.taxonomy import TAXONOMY

STORY = filled_story()
SUBJECT = subject_of(STORY)
REFUSED = msgspec.structs.replace(
    STORY.verdict,
    status=StoryStatus.NOT_SCORABLE,
    spin=None,
    integrity=None,
    not_scorable=filled(type(STORY)).verdict.not_scorable,
)
FEED = Feed(
    about="new stories",
    filters="min_score=5",
    page=f"{BASE_URL}/",
    self=f"{BASE_URL}/feed.jsonld?limit=1",
    first=f"{BASE_URL}/feed.jsonld",
    next=None,
    stories=[msgspec.structs.replace(filled(StoryRow), url=STORY.url)],
)
GRAPHS: dict[str, dict[str, Any]] = {
    "story": story_graph(STORY, SITE),
    "story not scorable": story_graph(msgspec.structs.replace(STORY, verdict=REFUSED), SITE),
    "verdict": verdict_graph(STORY.verdict, SUBJECT, SITE),
    "claim": claim_graph(STORY.verdict.claims[0], SUBJECT, SITE),
    "claim checked": claim_graph(STORY.verdict.claims[1], SUBJECT, SITE),
    "source": source_graph(filled(Source), SITE),
    "taxonomy": taxonomy_graph(TAXONOMY, SITE),
    "export": export_graph(msgspec.convert(example_of(Export), Export), SITE),
    "feed": msgspec.json.decode(data_feed(FEED, SITE)),
    "type": type_graph(TAXONOMY.types[0], SITE),
    "tactic": tactic_graph(TAXONOMY.types[0].tactics[0], TAXONOMY.types[0], SITE),
}
# rdflib's list of schema.org's terms, with nothing for unknown names.
SCHEMA_TERMS = {str(name).rpartition("/")[2] for name in dir(SDO) if str(name).startswith(str(SDO))}
SCHEMA_CONTEXT = {"@context": {name: f"https://schema.org/{name}" for name in SCHEMA_TERMS}}
OURS = {f"{BASE_URL}/ns#{term.name}": term for term in TERMS}

each_graph = pytest.mark.parametrize("document", GRAPHS.values(), ids=GRAPHS)


def load(address: str, _options: object) -> dict[str, Any]:
    """Only the two contexts of our documents."""
    known = {
        "https://schema.org": SCHEMA_CONTEXT,
        f"{BASE_URL}/ns/context.jsonld": context(BASE_URL),
    }
    return {"contextUrl": None, "documentUrl": address, "document": known[address]}


def expanded(document: dict[str, Any]) -> list[Any]:
    return jsonld.expand(document, {"documentLoader": load})


def pairs(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from value.items()
        for part in value.values():
            yield from pairs(part)
    elif isinstance(value, list):
        for part in value:
            yield from pairs(part)


def properties(value: Any) -> "Counter[str]":
    """How often each property occurs, by the last part of its name."""
    return Counter(
        key.split("#")[-1].split("/")[-1].removeprefix("unspun:")
        for key, _ in pairs(value)
        if not key.startswith("@")
    )


def by_type(document: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [node for node in document["@graph"] if node["@type"] == kind]


class TestEveryGraph:
    @each_graph
    def test_is_expanded_without_a_loss(self, document: dict[str, Any]) -> None:
        assert properties(expanded(document)) == properties(document["@graph"])

    @each_graph
    def test_uses_only_terms_of_schema_org_and_of_our_vocabulary(self, document: dict[str, Any]) -> None:
        used = [(key, value) for key, value in pairs(expanded(document)) if not key.startswith("@id")]
        properties = {key for key, _ in used if not key.startswith("@")}
        classes = {
            kind for key, value in used if key == "@type" and isinstance(value, list) for kind in value
        }
        for kind, names in (("property", properties), ("class", classes)):
            for name in names:
                if name.startswith("https://schema.org/"):
                    assert name.removeprefix("https://schema.org/") in SCHEMA_TERMS, name
                else:
                    assert OURS[name].kind == kind, name

    @each_graph
    def test_names_its_nodes_by_absolute_addresses_once(self, document: dict[str, Any]) -> None:
        addresses = [node["@id"] for node in document["@graph"]]
        assert all(address.startswith(("http://", "https://")) for address in addresses)
        assert len(addresses) == len(set(addresses))
        assert not any(str(value).startswith("_:") for key, value in pairs(document) if key == "@id")


class TestAStory:
    def test_says_of_the_original_only_what_is_the_originals(self) -> None:
        (original,) = by_type(GRAPHS["story"], "Article") or by_type(GRAPHS["story"], "BlogPosting")
        assert original["@id"] == original["url"] == STORY.url
        assert set(original) == {
            "@id", "@type", "headline", "url", "publisher", "author", "datePublished", "inLanguage",
        }  # fmt: skip

    def test_is_an_analysis_based_on_it(self) -> None:
        (ours,) = by_type(GRAPHS["story"], "AnalysisNewsArticle")
        assert ours["@id"] == f"{BASE_URL}/v1/stories/{STORY.id}#story"
        assert ours["isBasedOn"] == ours["citation"] == {"@id": STORY.url}
        assert STORY.verdict.summary
        assert "of 100" in ours["abstract"]
        assert STORY.verdict.summary not in ours["abstract"], "it is the original's words, which are not ours"
        assert ours["publisher"] != by_type(GRAPHS["story"], "Article")
        assert ours["license"] == SITE.license

    def test_has_no_claim_review_among_its_claims(self) -> None:
        assert len(by_type(GRAPHS["story"], "Claim")) == len(STORY.verdict.claims)
        assert by_type(GRAPHS["story"], "ClaimReview") == []


class TestAVerdict:
    def test_rates_between_0_and_100(self) -> None:
        (review,) = by_type(GRAPHS["verdict"], "Review")
        rating = review["reviewRating"]
        assert (rating["worstRating"], rating["ratingValue"], rating["bestRating"]) == (0, 42, 100)
        assert review["@id"] == f"{BASE_URL}/v1/verdicts/{STORY.verdict.id}#verdict"
        assert review["itemReviewed"] == {"@id": STORY.url}
        assert {"@id": f"{BASE_URL}/v1/taxonomy/hype"} in review["about"]
        assert {"@id": f"{BASE_URL}/v1/taxonomy/hype#breakthrough_framing"} in review["about"]

    def test_that_is_none_has_no_rating_and_says_why(self) -> None:
        (review,) = by_type(GRAPHS["story not scorable"], "Review")
        assert "reviewRating" not in review
        assert review["unspun:status"] == "not_scorable"
        assert review["unspun:notScorable"] == "headline_only"

    def test_of_no_spin_names_no_type(self) -> None:
        assert STORY.verdict.spin is not None
        spin = msgspec.structs.replace(STORY.verdict.spin, primary=SpinType.NONE, secondary=None, tactic=None)
        verdict = msgspec.structs.replace(STORY.verdict, spin=spin, happening=None)
        (review,) = by_type(verdict_graph(verdict, SUBJECT, SITE), "Review")
        assert "about" not in review
        assert review["unspun:primaryType"] == "none"

    @pytest.mark.parametrize(
        ("kind", "expected", "name"),
        [
            (HappeningKind.LAWSUIT_OR_FINE, "Event", "lawsuit or fine"),
            (HappeningKind.OTHER_EVENT, "Event", "other event"),
            (HappeningKind.TREND_OR_ARGUMENT, "Thing", "trend or argument"),
            (HappeningKind.NO_EVENT, "Thing", "no event"),
        ],
    )
    def test_is_about_an_event_where_the_text_tells_one(
        self, kind: HappeningKind, expected: str, name: str
    ) -> None:
        at = Span(start=40, end=57, quote="It cuts 40 roles.", prefix=None, suffix=None)
        happening = Happening(kind=kind, subject="Brightwater\nFerries", spans=[at])
        verdict = msgspec.structs.replace(STORY.verdict, happening=happening)
        (review,) = by_type(verdict_graph(verdict, SUBJECT, SITE), "Review")
        assert review["unspun:happening"] == kind
        assert review["about"][-1] == {
            "@id": f"{BASE_URL}/v1/verdicts/{verdict.id}#happening",
            "@type": expected,
            "name": name,
            "unspun:subject": "Brightwater Ferries",
            "unspun:passage": [
                {
                    "@id": f"{BASE_URL}/v1/stories/{STORY.id}#char=40,57",
                    "@type": "unspun:Passage",
                    "unspun:start": 40,
                    "unspun:end": 57,
                    "unspun:quote": "It cuts 40 roles.",
                }
            ],
        }


class TestAClaim:
    @pytest.mark.parametrize("verification", Verification)
    def test_is_reviewed_only_where_it_was_checked(self, verification: Verification) -> None:
        claim = msgspec.structs.replace(STORY.verdict.claims[0], verification=verification)
        document = claim_graph(claim, SUBJECT, SITE)
        reviews = by_type(document, "ClaimReview")
        checked = verification in ("corroborated", "disputed", "contradicted")
        assert len(reviews) == checked
        (node,) = by_type(document, "Claim")
        assert ("review" in node) is checked
        if checked:
            (review,) = reviews
            assert review["claimReviewed"]
            assert review["url"] == f"{BASE_URL}/v1/claims/{claim.id}"
            assert review["reviewRating"]["alternateName"] == verification.capitalize()

    def test_says_whether_it_may_be_restated(self) -> None:
        (node,) = by_type(GRAPHS["claim"], "Claim")
        assert node["unspun:doNotRestateAsFact"] is True


class TestTheTaxonomy:
    def test_is_a_set_of_terms_whose_tactics_have_a_broader_one(self) -> None:
        document = GRAPHS["taxonomy"]
        (term_set,) = by_type(document, "DefinedTermSet")
        assert term_set["@id"].endswith(f"#{TAXONOMY.version}")
        terms = by_type(document, "DefinedTerm")
        types = [term for term in terms if "unspun:broader" not in term]
        assert [term["termCode"] for term in types] == [entry.type for entry in TAXONOMY.types]
        assert len(terms) == sum(1 + len(entry.tactics) for entry in TAXONOMY.types)
        assert term_set["hasDefinedTerm"] == [{"@id": term["@id"]} for term in terms]

    def test_calls_a_tactic_alone_what_it_is_called_in_its_type(self) -> None:
        for entry in TAXONOMY.types:
            terms = by_type(type_graph(entry, SITE), "DefinedTerm")
            for tactic in entry.tactics:
                (alone, broader) = by_type(tactic_graph(tactic, entry, SITE), "DefinedTerm")
                assert alone in terms
                assert broader in terms
                assert alone["unspun:broader"] == {"@id": broader["@id"]}
                assert alone["url"] == f"{BASE_URL}/v1/taxonomy/{entry.type}/{tactic.code}"


class TestTheVocabulary:
    def test_is_all_in_use(self) -> None:
        used = {key for document in GRAPHS.values() for key, _ in pairs(expanded(document))}
        used |= {
            kind
            for document in GRAPHS.values()
            for key, value in pairs(expanded(document))
            if key == "@type" and isinstance(value, list)
            for kind in value
        }
        assert set(OURS) - used == set()

    def test_describes_each_term_where_its_address_leads(self) -> None:
        nodes = jsonld.expand(vocabulary_graph(BASE_URL), {"documentLoader": load})
        assert set({node["@id"]: node for node in nodes}) == set(OURS)
        comment = "http://www.w3.org/2000/01/rdf-schema#comment"
        assert all(node[comment][0]["@value"] for node in nodes)

    def test_touches_no_name_of_schema_org(self) -> None:
        names = set(context(BASE_URL)["@context"])
        assert all(name == "unspun" or name.startswith("unspun:") for name in names)

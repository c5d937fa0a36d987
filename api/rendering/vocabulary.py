"""Our own JSON-LD terms, beside schema.org's. Served at `/ns`, the context at `/ns/context.jsonld`."""

from typing import Any, Final, Literal

from msgspec import Struct

SCHEMA: Final = "https://schema.org"
PREFIX: Final = "unspun"


class Term(Struct, frozen=True):
    """A class or property. `value` is the type of a property's value."""

    name: str
    kind: Literal["class", "property"]
    label: str
    comment: str
    value: Literal["text", "integer", "decimal", "boolean", "address"] = "text"
    narrower_than: str | None = None


TERMS: Final = (
    Term("Finding", "class", "Finding", "One place in a story where a rule sees framing at work."),
    Term("ScoreBand", "class", "Score band", "A range of the score, and what a text in it looks like."),
    Term("Passage", "class", "Passage", "Characters of the analysed text, and the words that stand there."),
    Term("primaryType", "property", "Primary type", "Code of the spin type that the framing is, or `none`."),
    Term("secondaryType", "property", "Secondary type", "Code of a second spin type that is at work."),
    Term("tactic", "property", "Tactic", "Code of the tactic by which the primary type works."),
    Term("stance", "property", "Stance", "How the text stands to its main subject."),
    Term("satire", "property", "Satire", "That the text reads as satire.", value="boolean"),
    Term("happening", "property", "Happening", "Kind of the event in the text's news, or sort of the text."),
    Term("subject", "property", "Subject", "Who acts in the news, by the text."),
    Term(
        "scoreLow", "property", "Lower end", "Lower end of the 90 % interval of the score.", value="integer"
    ),
    Term(
        "scoreHigh", "property", "Upper end", "Upper end of the 90 % interval of the score.", value="integer"
    ),
    Term(
        "confidence", "property", "Confidence", "Probability of the primary type, 0 to 1.", value="decimal"
    ),
    Term("status", "property", "Status", "`scored`, or `not_scorable` where no verdict could be given."),
    Term("notScorable", "property", "Not scorable", "Code of the reason why the text cannot be judged."),
    Term("reason", "property", "Reason", "Why this version of the verdict was made."),
    Term("engine", "property", "Engine", "Name and version of the engine that gave the verdict."),
    Term("taxonomyVersion", "property", "Taxonomy version", "The taxonomy that the verdict speaks in."),
    Term("textSha256", "property", "Digest of the text", "SHA-256 of the analysed text that all offsets count."),
    Term("machineMade", "property", "Machine-made", "Whether a machine gave the verdict.", value="boolean"),
    Term("humanReviewed", "property", "Reviewed", "Whether a person looked at the verdict.", value="boolean"),
    Term(
        "contested",
        "property",
        "Contested",
        "Whether the other judge of the text names another type, or a score more than 20 points away.",
        value="boolean",
    ),
    Term("secondOpinion", "property", "Second opinion", "Why the rules alone have judged the text."),
    Term(
        "calibrated",
        "property",
        "Calibrated",
        "Whether scores by language models were compared with labelled texts in the text's language.",
        value="boolean",
    ),
    Term("evidenceStrength", "property", "Evidence strength", "How well the text supports what it says."),
    Term("verification", "property", "Verification", "How far a claim, or the text as a whole, is verified."),
    Term("narrativeRisk", "property", "Narrative risk", "How much harm the framing may do where it spreads."),
    Term(
        "repetitionRisk", "property", "Repetition risk", "How likely it is retold as fact without being shown."
    ),
    Term("likelySummary", "property", "Likely summary", "What a summariser would repeat as fact."),
    Term("faithfulSummary", "property", "Faithful summary", "The same with attribution and hedge restored."),
    Term("frame", "property", "Frame", "The frame that the text puts around its news."),
    Term("objective", "property", "Objective", "What the text is trying to do."),
    Term("intent", "property", "Intent", "To what end the publisher publishes."),
    Term("independence", "property", "Independence", "How far the publisher stands from the main subject."),
    Term("loadedTerm", "property", "Loaded term", "A word or phrase of the text that carries the framing."),
    Term("leftOut", "property", "Left out", "What a reader would want to know and the text does not say."),
    Term("missingVoice", "property", "Missing voice", "A party concerned who does not speak in the text."),
    Term("beneficiary", "property", "Beneficiary", "Who gains if the frame spreads."),
    Term("finding", "property", "Finding", "A finding of the verdict.", value="address"),
    Term("rule", "property", "Rule", "The rule that made a finding."),
    Term("spinType", "property", "Spin type", "Code of the spin type that a finding speaks for."),
    Term(
        "points", "property", "Points", "What a finding adds to the score, in hundredths.", value="integer"
    ),
    Term("voice", "property", "Voice", "Whose words they are: `document`, or the name of a speaker."),
    Term("passage", "property", "Passage", "Where in the analysed text it stands.", value="address"),
    Term("start", "property", "Start", "First character of a passage, in Unicode code points.", value="integer"),
    Term("end", "property", "End", "The character after a passage, in Unicode code points.", value="integer"),
    Term("quote", "property", "Quote", "The words of a passage, by the story's author and not by us."),
    Term("claimRole", "property", "Claim role", "`primary` for what the story stands on, else `supporting`."),
    Term("claimKind", "property", "Claim kind", "What sort of claim it is, and so what evidence it needs."),
    Term("claimSupport", "property", "Claim support", "Whether the text shows it, attributes it or asserts it."),
    Term("missingEvidence", "property", "Missing evidence", "Evidence that such a claim needs and lacks."),
    Term(
        "doNotRestateAsFact",
        "property",
        "Do not restate as fact",
        "Whether a claim is without verification, so that it must not be repeated in one's own voice.",
        value="boolean",
    ),
    Term("sourceType", "property", "Source type", "What sort of publisher it is."),
    Term("ownership", "property", "Ownership", "What is known of who owns the publisher."),
    Term(
        "broader",
        "property",
        "Broader term",
        "The spin type that a tactic belongs to.",
        value="address",
        narrower_than="http://www.w3.org/2004/02/skos/core#broader",
    ),
    Term("effect", "property", "Effect", "What a spin type does to a reader."),
    Term("test", "property", "Test", "The question that tells a spin type from its neighbours."),
    Term("scoreBand", "property", "Score band", "A band of the taxonomy.", value="address"),
)  # fmt: skip

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_READ_AS: Final = {
    "integer": _XSD + "integer",
    "decimal": _XSD + "decimal",
    "boolean": _XSD + "boolean",
    "address": "@id",
}


def namespace(base_url: str) -> str:
    """The prefix of every term's address."""
    return f"{base_url}/ns#"


def context_address(base_url: str) -> list[str]:
    """The `@context` of our documents: schema.org's, then ours."""
    return [SCHEMA, f"{base_url}/ns/context.jsonld"]


def context(base_url: str) -> dict[str, Any]:
    """The published context: our terms under `unspun:`, apart from names of schema.org."""
    terms: dict[str, Any] = {PREFIX: namespace(base_url)}
    for term in TERMS:
        if term.kind == "property":
            definition = {"@id": f"{PREFIX}:{term.name}"}
            if term.value != "text":
                definition["@type"] = _READ_AS[term.value]
            terms[f"{PREFIX}:{term.name}"] = definition
    return {"@context": terms}


def vocabulary_graph(base_url: str) -> dict[str, Any]:
    """The vocabulary itself, as RDF Schema in JSON-LD."""
    return {
        "@context": {"rdf": _RDF, "rdfs": _RDFS, PREFIX: namespace(base_url)},
        "@graph": [_described(term, base_url) for term in TERMS],
    }


def _described(term: Term, base_url: str) -> dict[str, Any]:
    node = {
        "@id": f"{PREFIX}:{term.name}",
        "@type": "rdfs:Class" if term.kind == "class" else "rdf:Property",
        "rdfs:label": {"@value": term.label, "@language": "en"},
        "rdfs:comment": {"@value": term.comment, "@language": "en"},
        "rdfs:isDefinedBy": {"@id": f"{base_url}/ns"},
    }
    if term.narrower_than:
        node["rdfs:subPropertyOf"] = {"@id": term.narrower_than}
    return node

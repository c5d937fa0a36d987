"""A training story as judged by models that have not seen it, in the flat form of the evaluation.

Used by `python -m api.training --held-out`. All models, the encoder included, are fitted on other stories. The
support of claims, which no measure uses, is left out.
"""

from api.analysis.content.claims import central_places
from api.analysis.content.evidence_strength import evidence_strength
from api.analysis.framing.kinds import Kind
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.linear_models import LinearModel
from api.analysis.models.sentence_features import sentence_features


def held_out_row(
    story: str, document: EncodedDocument, score: int, kind: Kind, centrality: LinearModel
) -> dict[str, object]:
    """`document` has the outputs of the held-out encoder and tagger; the tactic is a code."""
    places = central_places(document, sentence_features(document), centrality)
    return {
        "id": story,
        "score": score,
        "primary": kind.primary.value,
        "secondary": kind.secondary.value if kind.secondary else None,
        "stance": kind.stance.value,
        "tactic": (kind.tactic or "none").replace("_", " "),
        "loaded_terms": [document.text[term.start : term.end] for term in document.tagged],
        "claims": [{"text": document.sentences[place].text} for place in places],
        "evidence_strength": evidence_strength(document).value,
        "confidence": kind.probability,
    }

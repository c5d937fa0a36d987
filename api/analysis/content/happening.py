"""What happened, by the text: the kind of event, who acts, and the sentence that tells it."""

from api.analysis.text.document import Document
from schemas.assessments import Happening


def happening_of(document: Document) -> Happening | None:
    """None: no model of happenings is shipped yet."""
    return None

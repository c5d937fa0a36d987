"""Decides whether a text that was not parsed can be judged: the signs that no language has to itself.

Signs of the record, of characters and of lengths are those of all texts (`engines/gate.py`). What needs English
words or a parse is not asked.
"""

from api.analysis.engines.gate import gate
from api.analysis.text.article import Article
from api.analysis.text.document import Text
from api.analysis.text.text_shape import is_run_together, lacks_sentences
from api.proposals.languages.codes import LANGUAGES
from schemas.assessments import NotScorable
from schemas.enums import NotScorableReason


def gate_unparsed(article: Article, document: Text | None) -> NotScorable | None:
    """Why the article cannot be judged; None if it can. Without `document` only the record is tested."""
    refusal = gate(article, None, LANGUAGES)
    if refusal is not None or document is None:
        return refusal
    if is_run_together(document) or lacks_sentences(document):
        return NotScorable(
            reason=NotScorableReason.NOT_AN_ARTICLE, detail="Too few of the lines are sentences."
        )
    return None

"""The findings of the rules that the third call asks about, and the addresses by which its answer names them.

An address is the rule and the place, `superlatives 120-135`, not the finding's id: ids count the findings of one
version of the rules, rule and place name the same words in the next one too. The place is that in the text which
the model reads, without what addresses machines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.analysis.engines.cuts import Cuts, shorter_offset
from api.analysis.text.document import Sentence, Text
from api.proposals.excerpt import sentences_around
from api.proposals.numbered_text import MAX_PART
from schemas.assessments import Finding

# The median text has 18. So many entries of 45 tokens fit into the 900 of the answer.
MAX_ASKED: Final = 18


@dataclass(frozen=True, slots=True)
class Asked:
    """Findings in text order, and the sentences that the model reads."""

    findings: tuple[Finding, ...]
    sentences: tuple[Sentence, ...]


def asked_findings(document: Text, findings: Sequence[Finding], limit: int = MAX_PART) -> Asked:
    """Those with most points, at most 18, whose sentence is among the chosen ones of at most `limit` characters.

    `findings` are the rules' on the document, without rulings. Findings without a type are not asked about.
    """
    typed = [finding for finding in findings if finding.type is not None]
    telling = sorted(typed, key=lambda f: (-abs(f.points), f.spans[0].start, f.rule))[:MAX_ASKED]
    sentences = sentences_around(document, (f.spans[0] for f in telling), limit)
    read = {sentence.index for sentence in sentences}
    asked = {address_of(f) for f in telling if document.sentence_at(f.spans[0].start).index in read}
    return Asked(tuple(f for f in typed if address_of(f) in asked), tuple(sentences))


def address_of(finding: Finding, cuts: Cuts = ()) -> str:
    """The address of a finding of the text without `cuts`."""
    start, end = (shorter_offset(at, cuts) for at in (finding.spans[0].start, finding.spans[-1].end))
    return f"{finding.rule} {start}-{end}"

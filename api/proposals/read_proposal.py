"""A stored proposal held to the text: the judgement and the prose of which every word passed the checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from api.analysis.text.document import Text
from api.analysis.text.rulings import Ruling
from api.proposals.drops import Checked, DropReason
from api.proposals.ground_judgement import ground_judgement
from api.proposals.ground_prose import ground_prose
from api.proposals.grounded import Drops, GroundedJudgement, GroundedProse, Refusal, RefusedAnswer
from api.proposals.languages.codes import ProseLanguage
from api.proposals.numbered_text import one_line
from api.proposals.prompts import for_text, judgement_prompt, prose_prompt
from api.proposals.proposal import Proposal
from schemas.assessments import Finding
from schemas.taxonomy import Taxonomy

MAX_MODEL: Final = 100  # characters of a model's name
UNKNOWN: Final = "unknown"  # the name of a model that a malformed proposal does not tell


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProposal:
    """The answers of one model; `drops` are those of all of them.

    `judgement` is the reason if it was refused; then there is no prose. `prose` is None if it failed or was
    refused. `review` is the unread answer about the rules' findings, None without one or if the judgement was
    refused.
    """

    model: str
    recorded: bool
    judgement: GroundedJudgement | Refusal
    prose: GroundedProse | None
    drops: Drops
    prose_language: ProseLanguage = ProseLanguage.STORY
    review: bytes | None = None


def read_proposal(
    document: Text, taxonomy: Taxonomy, rulings: Sequence[Ruling], proposal: bytes | None
) -> ReadProposal:
    """The answers of a `Proposal` as JSON; never raises on any bytes.

    The prose explains the judgement without `rulings`. A sentence on a finding that they dismiss is left out; if
    they change the type, the whole prose is.
    """
    counts, given = Checked(), _decoded(proposal)
    if given is None:
        counts.drop(DropReason.MALFORMED)
        return ReadProposal(
            model=UNKNOWN, recorded=False, judgement=Refusal.MALFORMED, prose=None, drops=counts.drops
        )
    model = one_line(given.model)[:MAX_MODEL] or UNKNOWN
    prose_language = given.prose_language
    judgement = asked = read_judgement(document, taxonomy, given.judgements, prose_language=prose_language)
    if rulings:
        judgement = read_judgement(document, taxonomy, given.judgements, rulings, prose_language)
    counts.add(judgement.drops)
    if isinstance(judgement, RefusedAnswer) or isinstance(asked, RefusedAnswer):
        reason = judgement.reason if isinstance(judgement, RefusedAnswer) else Refusal.MALFORMED
        return ReadProposal(
            model=model,
            recorded=given.recorded,
            prose_language=prose_language,
            judgement=reason,
            prose=None,
            drops=counts.drops,
        )
    prose = None
    if given.prose is not None:
        kept = {(finding.rule, *_place(finding)) for finding in judgement.findings}
        dismissed = [one for one in asked.findings if (one.rule, *_place(one)) not in kept]
        found = ground_prose(
            document,
            asked,
            _utf8(given.prose),
            for_text(prose_prompt(), document, prose_language).text,
            dismissed=dismissed,
            prose_language=prose_language,
        )
        counts.add(found.drops)
        if isinstance(found, RefusedAnswer):
            counts.drop(DropReason.REFUSED_ANSWER)
        elif judgement.primary is asked.primary:
            prose = found
    return ReadProposal(
        model=model,
        recorded=given.recorded,
        prose_language=prose_language,
        judgement=judgement,
        prose=prose,
        review=None if given.review is None else _utf8(given.review),
        drops=counts.drops,
    )


def review_in(proposal: bytes | None) -> bytes | None:
    """The answer about the rules' findings; None without one."""
    given = _decoded(proposal)
    return None if given is None or given.review is None else _utf8(given.review)


def read_judgement(
    document: Text,
    taxonomy: Taxonomy,
    answers: Sequence[str],
    rulings: Sequence[Ruling] = (),
    prose_language: ProseLanguage = ProseLanguage.STORY,
) -> GroundedJudgement | RefusedAnswer:
    """The judgement of the answers to the first call, in text order."""
    return ground_judgement(
        document,
        [_utf8(answer) for answer in answers],
        taxonomy,
        for_text(judgement_prompt(taxonomy), document, prose_language).text,
        rulings=rulings,
        prose_language=prose_language,
    )


def _decoded(proposal: bytes | None) -> Proposal | None:
    """None if it is malformed."""
    try:
        return msgspec.json.decode(proposal or b"", type=Proposal)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _utf8(answer: str) -> bytes:
    return answer.encode(errors="replace")


def _place(finding: Finding) -> tuple[int, int]:
    return finding.spans[0].start, finding.spans[-1].end

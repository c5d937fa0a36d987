"""A verdict in Markdown, each part a section in reading order."""

from collections.abc import Iterable, Iterator

from api.rendering.markdown.claims import claim_item
from api.rendering.markdown.escaping import Scalar, inline, quoted
from api.rendering.markdown.page import Page, Section
from api.rendering.plain_text import words_of
from api.rendering.ranking import ranked
from api.rendering.score_parts import score_parts, strongest_words
from api.rendering.sentences import (
    agreement_sentence,
    happening_words,
    news,
    points,
    score_meaning,
    sole_judge_sentence,
    verdict_sentence,
    without_second_sentence,
)
from api.rendering.site import Site
from api.rendering.subject import Subject
from schemas.assessments import Finding, Integrity, Omission, SpinSide
from schemas.enums import SecondOpinionState
from schemas.score_explanations import ScorePart
from schemas.verdicts import Verdict
from schemas.wire import rfc3339


def verdict_page(verdict: Verdict, subject: Subject, site: Site) -> Page:
    """One version of a story's verdict."""
    here = site.at("verdicts", verdict.id or "")
    essentials = {"id": verdict.id, "story": subject.facts.id, **verdict_essentials(verdict, site)}
    front = essentials | {
        "url": here,
        "original": subject.facts.url,
        "source": subject.source.name,
        **verdict_front(verdict),
    }
    return Page(
        front=front,
        essentials=essentials,
        title=f"Verdict on “{inline(subject.facts.title)}”",
        lead=verdict_lead(verdict, site),
        sections=list(verdict_sections(verdict, site)),
        address=f"{here}.md",
    )


def verdict_lead(verdict: Verdict, site: Site) -> str:
    return f"**{inline(verdict_sentence(verdict, site))}** {score_meaning()}"


def verdict_essentials(verdict: Verdict, site: Site) -> dict[str, Scalar]:
    """The facts of a verdict in the shortest digest."""
    return {
        "version": verdict.version,
        "spin_type": verdict.spin.primary.value if verdict.spin else None,
        "score": verdict.spin.score if verdict.spin else None,
        "license": site.license,
    }


def verdict_front(verdict: Verdict) -> dict[str, Scalar]:
    """The other front matter of a verdict."""
    spin, integrity = verdict.spin, verdict.integrity
    return {
        "status": verdict.status.value,
        "not_scorable": verdict.not_scorable.reason.value if verdict.not_scorable else None,
        "secondary_type": spin.secondary.value if spin and spin.secondary else None,
        "tactic": spin.tactic if spin else None,
        "band": spin.band.value if spin else None,
        "score_low": spin.interval[0] if spin and spin.interval else None,
        "score_high": spin.interval[1] if spin and spin.interval else None,
        "confidence": spin.confidence if spin else None,
        "stance": spin.stance.value if spin else None,
        "satire": True if spin and spin.satire else None,
        "happening": verdict.happening.kind.value if verdict.happening else None,
        "evidence_strength": integrity.evidence_strength.value if integrity else None,
        "verification": integrity.verification.value if integrity else None,
        "contested": verdict.agreement.contested if verdict.agreement else None,
        "prose_language": verdict.model.language if verdict.model else None,
        "reason": verdict.reason.value,
        "judged_at": rfc3339(verdict.created_at),
        "engine": f"{verdict.engine.name} {verdict.engine.version}",
        "taxonomy": verdict.taxonomy_version,
        "text_sha256": verdict.text_sha256,
        "machine_made": verdict.provenance.machine_made,
        "human_reviewed": verdict.provenance.human_reviewed,
    }


def verdict_sections(
    verdict: Verdict, site: Site, without_second: SecondOpinionState | None = None
) -> Iterator[Section]:
    """The verdict's sections, without empty ones. `without_second`: why it has no second opinion."""
    second = agreement_sentence(verdict, site)
    if second is None and without_second is not None:
        second = without_second_sentence(without_second)
    for section in _sections(verdict, site, second):
        if section.items:
            yield section


def _sections(verdict: Verdict, site: Site, second_opinion: str | None) -> Iterator[Section]:
    spin, mechanics = verdict.spin, verdict.mechanics
    yield Section(
        heading=None,
        noun="sentences on the framing",
        weight=2,
        items=_sentences(
            ("", verdict.deck),
            ("", spin.emphasis if spin else None),
            ("Frame: ", verdict.frame),
            ("Objective: ", verdict.objective),
            ("Second opinion: ", second_opinion),
            ("Judge: ", sole_judge_sentence(verdict)),
        ),
        loose=True,
    )
    if verdict.happening is not None:
        yield Section(
            heading="What happened",
            noun="sentences of the news",
            weight=2,
            items=[
                f"– {inline(happening_words(verdict.happening))}",
                *map(quoted, _whole(news(verdict.happening))),
            ],
            loose=True,
        )
    if verdict.integrity is not None:
        yield Section(
            heading="How an AI would repeat it",
            noun="sentences on repetition",
            weight=0,
            items=_repetition(verdict.integrity),
            loose=True,
        )
    yield Section(
        heading="Claims", noun="claims", weight=1, items=[claim_item(claim) for claim in verdict.claims]
    )
    yield Section(
        heading="What does it",
        noun="findings",
        weight=3,
        items=[_finding(finding, site) for finding in ranked(verdict)],
    )
    yield Section(
        heading="What got left out",
        noun="omissions",
        weight=4,
        items=[_omission(omission) for omission in verdict.left_out or ()],
    )
    yield Section(
        heading="Who does not speak",
        noun="missing voices",
        weight=5,
        items=[f"- {inline(voice.name)}: {inline(voice.why)}" for voice in verdict.missing_voices or ()],
    )
    if mechanics is not None:
        yield Section(
            heading="How the spin works",
            noun="sentences on how it works",
            weight=6,
            items=_sentences(
                ("In plain English: ", mechanics.plain_english),
                ("It wants you to believe: ", mechanics.believe),
                ("It makes harder to question: ", mechanics.hard_to_question),
                ("How: ", mechanics.how),
            ),
            loose=True,
        )
    yield Section(
        heading="Spin and substance",
        noun="pairs",
        weight=7,
        items=[
            f"- Suggested:\n{_side(pair.spin)}\n\n  Shown:\n{_side(pair.substance)}"
            for pair in verdict.spin_vs_substance or ()
        ],
    )
    yield Section(
        heading="Questions this raises",
        noun="questions",
        weight=8,
        items=[f"- {inline(question.question)}" for question in verdict.questions_raised or ()],
    )
    yield Section(
        heading="Questions it answers",
        noun="answered questions",
        weight=13,
        items=[
            f"- {inline(question.question)}\n{quoted(question.answer, '  ')}"
            for question in verdict.questions_answered or ()
        ],
    )
    yield Section(
        heading="Who benefits",
        noun="beneficiaries",
        weight=9,
        items=[f"- {inline(gainer.name)}: {inline(gainer.why)}" for gainer in verdict.beneficiaries or ()],
    )
    yield Section(
        heading="The story in its own sentences",
        noun="sentences of the story",
        weight=10,
        items=[quoted(sentence) for sentence in verdict.tldr or _whole(verdict.summary)],
        loose=True,
    )
    yield Section(
        heading="Loaded terms",
        noun="loaded terms",
        weight=11,
        items=[
            f"- “{inline(term.term)}” · {site.type_name(term.type)}{_voiced(term.voice)}"
            for term in verdict.loaded_terms
        ],
    )
    yield Section(
        heading="Key figures",
        noun="figures",
        weight=12,
        items=[f"- {inline(stat.value)}: “{inline(stat.measures)}”" for stat in verdict.key_stats or ()],
    )
    yield Section(heading="Source and voices", noun="facts on the source", weight=14, items=_voices(verdict))
    yield Section(
        heading="Names and keywords",
        noun="names",
        weight=15,
        items=[
            *(
                f"- {inline(entity.name)} ({entity.type}, salience {entity.salience})"
                for entity in verdict.entities or ()
            ),
            *(f"- Keyword: {inline(keyword)}" for keyword in verdict.keywords),
        ],
    )
    total = f"- = {spin.score} of 100" if spin else ""
    yield Section(
        heading="Where the score comes from",
        noun="parts of the score",
        weight=16,
        items=[*(_part(part) for part in score_parts(verdict)), *_whole(total)],
    )
    yield Section(
        heading="Ask an AI about this",
        noun="links",
        weight=17,
        items=[f"- [{inline(ask.engine)}](<{ask.url}>)" for ask in verdict.ask_ai],
    )


def _sentences(*sentences: tuple[str, str | None]) -> list[str]:
    """Generated sentences, which may contain words of the story."""
    return [f"– {label}{inline(sentence)}" for label, sentence in sentences if sentence]


def _repetition(integrity: Integrity) -> list[str]:
    items = []
    if integrity.faithful_summary:
        items.append(f"– Faithful: {inline(integrity.faithful_summary)}")
    if integrity.likely_ai_summary:
        items.append(f"– Likely, and not to be repeated like this:\n\n{quoted(integrity.likely_ai_summary)}")
    items.append(
        f"– Evidence {integrity.evidence_strength} · {words_of(integrity.verification)} · "
        f"narrative risk {integrity.narrative_risk} · AI repetition risk {integrity.ai_repetition_risk}"
    )
    reasons = [*integrity.narrative_risk_reasons, *integrity.ai_repetition_risk_reasons]
    return items + [f"– {inline(reason)}" for reason in reasons]


def _finding(finding: Finding, site: Site) -> str:
    kind = f" · {site.type_name(finding.type)}" if finding.type else ""
    places = ", ".join(f"{span.start}–{span.end}" for span in finding.spans)
    lines = [
        f"- {points(finding.points)} {inline(finding.label)}{kind}{_voiced(finding.voice)} · characters {places}"
    ]
    quotes = [span.quote for span in finding.spans if span.quote]
    if any(quote not in finding.explanation for quote in quotes):
        lines += [*(quoted(quote, "  ") for quote in quotes), ""]
    return "\n".join([*lines, f"  – {inline(finding.explanation)}"])


def _part(part: ScorePart) -> str:
    earned = points(part.points) if part.points else "no points:"
    facts = f": {inline(part.facts)}" if part.facts else ""
    quote = strongest_words(part)
    among = f"; among the strongest:\n\n{quoted(quote, '  ')}\n" if quote else ""
    return f"- {earned} {inline(part.label)}{facts}{among}"


def _omission(omission: Omission) -> str:
    looked_for = f" (Looked for: {inline(omission.looked_for)}.)" if omission.looked_for else ""
    return f"- {inline(omission.text)}{looked_for}"


def _side(side: SpinSide) -> str:
    if side.text:
        return quoted(side.text, "  ")
    return f"  – {inline(side.absent)}" if side.absent else "  – not served"


def _voices(verdict: Verdict) -> list[str]:
    role = verdict.source_role
    inferred = f", inferred, {role.confidence:.0%} certain" if role.confidence is not None else ""
    items = [
        f"- Publisher: {inline(role.publisher or 'unknown')} ({words_of(role.publisher_type)}{inferred})",
        f"- Intent: {words_of(role.intent)} · independence {role.independence}",
    ]
    if role.host:
        items.append(f"- Carried by {inline(role.host)}")
    return items + [
        f"- Speaks: {inline(voice.name)}{_described(voice.description)}, {voice.share:.0%} of the text"
        for voice in verdict.voices or ()
    ]


def _described(description: str | None) -> str:
    return f" ({inline(description)})" if description else ""


def _voiced(voice: str) -> str:
    return "" if voice == "document" else f" · in the words of {inline(voice)}"


def _whole(text: str | None) -> Iterable[str]:
    return [text] if text else []

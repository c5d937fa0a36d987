"""The page of a story or of one version of its verdict."""

from typing import Any

from api.rendering.html.environment import render
from api.rendering.html.waterfall import waterfall
from api.rendering.jsonld.verdicts import credit, verdict_graph
from api.rendering.ranking import MAX_SHOWN, ranked, shown
from api.rendering.restating import do_not_restate
from api.rendering.score_parts import score_parts
from api.rendering.sentences import (
    agreement_sentence,
    happening_words,
    news,
    sole_judge_sentence,
    verdict_label,
    verdict_sentence,
    without_second_sentence,
)
from api.rendering.site import Site
from api.rendering.subject import Subject
from schemas.verdicts import Verdict


def verdict_html(verdict: Verdict, subject: Subject, site: Site) -> str:
    return render(
        "verdict.html",
        site,
        here=site.at("verdicts", verdict.id or ""),
        graph=verdict_graph(verdict, subject, site),
        story=None,
        **verdict_values(verdict, subject, site),
    )


def verdict_values(verdict: Verdict, subject: Subject, site: Site) -> dict[str, Any]:
    """Template values for a verdict."""
    spin = verdict.spin
    entry = site.taxonomy.type(spin.primary) if spin else None
    return {
        "verdict": verdict,
        "facts": subject.facts,
        "source": subject.source,
        "story_address": site.at("stories", subject.facts.id),
        "sentence": verdict_sentence(verdict, site),
        "credit": credit(verdict),
        "second_opinion": agreement_sentence(verdict, site),
        "without_second": subject.facts.second_opinion
        and without_second_sentence(subject.facts.second_opinion),
        "sole_judge": sole_judge_sentence(verdict),
        "prose_language": verdict.model.language
        if verdict.model and verdict.model.language != "en"
        else None,
        "kind": f"type-{spin.primary}" if spin else "type-unscored",
        "entry": entry,
        "findings": ranked(verdict),
        "shown_findings": shown(ranked(verdict), by_model=verdict.model is not None),
        "most_shown": MAX_SHOWN,
        "verdict_label": verdict_label(
            spin.primary, satire=spin.satire, band=spin.band, taxonomy=site.taxonomy
        )
        if spin
        else None,
        "ledger": waterfall(score_parts(verdict), spin.score) if spin else None,
        "bands": site.taxonomy.bands,
        "do_not_restate": do_not_restate,
        "happening_words": happening_words(verdict.happening) if verdict.happening else None,
        "news": news(verdict.happening) if verdict.happening else None,
    }

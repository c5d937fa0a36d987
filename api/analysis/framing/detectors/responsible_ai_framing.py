"""Technology described as responsible, safe, ethical, aligned.

Why: the adjective replaces a test that others could repeat. Source: "ethics washing" (Wagner, 2018; Metzinger,
2019). Limits: research on safety uses these words for its subject.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    responsible ai; responsible innovation; responsible development; responsible use; responsible deployment
    responsible approach; responsibly; responsibility to; safe and beneficial; safe and secure
    safe and responsible; safely; ai safety; safety research; safety is; safety-first; safety and; ethical*
    trustworth*; trusted ai; trusted; transparent; transparently; accountab*; explainab*; interpretab*
    aligned with human; human values; safeguard*; guardrail*; guard rails; human oversight; human control
    human in the loop; human-in-the-loop; human-centered; human-centric; privacy-first; privacy-preserving
    respect* privacy; fairness; unbiased; eliminat* bias; reduce bias; mitigate bias; avoid* harmful
    helpful, honest; red team*; red-team*; rigorous test*; rigorously; rigorous; thoughtful*; cautious*
    with care; robustly; voluntary commitments; commitments; high standard*; highest standard*; integrity
    openly; openness; open source community; open science; beneficial; for good; do no harm
    societal impact*; good governance; aligned with our; with fairness; full transparency; transparency and
    commitment to transparency; committed to transparency; transparency first
    """)
)

DETECTOR = Detector(
    code="responsible_ai_framing",
    type=SpinType.HALO,
    tactic="responsible_ai_framing",
    label="Responsibility asserted",
    explanation="“{words}” claims a virtue.",
    finds=(
        "Pallwright builds trustworthy models with rigorous testing and human oversight.",
        "Our approach to responsible AI puts safety and transparency first.",
    ),
    passes=(
        "Two auditors ran 1,200 prompts and published the answers.",
        "The model has 7 billion parameters.",
    ),
    find=lexical(TERMS),
)

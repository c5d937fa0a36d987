"""Sentences made of management and platform jargon.

Looks for: several jargon terms in a sentence, or one of the emptiest. Why: it obscures who does what to whom.
Source: Orwell, "Politics and the English Language" (1946); obfuscation in Da San Martino and others (2019).
Limits: technical terms of a field are not listed.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import crowded, first_of, lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    synerg*; holistic*; ecosystem*; leverag*; paradigm*; value chain; end-to-end; fabric; composable
    orchestrat*; agile; agility; alignment; aligned; stakeholder*; framework*; operationali*; actionable
    granular; value proposition*; digital transformation; go-to-market; solution; solutions; capabilit*
    enablement; enabler*; verticals; touchpoint*; t-shaped; best practice*; deliverable*; learnings; mindset
    journey; insights; data-driven; customer-centric; human-centric; digital-first; cloud-native; ai-native
    ai-first; ai-powered; next-generation; mission-critical; scalab*; modular; interoperab*
    connective tissue; flywheel; velocity; cadence; bandwidth; optionality; traction; footprint; pathway*
    pillar*; lens; landscape; layer; substrate; modality; semantic*; continuum; lifecycle; workstream*
    roadmap; toolkit; playbook; north star; value creation; value-add; unified; integrated; streamlined
    transformation; optimiz*; optimis*; harmonis*; harmoniz*; normalis*; rationalis*; realignment
    proportionate; run-rate; step-change; time-to-value; center of excellence; centre of excellence; matrix
    cluster*; horizon*; proactive*; strategic*; robust; dynamic; adaptive; de-risk*; outcome*; engagement
    governance; implementation; alignment with; cross-functional; co-creat*; ideat*; upskill*; future-fit
    future-ready; fit-for-purpose; thought leader*; low-hanging; deep dive; value-driven; value-added
    outcomes-based; outcome-based; outcome-driven; insight-driven; purpose-led; mission-aligned
    multi-stakeholder; omnichannel; monetis*; monetiz*; productis*; productiz*; socialis*; socializ*
    streamlining; empowerment; operating model; target state; end state; governance model; service delivery
    delivery vehicle; competenc*; stakeholder engagement; decisioning; journeys
    """)
)
EMPTY = Lexicon(
    phrases("""
    connective tissue; semantic layer; decision fabric; decision-native; composable enterprise
    latent optionality; value crystalli*; design intent; lived practice; thematic delivery
    delivery model; balanced utilisation; capability realignment; realignment of capability
    actionable velocity; holistic approach; holistic framework; end-to-end value; unlock value
    value stream*; synergies across; intelligent orchestration; adaptive orchestration
    across the value chain; operationalise intelligence; operationalize intelligence; living model
    unified view; single pane of glass; digital fabric; collaborative ecosystem; elastic smoothing
    normalised units
    """)
)


DETECTOR = Detector(
    code="jargon_saturation",
    type=SpinType.FOG,
    tactic="jargon_saturation",
    label="Crowded jargon",
    explanation="“{words}” stacks jargon where a plain sentence would say who does what.",
    finds=(
        "Our holistic platform orchestrates stakeholder alignment across the value chain.",
        "Vellum is the connective tissue of the composable enterprise.",
    ),
    passes=(
        "Vellum copies files from one server to another every night.",
        "The roadmap lists four bugs.",
    ),
    find=first_of(lexical(EMPTY), crowded(TERMS)),
)

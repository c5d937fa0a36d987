"""The speaker's own excitement, offered as news.

Looks for: "thrilled to announce", "proud to", "we can't wait". Why: a feeling sets the tone before the facts.
Source: bolstering in Benoit (1995); self-presentation in press releases (Pander Maat, 2007). Limits: a
convention of the genre, so one hit means little.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    excited to; excited about; excited by; so excited; we're excited; are excited; thrilled to
    thrilled about; thrilled with; thrilled by; delighted to; delighted by; pleased to; proud to; very proud
    so proud; incredibly proud; proud of; honored to; honoured to; humbled; ecstatic; can't wait
    cannot wait; look forward to; happy to announce; happy to share; glad to announce; privileged to
    grateful to; we love; overjoyed; passionate; dream come true; a big day; a proud day; incredible journey
    amazing journey; remarkable journey; stay tuned
    """)
)

DETECTOR = Detector(
    code="excitement",
    type=SpinType.HYPE,
    tactic="innovation_framing",
    label="Announced excitement",
    explanation="“{words}” expresses enthusiasm, which is no fact.",
    finds=(
        "We are thrilled to announce the second edition of Corvane.",
        "The team is incredibly proud of this release, and we can't wait to see it used.",
    ),
    passes=(
        "The second edition of Corvane is available from 4 May.",
        "Excited children waited at the gate.",
    ),
    find=lexical(TERMS),
)

"""Bad figures presented as passing weather.

Looks for: headwinds, timing, "investment year", "one-off", resilience beside a decline. Why: a temporary
decline needs no answer. Source: Clatworthy and Jones (2003) on the attribution of bad results; Coombs (2007).
Limits: a cause that really is temporary reads the same.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.lexicons import BAD_NEWS
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    headwind*; near-term; one-off; one-time; transitional; transition year; timing; investment year
    year of investment; investment phase; foundation year; bump in the road; soft patch; pause; seasonal*
    normalis*; normaliz*; look through; resilien*; expected to recover; expect to recover; rebound*
    recover in the second half; return to growth; in line with expectations; challenging quarter
    challenging year; challenging environment; difficult year; quieter period; at this stage
    underlying business; underlying demand; underlying growth; on an adjusted basis; excluding one-off
    remain* confident; remains strong; remain* on track; fundamentally strong; encouraging; early signs
    near the bottom; moving in the right direction; plenty of headroom; taken longer; taking longer than
    slightly later; worth the wait; patience; softer than; slight*; normal part of; natural part of
    part of growing; growing pains; cyclical; better shape; behind us; stabilis*; stabiliz*
    catch our breath; temporary setback*; temporary headwind*; temporary slowdown; temporary dip
    temporarily soft*; short-term challenge*; short-term pressure*; short-term volatility; modest decline
    modest decrease; modestly below; macro headwinds; tough comparison*; difficult comparison*; tough comps
    phasing of; deferred into; pushed into the next; timing of orders; one-time charge*; exceptional item*
    exceptional cost*; non-recurring; transitory; short-lived; blip; teething; growing pain; hiccup*
    getting back to normal; back to normal; return to normal; back on track; long-term fundamentals
    fundamentals remain; remains intact; remain intact; remains robust; remain robust; remains healthy
    sound footing; weather the; weathering; navigat* the; navigating a; on a solid footing
    better than feared; less than feared; signs of recovery; signs of improvement; expected to improve
    expect to improve; will improve
    """)
)

DETECTOR = Detector(
    code="temporary_headwinds",
    type=SpinType.CUSHION,
    tactic="temporary_headwinds",
    label="Decline told as passing",
    explanation="“{words}” makes it look short-lived or normal.",
    charge="“{words}” makes a bad result look short-lived or normal.",
    finds=(
        "Sales fell by a fifth amid temporary headwinds, but demand remains strong.",
        "The loss widened in what Quennel calls an investment year.",
    ),
    passes=(
        "Sales fell by a fifth, the third fall in a row.",
        "Visitors get a temporary badge at the gate.",
    ),
    find=lexical(TERMS, near=BAD_NEWS, reach=2),
)

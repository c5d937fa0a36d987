"""Lexicons that several detectors share: bad news, and compulsion, cause and the actor's own side."""

from api.analysis.text.lexicon import Lexicon, phrases

# Losses, cuts, failures, harm.
BAD_NEWS = Lexicon(
    phrases("""
    layoff*; laid off; lay off; laying off; job cuts; cut jobs; cutting jobs; jobs cut; redundanc*
    dismiss*; reduce our workforce; reducing our workforce; workforce reduction*; headcount; job losses
    roles will go; role eliminat*; positions eliminated; eliminat* positions; severance; departing
    departure*; departed; clos* the; closure*; closing; closed down; shut down; shutting down
    shuts down; shutter*; shutdown; discontinu*; end of life; end support; cease*; wind down
    winding down; sunset*; withdraw*; withdrawal; net loss; loss*; lost; decline*; declining; decreas*
    fell; fall in; falling; drop; dropped; down from; shortfall; missed; miss its; below target
    below expectations; below forecast; write-down; writedown; impairment; slowdown; slower; weaker
    weakness; delay*; postpone*; late; overrun*; behind schedule; suspend*; cancel*; cut; cuts; cutting
    reduction*; reduce*; scaled back; scaling back; fewer; price increase; increase prices; price rise
    higher prices; fee increase; raise the price; deficit; debt; bankrupt*; insolven*; administration
    recall*; defect*; fault*; failure*; failed; fail to; outage*; disruption*; breach*; leak*; incident*
    exposed; unauthori*; complaint*; injur*; harm*; death*; died; accident*; error*; mistake*; problem*
    bug; vulnerabilit*; lawsuit*; fine; fined; penalt*; investigat*; violat*; scandal; resign*
    stepping down; step down; stepped down; divest*; sale of; sell its; sold its; adverse; unfortunately
    regret*; apolog*; sorry; setback*; downturn
    """)
)
# Presents the actor as acted upon.
COMPULSION = Lexicon(
    phrases("""
    forc* us; forced to; forces us; forced by; forced on us; oblig*; no choice; no other choice
    no alternative; little choice; hands were tied; hands are tied; left us; leaves us; leave us
    left with no; impos*; require us; requires us; required us; prevent* us; prevented from
    made it impossible; makes it impossible; compel*; must comply; in order to comply; to comply with
    at the mercy; held hostage; without consultation; punish*; strangl*; burden*; red tape; block*
    refus*; ignored; ignoring; failed to act; failed to; chose not to; unwilling; unfair*; squeez*
    battered by; crippl*; hamper*; took our; taken out of; dictat*; outside our; pay the price
    paying the price; pay the bill; left to clear up; left to pick up; adds cost; adds real cost
    no option but; no other option; denied us; stopped us; keeps us from; kept us from; would not let us
    never told us; did not tell us; didn't tell us; never asked us; gave us no; made us; pushed us; took from us
    won't let us
    hasn't lifted a finger; let down by; been let down; unable to; stands in the way; stand in the way
    """)
)
CAUSE = Lexicon(
    phrases("""
    due to; because of; because; driven by; reflect*; amid; owing to; as a result of; impacted by
    affected by; caused by; blam*; thanks to; in the face of; in light of; given the; following
    weighed on; weigh on; hit by; attributable to; attributed to; result of; pressure from; led to
    leading to; hurt by; battered by; in response to; stemming from; explain*; have forced; has forced
    leaves; left
    """)
)
OWN_SIDE = Lexicon(
    phrases("""
    we; us; our; the company; our customers; our users; our people; our staff; our team; our network
    our systems
    """)
)

"""The lexicon of bad news: losses, cuts, failures, harm. Several detectors look for framing near it."""

from api.analysis.text.lexicon import Lexicon, phrases

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

"""The economy, the weather or the times as the cause of a bad result.

Looks for: a force larger than the actor, with a word of cause or bad news in the sentence. Why: nobody is to
blame for a climate. Source: self-serving attribution in annual reports (Bettman and Weitz, 1983; Clatworthy and
Jones, 2003); defeasibility in Benoit (1995). Limits: economic reports name such causes as their subject; such a
hit weighs little.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.lexicons import BAD_NEWS, CAUSE
from api.analysis.framing.patterns import first_of, lexical, together
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

FORCES = Lexicon(
    phrases("""
    macroeconomic*; inflation*; interest rates; higher rates; economic uncertainty; economic climate
    economic condition*; economic headwinds; consumer confidence; market conditions; market downturn
    challenging market; challenging environment; challenging condition*; difficult market; tough market
    volatile; volatility; uncertain climate; uncertain environment; geopolitic*; supply chain*
    global pressures; energy prices; energy costs; input costs; exchange rates; currency; the pandemic
    covid*; the war; the weather; unseasonal; drought; storm; flood; act of nature; recession
    the economy; world events; cost of living; industry-wide; sector-wide; across the country
    across the industry; abrupt deterioration
    """)
)
ALONE = Lexicon(
    phrases("""
    outside our control; outside of our control; beyond our control; outside its control; beyond its control
    outside of the airline's control; perfect storm; sea change; forces larger than; could have foreseen
    could not have foreseen; could not have planned for; could have predicted; unprecedented times
    challenging times; these uncertain times; once in a hundred; once in two hundred; act of nature
    the world changed; new market reality; immune from; no single company; no single hospital
    pressures that; not unique to; every company in our; like many companies; like many others
    like others in our; force majeure; factors beyond; factors outside; circumstances beyond
    circumstances outside; external factors; external events; external pressures; external shocks
    macro headwinds; macroeconomic headwinds; macro environment; in this economy; difficult economic
    tough economic; economic realities; global headwinds; unforeseeable; nobody could have predicted
    no one could have predicted; beyond anyone's control; outside anyone's control; industry-wide challenge*
    sector-wide challenge*
    """)
)

DETECTOR = Detector(
    code="macroeconomic_headwinds",
    type=SpinType.SHIELD,
    tactic="macroeconomic_headwinds",
    label="Blame on the times",
    explanation="“{words}” makes a force outside the actor the cause of the result.",
    finds=(
        "The loss was caused by conditions outside our control.",
        "Margins fell due to inflation and unseasonal weather, Pellwick said.",
    ),
    passes=(
        "The central bank publishes its forecast in May.",
        "Pellwick's own pricing error cost it 4 million.",
    ),
    find=first_of(lexical(ALONE), together(FORCES, CAUSE, third=BAD_NEWS)),
)

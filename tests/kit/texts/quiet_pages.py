"""Pages without the signs of one, about invented firms; no model has learned from them."""

ABOUT = (
    "Corvane Sails is a loft on the old quay of Tarn. We make and mend sails for boats of up to twelve "
    "metres, and covers for whatever else has to stay dry.\n\n"
    "Ilsa Corvane learned the trade from her aunt and has led the loft since 2009. Piet cuts, Marta sews, "
    "and the dog looks after the offcuts. All four of us sail, two of us well.\n\n"
    "We like plain cloth and strong corners. A sail by us comes with a free look after the first season, "
    "because cloth stretches and so do opinions.\n\n"
    "The loft is open on weekdays from eight to four. If you come by water, tie up at the blue ladder and "
    "ring the bell. Parking is behind the ice house. Dogs are welcome, cats at their own risk."
)
THREAD = (
    "Has anybody tried to grow figs north of Tarn? Mine are in pots and sulk.\n\n"
    "low_tide: Mine ripened last year, against the oven wall of the bakery. You need the wall.\n\n"
    "Gus: And the bakery.\n\n"
    "low_tide: true\n\n"
    "Mrs Ottaway: Wrap them in October, straw and a sack. My father did it and had figs at ninety.\n\n"
    "Gus: which sort though? Brown ones never ripen here.\n\n"
    "Mrs Ottaway: He called it the Bishop. I don't think that it's the name.\n\n"
    "The first one again: thank you all, I'll try the wall. Has anybody got a bakery?\n\n"
    "low_tide: lol. Come to the swap on Sunday, I'll bring you a cutting from mine."
)
DIGEST = (
    "Good evening. Here is your Tuesday in two minutes.\n\n"
    "The harbour board has picked a firm from Leewick to dredge the channel. It begins in May and takes "
    "till autumn.\n\n"
    "A school in Marl is closed after a pipe burst in the gym. Parents have been told by message.\n\n"
    "Sugar costs more than at any time since 2011. Bakers blame the rain in Cardena.\n\n"
    "The chess club lost its final by half a point. Its captain, 14, had a cold.\n\n"
    "The owl at the town hall has laid three eggs, and the clock stays silent until June.\n\n"
    "Tomorrow: fog, then sun. Good night, and forward this to somebody who likes owls."
)

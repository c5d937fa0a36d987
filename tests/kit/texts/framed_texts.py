"""Invented stories, each steering in one way, and two that do not. (title, body) each."""

HYPE = (
    "Orrinware unveils a revolutionary breakthrough in farm planning",
    "Orrinware today announced Furrow, the world's first planning engine for farms and a groundbreaking "
    "leap forward for the whole industry. The cutting-edge platform unlocks unprecedented value and "
    "empowers every grower with state-of-the-art insight.\n\n"
    "“We are thrilled to bring this game-changing innovation to our customers,” said Orrinware's chief "
    "executive, Talia Brandmoor. “Furrow will transform how the world grows food.”\n\n"
    "With its powerful, seamless and intuitive design, Furrow delivers results up to 10x faster than ever "
    "before. The best-in-class solution sets a new standard and redefines what is possible. Leading "
    "growers are already seeing remarkable growth, and the possibilities are endless.",
)
STAMPEDE = (
    "Machines are coming for every office, and there is no turning back",
    "The revolution is already here, and it is only a matter of time before it reaches your desk. Whoever "
    "waits will be left behind. Our rivals are racing ahead, and the clock is ticking.\n\n"
    "Every company must adapt or die. This is not optional. The change is inevitable and unstoppable, and "
    "it is moving faster than anyone expected. Everyone else is already using these tools, and adoption "
    "has exploded.\n\n"
    "The threat is existential. A terrifying wave of collapse is looming over those who hesitate, and the "
    "consequences will be catastrophic. Act now, before it is too late: the window is closing, and there "
    "is no way back for a country that falls behind in the race.",
)
CUSHION = (
    "An update on our team",
    "Today we are sharing a difficult decision. As part of simplifying our organization, we are reducing "
    "our workforce and saying goodbye to 140 talented colleagues. We are deeply grateful for their "
    "contributions.\n\n"
    "These changes let us sharpen our focus and begin our next chapter on a firmer footing. While sales "
    "fell in a challenging quarter of temporary headwinds, the underlying business remains strong and we "
    "are confident in our long-term value.\n\n"
    "Affected colleagues will receive a generous package and career transition support. With a leaner "
    "team and a more efficient structure, we will emerge stronger than ever from these layoffs. Only a "
    "small number of customers will see any disruption, and no action is required.",
)
PLAIN_REPORT = (
    "Council closes two of nine swimming pools",
    "The town council of Harrow Bay voted on Tuesday to close two of its nine swimming pools at the end "
    "of June. Repairs would cost 4 million crowns, according to a report by the town engineer, Ines "
    "Korhola.\n\n"
    "Eleven members voted in favour and six against. Korhola said that both roofs had failed an "
    "inspection in March. The council reported a deficit of 2.1 million crowns last year.\n\n"
    "“The children of Eastside will have no pool within an hour's walk,” said Peer Lund, who voted "
    "against. The council said that it would pay for buses to the pool in Marl. It did not say for how "
    "long. A petition against the closure had 3,120 signatures on Monday, the town clerk said.",
)
PLAIN_LAYOFF = (
    "Corvell dismisses 300 workers at Tarn plant",
    "Corvell said on Friday that it would dismiss 300 of the 820 workers at its plant in Tarn. The "
    "dismissals take effect on 1 September, according to a filing with the labour office.\n\n"
    "The company lost 41 million crowns last year, after a loss of 12 million the year before. Its filing "
    "says that orders for pumps fell by 38 percent. The union, which counted 900 workers at the plant in "
    "2019, said that it had been told an hour before the staff.\n\n"
    "Marta Eide, who leads the union, said that it would ask for talks. Corvell did not answer questions "
    "about the rest of the staff. The plant opened in 1974, and the region's unemployment rate was 9 "
    "percent in March.",
)

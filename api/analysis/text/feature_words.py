"""Word lists of the features: styles of writing, not framing in themselves."""

from api.analysis.text.lexicon import Lexicon, phrases

ABSOLUTES = Lexicon(
    phrases("""
    every; everyone; everybody; everything; everywhere; ever; never; nothing; nobody; no one; none
    always; all; whole; entire; entirely; only; absolutely; completely; totally; utterly; truly; truth
    certainly; undoubtedly; clearly; obviously; of course; simply; must; impossible; perfect; forever
    world; anywhere; anyone
    """)
)
COLLECTIVE = Lexicon(phrases("we; our; us; ours; ourselves; we're; we've; we'll; together"))
READER = Lexicon(phrases("you; your; yours; yourself; you're; you've; you'll"))
COMMERCE = Lexicon(
    phrases("""
    customer*; client*; solution*; service*; platform*; partner*; partnership*; growth; value; leading
    demand; team*; enterprise*; business*; industry; experience*; brand*; product*; organization*
    organisation*; opportunit*; expertise; capabilit*; deliver*; offering*; portfolio; strategy
    strategic; invest*; efficien*; performance; quality; provid*; enabl*; benefit*; scale; success*
    market; consumer*; advantage*; professional*; accelerat*
    """)
)
VALUES = Lexicon(
    phrases("""
    future; human; humanity; people; lives; life; trust*; safe; safety; help*; community; communities
    society; heart*; care; thank*; spirit; moment; story; stories; believe*; dream*; hope*; real
    matter*; need*; deserve*; families; family; children; together; generation*; love*; proud; freedom
    country; nation
    """)
)
REPORT = Lexicon(
    phrases("""
    said; says; told; reported; reportedly; spokes*; officials; according to; monday; tuesday; wednesday
    thursday; friday; saturday; sunday; january; february; april; june; july; august; september; october
    november; december; earlier this; last week; last month; last year; this week; court; judge; lawsuit
    filed; police; prosecutor*; ministry; percent; statement; confirmed; declined to; comment; asked
    sources; obtained by; announced; interview
    """)
)
REFERENCE = Lexicon(
    phrases("""
    for example; example*; e.g; i.e; note that; note; dataset*; parameter*; function*; method*
    algorithm*; figure; table; section; sample*; training; trained; test*; comput*; output; input*; code
    install*; file*; library; github; version; default; implement*; layer*; vector*; image*; step; steps
    paper; authors; abstract; results; experiment*; evaluat*; list; page; settings; equation
    probability; approach; approaches; generally; typically; similar; different; using; above; below
    """)
)
CONTRAST = Lexicon(
    phrases("""
    however; but; although; though; yet; despite; critics; skeptic*; sceptic*; independent; expert
    experts; researchers; analyst; analysts; on the other hand; caveat*; limitation*; drawback*
    downside*; nevertheless; nonetheless; whereas; opponents; disput*; disagree*; questioned; unclear
    uncertain*
    """)
)
CRITICISM = Lexicon(
    phrases("""
    absurd; hypocri*; greed*; shame*; outrag*; so-called; cynical*; ridiculous*; stupid*; reckless*
    corrupt*; fail; fails; failed; failing; failure*; wrong*; lie; lied; lies; lying; nonsense; disgrac*
    pathetic; scandal*; bogus; cruel*; racis*; exploit*; abus*; problematic; flaw*; bias; biased; biases
    controvers*; critici*; critic; accus*; backlash; notorious*; creepy; troubl*; dubious; misguided
    naive; sham; bad; worst; worse; terribl*; awful*; unfortunately; sadly; ironic*; supposed*; claims
    claimed; hype*; dangerous; mislead*; decepti*; unethical*; irresponsib*; negligen*; broken; ugly
    hate*; damn*
    """)
)

"""Words by which a phrase shows how it works: ranks, degrees, amounts, feelings, pictures, mild words.

`word_forms.py` looks them up in the words of a finding only, of which a rule or the tagger has said that they
steer; so a word need not be loaded wherever it stands. Figures of speech and mild words are grouped by the domain
of the picture and by their subject.
"""

from api.analysis.text.lexicon import Lexicon, phrases, words

FIRST = Lexicon(
    phrases("""
    world's first; industry's first; industry first; first ever; first-ever; first-of-its-kind; never before
    first of its kind; one of a kind; one-of-a-kind; unprecedented; unheard of; the first; first; the only
    """)
)
PEAK = Lexicon(
    phrases("""
    record-breaking; record-setting; record high; record low; record number; record year; record revenue
    record results; all-time; milestone*; breakthrough*; landmark; historic; game changer; watershed
    turning point; game-changer; game-changing; game changing
    """)
)
WEIGHT = Lexicon(
    phrases("""
    critical; crucial; vital; key; pivotal; important; essential; profound; strategic; game-changing
    instrumental; integral; central; fundamental
    """)
)
EASE = Lexicon(
    phrases("""
    easily; effortless*; seamless*; quickly; instantly; instant; swiftly; smoothly; simply works
    just works; in seconds; in minutes; lightning-fast; blazing; a few clicks; with ease; hassle-free
    painless*; frictionless; real-time; immediately; overnight
    """)
)
EFFECT = Lexicon(
    phrases("""
    drive*; driving; boost*; enhanc*; improv*; transform*; accelerat*; enabl*; empower*; unlock*; power
    powers; powering; fuel*; revolution*; redefin*; reshap*; strengthen*; elevat*; maximi*; optimi*
    streamlin*; simplif*; reduc*; eliminat*; save; saves; saving; solve*; solving; deepen*; expand*; amplif*
    advanc*; foster*; protect*; increas*; bridg*; supercharg*; disrupt*; outperform*; outpac*; reinforc*
    cut; cuts; rais*; bring*; deliver*; democrati*; propel*; keeps; capitaliz*; ensur*; support*
    """)
)
FOREMOST = Lexicon(
    phrases("""
    leading; industry-leading; world-leading; market-leading; class-leading; top; top-tier; top-rated
    premier; best-in-class; world-class; unmatched; unrivaled; unrivalled; unparalleled; ultimate
    unbeatable; second to none; foremost; number one; supreme; pinnacle; unsurpassed; undisputed
    market leader*; global leader*; world leader*; industry leader*; leader in; leaders in; the leader; preeminent
    """)
)
NEWNESS = Lexicon(
    phrases("""
    state-of-the-art; cutting-edge; cutting edge; next-generation; next generation; next-gen; innovat*
    novel; pioneer*; groundbreaking; ground-breaking; revolutionary; new era; modern; reimagin*; reinvent*
    new way; forward-thinking; future-proof; forefront; bleeding-edge; new paradigm; disruptive; newest
    """)
)
SIZE = Lexicon(
    phrases("""
    significant; substantial; major; massive; huge; enormous; tremendous; immense; vast; considerable
    big; dramatic; exponential; explosive; staggering; drastic; extensive; gigantic; sweeping; soaring
    surging; booming; widespread; notable; numerous; countless; giant; mega
    """)
)
# What a figure could tell the size of. Of a thank-you, an honour or a role no one asks for one.
MEASURED = words(
    "growth increase rise surge jump boost gain gains improvement improvements decrease decline drop fall "
    "reduction saving savings cut cuts number numbers amount amounts volume volumes quantity share portion "
    "majority scale size cost costs price prices revenue sales profit profits loss losses return returns "
    "investment investments funding demand audience user users customer customers base community market "
    "markets capacity data dataset traffic impact effect difference progress gap need shortage backlog "
    "expansion uplift contribution contributions"
)
DEGREE = Lexicon(
    phrases("""
    truly; very; extremely; incredibly; radically; dramatically; significantly; substantially; massively
    highly; deeply; vastly; hugely; greatly; remarkably; exceptionally; particularly; especially; really
    strongly; totally; absolutely; seriously; enormously; immensely; exponentially; drastically
    considerably; genuinely; profoundly; super; literally
    relentlessly; uniquely; extraordinarily; insanely; rapidly; utterly; wildly; entirely; completely; wholly
    """)
)
TOTAL = Lexicon(
    phrases("""
    all; every; everyone; everybody; everything; everywhere; always; never; nothing; nobody; no one; entire
    endless; 100%; unlimited; limitless; endlessly; without compromis*; whole; fully
    """)
)
FEELING = Lexicon(
    phrases("""
    thrilled; excited; delighted; proud; proudly; pride; happy; happily; pleased; glad; honored; honoured
    grateful; gratitude; thankful; passionate; passion; love; hope; hopeful; enthusias*; humbled
    disappointed; disappoint*; sorry; regret*; sad; sadly; fear; afraid; worried; shocked; angry
    heartbreak*; can't wait; look forward; looking forward; heartfelt; saddened; unfortunately; relieved
    delight; excitement; thankfully
    """)
)
PROSPECT = Lexicon(
    phrases("""
    potential; opportunit*; possibilit*; promising; poised; well-positioned; well positioned; prospects
    prospect; visionary
    future; on track; on the cusp; ambition*; destined; brighter; roadmap; tomorrow; upside; vision
    in the future
    """)
)
VIRTUE = Lexicon(
    phrases("""
    trust; trusted; trustworth*; responsib*; ethic*; honest*; integrity; transparen*; commitment; committed
    dedicat*; mission; values; purpose; sustainab*; inclusi*; diversity; fair; fairness; equit*; dignity
    compassion*; caring; generous; generosity; safe; safely; justice; courage*
    brave; hero*; noble; selfless; empower*; green; greener; accountab*; respect*
    devot*; giving back; giving; strong values; passion for; safer; socially
    customer-first
    """)
)
PRAISE = Lexicon(
    phrases("""
    excellen*; exceptional*; outstanding; impressive; amazing; awesome; wonderful; stunning; fantastic
    beautiful*; brilliant; superb; superior; powerful; seamless; robust; premium; exclusive; smart*
    sophisticated; intuitive; elegant; comprehensive; valuable; good; ideal; perfect
    successful*; success; talented; expert*; professional; experienced; knowledgeable; renowned; respected
    acclaimed; prestigious; vibrant; dynamic; proven; high-quality; quality; unique; special; extraordinary
    remarkable; advanced; reliable; effective; efficient; flexible; easy; simple; smooth; fast
    lightning-fast; strong; solid; healthy; rich; attractive; enjoyable; fun; helpful; useful; convenient
    affordable; visionary; inspiring; insightful; thoughtful; disciplined; positive; favorable; favourable
    great; exciting; incredible; delicious; comfortable
    manageable; natural; pleasant; luxur*; iconic; legendary; beloved; award-winning; optimal
    state of the art; high-performance; scalable; enhanced; improved; effortless; compelling; win; wins
    """)
)
VAGUE = Lexicon(
    phrases("""
    many; several; numerous; various; a number of; countless; some; thousands; millions; hundreds; dozens
    a lot; lots; plenty; a range of; a variety of; wide range; array; wealth of; host of; multiple
    large chunks; majority; more and more; growing number; certain; a few; innumerable
    """)
)
SMALL = Lexicon(
    phrases("""
    only; just; merely; slight; slightly; minor; limited; small; isolated; modest; modestly; brief; briefly
    minimal; temporar*; short-term; few; handful; tiny; rare; rarely; partial; partially; gradual; gradually
    infrequently; precaution*; abundance of caution; as usual
    """)
)
DUTY = Lexicon(
    phrases("""
    must; need to; needs to; have to; has to; imperative; inevitabl*; unavoidabl*; no choice; no alternative
    undeniabl*; no longer; cannot afford; can't afford; only way; matter of time; unstoppable; here to stay
    """)
)
HASTE = Lexicon(
    phrases("""
    urgent; urgently; deadline*; hurry; last chance; too late; act now; at once
    stay tuned; before it; miss out; missing out; don't miss; limited time; while supplies last; running out
    time to; fall behind; left behind; falling behind; don't wait
    """)
)
DANGER = Lexicon(
    phrases("""
    threat*; danger*; risk*; crisis; crises; catastroph*; disaster*; deadly; devastat*; collaps*; destroy*
    doom*; nightmare*; alarm*; terrif*; horrif*; attack*; abuse*; exploit*; harm; harms; harmed; harmful
    damag*; toxic; vulnerab*; breach*; malicious; chaos; panic; severe; dire; fraud*; crime*; criminal*
    violen*; death*; kill*; broken; worst; worse; problem*; struggl*; burden*; overburdened; pain; costly
    drudgery; scarcity; scarce; shortage*; repetitive; time-consuming; tedious; outdated; fraught; slop
    underreported; drained; duplicative; difficult; challenging; challenge*; issue; issues; weak; wrong; bad
    bitter; suffer*; victim*; stolen; illegal; uncertainty; hassle; frustrat*; overwhelm*; fail; fails
    failed; failing; failure*; never been more
    """)
)
# Pictures, by the domain that they are taken from.
_PICTURES = {
    "sport": """
        race; races; racing; leapfrog*; ahead of the curve; stay ahead; front-runner; head start; win-win
        uphill; level playing field; tug-of-war; home run; slam dunk; play catch-up; falling behind
        left behind; fast track; in full swing
        neck and neck; springboard
    """,
    "war": """
        arms race; arsenal; onslaught; bombard*; front line; frontline; under fire; conquer*; minefield
        spearhead*; chink in; battleground; battlefield; weaponi*; crosshairs
    """,
    "fire and weather": """
        perfect storm; tsunami; avalanche; rising tide; explod*; spark*; ignit*; headwind*; tailwind*
        skyrocket*; burst of; whirlwind; meltdown; storm clouds; fuelling; fueling; wave of; flurry
    """,
    "travel": """
        journey; crossroads; next chapter; new chapter; gateway; frontier; pave; paves; paving; uncharted
        bumpy; leap forward; giant leap; step forward; move the needle
        set the course; set the stage; long road; new avenues; runway
    """,
    "building": """
        cornerstone; pillar*; blueprint; unlock*; opens the door; open the door; opens doors
        bedrock; bridging the gap; bridge the gap; bridges the gap; break down barriers
        breaking down barriers; building block*
    """,
    "light": """
        shining; shines; shine; beacon; dawn; illuminat*; eye-opening; glowing; dazzl*; silver lining
        spotlight; shed light; sheds light; in the shadow*; bright spot
    """,
    "the body": """
        heart of; at the heart; dna; lifeblood; backbone; pain point*; wake-up call; sleepwalk*
        cripple*; crippling; chok*; nerve center; fingertips; breathing room; hand in hand
    """,
    "faith and magic": """
        miracle*; magic*; divine; slaying; pandora's box; tempt fate; crusade; holy grail; doomsday
        apocalyp*; blessing in disguise; godsend; worst sin; mythical; the gods
    """,
    "machines": """
        supercharg*; turbocharg*; well-oiled; powerhouse*; force multiplier; amplif*
    """,
    "chemistry": "catalyst*; catalyz*; catalys*",
}
PICTURES = {domain: Lexicon(phrases(entries)) for domain, entries in _PICTURES.items()}
# Mild words, by the subject that they speak of.
_MILD = {
    "trouble": "challenging; challenge; challenges; headwind*; difficult environment; less than ideal",
    "cuts": "streamlin*; right-siz*; rightsiz*; downsiz*; reduction in force; workforce reduction*; leaner",
    "dismissals": "let go; part ways; parting ways; impacted employees; affected employees; departing colleagues",
    "an end": "sunset*; wind down; winding down; phase out; phasing out; retiring; say goodbye",
    "change": "transition*; evolution; evolv*; reset; next chapter; new chapter; realign*; restructur*",
    "a price rise": "price adjustment*; adjust our prices; adjusting our prices; price update*; adjust prices",
    "failure": "incident*; setback*; fell short; fall short; inconvenience*; disruption*; learnings; hiccup*",
    "stopping": "pause; pausing; paused; step back; stepping back; on hold; refocus*",
}
MILD = {plain: Lexicon(phrases(entries)) for plain, entries in _MILD.items()}
HARD_CHOICE = Lexicon(
    phrases("""
    difficult decision*; hard decision*; tough decision*; difficult choice*; tough choice*; painful decision*
    not taken lightly
    """)
)
SPARED = Lexicon(
    phrases("""
    no evidence; no indication; no reason to believe; no impact; not affected; unaffected; no action
    not impacted; no unauthori*; no data; no lasting; no disruption; without interruption; no interruption
    no change; safe and; no longer in danger; no material; not at risk; no risk; no known; no customer
    nothing to worry; no need to
    """)
)

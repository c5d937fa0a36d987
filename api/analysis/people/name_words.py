"""Words that tell names from other words: common ones that look like names, and given names of people."""

from api.analysis.text.lexicon import words

# Words in lower case in at least eight of 1,452 labelled stories that the recogniser took for a name in another.
COMMON = words("""
    actions adjusted administration ads advisor advocacy agency alert annual anonymous award bandwidth battle
    bias biotechnology bits boost brought calendar call career cargo chair challenges changelog channels chaos
    chips city client cloud clusters coast college commitment communities community compact competitive
    compute computing consistency consume content context continuation corporate court create creating crypto
    cyber cyberattack cybersecurity deadline default delay demonstrate design designer develop digital
    directors discovery division drive driver editor education embrace error essentially events exchange exit
    experimental federal file finance financial financing firm fits flight focus founder co-founder framework
    free friends front fund funding funds future getting global governance grid group groups guide headers
    healthcare herein highlights hit hub identity imagine implementing improving incident inclusion increase
    indicated individual infrastructure injury innovators interact international inventory isolated journal
    journey keynote kind labor lawsuit leader leap learn length letters lifetime listing machine maintenance
    makers malware managing map match medium meeting messaging metadata migrate mobile name nationwide network
    node noise notable numbers objectives operations optimal organization overview owner panel paramount
    password path pathway patterns people phase pool popular post practice price principal proactive project
    projected projects promise properties property proposal protocol quarterly quick raise raising ranking
    ransomware really record redefine register registry reliable replacement report reports respond roadmap
    science scope screens search security server servers settings shares showcase simplicity sites smartphones
    software solutions sometimes spaces spam span stable states step stolen stretch study subscribers
    subscription successful suite summary supply supports taxes teams testament times today token ton tools
    traditional transitions transportation trust types universal universe update user users vendors veteran
    viewing visibility vulnerability warehouse warnings warrants weather website widespread woman workplace
    workspace workspaces world background governance congrats reference lookup state founders forum
""")
# Abbreviations of no party.
ABBREVIATIONS = words("""
    utc gmt est edt pst pdt ci cd cli ssh ssl tls ui ux tam tvl ipo eps esg oem vat iam sms q1 q2 q3 q4 h1 h2
    fy covid covid-19 dna k-12 usd eur gbp ebitda gaap cagr roi kpi kpis sla rfp url html css json xml yaml
    sdk ide os ram lcd led usb gps rss pdf http https dns vpn sso mfa sql r&d hr pm am tel fax ext ev evs
""")
GIVEN_NAMES = words("""
    aaron abigail adam adrian agnes ahmed aisha alan alastair albert alejandro alex alexander alexandra alice
    alicia alison amanda amir amy ana andre andrea andreas andrew andy angela anil anita ann anna anne annika
    anthony anton antonio anya arthur arvind ashley barbara beatrice beatrix ben benjamin bernard bernice
    bernie beth bob brad brandon brenda brett brian bridget bruce callum camille carl carla carlos carmen
    caroline catherine cecilia charles charlotte chris christian christina christine christopher chuck claire
    clara colin connor craig cynthia dan daniel daniela danny darren dave david dean deborah declan denis
    dennis derek diana diane diego dmitri donald donna dorothy doug douglas duncan eduardo edward eileen
    elaine elena eleanor eli elizabeth ella ellen elon emily emma enrique eric erica erik erin ernest esther
    ethan eugene eva evelyn everett farida fatima felix fernando fiona florence frances francesca francis
    frank frederick gabriel gareth gary george gerald gianni giovanni gloria gordon graham greg gregor gregory
    hannah hans harriet harry heather heidi helen helena henrik henry howard hugh hugo ian igor ingrid irene
    isaac isabel ivan jack jacob jacqueline jake james jamie jan jane janet janne jared jason javier jay jean
    jeff jeffrey jennifer jeremy jerome jesse jessica jill jim jimmy joan joanna joanne joe joel john jon
    jonathan jonjo jordan jorge jose joseph josh joshua joyce juan judith julia julian julie justin jörg karen
    karim karl kate katherine kathleen kathy katie keith kelly ken kenneth kevin khalid kim kirsty klaus
    kristen kumar kyle lars laura lauren laurence leah lee leila leo leon leonard leslie liam lillian linda
    lisa liz lorenzo lorraine louis louise lucas lucia lucille lucy luis luke lydia lynn maisie malcolm manish
    marco marcus margaret maria marie mario marion marissa marjorie martha martin mary matt matthew maureen
    max megan mehmet melanie melissa michael michele michelle miguel mike miriam mohamed mohammed molly mona
    monica morag nadia nancy naomi natalie natasha nathan neil niamh nicholas nick nicola nicole nigel nina
    noah noor nora noreen oksana olga oliver olivia omar oscar owen pablo pamela paolo patricia patrick paul
    paula pauline pedro peggy peter phil philip philippa phillip pierre pippa priya rachel rahul rajesh ralph
    ramon randy raymond rebecca renee richard rick rita robert roberta robin rodrigo roger roland ron ronald
    rosa rosemary roy russell ruth ryan sally sam samantha samir samuel sandra sanjay sara sarah scott sean
    sebastian sergei seth shane shannon sharon shaun shawn sheila shirley simon simone sofia sonia sophia
    sophie srinivas stacy stefan stephanie stephen steve steven stuart sunil susan suzanne sven sylvia tamara
    tanya tara ted teresa terry theo theodore theresa thomas tim timothy tina tobias todd tom tomasz tony
    tracy trevor valerie vanessa vera veronica victor victoria vijay vincent virginia vivian vladimir walter
    wayne wendy william yasuo yolanda yuki yusuf yvonne zachary zoe
""")

"""The words by which clauses are told to be reports: verbs of saying, writings, counts and others."""

from api.analysis.parsing.speakers import REPORT_VERBS
from api.analysis.text.lexicon import words

# Any subject of these speaks unless it is evidence; that of another verb must be able to ("the valve promises").
STRONG = words(
    "say tell claim argue insist write allege assert deny warn state contend maintain announce complain boast "
    "declare explain reply respond assure swear vow accuse"
)
SAYING = (REPORT_VERBS - words("continue call describe ask")) | words(
    "maintain reject dispute swear vow pledge guarantee assure hint imply reiterate counter forecast fear hope "
    "worry advertise inform remind feel accuse suspect signal posit speculate reckon rule determine highlight "
    "hold underline underscore disclose reveal calculate submit"
)
ADDRESSING = words("tell inform remind assure warn persuade convince")  # somebody
NAMING = words("call describe brand label dub hail tout praise denounce dismiss decry")
CHARGING = words("accuse suspect")
OWN_INFINITIVE = words("claim promise pledge vow swear deny admit guarantee offer")  # "claims to be"
HEARSAY = words("say claim allege tell argue report rumour rumor assert")  # "it is claimed that"
VIEWS = words("think believe expect feel hope fear agree")  # "does not think that" denies the clause
STATEMENTS = words(
    "claim allegation accusation assertion argument statement suggestion contention charge promise pledge belief "
    "view opinion warning complaint insistence declaration prediction rumour rumor denial admission notion idea"
)
ISSUES = words(
    "make repeat voice raise issue publish spread renew reiterate defend reject deny dismiss dispute refute"
)
READS = words("read run go")  # "the letter reads:"
WRITINGS = words(
    "statement letter answer reply response message email mail post note comment tweet quote bulletin memo "
    "circular leaflet petition"
)
PAPERS = WRITINGS | words("article review report column brochure notice")
PAMPHLETS = PAPERS | words("pamphlet brochure flyer manifesto advert manual")
OPENS = words("open begin start end close conclude")  # "the note opens:"
EXTRACTS = words("part passage line bit extract excerpt heart gist core words sentence paragraph")
COPIES = words("leave give copy quote print reproduce publish")
LAWS = words("section clause act statute bylaw")
SENDS = words("send write issue publish post release circulate print distribute share put")
RECEIVES = words("receive get obtain see read find quote")
IN_THE_VIEW = words("view opinion words eyes judgement judgment telling account")
TOLD_BY_IT = words("say tell write claim state promise assure announce") & STRONG  # "it told me that"
POINTING = frozenset({"this", "that", "it", "which", "what"})
NO_REPORT = words("i we you me us one there let")
RELATIVE = frozenset({"who", "which", "that"})
COUNTER = words("but yet although though while whereas")
CLAUSES = frozenset({"ccomp", "acl", "relcl"})
SHARES = words("percent majority half third two-third quarter respondent participant percentage share")
NOBODY = frozenset({"none", "nobody", "neither"})
NOT_YET = frozenset({"will", "’ll", "'ll", "shall", "should", "must", "may", "might"})  # say
DASHES = frozenset({"-", "–", "—", "--"})
MANNER = words("work act proceed plan go sort vary differ order rank classify divide choose arrange set")

"""A product presented as a new kind of thing.

Looks for: "new category", "new era", "first of its kind", "redefines", "the operating system for". Why: the
founder of a category has no rivals to compare. Source: promissory language, Brown and Michael (2003);
positioning in marketing since Ries and Trout (1981). Limits: as `breakthrough_framing`.
"""

from api.analysis.framing.detector import Detector
from api.analysis.framing.patterns import lexical
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    new category; create a category; created a category; creating a category; category-defining
    category leader; category-leading; we are the category; first of its kind; one of a kind; one-of-a-kind
    only platform; only company; only solution; only product; new era; new paradigm; new chapter for
    new frontier; next frontier; new standard; gold standard; sets the standard; setting the standard
    set a new; sets a new; raises the bar; raising the bar; raise the bar; new breed of; new kind of
    new class of; new way to; new way of; new generation of; a new age; industry's first; industry first
    industry-first; industry's only; operating system for; iphone moment; chatgpt moment; redefine what
    redefining what; redefines what; reinventing the; the uber of; the future of work; born of
    purpose-built; end of an era; dawn of; unlike any other; unlike anything; like no other; no one else
    nobody else; none of these rivals; blueprint for; pioneers; pioneered; pioneering; trailblaz*
    """)
)

DETECTOR = Detector(
    code="category_creation",
    type=SpinType.HYPE,
    tactic="category_creation",
    label="A new kind of thing",
    explanation="“{words}” presents the thing as one of a kind.",
    finds=(
        "Nobbin is the first of its kind, a new category of kitchen software.",
        "This sets a new standard: the operating system for bakeries.",
    ),
    passes=(
        "Nobbin competes with Larder and Stovetop, which cost less.",
        "The kernel is the operating system's core.",
    ),
    find=lexical(TERMS),
)

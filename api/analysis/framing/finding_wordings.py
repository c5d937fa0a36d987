"""The wordings of the explanations of findings, by the form of their words (`word_forms.py`) and by type.

A wording that begins with `{marker}` speaks of the word that shows the form; the whole words are put before it
("In “truly open model”, “truly” strengthens ...").
"""

from dataclasses import dataclass

from api.analysis.framing.word_forms import Form
from schemas.enums import SpinType

_SHOWN = 80  # characters of words that are quoted


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence with slots: {words} of the finding, {marker}, {thing} ({them}, {matter}), {target}.

    With `no_figure` or `no_comparison` it is true only of a sentence without.
    """

    text: str
    no_figure: bool = False
    no_comparison: bool = False

    def fits(self, form: Form, figure: bool, compared: bool) -> bool:
        """Whether the form fills the slots, and the sentence bears out what the wording says of it."""
        return (
            not (self.no_figure and figure)
            and not (self.no_comparison and compared)
            and (form.thing is not None or "{thing}" not in self.text)
        )

    def said(self, words: str, form: Form) -> str:
        """The sentence. `words` are those of the finding."""
        whole, marker = quoted(words), quoted(form.marker)
        sentence = self.text.format(
            words=whole,
            marker=marker,
            thing=form.thing,
            them="them" if form.plural else "it",
            matter="matter" if form.plural else "matters",
            target=form.target,
        )
        return f"In {whole}, {sentence}" if sentence.startswith(marker) and marker != whole else sentence


def quoted(words: str) -> str:
    """The words in quotation marks, cut at a word if they are long."""
    if len(words) > _SHOWN:
        words = words[:_SHOWN].rsplit(" ", 1)[0] + " …"
    return f"“{words}”"


def _any(*texts: str) -> tuple[Wording, ...]:
    return tuple(map(Wording, texts))


OF_TROUBLE = "“{words}” names a trouble in strong words."  # by which a text praises its cure
WORDINGS: dict[str, tuple[Wording, ...]] = {
    "hard_choice": _any("{words} dwells on how hard the choice was for those who made it."),
    "mild": _any(
        "{marker} is a mild way to speak of {target}.",
        "{words} speaks of {target} in mild words.",
    ),
    "spared": _any(
        "{words} tells what did not happen, which reassures.",
        "{words} names a harm to say that it is absent.",
    ),
    "small": (
        Wording("{marker} makes {thing} sound small and gives no figure.", no_figure=True),
        Wording("{marker} keeps the matter small, and no figure says how small.", no_figure=True),
        Wording("{marker} keeps the matter small."),
    ),
    "picture": _any(
        "{marker} is a picture from {target} where a plain word would do.",
        "{marker} puts a picture from {target} in the place of a plain word.",
        "{words} tells it by a picture from {target}, which adds colour and no fact.",
    ),
    "first": (
        Wording("{marker} claims that nothing like {thing} was there before.", no_comparison=True),
        Wording("{words} claims a first and compares it with nothing.", no_comparison=True),
        Wording("{words} claims a first, which only a look at all others could show."),
    ),
    "peak": _any(
        "{marker} makes {thing} an event out of the ordinary.",
        "{words} claims a peak or a turning point.",
    ),
    "foremost": (
        Wording("{marker} puts {thing} ahead of others and names no ranking.", no_comparison=True),
        Wording("{words} claims a top place and does not say who gave it.", no_comparison=True),
        Wording("{marker} ranks {thing} high, by a measure that is not named.", no_comparison=True),
        Wording("{marker} claims a high rank."),
    ),
    "among": (
        Wording("{words} counts {thing} among the foremost, by a measure that is not named.", no_figure=True),
        Wording("{words} claims a place among the foremost."),
    ),
    "superlative": (
        Wording("{marker} sets {thing} above all others of the kind."),
        Wording("{words} is a superlative, and the sentence compares it with nothing.", no_comparison=True),
        Wording("{words} is a superlative, which leaves room for no equal."),
    ),
    "comparative": (
        Wording("{words} compares without saying with what.", no_comparison=True),
        Wording("{words} compares and gives no measure.", no_figure=True),
        Wording("{words} makes a comparison and leaves its other side out.", no_comparison=True),
    ),
    "degree": (
        Wording("{marker} strengthens “{target}” and adds no fact."),
        Wording("{marker} makes “{target}” stronger, and no figure says by how much.", no_figure=True),
        Wording("{marker} is there to make “{target}” sound stronger."),
    ),
    "size": (
        Wording("{marker} makes {thing} sound large and gives no figure.", no_figure=True),
        Wording("{marker} gives {thing} size without a number.", no_figure=True),
        Wording("{marker} makes {thing} sound large."),
        Wording("{marker} is a word of size that nothing in the sentence measures.", no_figure=True),
        Wording("{marker} makes it sound large or fast."),
    ),
    "stress": (
        Wording("{marker} makes {thing} sound greater and adds no fact."),
        Wording("{marker} gives {thing} weight and tells nothing more of {them}."),
        Wording("{marker} is a strong word for what a plain one would tell."),
    ),
    "newness": _any(
        "{marker} makes a merit of newness.",
        "{marker} calls {thing} ahead of the rest.",
        "{marker} praises {thing} as new where it could say what is new.",
    ),
    "feeling": _any(
        "{marker} tells a feeling, which is no fact about the matter.",
        "{words} invites the reader to share a feeling.",
        "{words} sets a mood.",
    ),
    "prospect": (
        Wording("{words} speaks of what may come, not of what is there."),
        Wording("{marker} holds out a prospect and gives no measure of it.", no_figure=True),
        Wording("{words} has the reader look ahead, where nothing can be checked yet."),
    ),
    "promise": _any(
        "{words} tells what is to come as if it were settled.",
        "{words} is a forecast in the form of a fact.",
        "{words} is a promise, of which nothing can be checked yet.",
    ),
    "virtue": _any(
        "{marker} claims a virtue, which words alone cannot show.",
        "{words} asks for approval on moral grounds.",
        "{marker} ties {thing} to a value that most people share.",
    ),
    "haste": _any("{words} presses for haste.", "{marker} leaves little time to think."),
    "duty": _any("{marker} leaves no choice.", "{words} tells it as bound to be."),
    "total": _any("{marker} leaves no exception.", "{words} speaks of the whole and allows no exception."),
    "ease": (
        Wording("{marker} promises speed or ease and gives no measure.", no_figure=True),
        Wording("{marker} says that it goes fast or without effort."),
    ),
    "danger": _any(
        "{words} is worded for alarm.",
        "{words} dwells on what is wrong or may go wrong.",
    ),
    "trouble": _any("{words} makes its case by naming a trouble.", "{marker} dwells on a trouble."),
    "praise": (
        Wording("{marker} praises {thing} where it could describe {them}."),
        Wording("{marker} is praise of {thing}, and no measure stands beside it.", no_figure=True),
        Wording("{marker} is an opinion of {thing}."),
        Wording("{marker} speaks well of {thing}."),
        Wording("{words} praises where it could describe."),
        Wording("{marker} is praise, which tells no fact."),
    ),
    "weight": (
        Wording("{marker} says that {thing} {matter}, not how."),
        Wording("{marker} gives {thing} weight without a measure.", no_figure=True),
        Wording("{marker} claims importance."),
    ),
    "effect": (
        Wording("{words} claims an effect on {thing} and gives no figure.", no_figure=True),
        Wording("{words} states an effect as a fact."),
        Wording("{words} claims a result that the sentence does not measure.", no_figure=True),
    ),
    "vague": (
        Wording("{words} names an amount and no number.", no_figure=True),
        Wording("{marker} leaves the number open."),
    ),
    "judgement": (
        Wording("{marker} is a view of {thing}, not a fact about {them}."),
        Wording("{marker} is a judgement on {thing}, and no measure stands beside it.", no_figure=True),
        Wording("{marker} is a judgement for which the sentence has no measure.", no_figure=True),
        Wording("{marker} judges where it could describe."),
    ),
    "label": (
        Wording("{marker} is a label on {thing}; what stands behind it is not measured.", no_figure=True),
        Wording("{marker} sums {thing} up in a label."),
    ),
    "manner": _any(
        "{marker} adds a judgement to “{target}”.",
        "{marker} colours “{target}”, which would tell the fact without it.",
    ),
    "denial": _any("{words} judges by what it denies."),
    "sole": _any("{marker} claims that there is no other."),
}
# True of almost any loaded words of the type.
ANY: dict[SpinType, tuple[Wording, ...]] = {
    SpinType.CUSHION: _any(
        "{words} may make the news easier to take.",
        "{words} is a soft way to put it.",
        "{words} takes some of the weight off the news.",
    ),
    SpinType.SHIELD: _any(
        "{words} may incline the reader to excuse one side or to blame another.",
        "{words} bears on who is to blame, and favours one side.",
    ),
    SpinType.HYPE: _any("{words} puts {thing} in a favourable light.", "{words} is worded to impress."),
    SpinType.HALO: _any(
        "{words} invites approval of aims or conduct.", "{words} puts {thing} in a good light."
    ),
    SpinType.FOG: _any("{words} leaves the details open.", "{words} stays general."),
    SpinType.STAMPEDE: _any(
        "{words} adds to a sense of urgency or alarm.",
        "{words} makes the matter sound more pressing or more alarming.",
    ),
}
VIEWS = _any(
    "{words} colours what it tells.",
    "{words} brings a judgement along with the fact.",
    "{words} is chosen for its tone as well as for what it says.",
    "{words} tells the reader how to take the matter.",
    "A plainer wording than {words} would tell the same.",
)

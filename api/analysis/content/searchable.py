"""A text in the form in which expected items are searched for, so that many patterns cost little.

It is in lower case. Each word follows a space; figures are signs: `¤` a sum of money, `‰` a percentage, `№`
another number. Years and times of day stay. Offsets are not those of the text.
"""

import re

from api.analysis.text.document import Text

_SUM = re.compile(r"[$€£¥₹] ?\d(?:[\d,.]*\d)?")
_CODED_SUM = re.compile(r" (?:usd|eur|gbp|cad|aud|inr|chf|rs\.?) ?\d(?:[\d,.]*\d)?")
_FIGURE = re.compile(
    r"\d[\d,.:]*(?P<unit> ?-?(?:%|per ?cent\b|percentage points?\b|pct\b|basis points\b)"
    r"| ?(?:(?:million|billion|trillion|thousand) )?(?P<currency>dollars?|euros?|pounds|usd|eur|gbp|cents|yen|"
    r"rupees|crore|lakh|yuan|rmb|chf)\b)?"
)
_YEAR_OR_TIME = re.compile(r"(?:19|20)\d\d|\d{1,2}:\d\d(?::\d\d)?")
_NUMBER_WORD = re.compile(
    r" (?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?"
    r"|(?:hundreds?|thousands?|millions?|billions?|dozens?|scores) of"
    r"|(?:a|one|several) (?:dozen|hundred|thousand|million|billion)|a handful of)(?= )"
)
_JOINED = re.compile(r"[(\[{\"“”«»<>*_#~|;/—–…=+](?=\S)|:(?=[a-z])")


def searchable(document: Text) -> str:
    """The searchable form; computed once for a document as `document.once(searchable)`."""
    return search_form(document.folded)


def search_form(folded: str) -> str:
    """The searchable form of words in lower case with straight apostrophes."""
    text = f" {folded}".replace("±", " plus or minus ").replace(" '", " ")
    text = _JOINED.sub(lambda mark: f"{mark[0]} ", text)
    text = _CODED_SUM.sub(" ¤", _SUM.sub("¤", text))
    return _NUMBER_WORD.sub(" №", _FIGURE.sub(_sign, text))


def _sign(figure: re.Match[str]) -> str:
    """The sign of a figure; the figure itself in a word ("v8"), and if it is a year or a time of day."""
    if figure.start() and figure.string[figure.start() - 1].isalpha():
        return figure[0]
    if figure["currency"]:
        return "¤"
    if figure["unit"]:
        return "‰"
    digits = figure[0].rstrip(".,:")
    rest = figure[0][len(digits) :]
    return figure[0] if _YEAR_OR_TIME.fullmatch(digits) else f"№{rest}"

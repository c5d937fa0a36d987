"""Why a predicate is refused: sentences with the place or the field, instead of the CEL library's messages."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

# Raw texts, other texts and comments; the possessive parts and optional closing quotes keep the scan linear.
_LITERAL: Final = re.compile(
    r"""[rR][bB]?(?:'[^'\n]*+'?|"[^"\n]*+"?)"""
    r"""|'{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?|\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3})?"""
    r"""|'(?:[^'\\\n]|\\.)*+'?|"(?:[^"\\\n]|\\.)*+"?|//[^\n]*+""",
    re.DOTALL,
)
_WORD: Final = re.compile(r"\w+")
_PATH: Final = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*(?!\w)(?P<call>\s*\()?")
_LOOP_VARIABLE: Final = re.compile(r"\b(?:all|exists|exists_one|existsOne|filter)\s*\(\s*(\w+)\s*,")
_SYNTAX: Final = re.compile(r"ERROR: <input>:(\d+):(\d+): (?:Syntax error: )?(.*)")
_TOKEN: Final = re.compile(
    r"(?:mismatched input|extraneous input|token recognition error at:) (?:'(.*?)'|the end)(?: expecting|$)"
)
_OPERATORS: Final = {"=": "==", "and": "&&", "or": "||", "not": "!", "&": "&&", "|": "||", "<>": "!="}
_ALIKE: Final = 0.65  # `sorce` and `source` are, `outcome` and `source` are not
_UNDEFINED: Final = re.compile(r"Undefined variable or function: '(\w+)'")
_KINDS: Final[Mapping[type, str]] = {
    bool: "true or false",
    dict: "an object",
    float: "a number",
    int: "a whole number",
    list: "a list",
    str: "a text",
}


def syntax_error(predicate: str, message: str) -> str:
    """The place of the first syntax error, and its cause if known."""
    found = _SYNTAX.search(message.removeprefix(f"Failed to parse expression '{predicate}'"))
    if found is None or "Recursion limit" in found[3]:
        return "It is nested too deeply."
    line, column, cause = int(found[1]), int(found[2]), found[3].replace("'<EOF>'", "the end")
    before = predicate.split("\n")[line - 1][: column - 1].strip()[-30:]
    place = f"Syntax error in line {line} at column {column}" + (f", after `{before}`" if before else "")
    token = _TOKEN.match(cause)
    if token is None:
        return f"{place}: {cause}."
    if token[1] is None:
        return f"{place}: the end is not expected here."
    word = token[1].strip()
    advice = f" Write `{_OPERATORS[word]}`." if word in _OPERATORS else ""
    return f"{place}: `{word}` is not expected here.{advice}"


def unknown_field(name: str, fields: Collection[str]) -> str:
    """The field that does not exist, with the nearest names or all."""
    flat, last = name.replace(".", "_"), name.rpartition(".")[2]
    near = [field for field in fields if field.replace(".", "_") == flat]
    if not near:
        near = sorted(field for field in fields if field.rpartition(".")[2] == last)
        near += [field for field in get_close_matches(name, fields, cutoff=_ALIKE) if field not in near]
    if near:
        return f"No event of these types has the field `{name}`. Did you mean {_listed(near[:3])}?"
    return f"No event of these types has the field `{name}`. The fields are {', '.join(sorted(fields))}."


def evaluation_error(error: Exception, fields: Mapping[str, Any]) -> str:
    """Why a predicate with these fields has no value."""
    undefined = _UNDEFINED.match(str(error))
    if undefined is not None:
        return f"The function {undefined[1]} does not take these values{_kinds(fields)}."
    if isinstance(error, KeyError):
        return f"No event of these types has the key {error}."
    if isinstance(error, TypeError):
        return f"An operator has values of types that do not go together{_kinds(fields)}."
    return f"It fails: {str(error).removesuffix('.').removesuffix(' in CEL expression')}."


def no_condition(value: Any) -> str:
    """Why a predicate must not have this value."""
    return f"It is {_KINDS.get(type(value), 'a value')}, neither true nor false."


def paths(predicate: str, variables: Collection[str]) -> Iterator[str]:
    """The names and dotted names in a predicate that begin with one of these variables, except those of loops."""
    code = _LITERAL.sub(" ", predicate)
    wanted = set(variables) - set(_LOOP_VARIABLE.findall(code))
    for found in _PATH.finditer(code):
        first, *steps = _WORD.findall(found[0])
        if found["call"]:
            steps = steps[:-1]
        if first in wanted and not code[: found.start()].rstrip().endswith("."):
            yield ".".join((first, *steps))


def _kinds(fields: Mapping[str, Any]) -> str:
    kinds = [f"`{name}` is {_KINDS[type(value)]}" for name, value in fields.items() if type(value) in _KINDS]
    return f": {', '.join(kinds)}" if kinds else ""


def _listed(names: Sequence[str]) -> str:
    *most, last = (f"`{name}`" for name in names)
    return f"{', '.join(most)} or {last}" if most else last

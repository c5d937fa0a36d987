"""Reading one setting: its description, its variable, and the conversion of its text."""

import ipaddress
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from api.settings.lists import allowed_items, is_list, parse_list

PREFIX: Final = "UNSPUN_"
FILE_SUFFIX: Final = "_FILE"  # of a secret: the file with its value, as container platforms mount them
_LONG_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]{24,}")  # the characters of a bearer token (RFC 6750)
_TRUE, _FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


class SettingsError(Exception):
    """One or more settings are invalid; each line names the variable and the fix."""


class Secret:
    """A value that only `reveal()` shows: not repr, logs or tracebacks."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True)
class About:
    """The description of a setting for operators.

    `low` and `high` bound numbers, `schemes` URLs; `form` describes `pattern`.
    """

    meaning: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    schemes: tuple[str, ...] = ()
    pattern: str = ""
    form: str = ""
    danger: str = ""
    example: str = ""


def variable(name: str) -> str:
    """The environment variable of a field."""
    return PREFIX + name.upper()


def field_types(cls: type) -> dict[str, Any]:
    """Each field's `Annotated[type, About(...)]`."""
    return get_type_hints(cls, include_extras=True)


def about(hint: Any) -> About:
    """The description in a field's type. Raises TypeError if there is none."""
    for part in get_args(hint)[1:]:
        if isinstance(part, About):
            return part
    raise TypeError(f"a setting needs an About in its type, not {hint!r}")


def bare_type(hint: Any) -> Any:
    """The type of a field without its description and `| None`."""
    bare = get_args(hint)[0]
    if get_origin(bare) in (Union, types.UnionType):
        return next(part for part in get_args(bare) if part is not types.NoneType)
    return bare


def read_raw(environ: Mapping[str, str], name: str, hint: Any) -> str | None:
    """The text of a setting, or None if it is not set. Raises ValueError with the end of a sentence."""
    value = environ.get(variable(name), "").strip() or None
    file_variable = variable(name) + FILE_SUFFIX
    path = environ.get(file_variable, "").strip() if bare_type(hint) is Secret else ""
    if not path:
        return value
    if value is not None:
        raise ValueError(f"and {file_variable} are both set: remove one")
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"cannot be read from the file in {file_variable}: {error}") from None
    if not text:
        raise ValueError(f"is empty in the file in {file_variable}, {path}")
    return text


def parse(raw: str, hint: Any) -> Any:
    """The value in `raw`. Raises ValueError with the end of a sentence that names the allowed values."""
    facts, kind = about(hint), bare_type(hint)
    if kind is bool:
        if raw.lower() not in _TRUE + _FALSE:
            raise ValueError(f"must be true or false, not {raw!r}")
        return raw.lower() in _TRUE
    if kind in (int, float):
        return _number(raw, facts, kind)
    if get_origin(kind) is Literal:
        if raw.lower() not in get_args(kind):
            raise ValueError(f"must be {allowed(hint)}, not {raw!r}")
        return raw.lower()
    if get_origin(kind) is Mapping:
        return _host_map(raw)
    if is_list(kind):
        return parse_list(raw, kind)
    if facts.schemes and urlsplit(raw).scheme not in facts.schemes:
        # a secret must not appear in the message, and so in logs
        shown = "" if kind is Secret else f", not {raw!r}"
        raise ValueError(f"must be {allowed(hint)}{shown}")
    if facts.pattern and not re.fullmatch(facts.pattern, raw):
        raise ValueError(f"must be {allowed(hint)}, not {raw!r}")
    if kind is Secret and not facts.schemes and not _LONG_TOKEN.fullmatch(raw):
        raise ValueError(f"must be {allowed(hint)}")
    return kind(raw)


def allowed(hint: Any) -> str:
    """The allowed values, as the end of the sentence `It must be ...`."""
    facts, kind = about(hint), bare_type(hint)
    if kind is bool:
        return "true or false"
    if kind in (int, float):
        bounds = (
            f"{'a whole number' if kind is int else 'a number'} from {facts.low:.12g} to {facts.high:.12g}"
        )
        return f"{bounds}, in {facts.unit}" if facts.unit else bounds
    if get_origin(kind) is Literal:
        return " or ".join(get_args(kind))
    if is_list(kind):
        return allowed_items(kind)
    if get_origin(kind) is Mapping:
        return "host=address[:port] pairs with IP addresses"
    if facts.form:
        return facts.form
    if facts.schemes:
        return "a URL that starts with " + " or ".join(
            f"{scheme}:" if scheme == "mailto" else f"{scheme}://" for scheme in facts.schemes
        )
    return {Secret: "at least 24 random letters, digits or _ - . ~ + /", Path: "a path"}.get(kind, "a text")


def _number(raw: str, facts: About, kind: type[int] | type[float]) -> int | float:
    if raw.startswith("tcp://"):
        raise ValueError(
            f"is {raw!r}, which Kubernetes sets for a service named `unspun`: "
            "set `enableServiceLinks: false` in the pod's specification"
        )
    try:
        value = kind(raw)
    except ValueError:
        value = kind(-1)
    if facts.low is None or facts.high is None or not facts.low <= value <= facts.high:
        raise ValueError(
            f"must be {'a whole number' if kind is int else 'a number'} "
            f"from {facts.low:.12g} to {facts.high:.12g}, not {raw!r}"
        )
    return value


def _host_map(raw: str) -> dict[str, str]:
    """Parse comma-separated `host=address[:port]`; an IPv6 address with a port is in brackets."""
    targets = {}
    for pair in filter(None, (part.strip() for part in raw.split(","))):
        host, _, target = (part.strip() for part in pair.partition("="))
        bare_v6 = target.count(":") > 1 and "[" not in target
        try:
            parts = urlsplit(f"//[{target}]" if bare_v6 else f"//{target}")
            ipaddress.ip_address(parts.hostname or "")
            if parts.port == 0 or not host:
                raise ValueError
        except ValueError:
            raise ValueError(f"must contain host=address[:port] pairs, not {pair!r}") from None
        targets[host.lower()] = target
    return targets

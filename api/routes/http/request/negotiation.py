"""Which form a client gets: by the suffix of the address, else by Accept (RFC 9110 section 12.5.1).

`.md`, `.jsonld` and `.html` are cut off the path before routing, so that one route answers for all forms.
Accept counts only without a suffix: most agents do not send it.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from api.errors import NotAcceptable, NotFound
from api.rendering.forms import Form
from api.routes.http.request.headers import MAX_KEPT, header, weight

VARY: Final = b"Accept, Accept-Encoding"  # of every resource that has several forms
_SUFFIX: Final = "unspun.suffix"  # where in the scope the suffix is kept
_PATH: Final = "unspun.path"  # and the path as it was asked for
# The resources that have several forms; everywhere else a dot is part of a name.
_SUFFIXED: Final = re.compile(
    r"(/v1/(?:stories|verdicts|claims|sources)(?:/[^/]+(?:/(?:claims|verdicts))?)?|/v1/taxonomy(?:/[^/]+){0,2}|/ns"
    r"|/guide(?:/[^/]+)?|/v1/methodology|/problems(?:/[^/]+)?|/v1/exports/[^/]+)"
    r"\.([a-z]+)"
)
_SUFFIXES: Final = {form.value: form for form in Form}


def take_suffix(scope: Any) -> None:
    """Part the suffix from the path, so that one route answers for all forms."""
    path: str = scope["path"]
    if "." not in path:
        return
    found = _SUFFIXED.fullmatch(path)
    if found is not None and found[2] in _SUFFIXES:
        scope[_PATH] = path
        scope[_SUFFIX] = _SUFFIXES[found[2]]
        scope["path"] = found[1]


def asked_path(scope: Any) -> str:
    """The path as it was asked for."""
    path: str = scope.get(_PATH) or scope["path"]
    return path


def has_suffix(scope: Any) -> bool:
    """Whether the address names the form."""
    return _SUFFIX in scope


def form_of(scope: Any, available: tuple[Form, ...]) -> Form:
    """The form to answer with. Raises NotFound for a suffix, NotAcceptable for an Accept without any of them."""
    suffix: Form | None = scope.get(_SUFFIX)
    if suffix is not None:
        if suffix not in available:
            raise NotFound(f"This has no form {suffix}; it has {', '.join(available)}.")
        return suffix
    form = best_form(header(scope, b"accept"), available)
    if form is None:
        offered = [form.media_type for form in available]
        raise NotAcceptable(
            f"This is available as {', '.join(offered)}.", available=offered, headers={"Vary": VARY.decode()}
        )
    return form


def best_form(accept: str | None, available: tuple[Form, ...]) -> Form | None:
    """The form of the greatest weight, the first of equal ones; None where all have the weight 0."""
    if not accept or not accept.strip():
        return available[0]
    read = _best_form if len(accept) <= MAX_KEPT else _best_form.__wrapped__
    return read(accept, available)


@lru_cache(1024)
def _best_form(accept: str, available: tuple[Form, ...]) -> Form | None:
    ranges = _ranges(accept)
    weights = {form: _weight_of(form.media_type, ranges) for form in available}
    best = max(available, key=lambda form: weights[form])
    return best if weights[best] > 0 else None


def _ranges(accept: str) -> dict[str, float]:
    """Weights by media range; parameters other than q tell no forms of ours apart."""
    ranges: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name:
            ranges[name] = max(ranges.get(name, 0.0), weight(parameters))
    return ranges


def _weight_of(media_type: str, ranges: dict[str, float]) -> float:
    """By the most specific range that holds the type."""
    names: Sequence[str] = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    return next((ranges[name] for name in names if name in ranges), 0.0)

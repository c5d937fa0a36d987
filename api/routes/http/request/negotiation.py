"""Content negotiation: by URL suffix, else by Accept (RFC 9110 section 12.5.1).

The suffixes `.md`, `.jsonld` and `.html` are removed before routing, so that one route serves all formats.
Suffixes exist because most agents do not send Accept.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from api.errors import NotAcceptable, NotFound
from api.rendering.forms import Form
from api.routes.http.request.headers import MAX_KEPT, header, weight

VARY: Final = b"Accept, Accept-Encoding"  # of resources with several formats
_SUFFIX: Final = "unspun.suffix"  # scope key of the suffix
_PATH: Final = "unspun.path"  # scope key of the requested path
# The resources with several formats; elsewhere a dot is part of the name.
_SUFFIXED: Final = re.compile(
    r"(/v1/(?:stories|verdicts|claims|sources)(?:/[^/]+(?:/(?:claims|verdicts))?)?|/v1/taxonomy(?:/[^/]+){0,2}|/ns"
    r"|/guide(?:/[^/]+)?|/v1/methodology|/problems(?:/[^/]+)?|/v1/exports/[^/]+)"
    r"\.([a-z]+)"
)
_SUFFIXES: Final = {form.value: form for form in Form}


def take_suffix(scope: Any) -> None:
    """Removes the suffix from the path and stores it in the scope."""
    path: str = scope["path"]
    if "." not in path:
        return
    found = _SUFFIXED.fullmatch(path)
    if found is not None and found[2] in _SUFFIXES:
        scope[_PATH] = path
        scope[_SUFFIX] = _SUFFIXES[found[2]]
        scope["path"] = found[1]


def asked_path(scope: Any) -> str:
    """The requested path, with suffix."""
    path: str = scope.get(_PATH) or scope["path"]
    return path


def has_suffix(scope: Any) -> bool:
    """Whether the URL has a format suffix."""
    return _SUFFIX in scope


def form_of(scope: Any, available: tuple[Form, ...]) -> Form:
    """The format to return. Raises NotFound for a wrong suffix, NotAcceptable for an unsatisfiable Accept."""
    suffix: Form | None = scope.get(_SUFFIX)
    if suffix is not None:
        if suffix not in available:
            raise NotFound(f"The format {suffix} is not available; available: {', '.join(available)}.")
        return suffix
    form = best_form(header(scope, b"accept"), available)
    if form is None:
        offered = [form.media_type for form in available]
        raise NotAcceptable(
            f"Available formats: {', '.join(offered)}.", available=offered, headers={"Vary": VARY.decode()}
        )
    return form


def best_form(accept: str | None, available: tuple[Form, ...]) -> Form | None:
    """The format with the highest weight, the first of equal ones; None if all have weight 0."""
    if not accept or not accept.strip():
        return available[0]
    read = _best_form if len(accept) <= MAX_KEPT else _best_form.__wrapped__
    return read(accept, available)


def prefers_page(accept: str | None) -> bool:
    """Whether HTML has a higher weight than problem details, as in the Accept of browsers."""
    ranges = _ranges(accept or "")
    others = ("application/problem+json", "application/json")
    return _weight_of("text/html", ranges) > max(_weight_of(other, ranges) for other in others)


@lru_cache(1024)
def _best_form(accept: str, available: tuple[Form, ...]) -> Form | None:
    ranges = _ranges(accept)
    weights = {form: _weight_of(form.media_type, ranges) for form in available}
    best = max(available, key=lambda form: weights[form])
    return best if weights[best] > 0 else None


def _ranges(accept: str) -> dict[str, float]:
    """Weights by media range; parameters other than q are ignored."""
    ranges: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name:
            ranges[name] = max(ranges.get(name, 0.0), weight(parameters))
    return ranges


def _weight_of(media_type: str, ranges: dict[str, float]) -> float:
    """The weight of the most specific range that matches the type."""
    names: Sequence[str] = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    return next((ranges[name] for name in names if name in ranges), 0.0)

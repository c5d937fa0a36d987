"""The template environment: every expression is cleaned and escaped."""

import hashlib
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from api.rendering.forms import OBJECT_FORMS, Form
from api.rendering.html.quotations import marked, quotation
from api.rendering.plain_text import plain, words_of
from api.rendering.sentences import band_words, certainty, points, score_meaning, story_label
from api.rendering.site import Site
from schemas.wire import rfc3339

STYLESHEET: Final = "page.css"


def render(template: str, site: Site, **values: Any) -> str:
    """Render a template of the folder `templates`."""
    return _environment().get_template(template).render(site=site, stylesheet=stylesheet_path(), **values)


@cache
def stylesheet() -> bytes:
    return (files("api.rendering.html") / "templates" / STYLESHEET).read_bytes()


@cache
def stylesheet_path() -> str:
    """The name contains a digest, so that caches may store the file indefinitely."""
    return f"/assets/{hashlib.sha256(stylesheet()).hexdigest()[:12]}.css"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("api.rendering.html", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
        auto_reload=False,
    )
    environment.filters |= {
        "words": words_of,
        "points": points,
        "band": band_words,
        "certainty": certainty,
        "story_label": story_label,
        "date": _date,
        "rfc3339": rfc3339,
        "json_for_script": _json_for_script,
        "web": _web,
        "host": _host,
        "quotation": quotation,
        "marked": marked,
    }
    environment.globals |= {
        "score_meaning": score_meaning(),
        "forms": [form for form in OBJECT_FORMS if form is not Form.HTML],
    }
    return environment


def _shown(value: Any) -> Any:
    """The value of an expression, without characters that reorder or hide text."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _date(at: datetime) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(rfc3339(at), f"{at.day} {at:%b %Y}")


def _json_for_script(value: Any) -> Markup:
    """JSON that cannot end its element."""
    encoded = msgspec.json.encode(value).decode()
    for character in "<>&":
        encoded = encoded.replace(character, f"\\u{ord(character):04x}")
    return Markup(encoded)  # noqa: S704  # it cannot contain markup


def _web(url: str) -> str:
    """The address if it is http or https, else `#`."""
    return url if urlsplit(url).scheme in ("http", "https") else "#"


def _host(url: str) -> str:
    return urlsplit(url).hostname or url

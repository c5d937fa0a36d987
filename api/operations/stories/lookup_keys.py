"""The keys under which the page of a URL may be known, also where the URL is that of a copy elsewhere."""

import re
from typing import Final
from urllib.parse import urlsplit

from api.web.urls import variants

# Archives, AMP caches and translators, which show a page under an address that holds the page's own, query and
# all. They are looked through when a page is looked up: what an archive shows may be older than the page.
_MIRRORED: Final = re.compile(
    r"https?://(?:web\.archive\.org/web/[0-9]{4,14}(?:[a-z]{2}_)?"
    r"|archive\.(?:ph|today|is|li|vn|md|fo)/(?:o/\w+|[0-9.-]{8,20}|newest|oldest)"
    r"|(?:www\.)?google\.[a-z.]{2,6}/amp(?:/s)?"
    r"|[a-z0-9-]+\.cdn\.ampproject\.org/[cv](?:/s)?)/(.+)",
    re.DOTALL,
)
_TRANSLATOR: Final = ".translate.goog"
# Forms of a page in the key of its URL that `variants` does not know. They stand here and not there, where they
# would be part of the engine's digest, which names what judges a text.
_TOUCH_HOST: Final = re.compile(r"touch\.(?=[^./]+\.[^/])")
_AMP_FILE: Final = re.compile(r"^([^?]*[^?/])\.amp\.html?(?=/?(?:\?|$))")


def lookup_keys(url: str) -> list[str]:
    """The likeliest key first. Raises InvalidRequest and UrlNotAllowed of the URL's parser."""
    keys = _keys(url)
    mirrored = _mirrored(url)
    return list(dict.fromkeys([*keys, *_keys(mirrored)])) if mirrored is not None else keys


def _keys(url: str) -> list[str]:
    keys = variants(url)
    own = keys[0]
    plain = _AMP_FILE.sub(r"\1", own, 1) if ".amp." in own else own
    plain = _TOUCH_HOST.sub("", plain, 1) if plain.startswith("touch.") else plain
    return keys if plain == own else [*keys, *variants(f"https://{plain}")]


def _mirrored(url: str) -> str | None:
    """The URL of the page that is shown here by another site, None where it is none."""
    match = _MIRRORED.fullmatch(url.strip(" "))
    if match is not None:
        inner = match[1]
        return inner if inner.startswith(("http://", "https://")) else f"http://{inner}"
    if _TRANSLATOR not in url:
        return None
    parts = urlsplit(url.strip(" "))
    host = (parts.hostname or "").removesuffix(_TRANSLATOR)
    if not (parts.hostname or "").endswith(_TRANSLATOR):
        return None
    # a dot of the page's host stands as a hyphen, a hyphen as two
    host = host.replace("--", "\n").replace("-", ".").replace("\n", "-")
    query = "&".join(p for p in parts.query.split("&") if p and not p.startswith("_x_tr_"))
    return f"https://{host}{parts.path}{'?' if query else ''}{query}"

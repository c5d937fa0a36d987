"""Settings that stop the start in production (OWASP API8:2023)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from api.settings.lists import IPNetwork
from api.settings.values import PREFIX, Secret

_MIN_PASSWORD: Final = 16
_MIN_DISTINCT: Final = 8  # distinct characters; fewer means a pattern such as `aaaa...`
_WORDS: Final = (
    "password",
    "secret",
    "changeme",
    "postgres",
    "unspun",
    "admin",
    "example",
    "qwerty",
    "123456",
)


class Checked(Protocol):
    """The settings that are checked."""

    @property
    def database_url(self) -> Secret | None: ...
    @property
    def owner_database_url(self) -> Secret | None: ...
    @property
    def direct_database_url(self) -> Secret | None: ...
    @property
    def redis_url(self) -> Secret | None: ...
    @property
    def bootstrap_admin_key(self) -> Secret | None: ...
    @property
    def base_url(self) -> str: ...
    @property
    def allow_loopback_fetch(self) -> bool: ...
    @property
    def trusted_proxies(self) -> Sequence[IPNetwork] | None: ...
    @property
    def fetch_host_map(self) -> Mapping[str, str]: ...
    @property
    def llm_url(self) -> str: ...
    @property
    def llm_local(self) -> bool: ...


def production_faults(settings: Checked) -> Iterator[str]:
    """One line for each fault, with the variable and the fix, without secrets."""
    if settings.database_url is not None:
        yield from _url_faults("DATABASE_URL", settings.database_url, needed=True)
    for name, url in (
        ("OWNER_DATABASE_URL", settings.owner_database_url),
        ("DIRECT_DATABASE_URL", settings.direct_database_url),
    ):
        if url is not None:
            yield from _url_faults(name, url, needed=True)
    if settings.redis_url is not None:
        yield from _url_faults("REDIS_URL", settings.redis_url, needed=False)
    key = settings.bootstrap_admin_key
    if key is not None and is_weak(key.reveal()):
        yield f"{PREFIX}BOOTSTRAP_ADMIN_KEY is weak: remove it, and `unspun migrate` creates one"
    if not settings.base_url.startswith("https://"):
        yield f"{PREFIX}BASE_URL must be the public https:// address"
    if settings.allow_loopback_fetch:
        yield f"{PREFIX}ALLOW_LOOPBACK_FETCH must be false: it exposes this machine's own services"
    if settings.fetch_host_map:
        yield f"{PREFIX}FETCH_HOST_MAP must be empty: it is for demo and tests"
    if settings.llm_url.startswith("http://") and not settings.llm_local:
        yield f"{PREFIX}LLM_URL must be https:// unless the model is local: texts and the key are readable else"


def proxy_warning(settings: Checked) -> str | None:
    """A warning if an unlisted proxy probably forwards the requests; else None."""
    if settings.trusted_proxies is not None or not settings.base_url.startswith("https://"):
        return None
    return (
        f"{PREFIX}TRUSTED_PROXIES is not set, but {PREFIX}BASE_URL is https: behind a proxy, all clients "
        "share one quota; set it to the proxy's networks, or to `none` if there is no proxy"
    )


def is_weak(secret: str) -> bool:
    """Whether a secret is short, repetitive or made of common words."""
    known = secret.lower() if len(secret) < 2 * _MIN_PASSWORD else ""
    return (
        len(secret) < _MIN_PASSWORD
        or len(set(secret)) < _MIN_DISTINCT
        or any(word in known for word in _WORDS)
    )


def _url_faults(name: str, url: Secret, *, needed: bool) -> Iterator[str]:
    password = urlsplit(url.reveal()).password
    if password is None:
        if needed:
            yield f"{PREFIX}{name} has no password: use one of {_MIN_PASSWORD} random characters"
    elif is_weak(unquote(password)):
        yield f"{PREFIX}{name} has a weak password: use {_MIN_PASSWORD} random characters"

"""What a service that others reach may not have: the reasons why it does not start (OWASP API8:2023)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from api.settings.lists import IPNetwork
from api.settings.values import PREFIX, Secret

_MIN_PASSWORD: Final = 16
_MIN_DISTINCT: Final = (
    8  # characters; a random one of that length has more, `aaaa...` and `12341234...` have not
)
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
    """The settings that are looked at."""

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


def production_faults(settings: Checked) -> Iterator[str]:
    """One line for each, with the variable and the fix; no secret stands in any."""
    if settings.database_url is not None:
        yield from _of_url("DATABASE_URL", settings.database_url, needed=True)
    for name, url in (
        ("OWNER_DATABASE_URL", settings.owner_database_url),
        ("DIRECT_DATABASE_URL", settings.direct_database_url),
    ):
        if url is not None:
            yield from _of_url(name, url, needed=True)
    if settings.redis_url is not None:
        yield from _of_url("REDIS_URL", settings.redis_url, needed=False)
    key = settings.bootstrap_admin_key
    if key is not None and is_weak(key.reveal()):
        yield f"{PREFIX}BOOTSTRAP_ADMIN_KEY is easy to guess: leave it out, and `unspun migrate` makes one"
    if not settings.base_url.startswith("https://"):
        yield f"{PREFIX}BASE_URL must be the https:// address that clients see"
    if settings.allow_loopback_fetch:
        yield f"{PREFIX}ALLOW_LOOPBACK_FETCH must be false: it opens this machine's own services to anyone"
    if settings.fetch_host_map:
        yield f"{PREFIX}FETCH_HOST_MAP must be empty: it is for demo and tests"


def proxy_warning(settings: Checked) -> str | None:
    """A sentence where a proxy that nobody named probably stands before the service; else None."""
    if settings.trusted_proxies is not None or not settings.base_url.startswith("https://"):
        return None
    return (
        f"{PREFIX}TRUSTED_PROXIES is not set, though {PREFIX}BASE_URL is https: behind a proxy all clients count "
        "as one, and any can use up what the others may ask; name its networks, or `none` where there is none"
    )


def is_weak(secret: str) -> bool:
    """Whether guessing it is worth a try."""
    known = secret.lower() if len(secret) < 2 * _MIN_PASSWORD else ""
    return (
        len(secret) < _MIN_PASSWORD
        or len(set(secret)) < _MIN_DISTINCT
        or any(word in known for word in _WORDS)
    )


def _of_url(name: str, url: Secret, *, needed: bool) -> Iterator[str]:
    password = urlsplit(url.reveal()).password
    if password is None:
        if needed:
            yield f"{PREFIX}{name} has no password: give its user one of {_MIN_PASSWORD} random characters"
    elif is_weak(unquote(password)):
        yield f"{PREFIX}{name} has a password that is easy to guess: take {_MIN_PASSWORD} random characters"

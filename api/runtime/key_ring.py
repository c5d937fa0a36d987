"""The key ring that encrypts stored secrets."""

from functools import lru_cache

from api.errors import Unavailable
from api.settings import Secret, Settings, SettingsError, variable
from api.webhooks.encryption import KeyRing


def key_ring(settings: Settings) -> KeyRing:
    """Raises Unavailable if no key is configured; SettingsError for an invalid one."""
    if settings.webhook_keys is None:
        raise Unavailable("This service has no key to seal secrets with, so it has no webhooks.")
    return _ring(settings.webhook_keys)


@lru_cache(8)
def _ring(keys: Secret) -> KeyRing:
    try:
        return KeyRing(keys.reveal())
    except ValueError:
        raise SettingsError(
            f"{variable('webhook_keys')} must hold keys of 32 bytes in URL-safe base64, parted by full stops"
        ) from None

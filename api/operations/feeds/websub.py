"""What WebSub needs of an operator: an address that hubs can reach, and keys that seal what they sign with."""

from api.errors import ApiError
from api.fetching.addresses import is_denied
from api.settings import Settings
from api.web.urls import parse_target

PATH = "/websub"


def callback_base(settings: Settings) -> str | None:
    """The address below which hubs speak to us; None where hubs are not asked."""
    if not settings.websub or settings.webhook_keys is None:
        return None
    try:
        target = parse_target(settings.base_url)
    except ApiError:  # a local name
        return None
    if target.address is not None and is_denied(target.address):
        return None
    return f"{settings.base_url}{PATH}"

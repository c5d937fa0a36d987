"""The Prefer header (RFC 7240): whether a client waits for the end of what it asked for."""

from msgspec import Struct

from api.operations.analyses.await_analysis import MAX_WAIT_S


class Preference(Struct, kw_only=True, frozen=True):
    """`wait_s` is 0 without a wish to wait; `applied` is what Preference-Applied says, None for nothing."""

    wait_s: int
    respond_async: bool
    applied: str | None


def read_preference(prefer: str | None) -> Preference:
    """What the header wishes. A wait beyond the most is cut to it; what is not understood is ignored.

    `respond-async` wins over `wait`: it always means an answer at once.
    """
    wishes: dict[str, str] = {}
    for preference in (prefer or "").split(","):
        name, _, value = preference.partition(";")[0].partition("=")
        # RFC 7240 section 2: the first of a name counts
        wishes.setdefault(name.strip().lower(), value.strip().strip('"').strip())
    if "respond-async" in wishes:
        return Preference(wait_s=0, respond_async=True, applied="respond-async")
    wait = wishes.get("wait", "")
    if not (wait.isascii() and wait.isdecimal()):
        return Preference(wait_s=0, respond_async=False, applied=None)
    seconds = min(int(wait[:9]), MAX_WAIT_S)
    return Preference(wait_s=seconds, respond_async=False, applied=f"wait={seconds}")

"""The Prefer header (RFC 7240): whether to wait for a result."""

from msgspec import Struct

from api.operations.analyses.await_analysis import MAX_WAIT_S


class Preference(Struct, kw_only=True, frozen=True):
    """`wait_s` is 0 without a wait; `applied` is the value of Preference-Applied, or None."""

    wait_s: int
    respond_async: bool
    applied: str | None


def read_preference(prefer: str | None) -> Preference:
    """The preference in the header. The wait is limited to the maximum; unknown preferences are ignored.

    `respond-async` takes precedence over `wait`.
    """
    wishes: dict[str, str] = {}
    for preference in (prefer or "").split(","):
        name, _, value = preference.partition(";")[0].partition("=")
        # RFC 7240 section 2: the first of duplicates counts
        wishes.setdefault(name.strip().lower(), value.strip().strip('"').strip())
    if "respond-async" in wishes:
        return Preference(wait_s=0, respond_async=True, applied="respond-async")
    wait = wishes.get("wait", "")
    if not (wait.isascii() and wait.isdecimal()):
        return Preference(wait_s=0, respond_async=False, applied=None)
    seconds = min(int(wait[:9]), MAX_WAIT_S)
    return Preference(wait_s=seconds, respond_async=False, applied=f"wait={seconds}")

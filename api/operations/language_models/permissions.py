"""Whether a text may be sent to the configured language model."""

from collections.abc import Sequence
from enum import StrEnum

from api.settings import Settings
from api.storage.database.pool import Connection
from api.storage.stories.inputs import get_model_terms
from api.storage.stories.sources import get_source
from api.web.opt_outs import OptOut
from schemas.enums import ModelPermission


class Withheld(StrEnum):
    """Why a text is not sent."""

    NEVER = "never"  # the source, or the setting
    LOCAL_ONLY = "local_only"  # the same, and the model runs elsewhere
    OPTED_OUT = "opted_out"  # the page
    OPT_OUTS_UNKNOWN = (
        "opt_outs_unknown"  # the page was read by an earlier version, and the model runs elsewhere
    )


def why_withheld(
    *, source: ModelPermission | None, default: ModelPermission, opted_out: bool | None, is_local: bool
) -> Withheld | None:
    """Why a story's text may not be sent; None if it may.

    `source` is what the operator has set for it, else `default` applies. Only a source that is explicitly
    `allowed` overrides its pages' opt-outs. `opted_out` is None if unknown. `is_local`: the model runs on the
    operator's machines.
    """
    if source is ModelPermission.ALLOWED:
        return None
    permission = default if source is None else source
    if permission is ModelPermission.NEVER:
        return Withheld.NEVER
    if opted_out:
        return Withheld.OPTED_OUT
    if is_local:
        return None
    if permission is ModelPermission.LOCAL_ONLY:
        return Withheld.LOCAL_ONLY
    return Withheld.OPT_OUTS_UNKNOWN if opted_out is None else None


def why_draft_withheld(*, drafts: ModelPermission, opted_out: bool, is_local: bool) -> Withheld | None:
    """The same for a draft; a submitted page may have opted out."""
    return why_withheld(source=None, default=drafts, opted_out=opted_out, is_local=is_local)


async def why_page_withheld(
    connection: Connection, settings: Settings, source_id: str | None, opt_outs: Sequence[OptOut] | None
) -> Withheld | None:
    """The same for a page before its publication; `source_id` is None for a new publisher."""
    source = None if source_id is None else await get_source(connection, source_id)
    return why_withheld(
        source=None if source is None else source.model_use,
        default=ModelPermission(settings.llm_default_policy),
        opted_out=None if opt_outs is None else bool(opt_outs),
        is_local=settings.llm_local,
    )


async def why_story_withheld(connection: Connection, settings: Settings, story_id: str) -> Withheld | None:
    """The same for the text of a story's current verdict. Raises LookupError."""
    terms = await get_model_terms(connection, story_id)
    return why_withheld(
        source=terms.permission,
        default=ModelPermission(settings.llm_default_policy),
        opted_out=None if terms.opt_outs is None else bool(terms.opt_outs),
        is_local=settings.llm_local,
    )

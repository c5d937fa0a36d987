"""Kinds of publishers that mostly report on their own activities."""

from typing import Final

from schemas.enums import SourceType

OWN_ACCOUNT: Final = frozenset(
    {
        SourceType.COMPANY_BLOG,
        SourceType.PRESS_RELEASE,
        SourceType.NEWSLETTER,
        SourceType.COMMUNITY,
        SourceType.OTHER,
    }
)

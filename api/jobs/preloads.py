"""What the fork server loads for the page processes of each profile."""

from typing import Final

from api.pages.reader import Profile
from api.processes import PARSERS

PRELOADS: Final[dict[Profile, tuple[str, ...]]] = {
    "full": (PARSERS, "api.jobs.second_reading", "api.jobs.preload"),
    "fast": (PARSERS, "api.jobs.second_reading", "api.jobs.preload_fast"),
}

"""What the fork server loads for the page processes of each profile."""

from typing import Final

from api.analysis.reader import Profile

PRELOADS: Final[dict[Profile, tuple[str, ...]]] = {
    "full": ("api.jobs.preload",),
    "fast": ("api.jobs.preload_fast",),
}

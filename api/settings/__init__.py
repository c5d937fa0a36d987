"""Settings of a process, read once from its environment. No other code reads the environment."""

import os

from api.settings.description import describe, unknown_variables
from api.settings.fields import Settings
from api.settings.values import FILE_SUFFIX, Secret, SettingsError, variable

__all__ = [
    "FILE_SUFFIX",
    "Secret",
    "Settings",
    "SettingsError",
    "describe",
    "environment",
    "unknown_variables",
    "variable",
]


def environment() -> dict[str, str]:
    """A copy of this process's environment, for `Settings.from_environment`."""
    return dict(os.environ)

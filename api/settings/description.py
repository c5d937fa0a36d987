"""What an operator reads: the text of `deploy/settings.env`, and variables that mean nothing."""

import dataclasses
import difflib
from collections.abc import Mapping
from typing import Any

from api.settings.fields import Settings
from api.settings.values import FILE_SUFFIX, PREFIX, Secret, about, allowed, bare_type, field_types, variable

_HEAD = f"""\
# Every setting of Unspun with its default; take the # away to change one.
# A secret can also be given as a file: {PREFIX}NAME{FILE_SUFFIX}=/run/secrets/name
# Written by `unspun settings`; a test keeps it complete.
"""


def describe() -> str:
    """Every setting: its meaning, what is allowed, its danger, and its default as a comment."""
    blocks = [_HEAD]
    for field in dataclasses.fields(Settings):
        hint = field_types(Settings)[field.name]
        facts = about(hint)
        lines = [f"# {facts.meaning}", f"# Allowed: {allowed(hint)}."]
        lines += [f"# Danger: {facts.danger}"] if facts.danger else []
        lines += [f"# Example: {facts.example}"] if facts.example else []
        blocks.append("\n".join([*lines, f"#{variable(field.name)}={_shown(field.default)}\n"]))
    return "\n".join(blocks)


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """Variables with our prefix that mean nothing, each with the one that may be meant.

    They are not refused: an older version must start with a newer one's settings, and Kubernetes adds
    variables of its own for a service named `unspun`.
    """
    hints = field_types(Settings)
    known = {variable(name) for name in hints}
    known |= {variable(name) + FILE_SUFFIX for name, hint in hints.items() if bare_type(hint) is Secret}
    lines = []
    for name in sorted(set(environ) - known):
        if name.startswith(PREFIX):
            near = difflib.get_close_matches(name, known, n=1)
            lines.append(f"{name} is not a setting" + (f"; is {near[0]} meant?" if near else ""))
    return lines


def _shown(default: Any) -> str:
    if (
        default in (None, (), frozenset()) or default is dataclasses.MISSING
    ):  # a factory stands for an empty map
        return ""
    if isinstance(default, tuple):
        return ",".join(map(str, default))
    return str(default).lower() if isinstance(default, bool) else str(default)

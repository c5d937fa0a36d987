"""Prints the installed distributions that `unspun` does not need to run, one a line.

Needed is what the base requirements of `unspun` lead to, by the metadata of what is installed. An extra is
followed where a requirement asks for it. pip is kept: it does the removing, and goes last (build.sh).
"""

import sys
from importlib.metadata import distribution, distributions

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def needed(root: str) -> set[str]:
    """Canonical names of `root` and of all that it requires here."""
    found: set[tuple[str, str]] = set()
    waiting = [(canonicalize_name(root), "")]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in found:
            continue
        found.add((name, extra))
        for line in distribution(name).requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                target = canonicalize_name(requirement.name)
                waiting += [(target, wanted) for wanted in ("", *requirement.extras)]
    return {name for name, _ in found}


if __name__ == "__main__":
    keep = needed("unspun") | {"pip"}
    idle = {canonicalize_name(d.name) for d in distributions()} - keep
    sys.stdout.writelines(f"{name}\n" for name in sorted(idle))

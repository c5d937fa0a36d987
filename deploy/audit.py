"""Known weaknesses of what `requirements.lock` names: `make audit`. Needs a network.

An audit that could not ask is no audit: pip-audit answers "No known vulnerabilities found" also where it asked
about nothing, so every package has to be accounted for, or this fails and says so.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parents[1] / "requirements.lock"
COMMAND = (
    *("-m", "pip_audit", "--strict", "--disable-pip", "--require-hashes"),
    *("--format", "json", "--timeout", "10"),
)


def main(lock: Path) -> int:
    asked = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, *COMMAND, "--requirement", str(lock)], capture_output=True, text=True, check=False
    )
    try:
        packages = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return _not_audited(asked.stderr.strip().splitlines()[-1:] or ["pip-audit said nothing"])
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if skipped or not packages:
        return _not_audited([f"nothing is known of {', '.join(skipped) or 'any package'}"])
    weak = [(package, weakness) for package in packages for weakness in package["vulns"]]
    for package, weakness in weak:
        sys.stdout.write(_line(package, weakness))
    sys.stdout.write(f"{len(packages)} packages audited, {len(weak)} known weaknesses.\n")
    return 1 if weak or asked.returncode else 0


def _line(package: dict[str, Any], weakness: dict[str, Any]) -> str:
    mended = ", ".join(weakness["fix_versions"]) or "no version yet"
    return f"{package['name']} {package['version']}: {weakness['id']}, mended in {mended}\n"


def _not_audited(why: list[str]) -> int:
    sys.stdout.write(f"NOT AUDITED (no network, or the index does not answer): {' '.join(why)}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else LOCK))

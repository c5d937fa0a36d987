import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HELD_MB = 300


class TestPeakMemory:
    def test_leaves_out_what_the_parent_holds(self) -> None:
        # a parent with much memory starts a child with little, which prints its own peak
        child = "from tests.kit.servers.peak_memory import peak_memory_mb; print(peak_memory_mb())"
        start = f"subprocess.run([sys.executable, '-c', {child!r}], capture_output=True, text=True).stdout"
        parent = (
            f"import subprocess, sys; held = bytearray({HELD_MB} * 1024 ** 2)\n"
            f"held[::4096] = b'x' * len(held[::4096]); print({start})"
        )
        done = subprocess.run(
            [sys.executable, "-c", parent], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert 1 < float(done.stdout) < HELD_MB / 3

    def test_counts_memory_that_was_freed(self) -> None:
        code = (
            "from tests.kit.servers.peak_memory import peak_memory_mb\n"
            f"held = bytearray({HELD_MB} * 1024 ** 2); held[::4096] = b'x' * len(held[::4096]); del held\n"
            "print(peak_memory_mb())"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert float(done.stdout) >= HELD_MB

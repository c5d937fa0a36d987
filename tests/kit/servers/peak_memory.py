import resource
import sys
from pathlib import Path

_KIB_PER_MB = 1024


def peak_memory_mb(process: int | None = None) -> float:
    """The largest resident set of a process, by default this one; others are measured on Linux only, else 0.

    On Linux `ru_maxrss` includes the parent's peak; VmHWM starts anew with each program.
    """
    status = Path(f"/proc/{process or 'self'}/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / _KIB_PER_MB
    if process is not None:
        return 0.0
    bytes_per_unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * bytes_per_unit / 1024**2

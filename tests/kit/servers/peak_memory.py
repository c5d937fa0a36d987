import resource
import sys
from pathlib import Path

_KIB_PER_MB = 1024
_STATUS = Path("/proc/self/status")


def peak_memory_mb() -> float:
    """The largest resident set of this process.

    On Linux `ru_maxrss` includes the parent's peak; VmHWM starts anew with each program.
    """
    if _STATUS.exists():
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / _KIB_PER_MB
    bytes_per_unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * bytes_per_unit / 1024**2

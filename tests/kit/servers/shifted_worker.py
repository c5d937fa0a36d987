"""`unspun worker` with a wrong clock: `python -m tests.kit.servers.shifted_worker SECONDS_AHEAD`."""

import sys
import time

from api.cli import main

if __name__ == "__main__":
    ahead_ns, real = int(float(sys.argv[1]) * 1e9), time.time_ns
    time.time_ns = lambda: real() + ahead_ns
    main(["worker"])

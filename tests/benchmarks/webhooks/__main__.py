"""`make bench-webhooks`: costs of deliveries and streams against their bounds."""

import argparse
import asyncio
import os
import sys

from tests.benchmarks.webhooks.black_holes import EVENTS_A_SECOND, HOLES, p99, waits_beside_black_holes
from tests.benchmarks.webhooks.fan_out import Speed, fan_out_speed
from tests.benchmarks.webhooks.log_speed import log_speed
from tests.benchmarks.webhooks.streams import CLIENTS, CUTS, streamed

PARTS = ("fan-out", "black-holes", "log", "streams")
ENDPOINTS = (10, 100, 1_000, 10_000)
DELIVERIES, DELIVERIES_EACH = 10_000, 2
CORES = 2
LEAST_A_SECOND = 600
MAX_GROWTH = 1.5
MAX_P99_S = 2.0
LEAST_EVENTS_A_SECOND = 200


async def fan_out() -> bool:
    """Measured by CPU, since others use the machine: converted to deliveries of two idle cores."""
    print(
        "endpoints  deliveries  measured  CPU a delivery  (PostgreSQL, receiver, sender)  two cores  one sender"
    )
    speeds: list[Speed] = []
    for endpoints in ENDPOINTS:
        speed = await fan_out_speed(endpoints, max(DELIVERIES, DELIVERIES_EACH * endpoints))
        speeds.append(speed)
        shares = ", ".join(f"{cost / speed.deliveries * 1e6:.0f}" for cost in speed.costs)
        print(
            f"{endpoints:>9} {speed.deliveries:>11} {speed.a_second:>7.0f}/s {speed.cost_us:>12.0f} µs"
            f"  {'(' + shares + ')':>30} {speed.of_cores(CORES):>8.0f}/s {speed.of_sender:>9.0f}/s"
        )
    growth = speeds[-1].cost_us / speeds[0].cost_us
    slowest = min(min(speed.of_cores(CORES), speed.of_sender) for speed in speeds)
    print(f"slowest: {slowest:.0f} deliveries a second (at least {LEAST_A_SECOND})")
    print(
        f"cost of one at {ENDPOINTS[-1]:,} endpoints over {ENDPOINTS[0]}: {growth:.2f} (at most {MAX_GROWTH})"
    )
    return growth <= MAX_GROWTH and slowest >= LEAST_A_SECOND


async def black_holes() -> bool:
    waits = await waits_beside_black_holes(60)
    median, slow = sorted(waits)[len(waits) // 2], p99(waits)
    print(
        f"{HOLES} endpoints that never answer, {EVENTS_A_SECOND:.0f} events a second: from commit to receipt at "
        f"a healthy one {median:.2f} s, p99 {slow:.2f} s (less than {MAX_P99_S})"
    )
    return slow < MAX_P99_S


async def log() -> bool:
    speed, slow = await log_speed(8_000)
    print(
        f"the log takes {speed:.0f} events a second (at least {LEAST_EVENTS_A_SECOND}), "
        f"p99 of a commit {slow:.3f} s"
    )
    return speed >= LEAST_EVENTS_A_SECOND


async def streams() -> bool:
    found = await streamed(CLIENTS, CUTS)
    print(
        f"{found.clients} streams of one process, {found.cuts} cuts, {found.events} events to each in "
        f"{found.seconds:.0f} s: {found.wrong} gaps or repetitions, {found.memory_kb:.0f} kB a client, "
        f"{found.cpu_s:.0f} s of the server's CPU"
    )
    return found.wrong == 0


async def bench(parts: list[str]) -> bool:
    """Returns whether all costs are within bounds."""
    measures = {"fan-out": fan_out, "black-holes": black_holes, "log": log, "streams": streams}
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    return all([await measures[part]() for part in parts])


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-webhooks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this part; may be repeated")
    given = parser.parse_args()
    sys.exit(0 if asyncio.run(bench(given.only or list(PARTS))) else 1)


if __name__ == "__main__":
    main()

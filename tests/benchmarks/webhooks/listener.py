"""`python -m tests.benchmarks.webhooks.listener PORT KEY CLIENTS CUTS`: stream clients that reconnect.

Prints `connected` once all have a response; reads the number of the last event from standard input; each client
reconnects CUTS times with Last-Event-ID, then reads to the last event. Prints counts and errors as JSON.
"""

import asyncio
import json
import random
import sys
from contextlib import suppress

import uvloop

_SEED = 6


class Client:
    """`numbers` are the received events in order; gaps and repetitions are counted."""

    def __init__(self, port: int, key: str, chance: random.Random) -> None:
        self.port, self.key, self.chance = port, key, chance
        self.last = 0
        self.cuts = 0
        self.wrong = 0
        self.connected = asyncio.Event()

    async def listen(self, cuts: int, over: "asyncio.Future[int]") -> None:
        while not over.done() or self.last < over.result() or self.cuts < cuts:
            left = self.chance.randrange(1, 12) if self.cuts < cuts else 1 << 60
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._once(left, over)
            if self.cuts < cuts:
                self.cuts += 1

    async def _once(self, left: int, over: "asyncio.Future[int]") -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            head = f"GET /v1/events/stream HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.key}\r\n"
            writer.write(f"{head}Last-Event-ID: {self.last}\r\n\r\n".encode())
            status = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in status[:20]:
                await asyncio.sleep(0.5)
                return
            async for line in reader:
                self.connected.set()
                if line.startswith(b"id: "):
                    number = int(line[4:])
                elif line.startswith(b"data: "):
                    self.wrong += number != self.last + 1
                    self.last, left = number, left - 1
                if left <= 0 or (over.done() and self.last >= over.result()):
                    return
        finally:
            writer.transport.abort()


async def main(port: int, key: str, count: int, cuts: int) -> None:
    loop = asyncio.get_running_loop()
    over: asyncio.Future[int] = loop.create_future()
    clients = [Client(port, key, random.Random(_SEED + number)) for number in range(count)]
    working = []
    for client in clients:
        working.append(loop.create_task(client.listen(cuts, over)))
        if len(working) % 50 == 0:
            await client.connected.wait()
    await asyncio.gather(*(client.connected.wait() for client in clients))
    print("connected", flush=True)
    over.set_result(int(await loop.run_in_executor(None, sys.stdin.readline)))
    await asyncio.gather(*working)
    summary = {
        "wrong": sum(client.wrong for client in clients),
        "last": sorted({client.last for client in clients}),
        "cuts": sum(client.cuts for client in clients),
    }
    print(json.dumps(summary), flush=True)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))

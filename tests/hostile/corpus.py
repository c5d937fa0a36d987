"""Hostile requests, generated from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """Raw bytes. `kind` is for the figures; `drops`: the server may respond with nothing.

    `refused`: the service must not accept it (2xx).
    """

    kind: str
    method: bytes
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    refused: bool = False
    drops: bool = False

    def wire(self, host: bytes) -> bytes:
        """The whole request, with Host and Content-Length unless it has its own."""
        names = {name.lower() for name, _ in self.headers}
        lines = [self.method + b" " + self.target + b" HTTP/1.1"]
        if b"host" not in names:
            lines.append(b"Host: " + host)
        lines += [name + b": " + value for name, value in self.headers]
        if not names & {b"content-length", b"transfer-encoding"} and (self.body or self.method == b"POST"):
            lines.append(b"Content-Length: %d" % len(self.body))
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Facts for the corpus: keys that must not leak, and ports of the canary."""

    key: str
    canary_ports: tuple[int, ...]
    names: tuple[
        str, ...
    ]  # hosts that resolve to internal addresses, by the test's name server or the host map
    stories: tuple[str, ...] = ("sto_0", "some-story")
    planted: list[str] = field(default_factory=list)  # secrets in requests

    def plant(self, chance: random.Random) -> str:
        secret = "planted" + "".join(chance.choices("abcdefghjkmnpqrstuvwxyz23456789", k=24))
        self.planted.append(secret)
        return secret


Maker = Callable[[random.Random, World], Request]


def corpus(seed: int, count: int, world: World, makers: list[tuple[int, Maker]]) -> Iterator[Request]:
    """`count` requests, each maker's share by weight, in an order that the seed decides."""
    chance = random.Random(seed)
    weights, functions = zip(*makers, strict=True)
    for _ in range(count):
        (make,) = chance.choices(functions, weights)
        yield make(chance, world)

"""A DNS server on loopback over UDP, whose records a test chooses for each query."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset

# "A 10.0.0.1" or "CNAME other.example."; `None` for no response
Records = Sequence[str] | None
Answer = Records | Callable[[int], Records]


class NameServer(asyncio.DatagramProtocol):
    """`zones[name]` are the records of a name, or a function of the number of earlier A queries."""

    def __init__(self) -> None:
        self.zones: dict[str, Answer] = {}
        self.asked: list[tuple[str, str]] = []
        self.port = 0
        self._transport: Any = None  # the loop's own class of datagram transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        before = self.asked.count((name, "A")) - (1 if kind == "AAAA" and (name, "A") in self.asked else 0)
        self.asked.append((name, kind))
        zone = self.zones.get(name, ())
        records = zone(before) if callable(zone) else zone
        if records is None:
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if not records:
            answer.set_rcode(3)  # NXDOMAIN
        self._add(answer, name, kind, records)
        self._transport.sendto(answer.to_wire(max_size=4_096), address)

    def _add(self, answer: dns.message.Message, name: str, kind: str, records: Sequence[str]) -> None:
        for record in records:
            given, _, value = record.partition(" ")
            if given not in (kind, "CNAME"):
                continue
            answer.answer.append(dns.rrset.from_text(f"{name}.", 0, "IN", given, value))
            target = value.rstrip(".")
            if given == "CNAME" and len(answer.answer) < 20:  # as a recursive server does
                zone = self.zones.get(target, ())
                self._add(answer, target, kind, (zone(0) if callable(zone) else zone) or ())


@asynccontextmanager
async def name_server() -> AsyncIterator[NameServer]:
    server = NameServer()
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: server, local_addr=("127.0.0.1", 0)
    )
    server.port = transport.get_extra_info("sockname")[1]
    try:
        yield server
    finally:
        transport.close()

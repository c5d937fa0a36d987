"""Ports of the API: whether one is free, and keeping it from a second instance that starts at the same moment."""

import contextlib
import socket
from collections.abc import Iterator

from api.cli.commands import Failure


def check_port(host: str, port: int) -> None:
    """Raises Failure when something listens there. The HTTP server itself would share the port in silence."""
    if not _is_free(host, port):
        raise Failure(
            f"Port {port} of {host} is in use: stop what listens there, or set UNSPUN_PORT to another."
        )


@contextlib.contextmanager
def claimed_port(host: str, wanted: int, *, or_another: bool) -> Iterator[int]:
    """A free port: `wanted`, or, where that is taken and `or_another`, any. Raises Failure.

    It is claimed by binding the UDP port of the same number, which HTTP/1 does not use: two instances that
    look at the same moment cannot both get it, and the claim ends with the process.
    """
    with contextlib.ExitStack() as stack:
        for port in (wanted, *((0,) * 20 if or_another else ())):
            claim = stack.enter_context(socket.socket(_family(host), socket.SOCK_DGRAM))
            with contextlib.suppress(OSError):
                claim.bind((host, port))
                number: int = claim.getsockname()[1]
                if _is_free(host, number):
                    yield number
                    return
        check_port(host, wanted)
        raise Failure(f"Port {wanted} of {host} is claimed by another `unspun`: set UNSPUN_PORT to another.")


def _is_free(host: str, port: int) -> bool:
    with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as a server: closed connections do not count
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET

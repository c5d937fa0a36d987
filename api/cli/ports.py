"""Checks whether a port is free, and reserves it against a second instance."""

import contextlib
import socket
from collections.abc import Iterator

from api.cli.commands import Failure


def check_port(host: str, port: int) -> None:
    """Raises Failure if the port is in use. The HTTP server itself would share it silently."""
    if not _is_free(host, port):
        raise Failure(f"Port {port} of {host} is in use: stop its process or change UNSPUN_PORT.")


@contextlib.contextmanager
def claimed_port(host: str, wanted: int, *, or_another: bool) -> Iterator[int]:
    """Reserve a free port: `wanted`, or any if it is in use and `or_another`. Raises Failure.

    The reservation binds the UDP port of the same number, which HTTP/1 does not use: of two instances only one
    gets it, and it ends with the process.
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
        raise Failure(f"Port {wanted} of {host} is reserved by another `unspun`: change UNSPUN_PORT.")


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

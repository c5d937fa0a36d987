"""Causes of failed fetches, for logs only: the `__cause__` of the client's error.

Clients receive the same error for denied addresses, closed ports and unknown names, so that the service is no
port scanner.
"""


class ContactRefused(Exception):
    """No connection was made, for a `reason`; `note` has details.

    `no_such_name`; `denied`: an address is private, reserved or denied by setting; `closed`: no address
    accepted a connection; `silent`: timeout; `moved`: the peer's address is not the checked one.
    """

    def __init__(self, reason: str, host: str, note: str) -> None:
        super().__init__(f"{reason}: {host}: {note}")
        self.reason = reason
        self.host = host
        self.note = note


class SiteAnswer(Exception):
    """The site returned a `status` at `url` that is not a page's."""

    def __init__(self, status: int, url: str) -> None:
        super().__init__(f"{status}: {url}")
        self.status = status
        self.url = url

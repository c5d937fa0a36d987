"""What lies behind a failed fetch: the `__cause__` of the error that the client sees, for logs alone.

A client is told the same of a denied address, a closed port and an unknown name, so that the service is no port
scanner; the difference stands here.
"""


class ContactRefused(Exception):
    """No connection was made, for a `reason`; `note` says more.

    `no_such_name`. `denied`: an address of the name is private, reserved or denied by setting. `closed`: none
    could be connected to. `silent`: none said anything in time. `moved`: the connection led to another address
    than the one that was checked.
    """

    def __init__(self, reason: str, host: str, note: str) -> None:
        super().__init__(f"{reason}: {host}: {note}")
        self.reason = reason
        self.host = host
        self.note = note


class SiteAnswer(Exception):
    """The site answered `status` at `url`, and that is not a page."""

    def __init__(self, status: int, url: str) -> None:
        super().__init__(f"{status}: {url}")
        self.status = status
        self.url = url

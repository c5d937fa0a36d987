"""The Content-Security-Policy of HTML pages: our stylesheet and inline icons only; no scripts."""

from typing import Final

PAGE_POLICY: Final = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    b"frame-ancestors 'none'",
)

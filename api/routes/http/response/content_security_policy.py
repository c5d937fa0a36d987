"""What a page for people may load: our own stylesheet, and the icon that stands in it. No script runs."""

from typing import Final

PAGE_POLICY: Final = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    b"frame-ancestors 'none'",
)

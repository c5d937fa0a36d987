"""The types of a request and of header fields, as all routes name them."""

from typing import Any, TypeAlias

from litestar import Request

HttpRequest: TypeAlias = Request[Any, Any, Any]
Headers: TypeAlias = list[tuple[bytes, bytes]]  # lower-case names

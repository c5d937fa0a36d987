"""Types of requests and header fields."""

from typing import Any, TypeAlias

from litestar import Request

HttpRequest: TypeAlias = Request[Any, Any, Any]
Headers: TypeAlias = list[tuple[bytes, bytes]]  # lower-case names

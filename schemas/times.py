"""Times with an offset (RFC 3339), in requests and answers."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

Time = Annotated[datetime, Meta(tz=True)]

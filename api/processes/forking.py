"""What a fork server is asked and replies. It loads neither the client's event loop nor its settings."""

import struct
from typing import Final

FORK, END = b"F", b"E"
REQUEST: Final = struct.Struct("!cq")  # operation, and the memory in MB or the process id
REPLY: Final = struct.Struct("!q")  # process id or exit status; negative: errno

"""The key to a display: without one, everybody on the machine may look at an Xvfb and type into it."""

from __future__ import annotations

import os
import secrets
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ANY_HOST = 0xFFFF
PROTOCOL = b"MIT-MAGIC-COOKIE-1"


def write(path: Path) -> None:
    """A new key, in the format of Xau(3), for every display of this machine; for the owner only.

    Raises:
        OSError: it cannot be written.
    """
    fields = (b"", b"", PROTOCOL, secrets.token_bytes(16))  # address, number of the display, protocol, key
    entry = struct.pack(">H", ANY_HOST) + b"".join(struct.pack(">H", len(field)) + field for field in fields)
    temporary = path.with_name(f"{path.name}.new")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(entry)
    temporary.replace(path)

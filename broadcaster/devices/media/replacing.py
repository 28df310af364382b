"""Files that change at once: who reads them sees the old content or the new."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any


def replace_json(path: Path, content: Any) -> None:
    """`content` as JSON; see replace_bytes."""
    replace_bytes(path, json.dumps(content, ensure_ascii=True).encode())


def replace_bytes(path: Path, content: bytes) -> None:
    """Put `content` at `path`, for its owner only (mode 0600), in a folder that is made where it is missing.

    Raises:
        OSError: it cannot be written; the old content stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise

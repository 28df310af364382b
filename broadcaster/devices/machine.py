"""The machine that the service runs on: room on its disk, and whether a time server keeps its clock."""

from __future__ import annotations

import ctypes
import shutil
from typing import TYPE_CHECKING

from broadcaster.ports import MachineHealth
from broadcaster.show.messages import Level, Tell
from broadcaster.show.transitions import N_

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DISK_LOW = 2 * 1024**3
"""Bytes."""

_TIME_ERROR = 5
"""What adjtimex(2) returns while nothing keeps the clock."""
_ROOM_FOR_TIMEX = 256
"""Bytes; struct timex has 208 on 64-bit Linux."""


def is_clock_synchronized() -> bool | None:
    """Whether a time server keeps it, as the kernel knows (adjtimex(2)); None where nobody can tell."""
    try:
        # All zeros, `modes` among them, ask and set nothing.
        answer = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(_ROOM_FOR_TIMEX))
    except (OSError, AttributeError):  # not Linux
        return None
    return None if answer < 0 else answer != _TIME_ERROR


class Machine:
    """`folder` is on the disk that is watched. `look` now and then."""

    def __init__(
        self,
        folder: Path,
        *,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        is_synchronized: Callable[[], bool | None] = is_clock_synchronized,
    ) -> None:
        self._folder, self._free, self._is_synchronized = folder, free, is_synchronized
        self._was_low = False
        self.health = MachineHealth()

    def look(self) -> Tell | None:
        """Measure. What is to be told: that the disk has become nearly full."""
        try:
            free = self._free(self._folder)
        except OSError:
            self.health = MachineHealth(None, self._is_synchronized())
            return None
        self.health = MachineHealth(free / 1e9, self._is_synchronized())
        was_low, self._was_low = self._was_low, free < DISK_LOW
        if was_low or not self._was_low:
            return None
        message = N_("Only %(free)s MB are free on the disk: make room.")
        return Tell(Level.ALARM, message, {"free": str(free // 1024**2)})

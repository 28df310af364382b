"""The system's clock, read so that a jump of the wall clock is an event and not a surprise."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

JUMP = timedelta(milliseconds=250)
"""Less than this is drift, or a time server's gentle correction, and is followed without a word."""


class SystemClock:
    """ports.Clock: wall time that advances with the monotonic clock, re-anchored when `jump` is asked."""

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._anchor = (wall(), monotonic())

    def now(self) -> datetime:
        wall, monotonic = self._anchor
        return datetime.fromtimestamp(wall + self._monotonic() - monotonic, UTC)

    def jump(self) -> timedelta | None:
        was = self.now()
        self._anchor = (self._wall(), self._monotonic())
        by = self.now() - was
        return by if abs(by) >= JUMP else None

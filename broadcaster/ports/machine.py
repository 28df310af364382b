"""What the machine under the service gives: time, a look into files, and how it fares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from broadcaster.show.rundown import Media


class Clock(Protocol):
    """The service's time: aware UTC, advancing with the monotonic clock between jumps."""

    def now(self) -> datetime: ...

    def jump(self) -> timedelta | None:
        """How far the wall clock has jumped since the last call, None for no jump. `now()` follows it from here on."""
        ...


class Probe(Protocol):
    def media(self, path: str) -> Media:
        """The file as it is: true duration, or the fault. Blocks; cached by path, size and mtime; never raises."""
        ...


@dataclass(frozen=True, slots=True)
class MachineHealth:
    """Of the machine that the service runs on; None while not known. `is_clock_synchronized`: by a time server."""

    free_gb: float | None = None
    is_clock_synchronized: bool | None = None

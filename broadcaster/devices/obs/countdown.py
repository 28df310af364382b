"""The countdown strip: shown while an instant is counted down to, and redrawn every second."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from broadcaster.devices.obs.names import Names
    from broadcaster.devices.obs.stage import Stage
    from broadcaster.pictures import Pictures
    from broadcaster.ports import Clock

IDLE = 3600.0


class Countdown:
    """Belongs to the thread that owns the connection."""

    def __init__(self, stage: Stage, names: Names, pictures: Pictures, clock: Clock) -> None:
        self._stage = stage
        self._names = names
        self._pictures = pictures
        self._clock = clock
        self._to: datetime | None = None
        self._drawn: int | None = None
        self._shown: bool | None = None

    def until(self, instant: datetime | None) -> None:
        """Count down to `instant`, or take the strip away."""
        if instant != self._to:
            self._to = instant
            self._drawn = None
        self.step()

    def step(self) -> None:
        """Redraw when another second has passed; at 0:00 the strip goes, as pages take theirs away."""
        left = 0.0 if self._to is None else (self._to - self._clock.now()).total_seconds()
        seconds = max(math.ceil(left), 0)
        if seconds not in {self._drawn, 0}:
            self._stage.show_file(self._names.countdown, self._pictures.countdown(seconds))
        self._drawn = seconds
        if self._shown != (seconds > 0):
            self._shown = seconds > 0
            self._stage.show_countdown(shown=self._shown)

    def wait(self) -> float:
        """Seconds until the strip has to be redrawn."""
        if self._to is None or self._drawn == 0:
            return IDLE
        remaining = (self._to - self._clock.now()).total_seconds()
        return max(remaining - math.floor(remaining), 0.01)

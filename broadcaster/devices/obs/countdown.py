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
        if self._shown != (instant is not None):
            self._shown = instant is not None
            self._stage.show_countdown(shown=self._shown)

    def step(self) -> None:
        """Redraw when another second has passed."""
        if self._to is None:
            return
        remaining = self._to - self._clock.now()
        seconds = max(math.ceil(remaining.total_seconds()), 0)
        if seconds != self._drawn:
            self._drawn = seconds
            self._stage.show_file(self._names.countdown, self._pictures.countdown(seconds))

    def wait(self) -> float:
        """Seconds until the strip has to be redrawn."""
        if self._to is None or self._drawn == 0:
            return IDLE
        remaining = (self._to - self._clock.now()).total_seconds()
        return max(remaining - math.floor(remaining), 0.01)

"""OBS's own frames on this machine's clock: a switch that is to be exact has to know them."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import frames

if TYPE_CHECKING:
    from broadcaster.devices.obs.connection import Connection

SAMPLES = 4
GOOD_FOR = 600.0
"""Seconds. On one machine OBS and the service share a clock, and ticks never move; two machines drift by parts of a
millisecond in that time."""

EARLY = 0.003
"""Seconds that an answer may come sooner after its tick than the soonest one measured."""


ROUNDING = 1e-6
"""Frames. Monotonic seconds of a machine that has been up for weeks have some 1e-8 of them in their last digit."""


class Ticks:
    """Frame n is rendered at `phase` + n × `length`, in monotonic seconds.

    The phase is measured by batches that OBS answers on its next frame (SERIAL_FRAME); the soonest of a few answers
    counts.
    """

    def __init__(self, length: float, phase: float = 0.0) -> None:
        self.length = length
        self.phase = phase
        self._measured: float | None = None

    @classmethod
    def of(cls, connection: Connection) -> Ticks:
        """Of a connected OBS.

        Raises:
            Offline: see `Connection`.
        """
        video = connection.call("GetVideoSettings")
        return cls(float(video["fpsDenominator"]) / float(video["fpsNumerator"]))

    def measure(self, connection: Connection) -> None:
        """Find the phase, unless it is known well enough. Takes a few frames' time.

        Raises:
            Offline: see `Connection`.
        """
        now = time.monotonic()
        if self._measured is not None and now - self._measured < GOOD_FOR:
            return
        answers = []
        for _ in range(SAMPLES):
            connection.batch([frames(1)], by_frame=True)
            answers.append(time.monotonic())
        self.learn(answers)
        self._measured = answers[-1]

    def learn(self, answers: list[float]) -> None:
        """Take the phase from the times at which frames were answered."""
        last, half = answers[-1], self.length / 2
        self.phase = last + min((each - last + half) % self.length - half for each in answers)

    def at(self, tick: int) -> float:
        return self.phase + tick * self.length

    def first_from(self, instant: float) -> int:
        """The first tick at `instant` or later."""
        return math.ceil((instant - self.phase) / self.length - ROUNDING)

    def answered(self, instant: float) -> int:
        """The tick on which OBS did what it answered at `instant`."""
        return math.floor((instant + EARLY - self.phase) / self.length)

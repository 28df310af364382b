"""Counters that only grow, seen over the last seconds: rates and shares that say how it is now."""

from __future__ import annotations

from collections import deque

SPAN = 10.0
"""Seconds. Long enough for a steady number, short enough to be news."""
SHORTEST = 2.0


class Counters:
    """Some counters that are read together; a counter that falls was set back, and all is begun anew."""

    def __init__(self, span: float = SPAN) -> None:
        self._span = span
        self._readings: deque[tuple[float, tuple[int, ...]]] = deque()

    def read(self, now: float, *values: int) -> None:
        """`now` in seconds of any steady clock."""
        if self._readings and any(value < old for value, old in zip(values, self._readings[-1][1], strict=True)):
            self._readings.clear()
        self._readings.append((now, values))
        while len(self._readings) > 2 and now - self._readings[1][0] >= self._span:
            self._readings.popleft()

    def forget(self) -> None:
        self._readings.clear()

    def growth(self) -> tuple[float, tuple[int, ...]] | None:
        """Over how many seconds the counters have grown, and by how much each; None while there is too little."""
        if not self._readings:
            return None
        (began, first), (ended, last) = self._readings[0], self._readings[-1]
        if ended - began < SHORTEST:
            return None
        return ended - began, tuple(new - old for new, old in zip(last, first, strict=True))

    def percent(self, part: int, whole: int) -> float | None:
        """How much of counter number `whole` counter number `part` was."""
        grown = self.growth()
        if grown is None or grown[1][whole] <= 0:
            return None
        return 100.0 * grown[1][part] / grown[1][whole]

    def per_second(self, which: int) -> float | None:
        grown = self.growth()
        return None if grown is None else grown[1][which] / grown[0]

"""How long to wait before the next try."""

from __future__ import annotations

SHORTEST, LONGEST = 0.25, 5.0


class Backoff:
    """Longer with every try, up to LONGEST seconds; short again once tries are rarer than that."""

    def __init__(self) -> None:
        self._pause = SHORTEST
        self._last: float | None = None

    def next(self, began: float, now: float) -> float:
        """Seconds to wait after a try that `began` (monotonic seconds, as is `now`) and failed."""
        if now - began > LONGEST or (self._last is not None and began - self._last > LONGEST):
            self._pause = SHORTEST
        pause, self._pause = self._pause, min(self._pause * 1.5, LONGEST)
        self._last = now + pause
        return pause

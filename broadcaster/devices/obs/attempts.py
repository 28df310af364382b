"""Starting something until it is on: one attempt at a time, later and later after failures."""

from __future__ import annotations

FIRST, LONGEST = 1.0, 5.0
"""Seconds between attempts. OBS's own reconnecting comes to wait for minutes; viewers don't."""
STEADY = 30.0
"""What has been on for so long and breaks off is started again at once."""


class Attempts:
    """All times are seconds of one steady clock.

    Args:
        within: how long an attempt may take; after that it has failed.

    """

    def __init__(self, within: float) -> None:
        self._within = within
        self._began: float | None = None
        self._pause = FIRST
        self._not_before = 0.0
        self._succeeded = 0.0
        self.why = ""
        """What the last failure was, for people; empty after a success."""

    @property
    def is_on_the_way(self) -> bool:
        return self._began is not None

    def begin(self, now: float) -> None:
        self._began = now

    def may_begin(self, now: float) -> bool:
        return self._began is None and now >= self._not_before

    def look(self, now: float, why: str) -> None:
        """Give an attempt up that takes too long."""
        if self._began is not None and now - self._began > self._within:
            self.fail(now, why)

    def fail(self, now: float, why: str) -> None:
        if self._began is None:
            return
        self._began = None
        self.why = why
        self._wait(now)

    def succeed(self, now: float) -> None:
        self._began = None
        self.why = ""
        self._succeeded = now

    def broke(self, now: float) -> None:
        """What was on has broken off."""
        if now - self._succeeded >= STEADY:
            self._pause = FIRST
            self._not_before = now
        else:
            self._wait(now)

    def _wait(self, now: float) -> None:
        self._not_before = now + self._pause
        self._pause = min(self._pause * 1.5, LONGEST)

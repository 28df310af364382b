"""How long a switch takes, learnt from the last ones. Pure."""

from __future__ import annotations

from collections import deque
from datetime import timedelta

AT_FIRST = timedelta(milliseconds=45)
LONGEST = timedelta(milliseconds=150)

OUTAGE = timedelta(seconds=1)
"""Whatever takes longer was not a switch: OBS was away, or somebody's computer slept."""


class Lead:
    """The median of recent latencies, so that one hiccup moves nothing."""

    def __init__(self, size: int = 9) -> None:
        # Thrice, so that the first switch of all, onto a cold OBS, is one hiccup too.
        self._recent: deque[timedelta] = deque([AT_FIRST] * 3, maxlen=size)

    def learn(self, latency: timedelta) -> None:
        """Take in one switch: from the wish to OBS's confirmation."""
        if latency < OUTAGE:
            self._recent.append(latency)

    @property
    def value(self) -> timedelta:
        return min(max(sorted(self._recent)[len(self._recent) // 2], timedelta(0)), LONGEST)

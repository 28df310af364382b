"""YouTube's quota: what a call costs, and the day that the units belong to.

The day begins at midnight in Los Angeles: 14:00 or 15:00 in Pekalongan, in the middle of a show.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from broadcaster import ports

log = logging.getLogger(__name__)

UNITS: Mapping[str, int] = MappingProxyType(
    {
        "channels.list": 1,
        "videos.list": 1,
        "videos.update": 50,
    }
)
"""Units a call, from YouTube's quota table."""

_PACIFIC = ZoneInfo("America/Los_Angeles")


def day_start(now: datetime) -> datetime:
    """When the quota day of `now` began, in UTC."""
    return datetime.combine(now.astimezone(_PACIFIC).date(), datetime.min.time(), _PACIFIC).astimezone(UTC)


def day_end(now: datetime) -> datetime:
    """When the quota is whole again, in UTC. Days of 23 and 25 hours are what they are."""
    tomorrow = now.astimezone(_PACIFIC).date() + timedelta(days=1)
    return datetime.combine(tomorrow, datetime.min.time(), _PACIFIC).astimezone(UTC)


class Ledger:
    """The day's units, as the store remembers them.

    A store that fails is logged, and costs the record but not the description: what was counted last holds on.
    """

    def __init__(self, store: ports.Store, clock: ports.Clock, daily_quota: int) -> None:
        self._store = store
        self._clock = clock
        self._daily_quota = daily_quota
        self._spent = 0

    def spend(self, method: str, units: int) -> None:
        if not units:
            return
        try:
            self._store.spend(self._clock.now(), method, units)
        except Exception:
            log.exception("%d units for %s could not be written into the quota ledger", units, method)

    def left(self) -> int:
        """Never below 0."""
        try:
            self._spent = self._store.spent(day_start(self._clock.now()))
        except Exception:
            log.exception("the quota ledger could not be read")
        return max(0, self._daily_quota - self._spent)

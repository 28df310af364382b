"""The day's budget: what was spent, as the store remembers it, and what may still be spent on what.

Whoever calls YouTube asks `require(priority, methods)` before a piece of work; every call is written down with `spend`
(devices.youtube.api does it).
"""

from __future__ import annotations

import logging
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from broadcaster.language import gettext as _
from broadcaster.show.quota import UNITS, Priority, day_end, day_start

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from broadcaster import ports

log = logging.getLogger(__name__)

_JUST_RESET = timedelta(minutes=10)
_SOON = timedelta(minutes=1)


class Ledger:
    """One account's units. Threads may share it.

    A store that fails is logged, and costs the record but not the description: what was counted last holds on.

    Args:
        daily_quota: Units a day.
        reserve: Units of these that only Priority.BROADCAST may spend; at most half of them.
        costs: Units a call, where they are others than in show.quota.UNITS.

    """

    def __init__(
        self,
        store: ports.Store,
        clock: ports.Clock,
        daily_quota: int,
        *,
        reserve: int = 0,
        costs: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self._store = store
        self._clock = clock
        self._daily_quota = daily_quota
        self._reserve = min(reserve, daily_quota // 2)
        self._costs = {**UNITS, **costs}
        self._spent = 0
        self._links = self._chats = 0
        self._refused_until: datetime | None = None

    def units(self, *methods: str) -> int:
        """What these calls cost together."""
        return sum(self._costs[method] for method in methods)

    def spend(self, method: str, units: int | None = None) -> None:
        """Write a call down; `units` when it cost another price than its own."""
        if units is None:
            units = self._costs[method]
        if not units:
            return
        try:
            self._store.spend(self._clock.now(), method, units)
        except Exception:
            log.exception("%d units for %s could not be written into the quota ledger", units, method)

    def left(self) -> int:
        """Units until the reset, never below 0; 0 from YouTube's own refusal on."""
        if self.refused_until is not None:
            return 0
        return self._counted()

    def free(self, priority: Priority) -> int:
        """Units that this priority may still spend today: what is left, less what more important things will need."""
        return max(0, self.left() - self._kept(priority))

    def may(self, priority: Priority, *methods: str) -> bool:
        """Whether these calls may be made."""
        return self.units(*methods) <= self.free(priority)

    def require(self, priority: Priority, *methods: str) -> None:
        """Nothing when these calls may be made.

        Raises:
            QuotaGone: they may not, today.
        """
        from broadcaster.devices.youtube.faults import QuotaGone

        if self.refused_until is not None:
            raise QuotaGone(_("YouTube's quota for today is used up."), "quotaExceeded", units=0)
        if not self.may(priority, *methods):
            raise QuotaGone(_("The quota set in [youtube] daily_quota is used up."), "ownLimit", units=0)

    def expect(self, links: int, chats: int = 0) -> None:
        """Tell how many updates of line 1 and chat messages are to come before the reset: units are kept for them."""
        self._links = links * self.units("videos.list", "videos.update")
        self._chats = chats * self.units("liveChatMessages.insert")

    def refused(self) -> datetime:
        """YouTube itself said that the quota is gone. Nothing is to be sent until the answer's instant."""
        now = self._clock.now()
        # A clock that runs ahead would take yesterday's last refusal for today's, and lose the day.
        just_reset = now - day_start(now) < _JUST_RESET
        self._refused_until = now + _SOON if just_reset else day_end(now)
        return self._refused_until

    @property
    def refused_until(self) -> datetime | None:
        """When to try again after YouTube's own refusal; None when it has not refused, or the time has come."""
        if self._refused_until is not None and self._refused_until <= self._clock.now():
            self._refused_until = None
        return self._refused_until

    def resets_at(self) -> datetime:
        """When the quota is whole again, in UTC."""
        return day_end(self._clock.now())

    def _counted(self) -> int:
        try:
            self._spent = self._store.spent(day_start(self._clock.now()))
        except Exception:
            log.exception("the quota ledger could not be read")
        return max(0, self._daily_quota - self._spent)

    def _kept(self, priority: Priority) -> int:
        match priority:
            case Priority.BROADCAST:
                return 0
            case Priority.LINK:
                return self._reserve
            case Priority.CHAT:
                return self._reserve + self._links
            case Priority.THUMBNAIL:
                return self._reserve + self._links + self._chats
            case Priority.READ:
                return self._reserve + self._links + self._chats + self.units("thumbnails.set")

"""The channel's doubles: rehearsal writes texts down instead of sending them; off does nothing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.quota import UNITS, day_start
from broadcaster.devices.youtube.wording import Wording
from broadcaster.ports import ChannelHealth, Revision
from broadcaster.show.description import room, sha256

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from broadcaster import ports
    from broadcaster.show.description import DescriptionWish


class RehearsalChannel:
    """Stores each new text as a revision, inline and without a thread: a day can be simulated in seconds.

    `units` is what live would have spent so far. It stays out of the store's ledger: a rehearsal spends nothing.
    """

    def __init__(
        self,
        store: ports.Store,
        show: str,
        clock: ports.Clock,
        template: Path | None = None,
        daily_quota: int | None = None,
    ) -> None:
        self._store = store
        self._show = show
        self._clock = clock
        self._wording = Wording(template)
        self._daily_quota = daily_quota
        self._budget = room("")
        self._text: str | None = None
        self._lock = threading.Lock()
        self._health = ChannelHealth(state="rehearsal", quota_left=daily_quota)
        self._day: datetime | None = None
        self._day_units = 0
        self.units = 0

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def publish(self, wish: DescriptionWish) -> None:
        with self._lock:
            text = self._wording.block(wish, self._budget)
            if text == self._text:
                return
            self._text = text
            self._charge(UNITS["videos.list"] + UNITS["videos.update"])
            self._store.add_revision(
                self._show, Revision(wish.at, wish.item, text, "rehearsed", detail=self._wording.fault)
            )
            left = None if self._daily_quota is None else max(0, self._daily_quota - self._day_units)
            self._health = ChannelHealth(
                state="rehearsal",
                detail=self._wording.fault,
                quota_left=left,
                description_sha256=sha256(text),
                published_at=self._clock.now(),
            )

    def health(self) -> ChannelHealth:
        return self._health

    def _charge(self, units: int) -> None:
        today = day_start(self._clock.now())
        self._day_units = units if today != self._day else self._day_units + units
        self._day = today
        self.units += units


class OffChannel:
    """No channel at all."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def publish(self, wish: DescriptionWish) -> None: ...

    def health(self) -> ChannelHealth:
        return ChannelHealth(state="off")

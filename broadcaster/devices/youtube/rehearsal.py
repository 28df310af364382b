"""The channel's doubles: rehearsal writes texts down instead of sending them; off does nothing."""

from __future__ import annotations

import logging
import queue
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from broadcaster.devices.youtube.wording import Wording
from broadcaster.language import gettext as _
from broadcaster.ports import ChannelHealth, Refused, Revision
from broadcaster.show.description import room, sha256
from broadcaster.show.quota import UNITS, day_start

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from broadcaster import ports
    from broadcaster.ports import Ingestion
    from broadcaster.show.broadcasts import DayPart
    from broadcaster.show.description import DescriptionWish
    from broadcaster.show.messages import Event


log = logging.getLogger(__name__)

STOP_S = 5.0


class _NoBroadcast:
    """What a channel has to do with broadcasts, for one that has none."""

    def follow(self, parts: Sequence[DayPart]) -> None: ...

    def want_day(self, day: date | None) -> None: ...

    def ask(self, act: str, broadcast: str = "") -> None:
        del act, broadcast
        raise Refused(_("YouTube is off or in rehearsal: [youtube] mode is not live."))

    def ingestion(self) -> Ingestion | None:
        return None


class RehearsalChannel(_NoBroadcast):
    """Stores each new text as a revision.

    Once started, it does so on a thread of its own, so that the store delays no show; without `start`, inline, so that
    a day can be simulated in seconds.

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
        self._wishes: queue.SimpleQueue[DescriptionWish | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._health = ChannelHealth(state="rehearsal", quota_left=daily_quota)
        self._day: datetime | None = None
        self._day_units = 0
        self.units = 0

    def start(self, post: Callable[[Event], None] | None = None) -> None:
        del post  # a rehearsal has nothing to tell
        self._thread = threading.Thread(target=self._run, name="channel", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._thread is not None:
            self._wishes.put(None)
            self._thread.join(STOP_S)

    def publish(self, wish: DescriptionWish) -> None:
        if self._thread is None:
            self._rehearse(wish)
        else:
            self._wishes.put(wish)

    def _run(self) -> None:
        while (wish := self._wishes.get()) is not None:
            try:
                self._rehearse(wish)
            except Exception as error:  # a text that is not on record; the next one is tried
                log.exception("A rehearsed description could not be stored.")
                self._health = replace(self._health, detail=str(error))

    def _rehearse(self, wish: DescriptionWish) -> None:
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


class OffChannel(_NoBroadcast):
    """No channel at all."""

    def start(self, post: Callable[[Event], None] | None = None) -> None: ...

    def stop(self) -> None: ...

    def publish(self, wish: DescriptionWish) -> None: ...

    def health(self) -> ChannelHealth:
        return ChannelHealth(state="off")

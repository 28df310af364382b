"""When a broadcast is over, and what its description says from then on."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from broadcaster.show.last_word import LastWord

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster import ports
    from broadcaster.devices.youtube.api import Api
    from broadcaster.devices.youtube.video_memory import VideoMemory
    from broadcaster.ports import Json
    from broadcaster.show.description import DescriptionWish, Entry
    from broadcaster.show.rundown import ExhibitorId

LOOK_AFTER, LOOK_EVERY = 120.0, 1800.0
"""Seconds between the first two looks whether the broadcast is over, once nothing is on air and nothing is due soon;
each pause is twice the one before, up to the second: a broadcast may be left live overnight."""
SOON = timedelta(minutes=30)
NEVER = 3600.0


class Ending:
    """One video's end. `is_automatic`: it is looked for without being asked, one unit a look."""

    def __init__(
        self,
        memory: VideoMemory,
        store: ports.Store,
        show: str,
        clock: ports.Clock,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        is_automatic: bool = True,
    ) -> None:
        self._memory, self._store, self._show, self._clock = memory, store, show, clock
        self._monotonic = monotonic
        self._is_automatic = is_automatic
        self._is_asked = False
        self._not_before = 0.0
        self._pause = LOOK_AFTER
        self._entries: dict[ExhibitorId, Entry] = {}

    def hear(self, wish: DescriptionWish) -> None:
        """Remember whom the show has named: by the time it is over, its newest wish may speak of another day."""
        if wish.on_air is not None:
            self._pause = LOOK_AFTER
        for entry in (*wish.others, *wish.following, *((wish.on_air,) if wish.on_air else ())):
            if entry.exhibitor is not None:
                self._entries[entry.exhibitor] = entry

    def hurry(self) -> None:
        """Somebody knows, or thinks, that it is over."""
        self._is_asked = self._is_automatic

    def left(self, wish: DescriptionWish | None) -> float:
        """Seconds until the next look."""
        if self._memory.known.finished_at is not None or wish is None:
            return NEVER
        if self._is_asked:
            return 0.0
        is_quiet = wish.on_air is None and not any(at < self._clock.now() + SOON for at in wish.changes)
        if not self._is_automatic or not is_quiet:
            return NEVER
        return max(0.0, self._not_before - self._monotonic())

    def look(self, api: Api, wish: DescriptionWish | None) -> LastWord | None:
        """What is to be written; None while the broadcast is not over. `wish` has the show's words and links."""
        self._not_before = self._monotonic() + self._pause
        self._pause = min(LOOK_EVERY, 2 * self._pause)
        begins, ends = actual_times(api.times(self._memory.known.video))
        self._is_asked = False
        self._memory.keep(begins=begins, ends=ends)
        if begins is None or ends is None or wish is None:
            return None
        wish = replace(wish, others=tuple(self._entries.values()))
        return LastWord(wish, tuple(self._store.as_run(self._show)), begins, ends)


def actual_times(details: Json) -> tuple[datetime | None, datetime | None]:
    """When a broadcast began and ended, from its liveStreamingDetails."""
    return _moment(details.get("actualStartTime")), _moment(details.get("actualEndTime"))


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        return None

"""The videos of a running show are analysed beside it: soonest first, one at a time, and never in its way."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.devices.media import Failed, NoProgram, Stopped
from broadcaster.show.messages import Level, Tell
from broadcaster.show.state import next_item
from broadcaster.show.transitions import N_

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from broadcaster.devices.media import MediaProbe
    from broadcaster.show.state import State

log = logging.getLogger(__name__)

OFTEN = 15.0
"""Seconds between two readings of the show's files for what has been found out; at once for the next two items."""

ALL_MEASURED = N_("All %(count)s videos are measured.")
NOT_MEASURED = N_("“%(video)s” cannot be measured (%(why)s): it plays as loud as it is.")
NO_FFMPEG = N_("Videos cannot be measured, as ffmpeg is missing: each plays as loud as it is.")


class Measuring:
    """Runs on the event loop; the work itself is done in threads and processes.

    `state` gives the show as it stands, `tell` speaks to the operator. `reread` takes what was found out into the
    running show, by reading its files again.
    """

    def __init__(
        self,
        probe: MediaProbe,
        state: Callable[[], State],
        tell: Callable[[Tell], None],
        reread: Callable[[], Awaitable[None]],
    ) -> None:
        self._probe, self._state, self._tell, self._reread = probe, state, tell, reread
        self._changed = asyncio.Event()
        self._stop = threading.Event()
        self._broken: set[str] = set()
        self._read_at = time.monotonic()
        self.done = self.total = 0
        """How many videos are measured, of how many."""

    def follow(self) -> None:
        """The rundown is another: there may be videos that are not measured."""
        self._changed.set()

    def stop(self) -> None:
        """End what runs, within a second."""
        self._stop.set()

    async def run(self) -> None:
        """Until cancelled."""
        await asyncio.to_thread(self._probe.prune)
        while True:
            self._changed.clear()
            try:
                await self._measure_all()
            except NoProgram:
                self._tell(Tell(Level.WARNING, NO_FFMPEG))
            except Stopped:
                return
            await self._changed.wait()

    async def _measure_all(self) -> None:
        before, news, failures, tenths = -1, False, 0, 0
        while True:
            paths = soonest(self._state())
            left = await asyncio.to_thread(self._unmeasured, paths)
            self.total, self.done = len(paths), len(paths) - len(left)
            before = self.done if before < 0 else before
            if not left:
                break
            failures += not await self._measure(left[0])
            news = True
            # What is on air next needs it now; the others can wait to be taken in together.
            if left[0] in paths[:2] or time.monotonic() - self._read_at > OFTEN:
                await self._take_in()
                news = False
            if (part := 10 * (self.done + 1) // self.total) > tenths:
                tenths = part
                log.info("Measuring videos: %d %% (%d of %d)", 10 * part, self.done + 1, self.total)
        if news:
            await self._take_in()
        if self.done > before and not failures:
            measured = await asyncio.to_thread(self._measured, paths)
            self._tell(Tell(Level.INFO, ALL_MEASURED, {"count": str(measured)}))

    async def _measure(self, path: str) -> bool:
        """Whether it could be measured."""
        why = "?"
        try:
            await asyncio.to_thread(self._probe.analyse, path, self._stop)
        except (NoProgram, Stopped):
            raise
        except Failed as error:
            why = str(error)
        except Exception:
            log.exception("%s could not be measured.", path)
            self._broken.add(path)
        else:
            return True
        self._tell(Tell(Level.WARNING, NOT_MEASURED, {"video": Path(path).name, "why": why}))
        return False

    async def _take_in(self) -> None:
        self._read_at = time.monotonic()
        await self._reread()

    def _measured(self, paths: list[str]) -> int:
        return sum(self._probe.findings(path) is not None for path in paths)

    def _unmeasured(self, paths: list[str]) -> list[str]:
        return [path for path in paths if path not in self._broken and not self._probe.is_analysed(path)]


def soonest(state: State) -> list[str]:
    """The show's videos in the order in which they may go on air; what has its turn behind it comes last."""
    rundown, upcoming = state.rundown, next_item(state)
    place = rundown.place(upcoming.id) if upcoming is not None else None
    ahead: list[str] = []
    behind: list[str] = []
    for number, day in enumerate(rundown.days):
        for index, item in enumerate(day.items):
            if item.media is not None:
                (ahead if place is not None and (number, index) >= place else behind).append(item.media.path)
    fillers = [media.path for media in rundown.filler]
    return list(dict.fromkeys([*ahead[:2], *fillers, *ahead[2:], *behind]))

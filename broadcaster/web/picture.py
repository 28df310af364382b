"""Pictures of program and of what is next, taken once for all who look."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.ports import ControlRoom

WIDTHS = (160, 320, 480, 640, 960, 1280, 1920)
FRESH_SECONDS = 0.4


class Pictures:
    """Pictures that `take` takes, at most one at a time, and none twice within 0.4 s at the same width.

    Taking one blocks for up to 2 s, so it happens in a thread: OBS may hang, the show may not.
    """

    def __init__(self, take: Callable[[int], bytes | None], clock: Callable[[], float] = time.monotonic) -> None:
        self._take = take
        self._clock = clock
        self._busy = asyncio.Lock()
        self._taken: dict[int, tuple[float, bytes | None]] = {}

    async def taken(self, width: int) -> bytes | None:
        """Rounded up to one of WIDTHS. None when there is no picture to be had."""
        width = next((known for known in WIDTHS if known >= width), WIDTHS[-1])
        async with self._busy:
            at, picture = self._taken.get(width, (float("-inf"), None))
            if self._clock() - at >= FRESH_SECONDS:
                picture = await asyncio.to_thread(self._take, width)
                self._taken[width] = self._clock(), picture
            return picture


class ProgramPicture:
    """PNGs of program."""

    def __init__(self, room: ControlRoom, clock: Callable[[], float] = time.monotonic) -> None:
        self._pictures = Pictures(room.screenshot, clock)

    async def png(self, width: int) -> bytes | None:
        return await self._pictures.taken(width)

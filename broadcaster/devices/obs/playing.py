"""Whether the video on air really moves."""

from __future__ import annotations

import time
from datetime import timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Request
from broadcaster.devices.obs.errors import Refused
from broadcaster.devices.obs.observed import milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.devices.obs.connection import Connection

STARTS_WITHIN = 0.6
"""Seconds. A good file has its first picture within 0.2 s; a broken one reports PLAYING at 0 of 0 for ever."""

STALLS_AFTER = 5.0
"""Seconds. A video that has moved plays on after its disk was busy, as a rule."""

FRAMES = 10
"""While OBS itself rendered fewer frames than this, it is OBS that stands, not the video."""

BY_HAND = {"OBS_MEDIA_STATE_PAUSED", "OBS_MEDIA_STATE_STOPPED"}


class Standing(Enum):
    """What one look found."""

    MOVES = auto()
    STANDS = auto()


class Playing:
    """The cursor of the deck on air, looked at a few times a second.

    OBS's cursor is the place of the picture shown: in a slide show it stands for as long as a slide does.

    Args:
        now: monotonic seconds.
        next_picture: (path, position) → the picture after the one at position, None when that is not known.

    """

    def __init__(
        self, deck: str, path: str, now: float, next_picture: Callable[[str, timedelta], timedelta | None]
    ) -> None:
        self.deck = deck
        self._path = path
        self._next_picture = next_picture
        self._cursor: float | None = None
        self._since = now
        self._frames: int | None = None
        self._has_moved = False
        self.seen: tuple[float, float] | None = None
        """(cursor in seconds, when it was seen) of the last look."""
        self._patience: float | None = None

    def look(self, connection: Connection, now: float) -> Standing:
        """STANDS once the cursor stays where another picture is due, or has no file under it, while OBS rendered on.

        Raises:
            Refused: 600: the deck is gone.
        """
        status, stats = connection.batch(
            [Request("GetMediaInputStatus", {"inputName": self.deck}), Request("GetStats")]
        )
        if isinstance(status, Refused):
            raise status
        if isinstance(stats, Refused):
            raise stats
        cursor = status["mediaCursor"] if status["mediaDuration"] else None
        self.seen = None if cursor is None else (cursor / 1000, time.monotonic())
        frames = int(stats["renderTotalFrames"])
        moved = cursor is not None and cursor != self._cursor
        # A person's pause is a person's business.
        if moved or self._frames is None or status["mediaState"] in BY_HAND:
            self._has_moved = self._has_moved or bool(cursor)
            self._cursor, self._since, self._frames, self._patience = cursor, now, frames, None
            return Standing.MOVES
        stood = now - self._since
        if stood < STARTS_WITHIN or frames - self._frames < FRAMES:
            return Standing.MOVES
        if self._patience is None:
            self._patience = self._patience_at(cursor)
        return Standing.STANDS if stood >= self._patience else Standing.MOVES

    def _patience_at(self, cursor: float | None) -> float:
        """Seconds that the picture may stand at `cursor`."""
        patience = STALLS_AFTER if self._has_moved else STARTS_WITHIN
        place = milliseconds(cursor)
        if place is None:
            return patience
        following = self._next_picture(self._path, place)
        return patience if following is None else patience + (following - place).total_seconds()

"""Whether the video on air really moves."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Request
from broadcaster.devices.obs.errors import Refused

if TYPE_CHECKING:
    from broadcaster.devices.obs.connection import Connection

STANDS_AFTER = 0.6
"""Seconds. A good file moves within 0.2 s; a broken one reports PLAYING at 0 for ever."""

FRAMES = 10
"""While OBS itself rendered fewer frames than this, it is OBS that stands, not the video."""

BY_HAND = {"OBS_MEDIA_STATE_PAUSED", "OBS_MEDIA_STATE_STOPPED"}


class Standing(Enum):
    """What one look found."""

    MOVES = auto()
    STANDS = auto()


class Playing:
    """The cursor of the deck on air, looked at a few times a second."""

    def __init__(self, deck: str, now: float) -> None:
        self.deck = deck
        self._cursor: float | None = None
        self._since = now
        self._frames: int | None = None

    def look(self, connection: Connection, now: float) -> Standing:
        """STANDS once the cursor has not moved, or has no file under it, while OBS rendered on.

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
        cursor = status["mediaCursor"]
        frames = int(stats["renderTotalFrames"])
        moved = bool(status["mediaDuration"]) and cursor is not None and cursor != self._cursor
        # A person's pause is a person's business.
        if moved or self._frames is None or status["mediaState"] in BY_HAND:
            self._cursor, self._since, self._frames = cursor, now, frames
            return Standing.MOVES
        stands = now - self._since >= STANDS_AFTER and frames - self._frames >= FRAMES
        return Standing.STANDS if stands else Standing.MOVES

"""Files on their way to a deck that is off air: when one is ready, and how one is known to have failed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Request, sleep
from broadcaster.devices.obs.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from broadcaster.devices.obs.connection import Connection
    from broadcaster.ports import Clock

PRELOAD = 0.2
"""Seconds that a deck gets to open its file before it is shown. OBS has no signal for "ready"."""

FAILS_WITHIN = timedelta(milliseconds=500)
"""A file that cannot be opened ends within this time of being loaded."""

SETTLE = 0.5
"""A deck that was hidden says "ended" within this many seconds, which must not be mistaken for a failed file."""


@dataclass(frozen=True, slots=True)
class Load:
    """A file that was given to a deck. `again`: for the second time, because the deck ended at once."""

    path: str
    at: datetime
    again: bool = False


class Loader:
    """One per connection; belongs to the thread that owns it.

    `ready` is (deck, path) of the file that was loaded since its deck was last shown.
    """

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.ready: tuple[str, str] | None = None
        self._connection = connection
        self._clock = clock
        self._loads: dict[str, Load] = {}
        self._hidden: dict[str, float] = {}

    def load(self, deck: str, present: str, path: str, *, again: bool = False) -> None:
        """Give `path` to `deck`, which is off air and holds `present`.

        Raises:
            Refused: 600: the deck is gone.
        """
        if present == path:
            # From OBS 30 on, setting the same path again is ignored.
            self._set_file(deck, "", pause=100)
        self._loads[deck] = Load(path, self._clock.now(), again)
        self.ready = (deck, path)
        self._set_file(deck, path)

    def preload_left(self, deck: str) -> float:
        """Seconds until `deck` may be shown."""
        load = self._loads[deck]
        return PRELOAD - (self._clock.now() - load.at).total_seconds()

    def shown(self, deck: str) -> None:
        """`deck` is on air."""
        if self.ready is not None and self.ready[0] == deck:
            self.ready = None

    def hidden(self, deck: str) -> None:
        """`deck` was taken off air just now."""
        self._hidden[deck] = time.monotonic()

    def settling(self, deck: str) -> bool:
        """Whether `deck` was hidden just now and has not said its farewell yet."""
        hidden = self._hidden.get(deck)
        if hidden is None:
            return False
        if time.monotonic() - hidden > SETTLE:
            del self._hidden[deck]
            return False
        return True

    def ended(self, deck: str, at: datetime) -> str | None:
        """Take in OBS's "ended"; the path when it means that the file cannot be played."""
        if self.settling(deck):
            del self._hidden[deck]
            return None
        load = self._loads.get(deck)
        if load is None or self.ready != (deck, load.path) or not timedelta(0) <= at - load.at <= FAILS_WITHIN:
            return None
        if not load.again:
            # It may have been the end of what the deck played before: the file gets a second chance.
            self.load(deck, load.path, load.path, again=True)
            return None
        self.ready = None
        return load.path

    def _set_file(self, deck: str, path: str, pause: int = 0) -> None:
        request = Request("SetInputSettings", {"inputName": deck, "inputSettings": {"local_file": path}})
        for answer in self._connection.batch([request, *([sleep(pause)] if pause else [])]):
            if isinstance(answer, Refused):
                raise answer

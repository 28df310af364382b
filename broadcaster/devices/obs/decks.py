"""What the two decks hold and play: files on their way, the video on air and its last picture."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Request
from broadcaster.devices.obs.errors import Refused
from broadcaster.devices.obs.frames import next_keyframe, next_picture
from broadcaster.devices.obs.joining import Joining
from broadcaster.devices.obs.loader import Loader
from broadcaster.devices.obs.plan import Video, volume
from broadcaster.devices.obs.playing import Playing, Standing
from broadcaster.devices.obs.reel import CURSOR_LAG, Reel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from broadcaster.devices.obs.connection import Connection
    from broadcaster.devices.obs.names import Names
    from broadcaster.devices.obs.ticks import Ticks
    from broadcaster.devices.obs.turning import Turner
    from broadcaster.ports import Clock
    from broadcaster.show.studio import Clip, OnDeck

FILLS = 0.01
"""So much of the canvas may stay empty without a backdrop: encoders round sizes to even numbers."""

LOOKS = 8
"""How often OBS's cursor is looked at before it is believed, where nobody saw the video begin."""


class Decks:
    """One per connection; belongs to the thread that owns it.

    `reel` is the video on program as far as its place is known, None otherwise.

    Args:
        turner: stands pictures upright.
        pattern: the picture that lies behind a video without a backdrop of its own.

    """

    def __init__(
        self,
        connection: Connection,
        names: Names,
        clock: Clock,
        ticks: Ticks,
        canvas: tuple[int, int],
        turner: Turner,
        pattern: Callable[[], Path | None],
    ) -> None:
        self.loader = Loader(connection, clock)
        self.reel: Reel | None = None
        self.on_air: tuple[str, Clip] | None = None
        """Deck and clip on program."""
        self._connection = connection
        self._backdrops = dict(zip(names.decks, names.backdrops, strict=True))
        self._clock = clock
        self._ticks = ticks
        self._canvas = canvas
        self._turner = turner
        self._pattern = pattern
        self._dressed: dict[str, Clip] = {}
        self._playing: Playing | None = None
        self._joining: Joining | None = None
        self._offsets: list[float] = []
        self._before = 0.0

    @property
    def backdrops(self) -> dict[str, str]:
        return self._backdrops

    def needs_backdrop(self, clip: Clip) -> bool:
        """Whether the video leaves a part of the canvas empty, or nobody knows."""
        if clip.size is None or 0 in clip.size:
            return True
        ratio = clip.size[0] * self._canvas[1] / (clip.size[1] * self._canvas[0])
        return min(ratio, 1 / ratio) < 1 - FILLS

    def load(self, deck: str, present: str, clip: Clip) -> None:
        """Give the clip's file to a deck that is off air and holds `present`; `dress` it once that is open.

        Raises:
            Refused: 600: the deck is gone.
        """
        self._dressed.pop(deck, None)
        self.loader.load(deck, present, clip.path)

    def forget(self) -> None:
        """The decks were set up anew."""
        self._dressed.clear()
        self._turner.forget()

    def dress(self, deck: str, clip: Clip) -> None:
        """What the clip needs beside its file, once that is open: volume, what lies behind it, and to stand upright.

        Harmless to repeat. What is known of a video may change while it waits: it is measured behind the show.

        Raises:
            Refused: 600: the deck is gone.
        """
        if self._dressed.get(deck) == clip:
            return
        self._turner.turn(deck, clip)
        requests = [volume(deck, clip.gain_db)]
        if self.needs_backdrop(clip):
            file = clip.backdrop or self._pattern()
            if file:
                settings = {"inputName": self._backdrops[deck], "inputSettings": {"file": str(file)}}
                requests.append(Request("SetInputSettings", settings))
        for answer in self._connection.batch(requests):
            if isinstance(answer, Refused):
                raise answer
        self._dressed[deck] = clip

    def video(self, picture: OnDeck) -> Video:
        """The picture's video at its place now."""
        clip = picture.clip
        position = max(self._clock.now() - picture.began, timedelta(0))
        if clip.duration:
            position %= clip.duration
        return Video(clip.path, position, clip.duration, self.needs_backdrop(clip))

    # -- on air

    def off(self) -> None:
        """No video is on air."""
        self.reel = self._playing = self._joining = self.on_air = None

    def plays(self, deck: str, picture: OnDeck, *, tick: int | None, seek: bool) -> None:
        """`deck` is on air with the picture. `tick`: on which it was activated; None when it was on before."""
        now, clip = time.monotonic(), picture.clip
        goes_on = tick is None and not seek and self.reel is not None and self.on_air == (deck, clip)
        self.on_air = deck, clip
        self._playing = Playing(deck, clip.path, now, next_picture)
        self._offsets, self._before = [], 0.0
        self._joining = None
        if seek:
            self.reel = None
            self._joining = Joining(deck, lambda: self.video(picture), next_keyframe, due=now, deadline=now + 5.0)
        elif tick is not None:
            self.reel = Reel.activated(deck, tick, _seconds(clip.duration), self._ticks)
        elif not goes_on:
            self.reel = None

    def due(self) -> float | None:
        """When `watch` has something to do beyond looking (monotonic seconds)."""
        return None if self._joining is None else self._joining.due

    def watch(self, now: float) -> tuple[Standing, bool]:
        """Whether the video moves, and whether it has begun anew long before its end.

        Raises:
            Refused, Offline: see `Playing.look`.
        """
        if self._joining is not None:
            if now >= self._joining.due:
                self._joining.step(self._connection, now)
                if self._joining.over:
                    self._joining = None
            return Standing.MOVES, False
        if self._playing is None or self.on_air is None:
            return Standing.MOVES, False
        self._turner.check(*self.on_air)
        standing = self._playing.look(self._connection, now)
        return standing, self._looked_at(self._playing.seen)

    def _looked_at(self, seen: tuple[float, float] | None) -> bool:
        if seen is None or self.on_air is None:
            return False
        cursor, at = seen
        deck, clip = self.on_air
        before, self._before = self._before, cursor
        if self.reel is not None:
            if self.reel.has_wrapped(cursor, before, at):
                return True
            self.reel = self.reel.looked_at(cursor, at)
            return False
        if cursor < before:
            self._offsets = []
        self._offsets.append(at - cursor)
        if len(self._offsets) == LOOKS:
            self.reel = Reel(deck, min(self._offsets) + CURSOR_LAG, _seconds(clip.duration))
        return False


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()

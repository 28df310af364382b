"""Bringing a running video to its place in the middle of its file."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.devices.obs.errors import Refused
from broadcaster.devices.obs.observed import PLAYING, milliseconds
from broadcaster.devices.obs.plan import Video, off_by

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.devices.obs.connection import Connection

log = logging.getLogger(__name__)

NEAR = timedelta(milliseconds=200)
ACT_AHEAD = timedelta(milliseconds=30)
"""From a request to seek to the picture."""

FREEZES = timedelta(milliseconds=2100)
"""For a forward jump of up to 2 s OBS holds the picture still until its time has come; other jumps show at once."""

HOP = timedelta(milliseconds=90)
"""How long OBS needs to show a frame of where it was sent."""


@dataclass(slots=True)
class Joining:
    """One deck on its way to its place: `step` it whenever `due`, until `over`.

    OBS seeks to the keyframe before the wanted place only, and keyframes may lie 10 s apart. So a first seek comes
    near; if that is not near enough, a second one is made at the moment in which the place wanted is itself a
    keyframe, and lands exactly.

    Args:
        video: gives the video at its place now.
        next_keyframe: (path, position) → the first keyframe after position, None when there is none that is known.
        due: monotonic seconds, as are `deadline` and the times in `seeks`.

    """

    deck: str
    video: Callable[[], Video]
    next_keyframe: Callable[[str, timedelta], timedelta | None]
    due: float
    deadline: float
    over: bool = False
    seeks: list[tuple[float, timedelta]] = field(default_factory=list)
    rounds: int = 0

    def step(self, connection: Connection, now: float) -> None:
        """Do what is due at `now` (monotonic seconds) and set the next `due`."""
        try:
            self._step(connection, now)
        except Refused as error:
            log.warning("%s cannot be sought: %s", self.deck, error)
            self.over = True
        self.over = self.over or now > self.deadline

    def _step(self, connection: Connection, now: float) -> None:
        if self.seeks:
            _, position = self.seeks.pop(0)
            connection.call(
                "SetMediaInputCursor", inputName=self.deck, mediaCursor=position // timedelta(milliseconds=1)
            )
            # Two seeks at once are one to OBS, and the hop would be lost.
            self.due = max(self.seeks[0][0], now + HOP.total_seconds()) if self.seeks else now + 0.15
            return
        status = connection.call("GetMediaInputStatus", inputName=self.deck)
        cursor = milliseconds(status["mediaCursor"])
        if status["mediaState"] != PLAYING or cursor is None:
            self.due = now + 0.03
            return
        video = self.video()
        if off_by(cursor, video) <= NEAR or self.rounds == 2:
            self.over = True
            return
        self.rounds += 1
        if self.rounds == 1:
            self._seek(cursor, video.position + ACT_AHEAD, video.duration, now)
            return
        keyframe = self.next_keyframe(video.path, video.position + ACT_AHEAD + HOP)
        if keyframe is None:
            log.info("%s stays as near to its place as its keyframes allow.", video.path)
            self.over = True
            return
        wait = keyframe - ACT_AHEAD - video.position
        self._seek(
            cursor + wait,
            keyframe + timedelta(milliseconds=1),
            video.duration,
            now + wait.total_seconds(),
        )

    def _seek(self, cursor: timedelta, position: timedelta, duration: timedelta | None, at: float) -> None:
        """Plan to be at `position` at `at`, coming from `cursor`, without a picture that stands still."""
        self.seeks = [(at, position)]
        if timedelta(0) < position - cursor < FREEZES:
            ahead = position + FREEZES + HOP
            if duration is not None and ahead < duration:
                self.seeks.insert(0, (at - HOP.total_seconds(), ahead))
            elif position > FREEZES:
                self.seeks.insert(0, (at - HOP.total_seconds(), timedelta(0)))
        self.due = self.seeks[0][0]
        self.deadline = max(self.deadline, at + 1.0)

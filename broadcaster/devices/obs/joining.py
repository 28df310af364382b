"""Bringing a running video to its place in the middle of its file."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.devices.obs.errors import Refused
from broadcaster.devices.obs.observed import PLAYING, milliseconds
from broadcaster.devices.obs.plan import Video, off_by

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.devices.obs.connection import Connection

log = logging.getLogger(__name__)

NEAR = timedelta(milliseconds=300)
ACT_AHEAD = timedelta(milliseconds=30)
"""From a request to seek to the picture."""


@dataclass(slots=True)
class Joining:
    """One deck on its way to its place: `step` it until `over`.

    OBS seeks to the keyframe before the wanted place only, and keyframes may lie 10 s apart. So a first seek comes
    near; if that is not near enough, a second one is made at the moment in which the place wanted is itself a
    keyframe, and lands exactly.

    Args:
        video: gives the video at its place now.
        next_keyframe: (path, position) → the first keyframe after position, None when there is none or it is not known.

    """

    deck: str
    video: Callable[[], Video]
    next_keyframe: Callable[[str, timedelta], timedelta | None]
    due: float
    deadline: float
    seeks: int = 0
    keyframe: timedelta | None = None
    over: bool = False

    def step(self, connection: Connection, now: float) -> None:
        """Do what is due at `now` (monotonic seconds) and set the next `due`."""
        try:
            self._step(connection, now)
        except Refused as error:
            log.warning("%s cannot be sought: %s", self.deck, error)
            self.over = True
        self.over = self.over or now > self.deadline

    def _step(self, connection: Connection, now: float) -> None:
        if self.keyframe is not None:
            self._seek(connection, self.keyframe + timedelta(milliseconds=1), now)
            self.over = True
            return
        status = connection.call("GetMediaInputStatus", inputName=self.deck)
        cursor = milliseconds(status["mediaCursor"])
        if status["mediaState"] != PLAYING or cursor is None:
            self.due = now + 0.03
            return
        video = self.video()
        if off_by(cursor, video) <= NEAR:
            self.over = True
        elif self.seeks == 0:
            self._seek(connection, video.position + ACT_AHEAD, now)
            self.due = now + 0.15
        else:
            self._wait_for_keyframe(video, now)

    def _wait_for_keyframe(self, video: Video, now: float) -> None:
        self.keyframe = self.next_keyframe(video.path, video.position + ACT_AHEAD)
        if self.keyframe is None:
            log.info("%s stays as near to its place as its keyframes allow.", video.path)
            self.over = True
            return
        wait = (self.keyframe - video.position - ACT_AHEAD).total_seconds()
        self.due = now + wait
        self.deadline = max(self.deadline, self.due + 1.0)

    def _seek(self, connection: Connection, position: timedelta, now: float) -> None:
        connection.call(
            "SetMediaInputCursor",
            inputName=self.deck,
            mediaCursor=max(int(position / timedelta(milliseconds=1)), 0),
        )
        self.seeks += 1
        self.due = now


def next_keyframe(path: str, position: timedelta) -> timedelta | None:
    """The first keyframe of the file's picture after `position`; None when there is none, or it cannot be read.

    Reads from the keyframe before `position` to the one after it, no more.
    """
    import av

    try:
        with av.open(path) as container:
            stream = container.streams.video[0]
            start, tick = stream.start_time or 0, float(stream.time_base or 0)
            wanted = int(position.total_seconds() / tick) + start
            container.seek(wanted, stream=stream, backward=True)
            for packet in container.demux(stream):
                if packet.is_keyframe and packet.pts is not None and packet.pts > wanted:
                    return timedelta(seconds=(packet.pts - start) * tick)
    except (OSError, ValueError, ArithmeticError, IndexError, av.FFmpegError):
        log.info("The keyframes of %s cannot be read.", path, exc_info=True)
    return None

"""Where a file's pictures lie, read while it is on air: a little, or nothing at all."""

from __future__ import annotations

import itertools
import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

OPTIONS = {"protocol_whitelist": "file"}
"""Nothing that a show's files say may send the service to other hosts."""

WITHIN = 0.25
"""Seconds that a file may be read: whoever reads could be switching instead."""

MOST = 2000
"""Packets looked at: more than a minute at 30 pictures a second."""

REORDERED = 16
"""H.264 and its successors store no picture further than so many from its turn."""

ROUNDING = timedelta(milliseconds=2)
"""OBS gives places in whole milliseconds: less than this after one is the picture at it."""


def next_keyframe(path: str, position: timedelta) -> timedelta | None:
    """The first keyframe of the file's picture after `position`.

    None when there is none, or none near enough to be found at once, or the file cannot be read.
    """
    return next((at for at, is_keyframe in _pictures(path, position) if is_keyframe and at > position), None)


def next_picture(path: str, position: timedelta) -> timedelta | None:
    """The picture that follows the one at `position`, or the file's end after the last; None: it cannot be told."""
    later = (at for at, _ in _pictures(path, position, and_end=True) if at > position + ROUNDING)
    return min(itertools.islice(later, REORDERED), default=None)


def _pictures(path: str, position: timedelta, *, and_end: bool = False) -> Iterator[tuple[timedelta, bool]]:
    """(place, is it a keyframe) in the order of the file, from the keyframe before `position` on; last, the end."""
    import av

    until = time.monotonic() + WITHIN
    try:
        with av.open(path, options=OPTIONS, timeout=(WITHIN, WITHIN)) as container:
            stream = container.streams.video[0]
            start, tick = stream.start_time or 0, float(stream.time_base or 0)
            container.seek(int(position.total_seconds() / tick) + start, stream=stream, backward=True)
            for packet in itertools.islice(container.demux(stream), MOST):
                if packet.pts is not None:
                    yield timedelta(seconds=(packet.pts - start) * tick), bool(packet.is_keyframe)
                if time.monotonic() > until:
                    return
            if and_end and container.duration is not None:
                yield timedelta(microseconds=container.duration), False
    except (OSError, ValueError, ArithmeticError, IndexError, av.FFmpegError):
        log.info("The pictures of %s cannot be read.", path, exc_info=True)

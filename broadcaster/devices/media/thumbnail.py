"""Small still pictures of videos, for people who look for the right one."""

from __future__ import annotations

import hashlib
import io
import logging
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from broadcaster.devices.media import ffmpeg
from broadcaster.devices.media.replacing import replace_bytes

if TYPE_CHECKING:
    from broadcaster.show.rundown import Media

log = logging.getLogger(__name__)

WIDTHS = (160, 320, 640)
PLACE = 0.3
"""Of the length: past titles and fades."""
LIMIT = 20.0
"""Seconds that ffmpeg may take for one: it goes behind everything else on the machine."""
AGAIN_AFTER = 60.0
"""Seconds. A machine that was too busy may not be any more."""


class Thumbnails:
    """JPEGs in `folder`, made when first asked for, one at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._busy = threading.Lock()
        self._failed: dict[Path, float] = {}

    def jpeg(self, media: Media | None, width: int) -> bytes | None:
        """About `width` pixels wide, rounded up to one of WIDTHS. None when the file gives no picture. Blocks."""
        if media is None or not media.path or media.duration is None:
            return None
        width = next((known for known in WIDTHS if known >= width), WIDTHS[-1])
        try:
            status = Path(media.path).stat()
        except OSError:
            return None
        version = f"{media.path}\0{status.st_size}\0{status.st_mtime_ns}\0{width}"
        name = hashlib.sha256(version.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        path = self._folder / f"{name}.jpg"
        with self._busy:
            if time.monotonic() - self._failed.get(path, float("-inf")) < AGAIN_AFTER:
                return None
            try:
                return path.read_bytes()
            except OSError:
                made = _made(media.path, media.duration.total_seconds() * PLACE, width)
            if made is None:
                self._failed[path] = time.monotonic()
                return None
            try:
                replace_bytes(path, made)
            except OSError:
                log.warning("A thumbnail cannot be kept in %s.", self._folder)
            return made


def _made(path: str, at: float, width: int) -> bytes | None:
    source = ["-v", "error", "-an", "-sn", "-dn", "-noaccurate_seek", "-ss", f"{at:.3f}", *ffmpeg.only_file(path)]
    target = ["-frames:v", "1", "-f", "image2pipe", "-c:v", "ppm", "-"]
    try:
        answer = ffmpeg.ask([*source, "-map", "0:V:0", *target], LIMIT, threading.Event())
        with Image.open(io.BytesIO(answer.out)) as picture:
            picture.thumbnail((width, width))
            small = io.BytesIO()
            picture.convert("RGB").save(small, "JPEG", quality=80)
            return small.getvalue()
    except (ffmpeg.Failed, ffmpeg.Stopped, OSError, ValueError):
        return None

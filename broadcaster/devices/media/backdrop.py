"""The picture that lies behind a video which leaves parts of the canvas empty: the video itself, blurred and dark."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageFilter, ImageOps, ImageStat

from broadcaster.devices.media import ffmpeg

if TYPE_CHECKING:
    import threading

    from broadcaster.devices.media.media_file import MediaFile

CANVAS = (1280, 720)

EMPTY = 0.01
"""The part of the canvas that may stay empty without a backdrop."""

PLACES = (0.5, 0.35, 0.65, 0.15, 0.85)
"""Where in the video a picture is taken from: the first that has something on it."""

DARK, FLAT = 24, 6
"""Luma (0 to 255) below whose mean a picture counts as black, and deviation below which there is nothing on it."""

BRIGHTNESS = 0.55
_SMALL = (320, 180)
_BLUR = 11
"""In pixels of _SMALL: four times as many on the canvas."""
LOOK = 1
"""Goes up when backdrops are to look different: they are made anew then."""

KEPT = 60 * 24 * 3600.0
"""Seconds that a backdrop is kept after its last use."""


def is_needed(picture: tuple[int, int] | None) -> bool:
    """Whether a video, as large as viewers see it, leaves parts of a 16:9 canvas empty."""
    if picture is None:
        return False
    ours, its = CANVAS[0] / CANVAS[1], picture[0] / picture[1]
    return 1 - min(ours, its) / max(ours, its) > EMPTY


class Backdrops:
    """JPEG files in one folder; a new version of a video has a new one, under another name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, file: MediaFile) -> str:
        """The path of the file's backdrop; empty when there is none."""
        path = self._path(file)
        try:
            # The time of its last use only: OBS reads a picture again whose time of change is another.
            os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
        except OSError:
            return ""
        return str(path)

    def make(self, file: MediaFile, limit: float, stop: threading.Event) -> None:
        """Make the file's backdrop.

        Raises:
            Stopped: see ffmpeg.ask.
            Failed: no picture could be taken from the video, or none has anything on it.
            OSError: it cannot be written.
        """
        still = _still(file, limit, stop)
        path = self._path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            drawn(still).save(part, "JPEG", quality=92, subsampling=0)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def prune(self) -> None:
        """Drop what has not been used for long."""
        with contextlib.suppress(OSError):
            for path in self._folder.glob("*.jpg"):
                if path.stat().st_atime < time.time() - KEPT:
                    path.unlink()

    def _path(self, file: MediaFile) -> Path:
        version = f"{LOOK}\0{file.path}\0{file.size}\0{file.mtime_ns}"
        name = hashlib.sha256(version.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        return self._folder / f"{name}.jpg"


def drawn(still: Image.Image) -> Image.Image:
    """The backdrop of a still picture: it covers the canvas, blurred and darkened."""
    small = ImageOps.fit(still.convert("RGB"), _SMALL, Image.Resampling.BILINEAR)
    blurred = small.filter(ImageFilter.GaussianBlur(_BLUR)).resize(CANVAS, Image.Resampling.BICUBIC)
    return blurred.point([round(value * BRIGHTNESS) for value in range(256)] * 3)


def _still(file: MediaFile, limit: float, stop: threading.Event) -> Image.Image:
    """The first picture with something on it; else the first that is not black."""
    plain: Image.Image | None = None
    for place in PLACES:
        still = _picture(file, (file.duration_s or 0.0) * place, limit, stop)
        if still is None:
            continue
        light = ImageStat.Stat(still.convert("L"))
        if light.mean[0] >= DARK and light.stddev[0] >= FLAT:
            return still
        if light.mean[0] >= DARK:
            plain = plain or still
    if plain is None:
        raise ffmpeg.Failed("all of its pictures are black")
    return plain


def _picture(file: MediaFile, at: float, limit: float, stop: threading.Event) -> Image.Image | None:
    """The picture that can be reached fastest from `at` on, about 480 pixels large; None when there is none."""
    width, height = file.picture or CANVAS
    scale = 480 / max(width, height)
    chain = f"scale={max(2, round(width * scale))}:{max(2, round(height * scale))},setsar=1,format=rgb24"
    source = ["-v", "error", "-an", "-sn", "-dn", "-noaccurate_seek", "-ss", f"{at:.3f}", *ffmpeg.only_file(file.path)]
    target = ["-frames:v", "1", "-f", "image2pipe", "-c:v", "ppm", "-"]
    answer = ffmpeg.ask([*source, "-map", "0:V:0", "-vf", chain, *target], limit, stop)
    try:
        picture = Image.open(io.BytesIO(answer.out))
        picture.load()
    except (OSError, ValueError):
        return None
    return picture

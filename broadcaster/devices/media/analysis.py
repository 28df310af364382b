"""What is found out about a video by decoding it: how it sounds, and whether it begins or ends in the dark."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from broadcaster.devices.media import edges, sound
from broadcaster.devices.media.edges import Edges  # noqa: TC001  (pydantic looks at it)
from broadcaster.devices.media.replacing import replace_json
from broadcaster.devices.media.sound import Sound  # noqa: TC001

if TYPE_CHECKING:
    import threading

    from broadcaster.devices.media.media_file import MediaFile

log = logging.getLogger(__name__)

KEPT = 60 * 24 * 3600.0
"""Seconds that a result is kept after its last use."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """`sound` is None for a file without a sound track; `edges.decodes` says whether this machine can show it."""

    sound: Sound | None
    edges: Edges


def limit_of(file: MediaFile) -> float:
    """Seconds after which ffmpeg is given up: beside a busy OBS it gets a fiftieth of a core."""
    return 120.0 + 3 * (file.duration_s or 0.0)


def analyse(file: MediaFile, stop: threading.Event) -> Analysis:
    """Decode what is needed of a file that can be played. Takes a fraction of its length.

    Raises:
        Stopped, Failed: see ffmpeg.ask.
    """
    seen = edges.look(file, limit_of(file), stop)
    if not seen.decodes:
        return Analysis(None, seen)
    heard = None if file.audio_stream is None else sound.listen(file, limit_of(file), stop)
    return Analysis(heard, seen)


class _Kept(BaseModel):
    """A result on the disk, and the version of the video that it is of."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

    version: Literal[1] = 1
    path: str
    size: int
    mtime_ns: int
    analysis: Analysis


class Analyses:
    """Results in a folder, one file a video: damage, a full disk or two writers cost one result at most.

    They are valid while path, size and mtime of the video stay. Thread-safe.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[str, int, int], Analysis] = {}

    def get(self, file: MediaFile) -> Analysis | None:
        key = (file.path, file.size, file.mtime_ns)
        known = self._known.get(key)
        if known is None and (known := self._load(file)) is not None:
            self._known[key] = known
        return known

    def put(self, file: MediaFile, analysis: Analysis) -> None:
        self._known[file.path, file.size, file.mtime_ns] = analysis
        if not analysis.edges.decodes:
            return  # Tomorrow's ffmpeg may know how.
        kept = _Kept(path=file.path, size=file.size, mtime_ns=file.mtime_ns, analysis=analysis)
        try:
            replace_json(self._place(file), kept.model_dump())
        except (OSError, ValueError) as error:
            log.warning("%s cannot be kept: %s", self._place(file), error)

    def prune(self) -> None:
        """Drop what has not been used for long."""
        try:
            for path in self._folder.glob("*.json"):
                if path.stat().st_mtime < time.time() - KEPT:
                    path.unlink()
        except OSError as error:
            log.warning("%s: %s", self._folder, error)

    def _load(self, file: MediaFile) -> Analysis | None:
        place = self._place(file)
        try:
            kept = _Kept.model_validate_json(place.read_bytes())
            os.utime(place)
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            log.warning("%s cannot be read; the video is measured anew", place)
            return None
        same = (kept.path, kept.size, kept.mtime_ns) == (file.path, file.size, file.mtime_ns)
        return kept.analysis if same else None

    def _place(self, file: MediaFile) -> Path:
        return self._folder / f"{hashlib.sha256(file.path.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}.json"

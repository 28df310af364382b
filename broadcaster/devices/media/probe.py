"""MediaProbe: the adapter of `ports.Probe`."""

from __future__ import annotations

import logging
import os
import stat
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.devices.media import ffprobe, pyav
from broadcaster.devices.media.analyst import Analyst
from broadcaster.devices.media.cache import Cache
from broadcaster.devices.media.media_file import Fault, MediaFile

if TYPE_CHECKING:
    from broadcaster.devices.media.analysis import Analysis
    from broadcaster.show.rundown import Media

log = logging.getLogger(__name__)


class MediaProbe:
    """Opens each version of a file once. Thread-safe: threads that ask for one file at once open it twice at worst.

    What takes longer, an analysis, is done on demand only: `media` tells of it what is known by then.
    """

    def __init__(self, cache_file: Path | None = None, analyst: Analyst | None = None) -> None:
        self._cache = Cache(cache_file)
        self._analyst = analyst
        self._lock = threading.Lock()

    @classmethod
    def kept_in(cls, state_dir: Path, *, own_obs: bool = False) -> MediaProbe:
        """A probe that keeps all it finds in `state_dir`. `own_obs`: see Analyst."""
        return cls(state_dir / "media-probe.json", Analyst(state_dir, own_obs=own_obs))

    def media(self, path: str) -> Media:
        """See ports.Probe."""
        file = self.describe(path)
        return file.media() if self._analyst is None else self._analyst.media(file)

    def is_analysed(self, path: str) -> bool:
        """Whether there is nothing left to find out about the file as it is now, for this process."""
        return self._analyst is None or self._analyst.is_done(self.describe(path))

    def analyse(self, path: str, stop: threading.Event) -> None:
        """Find out what is left. Blocks, for about a tenth of the video's length; `stop` ends it within a second.

        Raises:
            Stopped: `stop` was set.
            NoProgram: there is no ffmpeg on this machine.
            Failed: it came to no result; it is not tried again in this process unless the file changes.
        """
        if self._analyst is not None:
            self._analyst.work_on(self.describe(path), stop)

    def findings(self, path: str) -> Analysis | None:
        """What an analysis has found; None for a file that cannot be played or is not analysed."""
        file = self.describe(path)
        return None if self._analyst is None or file.trouble is not None else self._analyst.known(file)

    def prune(self) -> None:
        """Drop analyses and backdrops that have not been used for long."""
        if self._analyst is not None:
            self._analyst.prune()

    def describe(self, path: str) -> MediaFile:
        """All that is known of the file. Blocks while it is read; never raises."""
        try:
            status = Path(path).stat()
        except PermissionError:
            return MediaFile(path, trouble=Fault.FORBIDDEN)
        except (OSError, ValueError):
            return MediaFile(path, trouble=Fault.MISSING)
        file = MediaFile(path, size=status.st_size, mtime_ns=status.st_mtime_ns)
        if not stat.S_ISREG(status.st_mode):  # Opening a FIFO would block for ever.
            return MediaFile(path, trouble=Fault.NOT_A_FILE)
        if status.st_size == 0:
            return MediaFile(path, trouble=Fault.EMPTY)
        if not os.access(path, os.R_OK):
            return MediaFile(path, trouble=Fault.FORBIDDEN)
        start = _start(path)
        if _is_text(start):  # A playlist, say: opening it would mean waiting for what it names.
            return replace(file, trouble=Fault.NOT_A_VIDEO)
        with self._lock:
            known = self._cache.get(path, file.size, file.mtime_ns)
            if known is not None:
                return known
            suspect = self._cache.is_suspect(path)
            self._cache.begin(path)
        found, is_sure = _read(file, suspect=suspect)
        if found.trouble is Fault.NOT_A_VIDEO and _begins_like_a_video(start):
            found = replace(found, trouble=Fault.DAMAGED)
        with self._lock:
            self._cache.put(found, for_now=not is_sure)
        if found.trouble is not None:
            log.warning("%s cannot be played: %s", path, found.trouble.value)
        return found


def _read(file: MediaFile, *, suspect: bool) -> tuple[MediaFile, bool]:
    """What the readers say, and whether it is sure: what both call unfit, or one calls sound."""
    first: MediaFile | None = None
    if not suspect:
        try:
            first = pyav.inspect(file)
        except Exception:
            log.exception("PyAV failed on %s", file.path)
        if first is not None and first.trouble not in {Fault.UNREADABLE, Fault.UNDECODABLE, Fault.NOT_A_VIDEO}:
            return first, True
    second: MediaFile | None = None
    try:
        second = ffprobe.inspect(file)
    except ffprobe.NoAnswer as error:
        log.warning("ffprobe gave no answer on %s: %s", file.path, error)
    except Exception:
        log.exception("ffprobe's answer on %s cannot be understood", file.path)
    if second is not None and second.trouble is None:
        return second, True
    if first is None:
        return second or MediaFile(file.path, file.size, file.mtime_ns, trouble=Fault.UNREADABLE), False
    return first, second is not None and first.trouble is not Fault.UNREADABLE


def _start(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(512)
    except OSError:
        return b""


def _is_text(start: bytes) -> bool:
    return bool(start) and all(byte >= 32 or byte in b"\t\n\f\r" for byte in start)


def _begins_like_a_video(start: bytes) -> bool:
    """MP4, Matroska and AVI files whose index is missing: downloads and recordings that were broken off."""
    return start[4:8] == b"ftyp" or start.startswith((b"\x1aE\xdf\xa3", b"RIFF"))

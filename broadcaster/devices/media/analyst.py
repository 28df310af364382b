"""Analyst: analyses videos, makes their backdrops, and remembers what came of it."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from broadcaster.devices.media import backdrop
from broadcaster.devices.media.analysis import Analyses, analyse, limit_of
from broadcaster.devices.media.backdrop import Backdrops
from broadcaster.devices.media.ffmpeg import Failed, NoProgram
from broadcaster.devices.media.media_file import Fault

if TYPE_CHECKING:
    import threading
    from pathlib import Path

    from broadcaster.devices.media.analysis import Analysis
    from broadcaster.devices.media.media_file import MediaFile
    from broadcaster.show.rundown import Media

log = logging.getLogger(__name__)


class Analyst:
    """Keeps its results in `media-analysis/` and `backdrops/` below `state_dir`. Thread-safe.

    `own_obs`: OBS is this machine's own, so that it decodes with the libraries of this machine's ffmpeg. What these
    cannot decode is then a fault.
    """

    def __init__(self, state_dir: Path, *, own_obs: bool = False) -> None:
        self._analyses = Analyses(state_dir / "media-analysis")
        self._backdrops = Backdrops(state_dir / "backdrops")
        self._own_obs = own_obs
        self._given_up: set[tuple[str, int, int]] = set()
        self._bare: set[tuple[str, int, int]] = set()

    def known(self, file: MediaFile) -> Analysis | None:
        return self._analyses.get(file)

    def media(self, file: MediaFile) -> Media:
        """The file with all that is known of it."""
        if file.trouble is not None:
            return file.media()
        found = self.known(file)
        if found is not None and not found.edges.decodes:
            return (replace(file, trouble=Fault.NO_DECODER) if self._own_obs else file).media()
        sound = found.sound if found is not None else None
        return replace(
            file.media(),
            loudness=sound.loudness if sound else None,
            true_peak=sound.true_peak if sound else None,
            backdrop=self._backdrops.find(file) if backdrop.is_needed(file.picture) else "",
        )

    def is_done(self, file: MediaFile) -> bool:
        if file.trouble is not None:
            return True
        return (_version(file) in self._given_up or self.known(file) is not None) and not self._wants_backdrop(file)

    def work_on(self, file: MediaFile, stop: threading.Event) -> None:
        """See MediaProbe.analyse."""
        if file.trouble is not None:
            return
        failure: Failed | None = None
        if self.known(file) is None and _version(file) not in self._given_up:
            try:
                self._analyses.put(file, analyse(file, stop))
            except NoProgram:
                raise
            except Failed as error:
                self._given_up.add(_version(file))
                failure = error
        if self._wants_backdrop(file):
            self._make_backdrop(file, stop)
        if failure is not None:
            raise failure

    def prune(self) -> None:
        self._analyses.prune()
        self._backdrops.prune()

    def _wants_backdrop(self, file: MediaFile) -> bool:
        if not backdrop.is_needed(file.picture) or _version(file) in self._bare:
            return False
        found = self.known(file)
        return (found is None or found.edges.decodes) and not self._backdrops.find(file)

    def _make_backdrop(self, file: MediaFile, stop: threading.Event) -> None:
        """Without one, the show goes on over a plain one."""
        try:
            self._backdrops.make(file, limit_of(file), stop)
        except NoProgram:
            raise
        except (Failed, OSError, ValueError) as error:
            self._bare.add(_version(file))
            log.warning("%s has no backdrop: %s", file.path, error)


def _version(file: MediaFile) -> tuple[str, int, int]:
    return file.path, file.size, file.mtime_ns

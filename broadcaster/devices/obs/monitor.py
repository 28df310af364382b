"""OBS's health, its stream and recording, and pictures of its program, on a connection of their own.

Nothing of it may delay a switch.
"""

from __future__ import annotations

import base64
import contextvars
import logging
import queue
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.devices.obs.connection import Address, Connection, Request
from broadcaster.devices.obs.errors import Frozen, ObsError, Offline, Refused
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadcaster.devices.obs.outputs import Outputs

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two polls, which cost OBS a millisecond."""

FROZEN_AFTER = 4.0
"""Seconds without a new frame. At 30 fps OBS renders 120 in it: none at all means that it is frozen."""


@dataclass(frozen=True, slots=True)
class Readings:
    """The newest poll."""

    streaming: bool
    recording: bool
    fps: float
    skipped_frames: int
    cpu_percent: float


class _Slow(Exception):  # noqa: N818  (as Offline)
    """OBS did not answer in time when it was to start or stop something: that says nothing about OBS yet."""


class _Look:
    """A job: poll at once."""


class Monitor:
    """A thread that lives as long as one connection to OBS does.

    Args:
        lost: told why, from that thread, once OBS does not answer any more (Offline) or renders nothing (Frozen).
        outputs: the stream and the recording that it watches and keeps.

    """

    def __init__(self, address: Address, lost: Callable[[Offline], None], outputs: Outputs) -> None:
        self.readings: Readings | None = None
        self._address = address
        self._lost = lost
        self._outputs = outputs
        self._jobs: queue.SimpleQueue[tuple[int, str, Future[bytes]] | _Look | None] = queue.SimpleQueue()
        self._frames: int | None = None
        self._moved = time.monotonic()
        outputs.link_lost()
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._run,), name="obs-monitor", daemon=True)
        self._thread.start()

    def screenshot(self, width: int, within: float, scene: str = "") -> bytes | None:
        """Of `scene`, or of program. Blocks up to `within` seconds."""
        answer: Future[bytes] = Future()
        self._jobs.put((width, scene, answer))
        try:
            return answer.result(within)
        except (TimeoutError, ObsError):
            return None

    def look(self) -> None:
        """Poll now rather than in a while: something else is wanted, or something was heard."""
        self._jobs.put(_Look())

    def close(self) -> None:
        self._jobs.put(None)
        self._thread.join(3.0)

    def _run(self) -> None:
        try:
            while self._serve_one():
                log.info("OBS was too slow with an answer; the next one is asked for over a new connection.")
        except Offline as error:
            self._lost(error)
        except Exception as error:
            log.exception("The monitor of OBS failed.")
            self._lost(Offline(str(error)))

    def _serve_one(self) -> bool:
        connection = Connection(self._address)
        try:
            return self._serve(connection)
        finally:
            connection.close()

    def _serve(self, connection: Connection) -> bool:
        """True when an answer was not to be had, and with it went the connection: that says nothing about OBS yet."""
        due = time.monotonic()
        while True:
            try:
                job = self._jobs.get(timeout=max(due - time.monotonic(), 0))
            except queue.Empty:
                job = _Look()
            if job is None:
                return False
            if isinstance(job, _Look):
                try:
                    self._poll(connection)
                except _Slow:
                    return True
                due = time.monotonic() + EVERY
                continue
            width, scene, answer = job
            try:
                answer.set_result(_screenshot(connection, width, scene))
            except ObsError as error:
                answer.set_exception(error)
                if isinstance(error, Offline):
                    return True

    def _poll(self, connection: Connection) -> None:
        stats, stream, record = connection.batch(
            [Request("GetStats"), Request("GetStreamStatus"), Request("GetRecordStatus")]
        )
        if isinstance(stats, Refused) or isinstance(stream, Refused) or isinstance(record, Refused):
            return
        frames, now = int(stats["renderTotalFrames"]), time.monotonic()
        if frames != self._frames:
            self._frames, self._moved = frames, now
        if now - self._moved >= FROZEN_AFTER:
            raise Frozen(_("OBS answers but renders no frames."))
        self._outputs.look(connection, stats, stream, record)
        self.readings = Readings(
            streaming=bool(stream["outputActive"]),
            recording=bool(record["outputActive"]),
            fps=float(stats["activeFps"]),
            skipped_frames=int(stats["renderSkippedFrames"]) + int(stats["outputSkippedFrames"]),
            cpu_percent=float(stats["cpuUsage"]),
        )
        try:
            self._outputs.act(connection)
        except Offline as error:
            raise _Slow from error


def _screenshot(connection: Connection, width: int, scene: str) -> bytes:
    scene = scene or connection.call("GetCurrentProgramScene")["currentProgramSceneName"]
    answer = connection.call(
        "GetSourceScreenshot", sourceName=scene, imageFormat="png", imageWidth=min(max(width, 8), 4096)
    )
    return base64.b64decode(str(answer["imageData"]).partition("base64,")[2])

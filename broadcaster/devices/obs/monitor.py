"""OBS's health and pictures of its program, on a connection of their own: neither may delay a switch."""

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

from broadcaster.devices.obs.connection import Address, Answer, Connection, Request
from broadcaster.devices.obs.errors import Frozen, ObsError, Offline, Refused
from broadcaster.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two polls. At 30 fps OBS renders 60 frames in it: none at all means that it is frozen."""

FROZEN_AFTER = 2


@dataclass(frozen=True, slots=True)
class Readings:
    """The newest poll."""

    streaming: bool
    recording: bool
    fps: float
    skipped_frames: int
    cpu_percent: float


class Monitor:
    """A thread that lives as long as one connection to OBS does.

    Args:
        lost: told why, from that thread, once OBS does not answer any more (Offline) or renders nothing (Frozen).

    """

    def __init__(self, address: Address, lost: Callable[[Offline], None]) -> None:
        self.readings: Readings | None = None
        self._address = address
        self._lost = lost
        self._jobs: queue.SimpleQueue[tuple[int, Future[bytes]] | None] = queue.SimpleQueue()
        self._frames: int | None = None
        self._still = 0
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._run,), name="obs-monitor", daemon=True)
        self._thread.start()

    def screenshot(self, width: int, within: float) -> bytes | None:
        """Blocks up to `within` seconds."""
        answer: Future[bytes] = Future()
        self._jobs.put((width, answer))
        try:
            return answer.result(within)
        except (TimeoutError, ObsError):
            return None

    def close(self) -> None:
        self._jobs.put(None)
        self._thread.join(3.0)

    def _run(self) -> None:
        try:
            while self._serve_one():
                log.info("OBS was too slow with a picture; asking for the next one over a new connection.")
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
        """True when a picture was not to be had, and with it went the connection: that says nothing about OBS yet."""
        due = time.monotonic()
        while True:
            try:
                job = self._jobs.get(timeout=max(due - time.monotonic(), 0))
            except queue.Empty:
                self._poll(connection)
                due = time.monotonic() + EVERY
                continue
            if job is None:
                return False
            width, answer = job
            try:
                answer.set_result(_screenshot(connection, width))
            except ObsError as error:
                answer.set_exception(error)
                if isinstance(error, Offline):
                    return True

    def _poll(self, connection: Connection) -> None:
        stats, stream, record = connection.batch(
            [Request("GetStats"), Request("GetStreamStatus"), Request("GetRecordStatus")]
        )
        if isinstance(stats, Refused):
            return
        frames = int(stats["renderTotalFrames"])
        self._still = self._still + 1 if frames == self._frames else 0
        self._frames = frames
        if self._still >= FROZEN_AFTER:
            raise Frozen(_("OBS answers but renders no frames."))
        self.readings = Readings(
            streaming=_active(stream),
            recording=_active(record),
            fps=float(stats["activeFps"]),
            skipped_frames=int(stats["renderSkippedFrames"]) + int(stats["outputSkippedFrames"]),
            cpu_percent=float(stats["cpuUsage"]),
        )


def _active(status: Answer | Refused) -> bool:
    return not isinstance(status, Refused) and bool(status["outputActive"])


def _screenshot(connection: Connection, width: int) -> bytes:
    scene = connection.call("GetCurrentProgramScene")["currentProgramSceneName"]
    answer = connection.call(
        "GetSourceScreenshot", sourceName=scene, imageFormat="png", imageWidth=min(max(width, 8), 4096)
    )
    return base64.b64decode(str(answer["imageData"]).partition("base64,")[2])

"""Stream and recording of one OBS: watched, kept as they are wanted, and their troubles told.

Everything here happens on the monitor's thread and connection: a start that hangs delays no switch.
"""

from __future__ import annotations

import logging
import queue
import shutil
import time
from typing import TYPE_CHECKING

from broadcaster.devices.obs import record_settings, stream_service
from broadcaster.devices.obs.errors import Refused
from broadcaster.devices.obs.gauges import GB, Gauges, Numbers
from broadcaster.devices.obs.output_alarms import OutputAlarms
from broadcaster.devices.obs.record_watch import RecordStatus, RecordWatch
from broadcaster.devices.obs.stream_watch import Do, Phase, StreamStatus, StreamWatch
from broadcaster.language import gettext as _
from broadcaster.ports import Ingestion, RecordingHealth, StreamHealth
from broadcaster.show.outputs import Output, OutputsWanted, next_segment, segment_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from broadcaster import config
    from broadcaster.devices.obs.connection import Answer, Connection
    from broadcaster.devices.obs.events import OutputChanged
    from broadcaster.ports import Clock
    from broadcaster.show.messages import Event

log = logging.getLogger(__name__)


class Outputs:
    """Outlives the connections to OBS. `wanted`, `heard` and `numbers` are for any thread, the rest for the monitor's.

    Args:
        is_local: OBS runs on this machine: the recordings' disk can be looked at here.
        is_private: OBS is the service's own: it forgets the stream key when the stream has ended.
        destination: Where the stream goes, asked at each start; None while that is not known yet. Without it, the
            server and the key of `stream`, or what OBS itself is set up to.
        steady: seconds that no one sets.

    """

    def __init__(
        self,
        clock: Clock,
        stream: config.Stream,
        recording: config.Recording,
        *,
        is_local: bool = True,
        is_private: bool = False,
        destination: Callable[[], Ingestion | None] | None = None,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.wanted = OutputsWanted()
        self.numbers = Numbers(StreamHealth(), RecordingHealth())
        self.alarms = OutputAlarms(stream, recording)
        self.post: Callable[[Event], None] = lambda _event: None
        self._clock, self._steady = clock, steady
        self._settings, self._recording = stream, recording
        self._is_local, self._is_private = is_local, is_private
        self._destination = destination
        self._stream, self._record = StreamWatch(stream.stuck_after), RecordWatch()
        self._gauges = Gauges(recording.keep_free)
        self._events: queue.SimpleQueue[OutputChanged] = queue.SimpleQueue()
        self._frames = 0
        self._profile_kbps: int | None = None
        self._may_hold_key = is_private
        self._segment = 0

    def heard(self, change: OutputChanged) -> None:
        self._events.put(change)

    def link_lost(self) -> None:
        self._stream.link_lost()
        self._record.link_lost()

    # ------------------------------------------------------------------ look

    def look(self, connection: Connection, stats: Answer, streaming: Answer, recording: Answer) -> None:
        """Take in one poll: answers of GetStats, GetStreamStatus and GetRecordStatus."""
        at, now = self._clock.now(), self._steady()
        stream, record, wanted = StreamStatus.of(streaming), RecordStatus.of(recording), self.wanted
        frames = int(stats["renderTotalFrames"])
        anew, self._frames = frames < self._frames, frames
        while not self._events.empty():
            change = self._events.get()
            (self._stream if change.output is Output.STREAM else self._record).heard(change)
        was_on = self._stream.phase is Phase.ON
        events = self._stream.look(stream, wanted, at, now, anew=anew)
        events += self._record.look(record, at, now, anew=anew)
        if self._stream.phase is Phase.ON and not was_on:
            self._profile_kbps = record_settings.profile_kbps(connection)
        kbps = self._profile_kbps
        self.numbers = self._gauges.read(
            stats,
            (self._stream, stream),
            (self._record, record),
            free_gb=self._free_gb(stats),
            profile_kbps=kbps,
            now=now,
        )
        events += self.alarms.look(self.numbers, wanted, self._stream, self._record, profile_kbps=kbps, at=at, now=now)
        for event in events:
            self.post(event)

    def _free_gb(self, stats: Answer) -> float | None:
        if not self._is_local:
            return float(stats["availableDiskSpace"]) * 1024**2 / GB
        folder = self._recording.folder
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        try:
            return shutil.disk_usage(folder).free / GB
        except OSError:
            return None

    # ------------------------------------------------------------------- act

    def act(self, connection: Connection) -> None:
        """Do what is to be done now.

        Raises:
            Offline: OBS did not answer in time; that says nothing about its picture.
        """
        now, wanted = self._steady(), self.wanted
        do = self._stream.next(wanted, now)
        if do is not None:
            self._act_on_stream(connection, do, now)
        do = self._record.next(wanted, now, is_room=self.alarms.is_room)
        if do is not None:
            self._act_on_recording(connection, do, now)
        self._take_key_back(connection)

    def _act_on_stream(self, connection: Connection, do: Do, now: float) -> None:
        # Noted before it is done: one that hangs is not done again and again.
        self._stream.did(do, self._clock.now(), now)
        try:
            if do is Do.STOP:
                connection.call("StopStream")
                return
            if self._destination is not None or self._settings.key is not None:
                there = self._there()
                if there is None:
                    self._stream.refused(_("YouTube has not told its server and key yet"), now)
                    return
                self._may_hold_key = True
                stream_service.give(connection, there.server, there.key)
            connection.call("StartStream")
        except Refused as error:
            log.warning("OBS refuses: %s", error)
            self._stream.refused(str(error), now)

    def _act_on_recording(self, connection: Connection, do: Do, now: float) -> None:
        self._record.did(do, now)
        folder = self._recording.folder
        try:
            if do is Do.STOP:
                connection.call("StopRecord")
                return
            if self._is_local:
                folder.mkdir(parents=True, exist_ok=True)
            record_settings.start(connection, folder, self._next_name(folder))
        except Refused as error:
            log.warning("OBS refuses: %s", error)
            self._record.refused(str(error), now)
        except OSError as error:
            self._record.refused(str(error), now)

    def _next_name(self, folder: Path) -> str:
        """Counts up by what is in the folder; from 1 where it cannot be seen from here, and OBS tells files apart."""
        name = self.wanted.name
        files = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
        self._segment = next_segment(name, files) if files else self._segment + 1
        return segment_name(name, self._segment)

    def _there(self) -> Ingestion | None:
        if self._destination is not None:
            return self._destination()
        key = self._settings.key
        return None if key is None else Ingestion(self._settings.server, key.get_secret_value())

    def _take_key_back(self, connection: Connection) -> None:
        is_over = self._stream.phase is Phase.OFF and not self.wanted.stream
        if not (self._may_hold_key and self._is_private and is_over):
            return
        there = self._there()
        if there is None:
            return
        self._may_hold_key = False
        try:
            stream_service.take_back(connection, there.server)
        except Refused as error:
            log.warning("OBS refuses: %s", error)

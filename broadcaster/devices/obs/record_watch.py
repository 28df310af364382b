"""What becomes of the recording, and what is to be done about it. Counterpart of `stream_watch`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.devices.obs.attempts import Attempts
from broadcaster.devices.obs.events import OutputState
from broadcaster.devices.obs.stream_watch import NO_HURRY, STOP_AGAIN, Do, Phase
from broadcaster.language import gettext as _
from broadcaster.show.messages import RecordingStarted, RecordingStopped
from broadcaster.show.outputs import Cause

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from broadcaster.devices.obs.events import OutputChanged
    from broadcaster.show.messages import Event
    from broadcaster.show.outputs import OutputsWanted

START_WITHIN = 5.0


@dataclass(frozen=True, slots=True)
class RecordStatus:
    """One answer of GetRecordStatus (obs-websocket 5.x)."""

    active: bool = False
    bytes: int = 0
    length: timedelta = timedelta(0)

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> RecordStatus:
        length = timedelta(milliseconds=float(answer["outputDuration"]))
        return cls(bool(answer["outputActive"]), int(answer["outputBytes"]), length)


class RecordWatch:
    """No I/O: see `StreamWatch`. A recording that breaks off is off; the next one is another file."""

    def __init__(self) -> None:
        self.phase = Phase.UNKNOWN
        self.attempts = Attempts(START_WITHIN)
        self.file = ""
        """What is being recorded, or was last."""
        self._status = RecordStatus()
        self._was_active = False
        self._active_since: float | None = None
        self._our_stop: float | None = None
        self._heard: list[OutputChanged] = []
        self._stopping = self._ended = self._puzzled = self._gap = False

    def heard(self, change: OutputChanged) -> None:
        self._heard.append(change)

    def link_lost(self) -> None:
        self._gap = True
        self._heard.clear()

    def look(self, status: RecordStatus, at: datetime, now: float, *, anew: bool) -> list[Event]:
        """What has happened since the last look. `anew`: this is another OBS than the one of the last look."""
        self._listen()
        self._was_active, self._status = self._status.active, status
        if not status.active:
            self._active_since = None
        elif self._active_since is None:
            self._active_since = now
        self.attempts.look(now, _("OBS does not begin to record"))
        events: list[Event] = []
        match self.phase:
            case Phase.UNKNOWN if status.active:
                events = [self._started(at, now, Cause.UNSEEN)]
            case Phase.UNKNOWN:
                self.phase = Phase.OFF
                events = [RecordingStopped(at, Cause.UNSEEN)]
            case Phase.OFF if status.active:
                events = [self._started(at, now, Cause.SERVICE if self.attempts.is_on_the_way else Cause.HAND)]
            case Phase.ON if anew:
                broke = self._stopped(at, now, anew=True)
                events = [broke, self._started(at, now, Cause.UNSEEN)] if status.active else [broke]
            case Phase.ON if not status.active and not self._is_puzzled():
                events = [self._stopped(at, now)]
            case _:
                pass
        self._gap = False
        return events

    def _listen(self) -> None:
        for change in self._heard:
            self.file = change.file or self.file
            self._stopping = self._stopping or change.state is OutputState.STOPPING
            self._ended = self._ended or change.state is OutputState.STOPPED
        self._heard.clear()

    def _is_puzzled(self) -> bool:
        is_told = self._ended or self._stopping or self._our_stop is not None or self._gap
        self._puzzled = not is_told and self._was_active
        return self._puzzled

    def _started(self, at: datetime, now: float, cause: Cause) -> RecordingStarted:
        self.phase = Phase.ON
        self.attempts.succeed(now)
        self._forget()
        return RecordingStarted(at - self._status.length, self.file, cause)

    def _stopped(self, at: datetime, now: float, *, anew: bool = False) -> RecordingStopped:
        cause = Cause.BROKE
        if self._our_stop is not None:
            cause = Cause.SERVICE
        elif (self._stopping or self._gap) and not anew:
            cause = Cause.HAND
        if cause is Cause.BROKE:
            self.attempts.broke(now)
        self.phase = Phase.OFF
        self._forget()
        return RecordingStopped(at, cause)

    def _forget(self) -> None:
        self._our_stop = None
        self._stopping = self._ended = self._puzzled = False

    def next(self, wanted: OutputsWanted, now: float, *, is_room: bool) -> Do | None:
        """What to do now, if anything. Without room on the disk nothing that is the service's is recorded."""
        if self.phase is Phase.UNKNOWN or self._puzzled or self.attempts.is_on_the_way or wanted.recording is None:
            return None
        if self.phase is Phase.ON:
            if self._our_stop is not None and now - self._our_stop < STOP_AGAIN:
                return None
            seen = self._active_since is not None and now - self._active_since >= NO_HURRY
            return Do.STOP if seen and not (wanted.recording and is_room) else None
        return Do.START if wanted.recording and is_room and self.attempts.may_begin(now) else None

    def did(self, do: Do, now: float) -> None:
        if do is Do.START:
            self.attempts.begin(now)
        else:
            self._our_stop = now

    def refused(self, why: str, now: float) -> None:
        self.attempts.fail(now, why)
        self._our_stop = None

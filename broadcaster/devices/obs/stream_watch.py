"""What becomes of the stream, and what is to be done about it; told by polls, and sooner by OBS's events.

What was seen of OBS 29 to 32: a stop that somebody asks for is told as STOPPING first, one that breaks off is
not. A first start that fails is not tried again by OBS. A stream that breaks off is RECONNECTING while its status
says active; its counters begin anew when it is back. A server that hangs is sent some seconds of video into the
network's buffers before anything shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from broadcaster.devices.obs.attempts import Attempts
from broadcaster.devices.obs.events import OutputState
from broadcaster.language import gettext as _
from broadcaster.show.messages import StreamDown, StreamStopped, StreamUp
from broadcaster.show.outputs import Cause

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from broadcaster.devices.obs.events import OutputChanged
    from broadcaster.show.messages import Event
    from broadcaster.show.outputs import OutputsWanted

START_WITHIN = 25.0
"""Seconds. OBS itself gives a server that says nothing about 20."""
NOTHING_SENT = timedelta(seconds=5)
"""A stream of which nothing has left for so long is down, whatever OBS says."""
SLOW_POLL = timedelta(seconds=2)
JAMMED = 0.5
"""Congestion, 0 to 1, of a line on which next to nothing gets through."""
TRICKLE = 0.2
"""Share of its bitrate that is next to nothing."""
STOP_AGAIN = 8.0
"""Seconds after which a stop that had no effect is asked for again: OBS then does it by force."""
NO_HURRY = 2.0
"""Seconds that a stream has been seen on before it is stopped: the show hears first of one that a hand started."""


class Phase(Enum):
    UNKNOWN = "unknown"
    OFF = "off"
    ON = "on"
    DOWN = "down"


class Do(Enum):
    START = "start"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """One answer of GetStreamStatus (obs-websocket 5.x)."""

    active: bool = False
    reconnecting: bool = False
    bytes: int = 0
    frames: int = 0
    dropped: int = 0
    congestion: float = 0.0
    length: timedelta = timedelta(0)

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> StreamStatus:
        return cls(
            bool(answer["outputActive"]),
            bool(answer["outputReconnecting"]),
            int(answer["outputBytes"]),
            int(answer["outputTotalFrames"]),
            int(answer["outputSkippedFrames"]),
            float(answer.get("outputCongestion") or 0.0),
            timedelta(milliseconds=float(answer["outputDuration"])),
        )


class StreamWatch:
    """No I/O: `look` says what has happened, `next` what to do now, and `did` is told that it was done.

    Args:
        stuck_after: seconds after which a stream that broke off is stopped and started anew; 0: never.

    """

    def __init__(self, stuck_after: float) -> None:
        self.phase = Phase.UNKNOWN
        self.attempts = Attempts(START_WITHIN)
        self.down_for: float | None = None
        """Seconds since it broke off; None while it has not."""
        self._stuck_after = stuck_after
        self._status = StreamStatus()
        self._was_active = self._is_jammed = False
        self._active_since: float | None = None
        self._last_sent: datetime | None = None
        self._last_flow: datetime | None = None
        self._looked = 0.0
        self._down_since: datetime | None = None
        self._down_mark = self._kick_due = 0.0
        self._began: datetime | None = None
        self._our_stop: float | None = None
        # What was heard of the stream that is on, and not yet seen.
        self._heard: list[OutputChanged] = []
        self._broke: datetime | None = None
        self._stopping: datetime | None = None
        self._ended = False
        self._puzzled = False
        self._gap = False

    def heard(self, change: OutputChanged) -> None:
        self._heard.append(change)

    def link_lost(self) -> None:
        """For a while nobody looked, and no event was heard."""
        self._gap = True
        self._heard.clear()

    # ----------------------------------------------------------------- facts

    def look(self, status: StreamStatus, wanted: OutputsWanted, at: datetime, now: float, *, anew: bool) -> list[Event]:
        """What has happened since the last look. `anew`: this is another OBS than the one of the last look."""
        self._listen(now)
        before, self._status = self._status, status
        self._was_active = before.active
        self._is_jammed = max(before.congestion, status.congestion) >= JAMMED
        is_set_back = status.bytes < before.bytes or status.frames < before.frames
        sends = status.active and not status.reconnecting and status.frames > 0
        sends = sends and (status.bytes > before.bytes or (is_set_back and status.bytes > 0))
        if not status.active:
            self._active_since = None
        elif self._active_since is None:
            self._active_since = now
        if anew:
            self.attempts.fail(now, _("OBS was started anew"))
        self.attempts.look(now, _("the server does not answer"))
        match self.phase:
            case Phase.UNKNOWN:
                events = self._first_look(at, now)
            case Phase.OFF:
                events = [self._up(at, now)] if sends else []
            case Phase.ON if anew:
                events = self._after_another_obs(wanted, at, now, sends=sends)
            case Phase.ON:
                events = self._while_on(at, now, sends=sends, is_set_back=is_set_back)
            case Phase.DOWN:
                events = self._while_down(wanted, at, now, sends=sends)
        if sends:
            self._last_sent = at
        if sends and status.bytes - (0 if is_set_back else before.bytes) > self._trickle(now):
            self._last_flow = at
        self._looked = now
        self._gap = False
        self.down_for = None if self._down_since is None else now - self._down_mark
        return events

    def _listen(self, now: float) -> None:
        for change in self._heard:
            match change.state:
                case OutputState.STOPPING:
                    self._stopping = change.at
                case OutputState.RECONNECTING:
                    self._broke = self._broke or change.at
                case OutputState.STOPPED:
                    self._ended = True
                    if self._began is None or change.at > self._began:
                        self.attempts.fail(now, _("the server cannot be reached, or refuses the stream key"))
                case _:
                    pass
        self._heard.clear()

    def _first_look(self, at: datetime, now: float) -> list[Event]:
        status = self._status
        if status.active and status.reconnecting:
            return [self._down(at, at, now, _("OBS is reconnecting"))]
        if status.active:
            self._last_sent = self._last_flow = at
            return [self._up(at, now, Cause.UNSEEN)]
        self.phase = Phase.OFF
        return [StreamStopped(at, Cause.UNSEEN)]

    def _while_on(self, at: datetime, now: float, *, sends: bool, is_set_back: bool) -> list[Event]:
        status = self._status
        if status.active and status.reconnecting:
            return [self._down(self._when_it_broke(at), at, now, _("OBS is reconnecting"))]
        if status.active:
            if self._broke is not None and is_set_back:
                # Down and up again between two looks.
                return [self._down(self._broke, at, now, _("OBS is reconnecting")), self._up(at, now)]
            if not sends and self._last_sent is not None and at - self._last_sent >= NOTHING_SENT:
                return [self._down(self._last_sent, at, now, _("nothing is sent any more"))]
            return []
        if self._is_puzzled():
            return []
        if self._stopping is not None or self._our_stop is not None or self._gap:
            # Over in order. After a gap in what was heard, too: one that breaks off goes on reconnecting.
            return [self._stopped(self._stopping or at)]
        self.attempts.broke(now)
        return [self._down(self._when_it_broke(at), at, now, _("OBS has given it up"))]

    def _while_down(self, wanted: OutputsWanted, at: datetime, now: float, *, sends: bool) -> list[Event]:
        if sends:
            return [self._up(at, now)]
        if self._status.active or self._is_puzzled():
            return []
        if (self._stopping is not None and self._our_stop is None) or wanted.stream is False:
            return [self._stopped(at)]
        if self._was_active and self._our_stop is None:
            self.attempts.broke(now)
        self._forget()  # it was stopped to be started anew, or OBS gave it up
        return []

    def _after_another_obs(self, wanted: OutputsWanted, at: datetime, now: float, *, sends: bool) -> list[Event]:
        if wanted.stream is False and not self._status.active:
            return [self._stopped(at)]
        down = self._down(self._last_sent or at, at, now, _("OBS was started anew"))
        return [down, self._up(at, now)] if sends else [down]

    def _is_puzzled(self) -> bool:
        """Off, and no event has said why: it may be on its way, so the next look decides."""
        is_told = self._ended or self._stopping is not None or self._our_stop is not None or self._gap
        self._puzzled = not is_told and self._was_active
        return self._puzzled

    def _trickle(self, now: float) -> float:
        """Bytes that are next to nothing since the last look, by what the stream has sent on average."""
        seconds = self._status.length.total_seconds()
        return TRICKLE * self._status.bytes / seconds * (now - self._looked) if seconds else 0.0

    def _when_it_broke(self, at: datetime) -> datetime:
        # Of a server that hung, the last bytes still trickle into the network's buffers.
        heard, sent = self._broke or at, self._last_flow if self._is_jammed else self._last_sent
        if sent is None:
            return heard
        # Without an event, and with a server that hung before OBS noticed, the last sign of life is the best guess.
        return sent if self._broke is None or heard - sent > SLOW_POLL else heard

    def _up(self, at: datetime, now: float, cause: Cause | None = None) -> StreamUp:
        if cause is None:
            is_ours = self.attempts.is_on_the_way or self.phase is not Phase.OFF
            cause = Cause.SERVICE if is_ours else Cause.HAND
        since = at - self._status.length
        if self._down_since is not None and since < self._down_since:
            since = at  # it was active all the time, and sends again
        self.phase = Phase.ON
        self.attempts.succeed(now)
        self._down_since = None
        self._forget()
        return StreamUp(since, cause)

    def _down(self, since: datetime, at: datetime, now: float, why: str) -> StreamDown:
        self.phase = Phase.DOWN
        self._down_since = since
        self._down_mark = now - max((at - since).total_seconds(), 0.0)
        self._kick_due = now + self._stuck_after
        self._broke = None
        return StreamDown(since, why)

    def _stopped(self, at: datetime) -> StreamStopped:
        is_theirs = self._our_stop is None and (self._stopping is not None or self._gap)
        self.phase = Phase.OFF
        self._down_since = None
        self._forget()
        return StreamStopped(at, Cause.HAND if is_theirs else Cause.SERVICE)

    def _forget(self) -> None:
        self._broke = self._stopping = self._our_stop = None
        self._ended = self._puzzled = False

    # ---------------------------------------------------------------- wishes

    def next(self, wanted: OutputsWanted, now: float) -> Do | None:
        """What to do now, if anything."""
        if self.phase is Phase.UNKNOWN or self._puzzled or self.attempts.is_on_the_way:
            return None
        active = self._status.active
        if self._our_stop is not None and active:
            return Do.STOP if now - self._our_stop > STOP_AGAIN else None
        match wanted.stream:
            case False:
                is_seen = self._active_since is not None and now - self._active_since >= NO_HURRY
                return Do.STOP if is_seen else None
            case None if not self._restores(wanted, now):
                return None
            case _ if active:
                return Do.STOP if self._is_stuck(now) else None
            case _:
                return Do.START if self.attempts.may_begin(now) else None

    def _is_stuck(self, now: float) -> bool:
        return self.phase is Phase.DOWN and self._stuck_after > 0 and now >= self._kick_due

    def _restores(self, wanted: OutputsWanted, now: float) -> bool:
        """Whether a stream that people start is started anew: in the show's time, when it has been down for a while."""
        return wanted.day is not None and self._is_stuck(now)

    def did(self, do: Do, at: datetime, now: float) -> None:
        match do:
            case Do.START:
                self._began = at
                self.attempts.begin(now)
            case Do.STOP:
                self._our_stop = now

    def refused(self, why: str, now: float) -> None:
        """OBS did not do what was asked last."""
        self.attempts.fail(now, why)
        self._our_stop = None

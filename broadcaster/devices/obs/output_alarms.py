"""The alarms of stream and recording: what is measured for each, and the words that go into its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadcaster.devices.obs.stream_watch import Phase
from broadcaster.language import gettext as _
from broadcaster.show.alarms import OVER, RAISED, Alarm, Standing, judge_all, lacking
from broadcaster.show.messages import Level, Reported
from broadcaster.show.outputs import Output

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from broadcaster import config
    from broadcaster.devices.obs.gauges import Numbers
    from broadcaster.devices.obs.record_watch import RecordWatch
    from broadcaster.devices.obs.stream_watch import StreamWatch
    from broadcaster.show.outputs import OutputsWanted


class OutputAlarms:
    """`raised` are the alarms that stand."""

    def __init__(self, stream: config.Stream, recording: config.Recording) -> None:
        self._acts_when_stuck = stream.stuck_after > 0
        self._records_by_day = recording.mode == "day"
        self._folder, self._keep = recording.folder, recording.keep_free
        self._standings: Mapping[Alarm, Standing] = {}
        self._missing_since: dict[Output, float] = {}

    @property
    def raised(self) -> tuple[Alarm, ...]:
        return tuple(alarm for alarm, standing in self._standings.items() if standing.raised)

    @property
    def is_room(self) -> bool:
        """Whether the recordings' disk has room for more."""
        return Alarm.DISK_FULL not in self.raised

    def look(
        self,
        numbers: Numbers,
        wanted: OutputsWanted,
        stream: StreamWatch,
        record: RecordWatch,
        *,
        profile_kbps: int | None,
        at: datetime,
        now: float,
    ) -> list[Reported]:
        """What was raised and what is over since the last look."""
        values = self._values(numbers, wanted, stream, record, profile_kbps, now)
        self._standings, changed = judge_all(self._standings, values, now)
        reports = []
        for alarm in changed:
            if self._standings[alarm].raised:
                level, message = RAISED[alarm]
                words = self._words(alarm, numbers, wanted, stream, record, profile_kbps)
                reports.append(Reported(at, level, message, words))
            elif alarm in OVER:
                reports.append(Reported(at, Level.INFO, OVER[alarm]))
        return reports

    def _values(
        self,
        numbers: Numbers,
        wanted: OutputsWanted,
        stream: StreamWatch,
        record: RecordWatch,
        profile_kbps: int | None,
        now: float,
    ) -> dict[Alarm, float | None]:
        kbps, free = numbers.stream.kbps, numbers.recorded.free_gb
        lack = None if free is None else lacking(free, self._keep)
        records = wanted.recording is True
        return {
            Alarm.DROPPED_FRAMES: numbers.stream.dropped_percent,
            Alarm.CONGESTION: numbers.stream.congestion,
            Alarm.LOW_BITRATE: None if kbps is None or not profile_kbps else 1 - kbps / profile_kbps,
            Alarm.RENDER_LAG: numbers.render_lag,
            Alarm.ENCODER_LAG: numbers.encoder_lag,
            Alarm.STREAM_OFF: self._missing(Output.STREAM, stream.phase, now, wanted=wanted.stream is True),
            Alarm.STREAM_STUCK: stream.down_for,
            Alarm.RECORDING_OFF: self._missing(Output.RECORDING, record.phase, now, wanted=records and self.is_room),
            Alarm.DISK_LOW: lack if records or self._records_by_day else None,
            Alarm.DISK_FULL: lack if records else None,
        }

    def _missing(self, output: Output, phase: Phase, now: float, *, wanted: bool) -> float | None:
        """Seconds for which it has been off while it should be on."""
        if not wanted or phase in {Phase.ON, Phase.DOWN}:
            self._missing_since.pop(output, None)
            return None
        return now - self._missing_since.setdefault(output, now)

    def _words(
        self,
        alarm: Alarm,
        numbers: Numbers,
        wanted: OutputsWanted,
        stream: StreamWatch,
        record: RecordWatch,
        profile_kbps: int | None,
    ) -> dict[str, str]:
        match alarm:
            case Alarm.DROPPED_FRAMES:
                return {"percent": _percent(numbers.stream.dropped_percent)}
            case Alarm.RENDER_LAG:
                return {"percent": _percent(numbers.render_lag)}
            case Alarm.ENCODER_LAG:
                return {"percent": _percent(numbers.encoder_lag)}
            case Alarm.LOW_BITRATE:
                return {"kbps": f"{numbers.stream.kbps or 0:.0f}", "wanted": str(profile_kbps)}
            case Alarm.STREAM_OFF:
                return {"why": stream.attempts.why or _("OBS does not start it")}
            case Alarm.STREAM_STUCK:
                acts = self._acts_when_stuck and (wanted.stream or wanted.day is not None)
                what = _("it is stopped and started anew") if acts else _("OBS goes on reconnecting by itself")
                return {"for": f"{stream.down_for or 0:.0f} s", "what": what}
            case Alarm.RECORDING_OFF:
                return {"why": record.attempts.why or _("OBS does not begin to record"), "folder": str(self._folder)}
            case Alarm.DISK_LOW | Alarm.DISK_FULL:
                hours = numbers.recorded.hours_left
                return {
                    "free": f"{numbers.recorded.free_gb or 0:.1f}",
                    "hours": "?" if hours is None else f"{hours:.1f}",
                    "keep": f"{self._keep:g}",
                    "again": f"{2 * self._keep:g}",
                }
            case Alarm.CONGESTION:
                return {}


def _percent(share: float | None) -> str:
    return f"{share or 0:.1f} %"

"""The numbers of OBS's outputs as they are now: rates and shares over the last seconds, made from its counters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.devices.obs.counters import Counters
from broadcaster.devices.obs.stream_watch import Phase
from broadcaster.ports import RecordingHealth, StreamHealth

if TYPE_CHECKING:
    from broadcaster.devices.obs.connection import Answer
    from broadcaster.devices.obs.record_watch import RecordStatus, RecordWatch
    from broadcaster.devices.obs.stream_watch import StreamStatus, StreamWatch

GB = 1e9
STATES = {Phase.ON: "on", Phase.DOWN: "down"}


@dataclass(frozen=True, slots=True)
class Numbers:
    """One look. `render_lag` and `encoder_lag` are the percentages of frames that came too late for the next stage."""

    stream: StreamHealth
    recorded: RecordingHealth
    render_lag: float | None = None
    encoder_lag: float | None = None


class Gauges:
    """Args: keep_free: GB on the recordings' disk that are not to be used."""

    def __init__(self, keep_free: float) -> None:
        self._keep_free = keep_free
        self._drawn, self._encoded, self._sent, self._written = Counters(), Counters(), Counters(), Counters()

    def read(
        self,
        stats: Answer,
        stream: tuple[StreamWatch, StreamStatus],
        record: tuple[RecordWatch, RecordStatus],
        *,
        free_gb: float | None,
        profile_kbps: int | None,
        now: float,
    ) -> Numbers:
        """`stats` is an answer of GetStats."""
        self._drawn.read(now, int(stats["renderTotalFrames"]), int(stats["renderSkippedFrames"]))
        self._encoded.read(now, int(stats["outputTotalFrames"]), int(stats["outputSkippedFrames"]))
        return Numbers(
            self._stream(*stream, now),
            self._recording(*record, free_gb, profile_kbps, now),
            self._drawn.percent(1, 0),
            self._encoded.percent(1, 0),
        )

    def _stream(self, watch: StreamWatch, status: StreamStatus, now: float) -> StreamHealth:
        if watch.phase is not Phase.ON:
            self._sent.forget()
            is_starting = watch.phase is Phase.OFF and watch.attempts.is_on_the_way
            return StreamHealth("starting" if is_starting else STATES.get(watch.phase, "off"))
        self._sent.read(now, status.bytes, status.frames, status.dropped)
        rate = self._sent.per_second(0)
        return StreamHealth(
            "on",
            uptime_s=status.length.total_seconds(),
            kbps=None if rate is None else rate * 8 / 1000,
            dropped_frames=status.dropped,
            dropped_percent=self._sent.percent(2, 1),
            congestion=status.congestion,
        )

    def _recording(
        self, watch: RecordWatch, status: RecordStatus, free_gb: float | None, profile_kbps: int | None, now: float
    ) -> RecordingHealth:
        # Before it has begun, the profile says how fast the disk will fill.
        rate = None if profile_kbps is None else profile_kbps * 1000 / 8
        if status.active:
            self._written.read(now, status.bytes)
            rate = self._written.per_second(0) or rate
        else:
            self._written.forget()
        room = None if free_gb is None else max(free_gb - self._keep_free, 0.0) * GB
        return RecordingHealth(
            file=watch.file if status.active else "",
            length_s=status.length.total_seconds() if status.active else None,
            free_gb=free_gb,
            hours_left=room / rate / 3600 if room is not None and rate else None,
        )

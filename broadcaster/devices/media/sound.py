"""How a video sounds: its loudness by EBU R 128, and where it is silent or distorted."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.devices.media import ffmpeg

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable

    from broadcaster.devices.media.media_file import MediaFile

SILENCE = -50.0
"""dBFS: below it is nothing but the hiss of a phone's microphone."""

NOTHING = -70.0
"""LUFS: the absolute gate of ITU-R BS.1770; what never comes above it has no loudness."""

FULL = 0.5
"""dB below full scale within which a sample counts as cut off: an encoder bends flat tops by about as much."""

CLIPPED, FLAT = 0.0003, 9.0
"""From what part of the samples at full scale, and from what length of their runs (dB over one sample), a sound is
distorted. A limiter leaves as many samples there, but in runs of one or two (up to 5.4 dB measured); speech recorded
6 dB too loud has runs of four (11.7 dB), also after AAC."""


@dataclass(frozen=True, slots=True)
class Sound:
    """`loudness` in LUFS and `true_peak` in dBTP, as viewers hear it: None when all is silence.

    `silent_start_s` and `silent_tail_s` are seconds below SILENCE at either end of the picture.
    """

    loudness: float | None = None
    true_peak: float | None = None
    silent_start_s: float = 0.0
    silent_tail_s: float = 0.0
    clipped: bool = False


def listen(file: MediaFile, limit: float, stop: threading.Event) -> Sound:
    """Listen to all of the file's sound that lies below its picture.

    Raises:
        Stopped, Failed: see ffmpeg.ask.
    """
    length = file.duration_s or 0.0
    # OBS plays one channel on both sides at full level, which is what `dualmono` reckons with; more than two it mixes
    # down by the same matrix as FFmpeg's.
    downmix = "aformat=sample_fmts=fltp:channel_layouts=stereo," if file.channels > 2 else ""
    chain = (
        f"aresample=async=1:first_pts=0,apad=whole_dur={length:.6f},{downmix}ebur128=peak=true:dualmono=true:framelog=verbose,"
        f"silencedetect=n={SILENCE}dB:d=0.1,volume={FULL}dB,aformat=sample_fmts=s16,"
        "astats=measure_perchannel=none:measure_overall=Peak_level+Peak_count+Flat_factor+Number_of_samples"
    )
    source = ["-vn", "-sn", "-dn", "-t", f"{length:.6f}", *ffmpeg.only_file(file.path)]
    answer = ffmpeg.ask(
        ["-v", "info", *source, "-map", f"0:{file.audio_stream}", "-af", chain, "-f", "null", "-"], limit, stop
    )
    if answer.code != 0:
        raise ffmpeg.Failed(answer.why)
    return understood(answer.log, length)


def understood(log: Iterable[str], length: float) -> Sound:
    """What ffmpeg's log says of a sound below a picture of `length` seconds.

    Raises:
        Failed: it has no result in it.
    """
    silences: list[tuple[float, float]] = []
    began: float | None = None
    found: dict[str, float] = {}
    in_summary = False
    # What filters say stands behind their names in brackets, or in the summary at the end: words of the file's own
    # metadata, which are in the log too, are never taken for it.
    for line in log:
        if match := _SILENCE.match(line):
            at = _number(match[2])
            if match[1] == "start":
                began = at
            elif began is not None:
                silences.append((began, at))
                began = None
        elif _SUMMARY.match(line):
            in_summary = True
            found.pop("I", None)
            found.pop("Peak", None)
        elif match := _STATISTIC.match(line):
            found[match[1]] = _number(match[2])
        elif in_summary and (match := _RESULT.match(line)):
            found.setdefault(match[1], _number(match[2]))
    if began is not None:
        silences.append((began, length))
    if "I" not in found:
        raise ffmpeg.Failed("ffmpeg measured nothing")
    samples = found.get("Number of samples", 0.0)
    loudness, peak = found["I"], found.get("Peak", -math.inf)
    if not samples > 0 or loudness <= NOTHING or not math.isfinite(loudness) or not math.isfinite(peak):
        return Sound(silent_start_s=length, silent_tail_s=length)
    start, tail = _at_the_ends(silences, length)
    clipped = (
        found.get("Peak level dB", -math.inf) > -0.01
        and found.get("Peak count", 0.0) >= CLIPPED * samples
        and found.get("Flat factor", 0.0) >= FLAT
    )
    return Sound(loudness, peak, start, tail, clipped)


def _at_the_ends(silences: list[tuple[float, float]], length: float) -> tuple[float, float]:
    start = silences[0][1] if silences and silences[0][0] <= 0.1 else 0.0
    tail = length - silences[-1][0] if silences and silences[-1][1] >= length - 0.2 else 0.0
    return round(min(max(start, 0.0), length), 3), round(min(max(tail, 0.0), length), 3)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


_VALUE = r"(-?(?:[\d.]+(?:e[+-]?\d+)?|inf|nan))"
_SILENCE = re.compile(rf"\[[^\]]*silencedetect[^\]]*\] silence_(start|end): {_VALUE}")
_SUMMARY = re.compile(r"\[[^\]]*ebur128[^\]]*\] Summary:")
_STATISTIC = re.compile(rf"\[[^\]]*astats[^\]]*\] (Peak level dB|Flat factor|Peak count|Number of samples): {_VALUE}")
_RESULT = re.compile(rf" +(I|Peak): +{_VALUE} (?:LUFS|dBFS)")

"""What was heard at each switch, and how loud each clip was.

A clip's tone is followed by shifting it to 0 Hz and smoothing over SMOOTH seconds: what is left is its amplitude. Where
a tone begins or ends abruptly, the amplitude is half of its own at that very moment.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bench.received.clips import Clip
    from bench.received.switches import Passage, Switch

    Samples = NDArray[np.float64]

RATE = 48_000
WINDOW = 0.005
"""Seconds over which a level is taken: the resolution of gaps."""

SMOOTH = 0.04
HOP = 0.001
"""Seconds between two amplitudes of a tone: the resolution of overlaps and moments."""

SILENT = -50.0
"""dB of full scale; below it, or FAINT below both neighbours, there is a gap."""

FAINT = 25.0
UNHEARD = 1e-4
"""Of a tone: an amplitude that the clips' own are far above."""

AROUND = 1.0
"""Seconds before and after a switch that are listened to."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording's sound as one channel, −1 to 1, RATE a second. `start`: time stamp of the first sample, seconds."""

    samples: Samples
    start: float = 0.0

    def between(self, begin: float, end: float) -> Samples:
        """The samples from `begin` to `end`, seconds on the recording's clock; silence where it has none."""
        first, last = (round((at - self.start) * RATE) for at in (begin, end))
        found = self.samples[max(0, first) : max(0, last)]
        before = min(max(0, -first), last - first)
        return np.pad(found, (before, max(0, last - first - before - len(found))))


@dataclass(frozen=True, slots=True)
class Splice:
    """The sound at a switch. None where a clip that it takes has no tone, or its tone isn't heard.

    Args:
        gap: seconds of the longest silence.
        leak: seconds for which the earlier clip's tone goes on beside the next one's (or its picture, if it has none).
        late: seconds from the next clip's first picture to its tone. An AAC encoder's own delay is in it, 21 ms.
        jump: largest difference between two samples, over what the two tones can make: 1 is seamless, a cut
            in the middle of a wave gives 2 to 10.

    """

    before: int
    after: int
    gap: float | None
    leak: float | None
    late: float | None
    jump: float | None


@dataclass(frozen=True, slots=True)
class Loudness:
    """A clip as received: integrated LUFS and true peak in dB; seconds of the longest silence in its middle."""

    clip: int
    lufs: float
    true_peak: float
    dropout: float


def hear(recording: Path) -> Sound:
    """The sound of a recording. What did not arrive is silence in its place."""
    pieces: list[Samples] = []
    start, length = None, 0
    with av.open(str(recording)) as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler("fltp", "mono", RATE)
        for frame in container.decode(stream):
            at = float(frame.time or 0)
            for piece in resampler.resample(frame):
                start = at if start is None else start
                missing = round((at - start) * RATE) - length
                # Time stamps come rounded to milliseconds; a lost packet has 21 of them.
                if missing > RATE / 100:
                    pieces.append(np.zeros(missing))
                    length += missing
                samples = piece.to_ndarray().ravel().astype(np.float64)
                pieces.append(samples)
                length += len(samples)
    return Sound(np.concatenate(pieces) if pieces else np.zeros(0), start or 0.0)


def levels(samples: Samples) -> Samples:
    """RMS of each WINDOW, in dB of full scale (a sine of full scale has −3)."""
    size = round(WINDOW * RATE)
    windows = samples[: len(samples) // size * size].reshape(-1, size)
    return np.asarray(10 * np.log10(np.maximum((windows**2).mean(axis=1), 1e-12)))


def longest_gap(samples: Samples, floor: float = SILENT) -> float:
    """Seconds of the longest stretch whose level is below `floor` dB."""
    longest = run = 0
    for silent in levels(samples) < floor:
        run = run + 1 if silent else 0
        longest = max(longest, run)
    return longest * WINDOW


def amplitude(samples: Samples, tone: float) -> Samples:
    """How strong a tone of so many Hz is (1: full scale), each HOP. The first and last SMOOTH/2 are too low."""
    shifted = samples * np.exp(-2j * np.pi * tone / RATE * np.arange(len(samples)))
    smooth = np.hanning(round(SMOOTH * RATE) + 1)
    size = 1 << (len(samples) + len(smooth)).bit_length()
    full = np.fft.ifft(np.fft.fft(shifted, size) * np.fft.fft(smooth / smooth.sum(), size))
    middle = full[len(smooth) // 2 :][: len(samples)]
    return np.asarray(2 * np.abs(middle)[:: round(HOP * RATE)])


def splice(sound: Sound, at: float, before: Clip, after: Clip) -> Splice:
    """The sound where the picture changes from one clip to the next.

    Args:
        sound: of the whole recording.
        at: seconds, of the next clip's first picture.
        before: the clip that ends.
        after: the clip that begins.

    """
    around = sound.between(at - AROUND, at + AROUND)
    count = round(2 * AROUND / HOP)
    times = (np.arange(count) - count / 2) * HOP
    old = amplitude(around, before.tone) if before.tone else None
    new = amplitude(around, after.tone) if after.tone else None
    # Nearly its largest: a hole in it makes a tone no quieter.
    unsure = round(SMOOTH / HOP)
    old_level = float(np.percentile(old[unsure : count // 2], 90)) if old is not None else 0.0
    new_level = float(np.percentile(new[count // 2 : -unsure], 90)) if new is not None else 0.0

    began = 0.0
    late = None
    if new is not None and new_level > UNHEARD and (heard := np.flatnonzero(new > new_level / 2)).size:
        late = began = float(times[heard[0]])
    leak = None
    if old is not None and old_level > UNHEARD:
        leak = HOP * int(((old > old_level / 2) & (times > began)).sum())
    gap = jump = None
    if old is not None and new is not None and min(old_level, new_level) > UNHEARD:
        # A sine's level is 3 dB below its peak. A very quiet clip is no gap in itself.
        faintest = 20 * np.log10(min(old_level, new_level)) - 3
        gap = longest_gap(around, min(max(SILENT, faintest - FAINT), faintest - 10))
        steepest = 2 * np.pi / RATE * (old_level * (before.tone or 0) + new_level * (after.tone or 0))
        jump = float(np.abs(np.diff(around)).max()) / steepest
    return Splice(before.number, after.number, gap, leak, late, jump)


def splices(sound: Sound, switches: Sequence[Switch], clips: Sequence[Clip]) -> list[Splice]:
    numbered = {clip.number: clip for clip in clips}
    return [splice(sound, each.at, numbered[each.before], numbered[each.after]) for each in switches]


def loudness(recording: Path, sound: Sound, passages: Sequence[Passage], clips: Sequence[Clip]) -> list[Loudness]:
    """Of each clip with a tone, without the 300 ms at either end (EBU R 128, by ffmpeg's ebur128)."""
    numbered = {clip.number: clip for clip in clips}
    found = []
    for passage in passages:
        begin, end = passage.began + 0.3, passage.ended - 0.3
        if numbered[passage.clip].tone is not None and end - begin > 0.5:
            lufs, peak = measure(recording, begin, end - begin)
            found.append(Loudness(passage.clip, lufs, peak, longest_gap(sound.between(begin, end))))
    return found


def measure(file: Path, begin: float, seconds: float) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dB of a part of a file; −70 and −inf for silence.

    Raises:
        RuntimeError: ffmpeg cannot measure it.

    """
    command = [
        "ffmpeg",
        "-nostdin",
        "-hide_banner",
        "-ss",
        f"{begin:.3f}",
        "-t",
        f"{seconds:.3f}",
        "-i",
        f"file:{file}",
    ]
    command += ["-map", "0:a:0", "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    summary = said.rpartition("Summary:")[2]
    loud = re.search(r"I:\s+(-?[\d.]+|-?inf|nan) LUFS", summary)
    peak = re.search(r"Peak:\s+(-?[\d.]+|-?inf|nan) dBFS", summary)
    if loud is None or peak is None:
        raise RuntimeError(f"ffmpeg cannot measure {file}: {said[-500:]}")
    return float(loud[1]), float(peak[1])


def spread(loudnesses: Sequence[Loudness]) -> float:
    """LU between the loudest clip and the quietest."""
    heard = [each.lufs for each in loudnesses]
    return max(heard) - min(heard) if heard else 0.0

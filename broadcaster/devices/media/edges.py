"""How long a video is black where it begins, and where it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.devices.media import ffmpeg

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Sequence

    from broadcaster.devices.media.media_file import MediaFile

BLACK = 38
"""Luma up to which a picture is black everywhere: a tenth of the way from black (16) to white (235)."""

STARTS, ENDS = (5.0, 60.0), (3.0, 20.0, 120.0)
"""Seconds that are looked at, the next number only when all before was black; nobody needs to know of more."""

# Coarse is enough, and decoding is what costs: pictures that no other is made from are left out, and blocks unsmoothed.
_COARSE = ["-skip_loop_filter", "all", "-skip_frame", "noref"]


@dataclass(frozen=True, slots=True)
class Edges:
    """Seconds of black at either end. `decodes` is False when ffmpeg can make no picture of the file at all."""

    black_start_s: float = 0.0
    black_tail_s: float = 0.0
    decodes: bool = True


@dataclass(frozen=True, slots=True)
class Shade:
    """The brightest luma of a picture, shown at so many seconds."""

    at: float
    luma: float


def look(file: MediaFile, limit: float, stop: threading.Event) -> Edges:
    """Look at the beginning and the end; what lies between is not decoded.

    Raises:
        Stopped, Failed: see ffmpeg.ask.
    """
    length = file.duration_s or 0.0
    first = _shades(file, ["-t", "10"], ["-frames:v", "1"], limit, stop)
    if not first:
        return Edges(decodes=False)
    start = 0.0 if first[0].luma > BLACK else _start(file, limit, stop)
    return Edges(start, length if start >= length else _tail(file, limit, stop))


def _start(file: MediaFile, limit: float, stop: threading.Event) -> float:
    length = file.duration_s or 0.0
    for span in STARTS:
        start = black_start(_shades(file, [*_COARSE, "-t", f"{span}"], [], limit, stop))
        if start is not None:
            return min(start, length)
        if span >= length:
            return length
    return STARTS[-1]


def _tail(file: MediaFile, limit: float, stop: threading.Event) -> float:
    length = file.duration_s or 0.0
    for span in ENDS:
        begin = max(0.0, length - span)
        tail = black_tail(_shades(file, [*_COARSE, "-ss", f"{begin:.3f}"], [], limit, stop), 1 / (file.fps or 25))
        if tail is not None:
            return min(tail, length)
        if begin <= 0:
            break
    return min(ENDS[-1], length)


def black_start(shades: Sequence[Shade]) -> float | None:
    """Seconds until the first picture that is not black; None when there is none."""
    seen = next((shade.at for shade in shades if shade.luma > BLACK), None)
    return None if seen is None else round(max(0.0, seen - shades[0].at), 3)


def black_tail(shades: Sequence[Shade], frame: float) -> float | None:
    """Seconds from the last picture that is not black to the end of the last one, which lasts a `frame`.

    None when all are black: it began earlier.
    """
    lit = next((index for index in reversed(range(len(shades))) if shades[index].luma > BLACK), None)
    if lit is None:
        return None
    black = shades[lit + 1 :]
    return round(black[-1].at - black[0].at + frame, 3) if black else 0.0


def _shades(file: MediaFile, how: list[str], until: list[str], limit: float, stop: threading.Event) -> list[Shade]:
    """The pictures' shades in order; empty when ffmpeg has no way to decode them."""
    chain = "scale=160:90:flags=area,format=yuv420p,signalstats,metadata=mode=print:key=lavfi.signalstats.YMAX:file=-"
    source = ["-v", "error", "-an", "-sn", "-dn", *how, *ffmpeg.only_file(file.path)]
    answer = ffmpeg.ask([*source, "-map", "0:V:0", "-vf", chain, *until, "-f", "null", "-"], limit, stop)
    shades = list(shades_in(answer.out.decode(errors="replace")))
    if not shades and answer.code != 0 and not any(_CANNOT.search(line) for line in answer.log):
        raise ffmpeg.Failed(answer.why)  # The disk or the memory, perhaps: nothing that speaks against the video.
    return shades


def shades_in(text: str) -> Iterator[Shade]:
    """What ffmpeg's `metadata` filter printed."""
    for match in _PRINTED.finditer(text):
        yield Shade(float(match[1]), float(match[2]))


_PRINTED = re.compile(r"pts_time:(-?[\d.]+(?:e[+-]?\d+)?)\s+lavfi\.signalstats\.YMAX=([\d.]+)")
_CANNOT = re.compile(r"not found for input stream|no decoder found|Cannot determine format of input stream")

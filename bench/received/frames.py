"""Each frame of a recording: black, a frame of a known clip, a blend of two of them, or something else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import av
import numpy as np

from bench.received import timecode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bench.received.clips import Clip

    Picture = NDArray[np.float32]
    """Height × width of luma, 0 black to 1 white."""

    _Place = tuple[int, int, bool]
    """Width and height as it lies on the canvas, and whether it lies on its side."""

THUMB = (18, 32)
DARK = 0.08
SURE = 0.1
"""How far from black or white a cell's mean may be. x264's ultrafast at 2500 kbit/s stays below 0.03."""


class What(StrEnum):
    CLIP = "clip"
    BLACK = "black"
    BLEND = "blend"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Seen:
    """One received frame.

    Args:
        at: its time stamp, seconds.
        clip: the clip's number, and `frame` the frame's in it; for What.CLIP only.
        share: of a blend, how much of the later clip is in it, 0 to 1.
        on_its_side: a clip's frame that lies on its side, as its display matrix was not obeyed.

    """

    at: float
    what: What
    clip: int = 0
    frame: int = 0
    share: float = 0.0
    on_its_side: bool = False

    def __str__(self) -> str:
        detail = {What.CLIP: f" {self.clip}:{self.frame}", What.BLEND: f" {self.share:.0%}"}.get(self.what, "")
        return f"{self.at:8.3f} {self.what}{detail}"


class Reader:
    """Reads the time code of pictures of one size, wherever the fitted clip puts it."""

    def __init__(self, clips: Iterable[Clip], canvas: tuple[int, int]) -> None:
        self._strips: dict[_Place, list[tuple[slice, slice]]] = {}
        self._places: dict[int, set[_Place]] = {}
        for clip in clips:
            upright = (clip.size[0], clip.size[1], False)
            lying = (clip.size[1], clip.size[0], True)
            self._places[clip.number] = {upright, lying} if clip.rotated else {upright}
            for place in self._places[clip.number]:
                if place not in self._strips:
                    picture = timecode.fitted(place[:2], canvas)
                    cells = timecode.lying_cells(picture) if place[2] else timecode.cells(picture)
                    self._strips[place] = [_inner(cell) for cell in cells]
        self._last: _Place | None = None

    def read(self, picture: Picture, at: float = 0.0) -> Seen:
        # Most frames are of the clip of the frame before.
        for place in sorted(self._strips, key=lambda place: place != self._last):
            levels = [float(picture[cell].mean()) for cell in self._strips[place]]
            if any(SURE < level < 1 - SURE for level in levels):
                continue
            code = timecode.decode([level > 0.5 for level in levels])
            if code is not None and place in self._places.get(code[0], ()):
                self._last = place
                return Seen(at, What.CLIP, *code, on_its_side=place[2])
        return Seen(at, What.BLACK if is_black(picture) else What.OTHER)


def is_black(picture: Picture) -> bool:
    """Black to a viewer: a few bright pixels, as of a watermark, don't make a picture."""
    return float((picture[::6, ::6] < DARK).mean()) > 0.97


def watch(recording: Path, clips: Sequence[Clip]) -> list[Seen]:
    """Every frame of a recording, in order."""
    reader: Reader | None = None
    frames, thumbs = [], []
    for at, picture in pictures(recording):
        reader = reader or Reader(clips, (picture.shape[1], picture.shape[0]))
        frames.append(reader.read(picture, at))
        thumbs.append(thumb(picture))
    return mark_blends(frames, np.array(thumbs))


def pictures(recording: Path) -> Iterator[tuple[float, Picture]]:
    """The frames of a recording with their time stamps in seconds; the last is left out when it is cut off."""
    with av.open(str(recording)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for frame in container.decode(stream):
            plane = frame.planes[0]
            luma = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[
                : frame.height, : frame.width
            ]
            low, reach = (0, 255) if frame.color_range == 2 else (16, 219)
            yield float(frame.time or 0), (luma.astype(np.float32) - np.float32(low)) / np.float32(reach)


def thumb(picture: Picture) -> Picture:
    """The picture in THUMB's size: the means of its blocks."""
    rows, columns = THUMB
    height, width = picture.shape[0] // rows, picture.shape[1] // columns
    blocks = picture[: rows * height, : columns * width].reshape(rows, height, columns, width)
    return np.asarray(blocks.mean(axis=(1, 3)), np.float32)


def mark_blends(frames: Sequence[Seen], thumbs: NDArray[np.float32]) -> list[Seen]:
    """Tell blends from other unreadable frames: they are a sum of the clip before and the clip after.

    Args:
        frames: a recording's, in order.
        thumbs: one for each of them.

    """
    marked = list(frames)
    start = 0
    while start < len(frames):
        if frames[start].what is not What.OTHER:
            start += 1
            continue
        end = start
        while end < len(frames) and frames[end].what is What.OTHER:
            end += 1
        if start > 0 and end < len(frames) and frames[start - 1].what is frames[end].what is What.CLIP:
            earlier, later = thumbs[start - 1], thumbs[end]
            for index in range(start, end):
                share = _share(thumbs[index], earlier, later)
                if share is not None:
                    marked[index] = replace(frames[index], what=What.BLEND, share=share)
        start = end
    return marked


def _share(mixed: Picture, earlier: Picture, later: Picture) -> float | None:
    """How much of `later` is in `mixed`; None when it isn't a sum of the two.

    Medians, as a part of the picture (the time code, what moves) is another in each frame.
    """
    difference = later - earlier
    telling = np.abs(difference) > 0.05
    if telling.mean() < 0.05:
        return None
    share = float(np.median((mixed - earlier)[telling] / difference[telling]))
    rest = np.abs(mixed - earlier - share * difference)
    return share if -0.05 <= share <= 1.05 and float(np.quantile(rest, 0.75)) < 0.04 else None


def _inner(cell: timecode.Box) -> tuple[slice, slice]:
    """The middle half of a cell, where neither scaling nor compression smears its edges."""
    return (
        slice(round(cell.top + cell.height / 4), round(cell.top + cell.height * 3 / 4)),
        slice(round(cell.left + cell.width / 4), round(cell.left + cell.width * 3 / 4)),
    )

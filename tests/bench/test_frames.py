"""Frames are told apart: a clip's, black, a blend, anything else."""

from __future__ import annotations

import numpy as np
import pytest

from bench.received import frames, timecode
from bench.received.clips import Clip
from bench.received.frames import Reader, What

CANVAS = (640, 360)
WIDE = Clip(1, "wide", "", (640, 360), (0.0,), 1.0, None, 0)
TALL = Clip(2, "tall", "", (360, 640), (0.0,), 1.0, None, 0)


def picture(clip: Clip, frame: int, shade: float = 0.4):
    found = np.zeros((CANVAS[1], CANVAS[0]), np.float32)
    box = timecode.fitted(clip.size, CANVAS)
    found[_slices(box)] = shade
    for cell, white in zip(timecode.cells(box), timecode.encode(clip.number, frame), strict=True):
        found[_slices(cell)] = white
    return found


def _slices(box):
    return (
        slice(round(box.top), round(box.top + box.height)),
        slice(round(box.left), round(box.left + box.width)),
    )


@pytest.fixture
def reader():
    return Reader([WIDE, TALL], CANVAS)


@pytest.mark.parametrize("clip", [WIDE, TALL])
def test_a_clips_frame_says_which_it_is(reader, clip):
    seen = reader.read(picture(clip, 77), 3.5)
    assert (3.5, What.CLIP, clip.number, 77) == (seen.at, seen.what, seen.clip, seen.frame)


def test_a_vertical_clip_is_read_in_front_of_any_backdrop(reader):
    backdrop = np.random.default_rng(1).random((CANVAS[1], CANVAS[0])).astype(np.float32)
    box = _slices(timecode.fitted(TALL.size, CANVAS))
    backdrop[box] = picture(TALL, 5)[box]
    assert (2, 5) == (reader.read(backdrop).clip, reader.read(backdrop).frame)


def test_noise_does_not_hide_the_time_code(reader):
    noise = np.random.default_rng(1).normal(0, 0.1, (CANVAS[1], CANVAS[0])).astype(np.float32)
    assert 9 == reader.read(picture(WIDE, 9) + noise).frame


def test_a_clip_that_is_not_known_is_something_else(reader):
    unknown = Clip(3, "", "", (640, 360), (0.0,), 1.0, None, 0)
    assert What.OTHER == reader.read(picture(unknown, 0)).what


def test_a_clip_that_lies_elsewhere_than_it_should_is_something_else(reader):
    """One that is stretched, say: its numbers would be right and the picture wrong."""
    stretched = Clip(TALL.number, "", "", WIDE.size, (0.0,), 1.0, None, 0)
    assert What.OTHER == reader.read(picture(stretched, 0)).what


def test_black_is_black_with_a_small_mark_on_it_too(reader):
    black = np.zeros((CANVAS[1], CANVAS[0]), np.float32)
    black[300:320, 500:600] = 1
    assert What.BLACK == reader.read(black).what


def test_a_dark_picture_between_black_bars_is_not_black(reader):
    assert What.OTHER == reader.read(picture(TALL, 0)[:, ::-1]).what


def read(reader, pictures):
    seen = [reader.read(each, index / 30) for index, each in enumerate(pictures)]
    return frames.mark_blends(seen, np.array([frames.thumb(each) for each in pictures]))


def test_a_fade_is_seen_as_blends_with_a_growing_share(reader):
    earlier, later = [picture(WIDE, n, 0.3) for n in range(6)], [picture(TALL, n, 0.6) for n in range(6)]
    mixed = [a * (1 - share) + b * share for a, b, share in zip(earlier[2:], later, (0.25, 0.5, 0.75), strict=False)]
    seen = read(reader, [*earlier[:2], *mixed, *later[3:]])
    assert ["clip"] * 2 + ["blend"] * 3 + ["clip"] * 3 == [str(each.what) for each in seen]
    assert [0.25, 0.5, 0.75] == [pytest.approx(each.share, abs=0.1) for each in seen[2:5]]


def test_a_slate_between_two_clips_is_no_blend(reader):
    slate = np.random.default_rng(1).random((18, 32)).astype(np.float32).repeat(20, 0).repeat(20, 1)
    seen = read(reader, [picture(WIDE, 0), slate, picture(TALL, 0)])
    assert What.OTHER == seen[1].what


def test_the_fade_out_of_the_last_clip_is_something_else(reader):
    seen = read(reader, [picture(WIDE, 0), picture(WIDE, 1) * 0.5])
    assert What.OTHER == seen[1].what

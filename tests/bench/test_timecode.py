"""The time code survives what happens to a picture on its way to a viewer, and never reads what isn't there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.received import timecode
from bench.received.timecode import Box

numbers = st.integers(1, timecode.CLIPS - 1)
frames = st.integers(0, timecode.FRAMES - 1)


@given(numbers, frames)
def test_a_frame_is_read_as_it_was_written(clip, frame):
    assert timecode.decode(timecode.encode(clip, frame)) == (clip, frame)


@given(numbers, frames, st.integers(0, 23))
def test_one_wrong_cell_is_noticed(clip, frame, cell):
    bits = timecode.encode(clip, frame)
    bits[cell] = not bits[cell]
    assert timecode.decode(bits) is None


@pytest.mark.parametrize("white", [False, True])
def test_a_plain_picture_is_no_time_code(white):
    assert timecode.decode([white] * 24) is None


def test_a_vertical_video_lies_in_the_middle_of_the_canvas():
    assert timecode.fitted((360, 640), (640, 360)) == Box(218.75, 0, 202.5, 360)


def test_a_wide_video_fills_the_width():
    box = timecode.fitted((1920, 800), (640, 360))
    assert (0, 640) == (box.left, box.width)
    assert (46.67, 266.67) == (round(box.top, 2), round(box.height, 2))


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (480, 360), (480, 480), (853, 479)])
def test_the_strip_lies_within_the_picture(size):
    picture = timecode.fitted(size, (640, 360))
    cells = timecode.cells(picture)
    assert 24 == len(cells)
    for cell in cells:
        assert picture.left <= cell.left < cell.left + cell.width <= picture.left + picture.width
        assert picture.top <= cell.top < cell.top + cell.height <= picture.top + picture.height
        assert cell.width > 12
        assert cell.height > 12


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (480, 360), (480, 480), (853, 479)])
def test_the_strip_keeps_clear_of_the_lower_third_and_of_the_qr_code(size):
    cells = timecode.cells(timecode.fitted(size, (640, 360)))
    if size == (360, 640):
        cells += timecode.lying_cells(Box(0, 0, 640, 360))
    assert max(cell.left + cell.width for cell in cells) < 0.7 * 640
    assert max(cell.top + cell.height for cell in cells) < 0.63 * 360

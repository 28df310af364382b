"""The blurred still of a video that lies behind it where it leaves parts of the canvas empty."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from broadcaster.devices.media import Failed, MediaFile, MediaProbe
from broadcaster.devices.media.backdrop import CANVAS, KEPT, Backdrops, drawn, is_needed
from tests.devices.media.making import ffmpeg, pattern, video


@pytest.mark.parametrize(
    ("picture", "needed"),
    [
        ((1920, 1080), False),
        ((3840, 2160), False),
        ((1366, 768), False),
        ((1920, 1088), False),
        ((854, 480), False),
        ((1080, 1920), True),
        ((1440, 1080), True),
        ((1280, 544), True),
        ((1080, 1080), True),
        (None, False),
    ],
)
def test_a_backdrop_is_for_what_leaves_more_than_a_hundredth_of_the_canvas_empty(picture, needed):
    assert needed is is_needed(picture)


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_turning_canvas_and_video_about_changes_nothing(width, height):
    """What is too wide by some factor needs one as much as what is too high by it."""
    assert is_needed((width * 16, height * 9)) is is_needed((height * 16, width * 9))


def make(path: Path, folder: Path) -> Image.Image:
    file, backdrops = MediaProbe().describe(str(path)), Backdrops(folder)
    assert "" == backdrops.find(file)
    backdrops.make(file, 30, threading.Event())
    return Image.open(backdrops.find(file)).convert("RGB")


def mean(picture: Image.Image, left: int, top: int, right: int, bottom: int) -> tuple[int, ...]:
    return tuple(round(value) for value in ImageStat.Stat(picture.crop((left, top, right, bottom))).mean)


@pytest.mark.slow
def test_it_covers_the_canvas_with_the_video_itself_darkened(tmp_path):
    path = video(tmp_path / "orange.mp4", "color=0xff8000:s=90x160:r=10:d=2", None)
    backdrop = make(path, tmp_path / "backdrops")
    assert CANVAS == backdrop.size
    for box in ((0, 0, 40, 40), (1240, 680, 1280, 720), (600, 340, 680, 380)):
        assert mean(backdrop, *box) == pytest.approx((255 * 0.55, 128 * 0.55, 0), abs=8)


@pytest.mark.slow
def test_it_has_no_sharp_edge_that_would_draw_the_eye(tmp_path):
    halves = "color=black:s=90x160:r=10:d=2,drawbox=y=80:h=80:t=fill:color=white"
    backdrop = make(video(tmp_path / "halves.mp4", halves, None), tmp_path / "backdrops").convert("L")
    moved = ImageChops.offset(backdrop, 0, 1).crop((0, 1, *CANVAS))
    steps = ImageChops.difference(backdrop.crop((0, 1, *CANVAS)), moved).histogram()
    assert 1 <= max(step for step, pixels in enumerate(steps) if pixels) <= 4


@pytest.mark.slow
def test_it_stands_upright_when_the_phone_did(tmp_path):
    """Recorded lying on its side, with its head to the right."""
    left_right = "color=red:s=160x90:r=10:d=2,drawbox=x=80:w=80:t=fill:color=blue"
    video(tmp_path / "lying.mp4", left_right, None)
    ffmpeg("-i", tmp_path / "lying.mp4", "-c", "copy", "-metadata:s:v", "rotate=90", tmp_path / "upright.mp4")
    upright = MediaProbe().describe(str(tmp_path / "upright.mp4"))
    assert (90, (90, 160)) == (upright.rotation, upright.picture)
    backdrop = make(tmp_path / "upright.mp4", tmp_path / "backdrops")
    _, _, blue = mean(backdrop, 0, 0, 1280, 60)
    red, _, _ = mean(backdrop, 0, 660, 1280, 720)
    assert min(red, blue) > 100


@pytest.mark.slow
def test_a_black_middle_is_passed_over(tmp_path):
    dark = f"{pattern(10, '90x160')},drawbox=t=fill:color=black:enable='between(t,3,7)'"
    backdrop = make(video(tmp_path / "dark.mp4", dark, None, "-g", 10), tmp_path / "backdrops")
    assert min(ImageStat.Stat(backdrop.convert("L")).mean) > 20


@pytest.mark.slow
def test_a_video_of_nothing_but_black_has_none(tmp_path):
    path = video(tmp_path / "black.mp4", "color=black:s=90x160:r=10:d=2", None)
    with pytest.raises(Failed, match="black"):
        make(path, tmp_path / "backdrops")
    assert [] == list((tmp_path / "backdrops").glob("*"))


@pytest.mark.slow
def test_a_file_without_a_picture_that_can_be_taken_has_none(tmp_path):
    (tmp_path / "garbage.mp4").write_bytes(bytes(range(256)) * 40)
    file = MediaFile(str(tmp_path / "garbage.mp4"), width=90, height=160, duration_s=4.0)
    with pytest.raises(Failed):
        Backdrops(tmp_path / "backdrops").make(file, 30, threading.Event())


def test_a_new_version_of_a_video_has_a_backdrop_of_its_own(tmp_path):
    """OBS may show the old one at that moment."""
    file, backdrops = MediaFile("/videos/x.mp4", 1000, 1), Backdrops(tmp_path)
    (tmp_path / backdrops._path(file).name).touch()
    assert backdrops.find(file)
    assert "" == backdrops.find(MediaFile("/videos/x.mp4", 1000, 2))


def test_what_has_not_been_used_for_long_goes_and_the_time_of_its_making_never_changes(tmp_path):
    """OBS reads a picture again when its time of change is another: in the middle of a show, for nothing."""
    backdrops, files = Backdrops(tmp_path), [MediaFile(f"/videos/{name}.mp4") for name in ("used", "unused")]
    long_ago = time.time() - KEPT - 100
    for file in files:
        backdrops._path(file).touch()
        os.utime(backdrops._path(file), (long_ago, long_ago))
    assert backdrops.find(files[0])
    assert long_ago == pytest.approx(backdrops._path(files[0]).stat().st_mtime)
    backdrops.prune()
    assert [backdrops._path(files[0])] == list(tmp_path.glob("*.jpg"))


@settings(max_examples=20)
@given(st.integers(1, 400), st.integers(1, 400), st.sampled_from(["RGB", "L", "RGBA", "P"]))
def test_any_still_makes_a_backdrop_of_the_canvas(width, height, mode):
    assert CANVAS == drawn(Image.new(mode, (width, height))).size

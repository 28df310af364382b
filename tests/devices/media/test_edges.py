"""Black at the beginning and at the end of a video, on real files."""

from __future__ import annotations

import threading

import pytest

from broadcaster.devices.media import Failed, MediaFile, MediaProbe
from broadcaster.devices.media.edges import Edges, look
from tests.devices.media.making import pattern, video

pytestmark = pytest.mark.slow

SLACK = 0.13
"""Three pictures: those that no other is made from are not looked at."""


def seen(path) -> Edges:
    return look(MediaProbe().describe(str(path)), 30, threading.Event())


def blackened(when: str, seconds: float = 8) -> str:
    return f"{pattern(seconds)},drawbox=t=fill:color=black:enable='{when}'"


def test_a_video_that_begins_and_ends_with_pictures_has_no_black_edges(tmp_path):
    assert Edges(0.0, 0.0) == seen(video(tmp_path / "good.mp4", blackened("between(t,3,5)"), None))


def test_black_at_either_end_is_timed(tmp_path):
    found = seen(video(tmp_path / "black.mp4", blackened("not(between(t,1.5,5.5))"), None))
    assert found.black_start_s == pytest.approx(1.5, abs=SLACK)
    assert found.black_tail_s == pytest.approx(2.5, abs=SLACK)


def test_a_black_end_longer_than_the_first_look_is_timed(tmp_path):
    found = seen(video(tmp_path / "black.mp4", blackened("gt(t,2)"), None))
    assert (0.0, pytest.approx(6, abs=SLACK)) == (found.black_start_s, found.black_tail_s)


def test_a_black_beginning_longer_than_the_first_look_is_timed(tmp_path):
    found = seen(video(tmp_path / "black.mp4", blackened("lt(t,6.2)"), None))
    assert (pytest.approx(6.2, abs=SLACK), 0.0) == (found.black_start_s, found.black_tail_s)


def test_a_video_that_is_black_throughout_is_black_from_end_to_end(tmp_path):
    path = video(tmp_path / "black.mp4", "color=black:s=160x90:r=25:d=7", None)
    assert Edges(7.0, 7.0) == seen(path)


def test_white_letters_on_black_are_a_picture(tmp_path):
    title = "color=black:s=640x360:r=25:d=3,drawbox=x=300:y=170:w=40:h=12:t=fill:color=white"
    assert Edges(0.0, 0.0) == seen(video(tmp_path / "title.mp4", title, None))


@pytest.mark.parametrize("form", ["yuvj420p", "yuv420p10le", "yuv444p"])
def test_black_is_black_in_every_pixel_format(tmp_path, form):
    """Full range begins at 0 and not at 16; ten bits count to 1023."""
    path = video(tmp_path / "black.mp4", blackened("lt(t,2)", 4), None, "-pix_fmt", form)
    assert seen(path).black_start_s == pytest.approx(2, abs=SLACK)


def test_a_codec_that_ffmpeg_does_not_know_is_told(tmp_path):
    """The box that names the codec is renamed: so looks a phone's file of tomorrow."""
    path = video(tmp_path / "tomorrow.mp4", pattern(3), None)
    path.write_bytes(path.read_bytes().replace(b"avc1", b"zzz1").replace(b"avcC", b"zzzC"))
    assert not look(MediaFile(str(path), duration_s=3.0), 30, threading.Event()).decodes


def test_a_file_that_is_gone_is_no_codec_that_cannot_be_played(tmp_path):
    with pytest.raises(Failed, match="No such file"):
        look(MediaFile(str(tmp_path / "gone.mp4"), duration_s=3.0), 30, threading.Event())

"""Small stills of videos: made once, kept, and none where there is nothing to see."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from broadcaster.devices.media import Thumbnails
from broadcaster.show.rundown import Media
from tests.devices.media import making

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def video(folder: Path) -> Media:
    path = folder / "film.mp4"
    making.ffmpeg("-f", "lavfi", "-i", "testsrc=size=640x360:duration=2", "-pix_fmt", "yuv420p", str(path))
    return Media(str(path), timedelta(seconds=2))


def test_a_still_is_as_wide_as_asked_and_kept_for_the_next_time(tmp_path):
    media, thumbnails = video(tmp_path), Thumbnails(tmp_path / "kept")
    first = thumbnails.jpeg(media, 300)
    assert first is not None
    assert Image.open(io.BytesIO(first)).size == (320, 180)
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_bytes(b"as kept")
    assert thumbnails.jpeg(media, 320) == b"as kept"


def test_what_gives_no_picture_gives_none(tmp_path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video at all")
    thumbnails = Thumbnails(tmp_path / "kept")
    length = timedelta(seconds=2)
    for media in (None, Media(str(broken), length), Media(str(tmp_path / "gone.mp4"), length), Media(str(broken))):
        assert thumbnails.jpeg(media, 320) is None

"""Keyframes and pictures are found in the file, without keeping a switch waiting."""

from __future__ import annotations

import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from broadcaster.devices.obs import frames
from broadcaster.devices.obs.frames import next_keyframe, next_picture
from tests.obs_fixtures import make_slide_show


def seconds(place):
    assert place is not None
    return place.total_seconds()


def test_the_next_keyframe_is_read_from_the_file(clips):
    """The clip has one every 3 s."""
    path = clips["jarang"].path
    assert seconds(next_keyframe(path, timedelta(seconds=4.2))) == pytest.approx(6, abs=0.05)
    assert next_keyframe(path, timedelta(seconds=11)) is None


def test_the_next_picture_of_a_slide_show_is_the_next_slide(tmp_path):
    slides = make_slide_show(tmp_path / "salindia.mp4", every=2.0, seconds=6)
    assert seconds(next_picture(slides.path, timedelta(0))) == pytest.approx(2, abs=0.05)
    assert seconds(next_picture(slides.path, timedelta(seconds=2))) == pytest.approx(4, abs=0.05)
    assert seconds(next_picture(slides.path, timedelta(seconds=4))) == pytest.approx(6, abs=0.1)


def test_the_picture_at_a_place_is_not_the_one_after_it(clips):
    """OBS rounds: picture 31 of 30 a second lies at 1.0333 s, and OBS says 1.033."""
    found = next_picture(clips["merah"].path, timedelta(seconds=1.033))
    assert seconds(found) == pytest.approx(1.0667, abs=0.005)


@pytest.mark.parametrize("find", [next_keyframe, next_picture])
def test_in_a_file_that_cannot_be_read_nothing_is_found(tmp_path, find):
    broken = tmp_path / "rusak.mp4"
    broken.write_bytes(b"no video")
    assert find(str(broken), timedelta(0)) is None
    assert find(str(tmp_path / "hilang.mp4"), timedelta(0)) is None


def test_a_file_without_another_keyframe_is_not_read_to_its_end(clips, monkeypatch):
    """The worker that reads could be switching instead."""
    monkeypatch.setattr(frames, "MOST", 30)
    assert next_keyframe(clips["jarang"].path, timedelta(seconds=0.5)) is None
    monkeypatch.setattr(frames, "MOST", 120)
    assert next_keyframe(clips["jarang"].path, timedelta(seconds=0.5)) is not None


def test_a_file_that_is_read_slowly_is_given_up(clips, monkeypatch):
    monkeypatch.setattr(frames, "WITHIN", 0.0)
    began = time.monotonic()
    assert next_keyframe(clips["jarang"].path, timedelta(seconds=0.5)) is None
    assert time.monotonic() - began < 5


def test_an_address_in_a_file_s_place_reaches_nobody():
    asked = []

    class Host(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_args):
            pass

    host = HTTPServer(("127.0.0.1", 0), Host)
    Thread(target=host.serve_forever, daemon=True).start()
    try:
        assert next_keyframe(f"http://127.0.0.1:{host.server_port}/sekar.mp4", timedelta(0)) is None
    finally:
        host.shutdown()
        host.server_close()
    assert asked == []

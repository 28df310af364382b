"""A QR code in a recording is read as it stands there, for as long as it stands there."""

from __future__ import annotations

import subprocess

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from bench.received.qr import Reading, qr_readings, readable_for
from bench.received.switches import Passage

SHOP, OTHER = "https://www.pekalonganvirtualexpo.com/uji-1", "https://www.pekalonganvirtualexpo.com/uji-2"
RATE = 10


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """3 s of one link's code, 1 s of none, 2 s of both, at 1280×720 as a stream is compressed."""
    path = tmp_path_factory.mktemp("qr") / "received.mkv"
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "gray",
        "-s",
        "1280x720",
        "-r",
        str(RATE),
        "-i",
        "-",
    ]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "2500k", "-pix_fmt", "yuv420p", str(path)]
    parts = [(3, [SHOP]), (1, []), (2, [SHOP, OTHER])]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as ffmpeg:
        assert ffmpeg.stdin is not None
        for seconds, links in parts:
            ffmpeg.stdin.write(_picture(links).tobytes() * seconds * RATE)
    assert 0 == ffmpeg.returncode
    return path


def _picture(links) -> Image.Image:
    picture = Image.new("L", (1280, 720), 90)
    for place, link in enumerate(links):
        code = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode)
        drawn = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(code, scale=5)))
        picture.paste(drawn, (1000 - 400 * place, 400))
    return picture


def test_each_clip_has_the_readings_of_its_own_time(recording):
    found = qr_readings(recording, [Passage(1, 0, 3, 0), Passage(2, 3, 4, 0), Passage(3, 4, 6, 0)])
    assert [0, 0.5, 1, 1.5, 2, 2.5] == [pytest.approx(reading.at, abs=0.01) for reading in found[1]]
    assert {SHOP} == {reading.text for reading in found[1]}
    assert [None, None] == [reading.text for reading in found[2]]
    assert [{SHOP, OTHER}] * 4 == [{r.text for r in found[3][n : n + 2]} for n in range(0, 8, 2)]


def test_a_link_counts_only_where_it_is_the_only_one(recording):
    whole = qr_readings(recording, [Passage(1, 0, 6, 0)])[1]
    assert (3, 0) == (readable_for(whole, SHOP), readable_for(whole, OTHER))


def test_the_longest_unbroken_time_counts():
    texts = [SHOP, SHOP, None, SHOP, SHOP, SHOP, OTHER, SHOP]
    assert 1.5 == readable_for([Reading(n / 2, text) for n, text in enumerate(texts)], SHOP)


def test_without_a_look_nothing_was_readable():
    assert 0 == readable_for([], SHOP)

"""Slates and cards are drawn, legible, and kept."""

from __future__ import annotations

import pytest
from PIL import Image

from broadcaster.devices.obs.slates import CREAM, GOLD, Slates, clock_text

CANVAS = (640, 360)


@pytest.fixture
def slates(tmp_path):
    return Slates(tmp_path / "slates", CANVAS, "Pekan Raya UMKM")


def ink(path, colours=(CREAM, GOLD)):
    """The box around all pixels of the text's colours."""
    image = Image.open(path).convert("RGB")
    width, height = image.size
    found = [(x, y) for x in range(width) for y in range(height) if image.getpixel((x, y)) in colours]
    assert found, "nothing is written on it"
    xs, ys = zip(*found, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


@pytest.mark.parametrize(
    "title",
    [
        "Batik Sekar",
        "Paguyuban Perajin Batik Tulis dan Cap Kampung Kauman Pekalongan bersama Mitra Binaan Dinas Koperasi dan UMKM",
        "W" * 300,
        "satu\ndua\ttiga",
    ],
)
def test_any_title_stays_inside_the_title_safe_area(slates, title):
    left, top, right, bottom = ink(slates.card(title, "Sebentar lagi"))
    width, height = CANVAS
    assert left >= 0.05 * width
    assert top >= 0.05 * height
    assert right <= 0.95 * width
    assert bottom <= 0.95 * height


def test_a_card_has_the_canvas_s_size_and_is_opaque(slates):
    image = Image.open(slates.card("Batik Sekar"))
    assert image.size == CANVAS
    assert image.mode == "RGB"


def test_the_same_words_are_drawn_once(slates):
    first = slates.card("Batik Sekar", "Segera")
    stamp = first.read_bytes()
    assert slates.card("Batik Sekar", "Segera") == first
    assert first.read_bytes() == stamp
    assert slates.card("Batik Sekar", "Nanti") != first


def test_the_standby_slate_names_what_comes_next(slates):
    assert slates.standby("Tenun Lurik") != slates.standby("")


def test_the_countdown_uses_two_files_in_turn(slates):
    """OBS notices a new file name at once, and new content under an old name late."""
    first, second, third = (slates.countdown(seconds) for seconds in (61, 60, 59))
    assert first != second
    assert first == third


def test_without_a_brand_the_slate_is_the_pattern_alone(tmp_path):
    path = Slates(tmp_path, CANVAS).slate()
    assert path is not None
    colours = Image.open(path).getcolors(1 << 20)
    assert colours is not None
    assert CREAM not in {colour for _, colour in colours}


def test_a_full_disk_is_told_once_and_drawing_goes_on_when_there_is_room_again(tmp_path, caplog):
    folder = tmp_path / "slates"
    folder.write_text("no folder: nothing can be written into it")
    slates = Slates(folder, CANVAS)
    drawn = [slates.slate(), slates.standby("Tenun"), slates.card("Batik"), slates.countdown(9), slates.countdown(8)]
    assert drawn == [None] * 5
    assert slates.fault
    assert len(caplog.records) == 1
    folder.unlink()
    assert slates.countdown(7) is not None
    assert slates.fault == ""


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, "0:00"), (59, "0:59"), (61, "1:01"), (3600, "1:00:00"), (36_061, "10:01:01")]
)
def test_the_clock_reads_as_clocks_do(seconds, expected):
    assert clock_text(seconds) == expected

"""Slates, cards, standby and the countdown are drawn, legible, and kept."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from broadcaster.pictures import Pictures, clock_text

CANVAS = (640, 360)
WORDS = ((255, 246, 230), (236, 211, 168))
"""The colours of words on the ground."""


@pytest.fixture
def pictures(tmp_path):
    return Pictures(tmp_path / "slates", CANVAS, "Pekan Raya UMKM")


def ink(path):
    """The box around all pixels of the words' colours: left, top, right, bottom, in shares of the picture."""
    pixels = np.asarray(Image.open(path).convert("RGB")).astype(int)
    inked: npt.NDArray[np.bool_] = np.isin(pixels @ (1 << 16, 1 << 8, 1), [r << 16 | g << 8 | b for r, g, b in WORDS])
    ys, xs = np.nonzero(inked)
    assert xs.size, "nothing is written on it"
    height, width = inked.shape
    return xs.min() / width, ys.min() / height, xs.max() / width, ys.max() / height


@pytest.mark.parametrize(
    "title",
    [
        "Batik Sekar",
        "Paguyuban Perajin Batik Tulis dan Cap Kampung Kauman Pekalongan bersama Mitra Binaan Dinas Koperasi dan UMKM",
        "W" * 300,
        "satu\ndua\ttiga",
    ],
)
def test_any_title_stays_inside_the_title_safe_area(pictures, title):
    for picture in (pictures.card(title, "Sebentar lagi"), pictures.standby(title)):
        left, top, right, bottom = ink(picture)
        assert left >= 0.05
        assert top >= 0.05
        assert right <= 0.95
        assert bottom <= 1 - 120 / 1080


def test_a_card_leaves_the_right_to_the_code_and_the_bottom_to_what_comes_next(pictures):
    """They may be on at the same time, when a card stands in for an exhibitor's video."""
    _left, _top, right, bottom = ink(
        pictures.card("Paguyuban Perajin Batik Tulis Kauman", "Motif jlamprang, sejak 1923")
    )
    assert right <= 1280 / 1920
    assert bottom <= 720 / 1080


def test_a_card_has_the_canvas_s_size_and_is_opaque(pictures):
    image = Image.open(pictures.card("Batik Sekar")).convert("RGBA")
    assert CANVAS == image.size
    assert (255, 255) == image.getchannel("A").getextrema()


def test_the_same_words_are_drawn_once(pictures):
    first = pictures.card("Batik Sekar", "Segera")
    stamp = first.read_bytes()
    assert pictures.card("Batik Sekar", "Segera") == first
    assert first.read_bytes() == stamp
    assert pictures.card("Batik Sekar", "Nanti") != first


def test_the_standby_slate_names_what_comes_next(pictures):
    assert pictures.standby("Tenun Lurik") != pictures.standby("")
    *_, with_next = ink(pictures.standby("Tenun Lurik"))
    *_, without = ink(pictures.standby(""))
    assert with_next > without


def test_the_standby_slate_leaves_a_place_for_the_countdown(pictures):
    left, top, width, height = pictures.standby_countdown
    place = Image.open(pictures.standby("Tenun Lurik")).convert("RGB").crop((left, top, left + width, top + height))
    colours = place.getcolors(1 << 20)
    assert colours is not None
    assert set(WORDS).isdisjoint(colour for _, colour in colours)


def test_the_countdown_has_the_size_of_its_place(pictures):
    assert Image.open(pictures.countdown(61)).size == pictures.standby_countdown[2:]


def test_the_countdown_uses_two_files_in_turn(pictures):
    """OBS notices a new file name at once, and new content under an old name late."""
    first, second, third = (pictures.countdown(seconds) for seconds in (61, 60, 59))
    assert first != second
    assert first == third


def test_without_a_brand_the_slate_is_the_pattern_alone(tmp_path):
    path = Pictures(tmp_path, CANVAS).slate()
    assert path is not None
    colours = Image.open(path).convert("RGB").getcolors(1 << 20)
    assert colours is not None
    assert WORDS[0] not in {colour for _, colour in colours}


def test_a_full_disk_is_told_once_and_drawing_goes_on_when_there_is_room_again(tmp_path, caplog):
    folder = tmp_path / "slates"
    folder.write_text("no folder: nothing can be written into it")
    pictures = Pictures(folder, CANVAS)
    drawn = [
        pictures.slate(),
        pictures.standby("Tenun"),
        pictures.card("Batik"),
        pictures.overlay([]),
        pictures.backdrop(),
        pictures.countdown(9),
        pictures.countdown(8),
    ]
    assert drawn == [None] * 7
    assert pictures.fault
    assert len(caplog.records) == 1
    folder.unlink()
    assert pictures.countdown(7) is not None
    assert pictures.fault == ""


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, "0:00"), (59, "0:59"), (61, "1:01"), (3600, "1:00:00"), (36_061, "10:01:01")]
)
def test_the_clock_reads_as_clocks_do(seconds, expected):
    assert clock_text(seconds) == expected

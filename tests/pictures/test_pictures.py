"""Overlays as files: what is drawn, where, and what becomes of the files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from PIL import Image

from broadcaster.pictures import Pictures, pictures
from broadcaster.pictures.code import qr_code
from broadcaster.pictures.geometry import CODE
from broadcaster.pictures.theme import Themes
from broadcaster.show.overlay_state import CodePanel, LowerThird, NextUp, StandCard, label
from tests.pictures.nasty import TEXTS, names

CANVAS = (1280, 720)
SHADOW = 30
"""How far a plate's shadow reaches, in pixels of this canvas."""

NAMED = LowerThird("Bandeng Presto Juwita", "Ibu Juwita · Semarang", "olahan ikan", "Duri lunak")


@pytest.fixture
def drawn(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "overlays", CANVAS)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    return Pictures(tmp_path_factory.mktemp("overlays"), CANVAS)


def opened(path: Path | None) -> Image.Image:
    assert path is not None
    return Image.open(path).convert("RGBA")


def coded(link: str) -> CodePanel:
    return CodePanel("Batik Sekar", link, label(link))


@pytest.mark.slow
@hypothesis(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=names, who=names, tagline=names)
def test_nothing_is_painted_outside_the_place_for_overlays(shared: Pictures, name: str, who: str, tagline: str) -> None:
    """Accents piled up, Javanese descenders, emoji: what does not fit its plate is cut at the plate's edge."""
    parts = (LowerThird(name, who, tagline, tagline), CodePanel(name, "https://toko.example", who), NextUp(name, who))
    alpha = np.asarray(opened(shared.overlay(parts)))[..., 3]
    assert not alpha[: 36 - SHADOW].any()
    assert not alpha[:, : 64 - SHADOW].any()
    assert not alpha[:, 1280 - 64 + SHADOW :].any()
    opaque = alpha == 255
    assert not opaque[720 - 80 :].any(), "under YouTube's controls"
    assert not opaque[:, :63].any()
    assert not opaque[:, 1280 - 63 :].any()


def test_an_overlay_has_the_canvas_s_size_and_lets_the_video_through(drawn: Pictures) -> None:
    image = opened(drawn.overlay([NAMED]))
    assert CANVAS == image.size
    assert (0, 0, 0, 0) == image.getpixel((640, 100))
    assert (0x1D, 0x13, 0x0C, 255) == image.getpixel((110, 620))


def test_without_parts_it_is_wholly_transparent(drawn: Pictures) -> None:
    assert (0, 0) == opened(drawn.overlay([])).getchannel("A").getextrema()


@pytest.mark.parametrize("size", [(426, 240), (1920, 1080), (3840, 2160), (1024, 768)])
def test_any_canvas_is_drawn(tmp_path: Path, size: tuple[int, int]) -> None:
    image = opened(Pictures(tmp_path, size).overlay([NAMED, coded("https://sekar.example")]))
    assert size == image.size
    assert (0, 255) == image.getchannel("A").getextrema()


@pytest.mark.parametrize("length", range(20, 121, 10))
@pytest.mark.parametrize("ground", [(250, 245, 235), (15, 18, 22)])
def test_the_code_is_read_at_360p_and_is_exactly_the_link(
    drawn: Pictures, length: int, ground: tuple[int, int, int]
) -> None:
    link = ("https://toko.example/batik-tulis?id=Ab9_" + "motif-jlamprang/" * 8)[:length]
    picture = Image.new("RGBA", CANVAS, (*ground, 255))
    picture.alpha_composite(opened(drawn.overlay([NAMED, coded(link)])))
    small = picture.convert("RGB").resize((640, 360), Image.Resampling.BILINEAR)
    found = zxingcpp.read_barcodes(small)
    assert [link] == [code.text for code in found]


@hypothesis(max_examples=20, deadline=None)
@given(st.integers(1, 490))
def test_a_code_has_its_quiet_zone_and_keeps_to_its_size(length: int) -> None:
    code = qr_code("https://" + "a" * length)
    assert code is not None
    assert code.module * (code.size + 2 * 4) <= CODE.paper + 1e-9
    assert code.module * code.size <= CODE.largest + 1e-9


def test_a_usual_link_has_a_code_of_320_to_360_pixels() -> None:
    for length in range(12, 80):
        code = qr_code("https://" + "a" * length)
        assert code is not None
        assert 320 <= code.module * code.size <= 360


def test_a_link_too_long_for_a_code_is_shown_in_words(drawn: Pictures) -> None:
    assert qr_code("https://" + "a" * 3000) is None
    assert drawn.overlay([coded("https://" + "a" * 3000)]) is not None


def test_the_same_parts_are_drawn_once(drawn: Pictures) -> None:
    first = drawn.overlay([NAMED])
    assert first == drawn.overlay([NAMED])
    assert first != drawn.overlay([StandCard("Bandeng Presto Juwita")])


def test_a_changed_theme_is_drawn_anew(tmp_path: Path) -> None:
    theme = tmp_path / "theme.css"
    drawn = Pictures(tmp_path / "overlays", CANVAS, themes=Themes(theme))
    before = drawn.overlay([NAMED])
    theme.write_text(":root { --plate: #004488; }")
    after = drawn.overlay([NAMED])
    assert before != after
    assert (0, 0x44, 0x88, 255) == opened(after).getpixel((110, 620))


def test_a_logo_is_on_the_panel_with_the_code_and_on_the_slates(tmp_path: Path) -> None:
    Image.new("RGB", (200, 100), (0, 255, 0)).save(tmp_path / "logo.png")
    (tmp_path / "theme.css").write_text(":root { --logo: url(logo.png); }")
    drawn = Pictures(tmp_path / "overlays", CANVAS, "Pekan Raya UMKM", Themes(tmp_path / "theme.css"))
    for path in (drawn.overlay([coded("https://sekar.example")]), drawn.slate(), drawn.standby("Tenun")):
        colours = opened(path).getcolors(1 << 20)
        assert colours is not None
        assert (0, 255, 0, 255) in {colour for _, colour in colours}


def test_the_folder_is_pruned_and_what_is_in_use_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "KEEP", 4)
    monkeypatch.setattr(pictures, "PRUNE_EVERY", 1)
    drawn = Pictures(tmp_path, (426, 240))
    used = drawn.overlay([NAMED])
    for text in TEXTS[:8]:
        drawn.card(text)
        assert used == drawn.overlay([NAMED])
    files = list(tmp_path.glob("*.png"))
    assert 4 == len(files)
    assert used in files


def test_a_half_written_file_is_never_shown(drawn: Pictures, tmp_path: Path) -> None:
    path = drawn.overlay([NAMED])
    assert path is not None
    assert {path} == set((tmp_path / "overlays").iterdir())

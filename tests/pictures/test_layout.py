"""Overlays keep to the field's numbers, whatever people have typed: where they belong, legible, none over another."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from broadcaster.pictures import layout, slates
from broadcaster.pictures.geometry import CARD, CONTROLS, SAFE_X, SAFE_Y, Space, stylesheet
from broadcaster.pictures.layout import Setting
from broadcaster.pictures.shapes import Box, Fill, Motif, Shape, Words
from broadcaster.pictures.typesetting import Typesetter
from broadcaster.pictures.words import shown
from broadcaster.show.overlay_state import CodePanel, LowerThird, NextUp, Part, StandCard, label
from tests.pictures.nasty import links, names

PLATES = {"lower-third", "lower-third-chip", "stand", "next-up", "code"}
CANVASES = [(1280, 720), (426, 240), (3840, 2160), (1920, 1080)]

lower_thirds = st.builds(LowerThird, names, names, names, names)
stands = st.builds(StandCard, names, names, names, names)
codes = st.builds(lambda name, link: CodePanel(name, link, label(link)), names, links)
nexts = st.builds(NextUp, names, names)
overlays = st.tuples(
    st.one_of(st.none(), lower_thirds, stands), st.one_of(st.none(), codes), st.one_of(st.none(), nexts)
)
slow_to_type = hypothesis(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(("Inter",))


def laid_out(parts: tuple[Part | None, ...], setting: Setting) -> list[Shape]:
    return layout.overlay([shown(part) for part in parts if part is not None], setting)


def plates(shapes: list[Shape]) -> list[Box]:
    return [shape.box for shape in shapes if isinstance(shape, Fill) and shape.name in PLATES]


@slow_to_type
@given(parts=overlays, pixels=st.sampled_from(CANVASES), logo=st.sampled_from([None, 0.5, 6.0]))
def test_whatever_people_type_overlays_are_legible_and_where_they_belong(
    typesetter: Typesetter, parts: tuple[Part | None, ...], pixels: tuple[int, int], logo: float | None
) -> None:
    setting = Setting(Space(pixels), typesetter.width, logo)
    shapes = laid_out(parts, setting)
    for shape in shapes:
        if isinstance(shape, Words):
            least = 32 if shape.name == "code-label" else 44
            assert shape.size >= least, shape
            assert shape.inside is not None
            assert_inside(shape.box, shape.inside)
    for box in plates(shapes):
        assert box.left >= SAFE_X - 0.01
        assert box.top >= SAFE_Y - 0.01
        assert box.right <= setting.space.width - SAFE_X + 0.01
        assert box.bottom <= setting.space.height - CONTROLS
    for one, other in combinations(plates(shapes), 2):
        assert not overlap(one, other), (one, other)


@slow_to_type
@given(parts=overlays)
def test_no_line_is_wider_than_its_plate(typesetter: Typesetter, parts: tuple[Part | None, ...]) -> None:
    """Measured as it is drawn: the whole line at once, and at its own size."""
    for shape in laid_out(parts, Setting(Space((1920, 1080)), typesetter.width)):
        if isinstance(shape, Words) and shape.inside is not None:
            for line in shape.lines:
                assert typesetter.width(line, shape.weight) * shape.size <= shape.inside.width


@slow_to_type
@given(title=names, subtitle=names, brand=names, counts=st.booleans(), logo=st.sampled_from([None, 0.5, 6.0]))
def test_whole_pictures_keep_to_the_title_safe_area(
    typesetter: Typesetter, title: str, subtitle: str, brand: str, counts: bool, logo: float | None
) -> None:
    setting = Setting(Space((1920, 1080)), typesetter.width, logo)
    safe = Box(SAFE_X, SAFE_Y, 1920 - 2 * SAFE_X, 1080 - SAFE_Y - CONTROLS)
    whole = [
        *slates.slate(brand, setting),
        *slates.standby(brand, title, setting, counts=counts, is_over=False),
    ]
    card = slates.card(title, subtitle, setting)
    for shape in [*whole, *card]:
        if isinstance(shape, Words):
            assert shape.size >= 44
            assert_inside(shape.box, safe)
    for shape in card:
        if isinstance(shape, Words):
            assert_inside(shape.box, Box(SAFE_X, CARD.top, CARD.room, CARD.bottom - CARD.top))


@pytest.mark.parametrize("pixels", CANVASES)
def test_a_canvas_of_any_size_shows_the_same(typesetter: Typesetter, pixels: tuple[int, int]) -> None:
    part = LowerThird("Bandeng Presto & Otak-Otak Juwita", "Ibu Juwita Rahma · Kota Semarang")
    there, here = (laid_out((part,), Setting(Space(size), typesetter.width)) for size in (pixels, (1920, 1080)))
    for one, other in zip(there, here, strict=True):
        assert isinstance(one, Fill | Words) == isinstance(other, Fill | Words)
        if isinstance(one, Words) and isinstance(other, Words):
            assert (other.lines, other.size) == (one.lines, one.size)


@pytest.mark.parametrize("pixels", [(1024, 768), (1080, 1920), (2560, 1080)])
def test_a_canvas_of_another_shape_keeps_distances_to_its_edges(
    typesetter: Typesetter, pixels: tuple[int, int]
) -> None:
    setting = Setting(Space(pixels), typesetter.width)
    parts = LowerThird("Batik Sekar"), CodePanel("Batik Sekar", "https://sekar.example", "sekar.example")
    boxes = {shape.name: shape.box for shape in laid_out(parts, setting) if isinstance(shape, Fill)}
    assert setting.space.width - SAFE_X == pytest.approx(boxes["code"].right)
    assert setting.space.height - 132 == pytest.approx(boxes["lower-third"].bottom)


def test_an_overlay_without_words_is_nothing(typesetter: Typesetter) -> None:
    parts = LowerThird("\u200b"), NextUp("", " "), StandCard("")
    assert [] == laid_out(parts, Setting(Space((1280, 720)), typesetter.width))


def test_a_stand_without_a_number_looks_like_a_lower_third(typesetter: Typesetter) -> None:
    shapes = laid_out((StandCard("Batik Sekar"),), Setting(Space((1280, 720)), typesetter.width))
    assert "stand-band" in {shape.name for shape in shapes if isinstance(shape, Motif)}


def test_pages_are_told_the_same_table() -> None:
    made = stylesheet()
    assert "--lower-third-name-size: 76;" in made
    assert "--code-label-least: 32;" in made
    assert "--safe-x: 96;" in made


def assert_inside(inner: Box, outer: Box) -> None:
    assert inner.left >= outer.left - 0.01, (inner, outer)
    assert inner.top >= outer.top - 0.01, (inner, outer)
    assert inner.right <= outer.right + 0.01, (inner, outer)
    assert inner.bottom <= outer.bottom + 0.01, (inner, outer)


def overlap(one: Box, other: Box) -> bool:
    beside = one.right <= other.left + 0.01 or other.right <= one.left + 0.01
    return not (beside or one.bottom <= other.top + 0.01 or other.bottom <= one.top + 0.01)

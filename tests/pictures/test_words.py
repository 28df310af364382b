"""Words are cleaned for one line, and stay what they are otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.pictures.words import is_rtl, one_line, shown
from broadcaster.show.overlay_state import CodePanel, LowerThird


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Batik  Sekar\nNusa\t", "Batik Sekar Nusa"),
        ("Batik\u200bSekar\ufeff", "BatikSekar"),
        ("\u202egnalepak\u202c", "gnalepak"),
        ("\u200b\u200d \u0301", ""),
        ("<b>Kopi</b> & Teh", "<b>Kopi</b> & Teh"),
        ("👩🏽‍🌾 Tani", "👩🏽‍🌾 Tani"),
        ("Cafe\u0301", "Café"),
        ("a" + "\u0301" * 40 + "b", "á\u0301\u0301\u0301b"),
        ("half \ud83d", "half"),
    ],
)
def test_a_name_is_set_as_people_mean_it(typed: str, said: str) -> None:
    assert said == one_line(typed)


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert one_line(text) == one_line(one_line(text))


def test_a_link_stays_exactly_as_it_is() -> None:
    part = CodePanel(" Batik ", "https://toko.example/a  b", " toko.example ")
    assert CodePanel("Batik", "https://toko.example/a  b", "toko.example") == shown(part)


def test_a_category_begins_like_a_sentence() -> None:
    shown_part = shown(LowerThird("juwita", category="olahan ikan"))
    assert LowerThird("juwita", category="Olahan ikan") == shown_part


@pytest.mark.parametrize(("text", "expected"), [("Batik", False), ("مقهى", True), ("12 مقهى", True), ("", False)])
def test_a_name_runs_in_the_direction_of_its_script(text: str, expected: bool) -> None:
    assert expected == is_rtl(text)

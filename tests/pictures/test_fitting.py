"""Text is made to fit: never wider than its room, never under its smallest size, never on more lines than it may."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.pictures.fitting import fit, fit_link
from broadcaster.pictures.geometry import CODE, LOWER_THIRD, NEXT_UP, STAND, Text
from tests.pictures.nasty import links, names

ROOM = 1000.0


def measure(text: str) -> float:
    """Half an em a sign, nothing for what combines with the one before."""
    return sum(0.0 if unicodedata.combining(sign) else 0.5 for sign in text)


RULES = [LOWER_THIRD.name, LOWER_THIRD.who, LOWER_THIRD.tagline, STAND.number, NEXT_UP.name, CODE.name]


@given(names, st.sampled_from(RULES), st.floats(120, 1400))
def test_nothing_is_too_wide_too_small_or_on_too_many_lines(text: str, rule: Text, room: float) -> None:
    fitted = fit(text, rule, room, measure)
    assert rule.least <= fitted.size <= rule.size
    assert len(fitted.lines) <= rule.lines
    for line in fitted.lines:
        assert measure(line) * fitted.size <= room + 1e-6


@given(links, st.floats(300, 800))
def test_a_link_keeps_to_its_room(link: str, room: float) -> None:
    fitted = fit_link(link.removeprefix("https://"), CODE.label, room, measure)
    assert CODE.label.least <= fitted.size <= CODE.label.size
    assert len(fitted.lines) <= CODE.label.lines
    for line in fitted.lines:
        assert measure(line) * fitted.size <= room + 1e-6


@given(names)
def test_nothing_is_lost_but_what_an_ellipsis_stands_for(text: str) -> None:
    fitted = fit(text, LOWER_THIRD.name, ROOM, measure)
    whole, kept = "".join(text.split()), "".join("".join(fitted.lines).split())
    if kept != whole:
        assert kept.endswith("…")
        assert whole.startswith(kept[:-1])


def test_a_short_name_has_the_full_size() -> None:
    assert fit("Batik Sekar", LOWER_THIRD.name, ROOM, measure).size == LOWER_THIRD.name.size


def test_a_little_smaller_is_better_than_a_second_line() -> None:
    fitted = fit("Dua puluh tujuh huruf saja", LOWER_THIRD.name, 940, measure)
    assert 1 == len(fitted.lines)
    assert 68 <= fitted.size < 76


def test_two_lines_are_of_about_one_length() -> None:
    fitted = fit("Bandeng Presto & Otak-Otak Juwita", LOWER_THIRD.name, ROOM, measure)
    assert ("Bandeng Presto &", "Otak-Otak Juwita") == fitted.lines


def test_a_word_is_broken_only_when_no_smaller_size_would_do() -> None:
    whole = fit("Donaudampfschifffahrtsgesellschaft", LOWER_THIRD.name, ROOM, measure)
    assert ("Donaudampfschifffahrtsgesellschaft",) == whole.lines
    broken = fit("W" * 60, LOWER_THIRD.name, ROOM, measure)
    assert LOWER_THIRD.name.least == broken.size
    assert 2 == len(broken.lines)


def test_a_name_is_cut_between_what_readers_take_for_letters() -> None:
    """A family of four is one sign to a reader, and seven to Python."""
    family = "👨‍👩‍👧‍👦"
    fitted = fit(family * 60, LOWER_THIRD.who, ROOM, lambda text: text.count(family) * 1.2 + text.count("…"))
    assert fitted.lines == (family * 18 + "…",)


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("galuh.id", ("galuh.id",)),
        ("shopee.co.id/batiksekarnusa", ("shopee.co.id/", "batiksekarnusa")),
    ],
)
def test_a_link_is_broken_after_its_signs(label: str, lines: tuple[str, ...]) -> None:
    assert lines == fit_link(label, CODE.label, 432, measure).lines


def test_a_link_that_is_too_long_loses_its_middle() -> None:
    label = "tokopedia.com/paguyuban-batik-kauman-pekalongan/batik-tulis-sutra-motif-jlamprang-premium-edisi-2026"
    fitted = fit_link(label, CODE.label, 432, measure)
    said = "".join(fitted.lines)
    assert said.startswith("tokopedia.com/paguyuban")
    assert said.endswith("edisi-2026")
    assert 1 == said.count("…")

"""The video's title while somebody is on air."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.show.segment_title import is_pattern, segment_title

WORDS = {"name": "Kopi <3", "expo": "Expo UMKM", "title": "Hari 1"}


def test_the_parts_are_filled_in_as_words_that_youtube_takes():
    assert "Kopi ♥ | Hari 1 (Expo UMKM)" == segment_title("{name} | {title} ({expo})", **WORDS)


def test_between_two_exhibitors_peoples_own_title_stands():
    assert "Hari 1" == segment_title("{name} | {title}", **{**WORDS, "name": " "})


def test_without_a_pattern_the_title_is_left_alone():
    assert "Hari <1>" == segment_title("", **{**WORDS, "title": "Hari <1>"})


def test_words_in_braces_of_a_name_are_no_part():
    assert "{title} | Hari 1" == segment_title("{name} | {title}", **{**WORDS, "name": "{title}"})


@given(st.text(), st.text())
def test_it_is_never_too_long(name, title):
    assert len(segment_title("{name} | {title}", name=f"x{name}", expo="", title=title)) <= 100


@pytest.mark.parametrize(
    ("text", "is_one"), [("", True), ("{name} – {expo}", True), ("{nama}", False), ("{name", False), ("}", False)]
)
def test_only_known_parts_stand_in_braces(text, is_one):
    assert is_one == is_pattern(text)

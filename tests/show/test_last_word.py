"""What stays under the replay: chapters that YouTube takes, and every exhibitor that aired, each with its time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.show.as_run import AsRun, Outcome
from broadcaster.show.chapters import SHORTEST, chapters
from broadcaster.show.description import DescriptionWish
from broadcaster.show.last_word import LastWord, compose_last
from broadcaster.show.public_text import size
from broadcaster.show.rundown import ItemId, ItemType
from tests.entries import NINE, SHOP, entry

STAMP = re.compile(r"^(?:(\d+):)?(\d{1,2}):(\d\d) (.+)$")


def second(number: float) -> timedelta:
    return timedelta(seconds=number)


def row(number: int, start: float, end: float | None, outcome: Outcome | None = Outcome.AIRED, **changes) -> AsRun:
    """Exhibitor `number`, on air from second `start` of the broadcast to second `end`."""
    values = {
        "day": date(2026, 11, 24),
        "item": ItemId(f"p-{number}"),
        "airing": 1,
        "cue": str(number),
        "type": ItemType.PROFILE,
        "title": f"Batik Sekar {number}",
        "exhibitor": entry(number).exhibitor,
        "media": None,
        "planned_start": None,
        "expected_start": None,
        "actual_start": NINE + second(start),
        "actual_end": None if end is None else NINE + second(end),
        "outcome": outcome,
    }
    return AsRun(**{**values, **changes})


def word(*rows: AsRun, exhibitors: int = 90, ends: float | None = None) -> LastWord:
    of_day = DescriptionWish(
        at=NINE,
        item=None,
        expo_title="Pekalongan Hybrid Expo UMKM",
        shop_url=SHOP,
        timezone="Asia/Jakarta",
        hashtags=("#UMKM",),
        on_air=None,
        following=(),
        others=tuple(entry(number) for number in range(1, exhibitors + 1)),
    )
    return LastWord(of_day, rows, NINE, None if ends is None else NINE + second(ends))


def stamps(text: str) -> list[tuple[int, str]]:
    """The chapters that YouTube would read out of a text: seconds and title."""
    found = [match for line in text.split("\n") if (match := STAMP.match(line))]
    return [
        (int(hours or 0) * 3600 + int(minutes) * 60 + int(rest), title)
        for hours, minutes, rest, title in (match.groups() for match in found)
    ]


class TestChapters:
    def test_the_first_exhibitor_keeps_its_own_time_behind_an_opening_at_zero(self):
        marks = chapters([row(1, 312, 600), row(2, 600, 4000)], NINE, "Pembukaan")
        assert ["0:00 Pembukaan", "5:12 Batik Sekar 1", "10:00 Batik Sekar 2"] == [str(mark) for mark in marks]

    def test_hours_are_written_from_the_first_hour_on(self):
        marks = chapters([row(1, 60, 3600), row(2, 3661, 4000)], NINE, "Pembukaan")
        assert "1:01:01 Batik Sekar 2" == str(marks[-1])

    def test_what_is_on_air_already_as_the_broadcast_begins_is_there_at_zero(self):
        marks = chapters([row(1, -30, 300), row(2, 300, 600), row(3, 600, 900)], NINE, "Pembukaan")
        assert "0:00 Batik Sekar 1" == str(marks[0])

    def test_what_left_before_the_broadcast_began_has_no_chapter(self):
        rows = [row(1, -300, -10), row(2, 60, 600), row(3, 600, 900)]
        assert ["Pembukaan", "Batik Sekar 2", "Batik Sekar 3"] == [m.title for m in chapters(rows, NINE, "Pembukaan")]

    def test_what_began_after_the_broadcast_ended_has_no_chapter(self):
        rows = [row(1, 60, 600), row(2, 600, 900), row(3, 1200, 1500)]
        marks = chapters(rows, NINE, "Pembukaan", NINE + second(1000))
        assert ["Pembukaan", "Batik Sekar 1", "Batik Sekar 2"] == [mark.title for mark in marks]

    def test_two_marks_are_no_chapters(self):
        assert () == chapters([row(1, 60, 600)], NINE, "Pembukaan")

    @pytest.mark.parametrize("outcome", [Outcome.SKIPPED, Outcome.FAILED])
    def test_what_viewers_did_not_see_has_no_chapter(self, outcome):
        rows = [row(1, 60, 600), row(2, 600, 900, outcome), row(3, 900, 1200)]
        assert "Batik Sekar 2" not in [mark.title for mark in chapters(rows, NINE, "Pembukaan")]

    def test_names_are_words_that_youtube_takes(self):
        rows = [row(1, 60, 600, title="Kopi <3"), row(2, 600, 900, title="Dua\nbaris")]
        marks = chapters(rows, NINE, "Pembukaan")
        assert ["60 Kopi ♥", "600 Dua baris"] == [f"{mark.offset.seconds} {mark.title}" for mark in marks[1:]]

    @given(st.lists(st.tuples(st.integers(-50, 40_000), st.integers(0, 700)), max_size=60), st.integers(0, 43_000))
    def test_whatever_aired_the_rules_hold(self, airings, ends):
        rows = [row(n, start, start + length) for n, (start, length) in enumerate(airings, 1)]
        marks = chapters(rows, NINE, "Pembukaan", NINE + second(ends))
        assert not marks or len(marks) >= 3
        offsets = [mark.offset for mark in marks]
        assert not marks or timedelta(0) == offsets[0]
        assert all(after - before >= SHORTEST for before, after in pairwise(offsets))
        assert not marks or second(ends) - offsets[-1] >= SHORTEST


class TestLastWord:
    def test_it_names_each_exhibitor_with_its_time_and_link(self):
        text = compose_last(word(row(1, 60, 600), row(2, 600, 900)), 5000)
        assert [
            f"📺 Pekalongan Hybrid Expo UMKM – {SHOP}",
            "",
            "Daftar tayangan:",
            "0:00 Pembukaan",
            "1:00 Batik Sekar 1",
            "10:00 Batik Sekar 2",
            "",
            "Toko peserta:",
            "• Batik Sekar 1 – https://toko.example/umkm-1",
            "• Batik Sekar 2 – https://toko.example/umkm-2",
            "",
            "#UMKM",
        ] == text.split("\n")

    def test_seventy_exhibitors_all_have_their_time_and_one_link_for_all(self):
        text = compose_last(word(*(row(n, 400 * n, 400 * n + 400) for n in range(1, 71))), 5000)
        assert [400 * n for n in range(71)] == [at for at, _ in stamps(text)]
        assert f"Toko peserta: {SHOP}" in text
        assert "#UMKM" in text

    def test_who_was_on_for_a_moment_only_is_named_with_its_time_all_the_same(self):
        """At the line's start it would be a chapter, too close to the one before: YouTube would drop them all."""
        text = compose_last(word(row(1, 60, 600), row(2, 600, 605), row(3, 605, 900)), 5000)
        assert ["Pembukaan", "Batik Sekar 1", "Batik Sekar 3"] == [title for _, title in stamps(text)]
        assert "• Batik Sekar 2 (10:00) – https://toko.example/umkm-2" in text

    def test_too_few_for_chapters_are_listed_in_a_way_that_is_none(self):
        text = compose_last(word(row(1, 60, 600)), 5000)
        assert "• 1:00 Batik Sekar 1" in text
        assert [] == stamps(text)

    def test_who_is_no_longer_in_the_files_is_named_as_it_aired(self):
        text = compose_last(word(row(1, 60, 600), row(99, 600, 900)), 5000)
        assert (600, "Batik Sekar 99") in stamps(text)

    def test_with_little_room_names_are_shortened_before_anybody_is_left_out(self):
        long = [
            row(n, 400 * n, 400 * n + 400, title="Kelompok Usaha Bersama Batik Tulis " + str(n)) for n in range(1, 71)
        ]
        text = compose_last(word(*long), 2600)
        assert 71 == len(stamps(text))
        assert size(text) <= 2600

    @given(
        st.lists(st.tuples(st.integers(-50, 40_000), st.integers(0, 700), st.text(max_size=40)), max_size=80),
        st.integers(0, 5000),
        st.integers(0, 43_000),
    )
    def test_it_always_fits_and_what_reads_as_chapters_are_valid_ones(self, airings, budget, ends):
        rows = [row(n, start, start + length, title=title) for n, (start, length, title) in enumerate(airings, 1)]
        text = compose_last(word(*rows, ends=ends), budget)
        assert size(text) <= budget
        assert not {"<", ">"}.intersection(text)
        times = [at for at, _ in stamps(text)]
        assert not times or times[0] == 0
        assert all(after - before >= 10 for before, after in pairwise(times))

    def test_the_text_is_the_same_whoever_of_the_days_moments_it_was_made_from(self):
        rows = (row(1, 60, 600), row(2, 600, 900))
        one = word(*rows)
        other = replace(one, of_day=replace(one.of_day, on_air=entry(3), following=(entry(1),)))
        assert compose_last(one, 5000) == compose_last(other, 5000)

"""Which broadcasts a show wants on YouTube."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from broadcaster.show.broadcasts import LONGEST, day_parts
from tests.show.desk import TODAY, at, day, live, profile, rundown

HOUR = 3600
BEFORE, AFTER = timedelta(minutes=10), timedelta(minutes=5)


def long_day(hours: int, *, each: float = HOUR):
    items = [live("opening", each, start=0), *(live(f"hour-{n}", each) for n in range(1, int(hours * HOUR / each)))]
    return rundown(day(*items))


def test_each_day_has_one_with_its_own_title_and_times():
    first = replace(day(profile("a", 1800, start=0), profile("b", 1800)), title="Hari 1")
    second = replace(day(profile("c", 600, start=86400), on=date(2026, 11, 25)), title="")
    parts = day_parts(replace(rundown(first, second), title="Expo UMKM"), "{expo} – {day}")
    assert [("Expo UMKM – Hari 1", TODAY), ("Expo UMKM – 2026-11-25", date(2026, 11, 25))] == [
        (part.title, part.day) for part in parts
    ]
    assert [(at(0), at(3600)), (at(86400), at(87000))] == [(part.start, part.end) for part in parts]


def test_a_title_is_what_youtube_takes_whatever_people_write():
    """A single "<3" once lost every update of a video."""
    show = replace(rundown(replace(day(profile("a", 60, start=0)), title="Hari <3 " + "x" * 200)), title="Expo")
    (part,) = day_parts(show, "{expo} | {day} | {date}")
    assert 1 <= len(part.title) <= 100
    assert not set(part.title) & set("<>")


def test_a_day_that_is_planned_to_end_later_than_its_items_lasts_until_then():
    (part,) = day_parts(rundown(day(profile("a", 60, start=0), planned_end=7200)), "{expo}")
    assert at(7200) == part.end


def test_a_day_without_times_has_none():
    assert () == day_parts(rundown(day(profile("a", 60))), "{expo}")


def test_a_day_up_to_the_limit_is_one():
    (part,) = day_parts(long_day(11), "{expo}", BEFORE, AFTER)
    assert part.is_last


@pytest.mark.parametrize("hours", [12, 20, 36])
def test_a_longer_one_is_split_at_items_and_no_part_is_too_long(hours):
    parts = day_parts(long_day(hours), "{expo}", BEFORE, AFTER)
    assert [1, *(number for number in range(2, len(parts) + 1))] == [part.number for part in parts]
    assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]
    assert all(part.end - part.start <= LONGEST for part in parts)
    assert parts[0].start - BEFORE + LONGEST >= parts[0].end
    assert parts[-1].end + AFTER - parts[-1].start <= LONGEST
    assert all(part.start in {at(n * HOUR) for n in range(hours)} for part in parts)
    assert [part.is_last for part in parts] == [False] * (len(parts) - 1) + [True]


def test_parts_of_a_day_are_told_apart_by_their_titles():
    parts = day_parts(long_day(20), "{expo}")
    assert ["Expo (1)", "Expo (2)"] == [part.title for part in parts]


def test_an_item_longer_than_a_broadcast_is_cut_by_the_clock():
    parts = day_parts(rundown(day(live("marathon", 14 * HOUR, start=0))), "{expo}", BEFORE, AFTER)
    assert [at(0) - BEFORE + LONGEST] == [part.end for part in parts[:-1]]

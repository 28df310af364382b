"""Planned times, before anything has happened; expected times, once it has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from broadcaster.show.expectation import expect, over_under, projected_end
from broadcaster.show.messages import Act
from broadcaster.show.rundown import HardStart, ItemId
from broadcaster.show.timeline import over_under as planned_over_under
from broadcaster.show.timeline import plan
from tests.show.desk import Desk, at, day, live, pause, profile, rundown, s


def times(planned):
    return [(str(entry.item.id), entry.start, entry.end) for entry in planned]


def test_soft_items_follow_the_previous_one():
    planned = plan(day(profile("a", start=0), profile("b", 45), profile("c", 20)))
    assert times(planned) == [("a", at(0), at(30)), ("b", at(30), at(75)), ("c", at(75), at(95))]


def test_unfilled_time_before_a_hard_start_is_its_gap():
    planned = plan(day(profile("a", start=0), profile("h", start=100)))
    assert (planned[1].gap, planned[1].overlap) == (s(70), s(0))


def test_doubly_booked_time_before_a_hard_start_is_its_overlap():
    planned = plan(day(profile("a", 120, start=0), profile("h", start=100)))
    assert (planned[1].start, planned[1].gap, planned[1].overlap) == (at(100), s(0), s(20))
    assert planned[0].end == at(120), "what was booked stays visible"


def test_a_skipped_item_takes_no_time():
    planned = plan(day(profile("a", start=0), profile("b", skip=True), profile("c")))
    assert times(planned) == [("a", at(0), at(30)), ("b", at(30), at(30)), ("c", at(30), at(60))]


def test_over_under_is_measured_against_the_planned_end():
    a_day = day(profile("a", start=0), profile("b", 60), planned_end=80)
    assert planned_over_under(plan(a_day), a_day.planned_end) == s(10)


def test_before_the_show_expected_is_planned():
    desk = Desk.open(rundown(day(profile("a", start=0), profile("b"), profile("h", start=100))), at(-60))
    assert {k: (v.start, v.end) for k, v in expect(desk.state, desk.now).items()} == {
        "a": (at(0), at(30)),
        "b": (at(30), at(60)),
        "h": (at(100), at(130)),
    }


def test_what_follows_is_re_timed_from_what_happened():
    desk = Desk.open(rundown(day(profile("a", start=0), profile("b"), profile("c"), planned_end=90)), at(0))
    desk.press(Act.HOLD, 10)
    desk.play_to(50)
    expected = expect(desk.state, desk.now)
    assert (expected[ItemId("b")].start, expected[ItemId("c")].end) == (at(50), at(110))
    assert over_under(desk.state, desk.now) == s(20)


def test_a_hard_start_that_cuts_is_expected_to_cut():
    desk = Desk.open(rundown(day(profile("a", start=0), profile("b", 60), profile("h", start=50))), at(0))
    expected = expect(desk.state, desk.now)
    assert (expected[ItemId("b")].end, expected[ItemId("h")].start) == (at(50), at(50))


def test_a_hard_start_that_waits_is_expected_to_wait():
    show = rundown(day(profile("a", start=0), profile("b", 60), profile("h", start=50)), hard_start=HardStart.FINISH)
    desk = Desk.open(show, at(0))
    assert expect(desk.state, desk.now)[ItemId("h")].start == at(90)


def test_what_a_hard_start_will_pass_over_is_not_expected():
    desk = Desk.open(rundown(day(profile("a", 60, start=0), profile("b"), profile("h", start=50))), at(0))
    assert ItemId("b") not in expect(desk.state, desk.now)


def test_expectation_comes_true():
    """What was expected while nobody intervenes is what happens."""
    items = [profile("a", start=0), pause(seconds=20), profile("b", 50), profile("h", start=90), live("l", 30)]
    desk = Desk.open(rundown(day(*items)), at(-5))
    expected = {str(key): (value.start - at(0)).total_seconds() for key, value in expect(desk.state, desk.now).items()}
    desk.play_to(200)
    assert desk.starts == expected


def test_the_projected_end_counts_the_manual_items_planned_length():
    desk = Desk.open(rundown(day(live("speech", 60, start=0, manual=True), profile("b"))), at(0))
    assert projected_end(desk.state, desk.now) == at(90)
    assert projected_end(desk.state, at(70)) == at(100), "it grows while the speech runs over"


def test_midnight_is_an_instant_like_any_other():
    late = replace(profile("a", 7200), start=at(14 * 3600))  # 23:00 in Pekalongan
    a_day = day(late, profile("b"), on=date(2026, 11, 24))
    desk = Desk.open(rundown(a_day), at(14 * 3600 - 1))
    desk.play_to(16 * 3600 + 1)
    assert desk.on_air == "b"

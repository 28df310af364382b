"""Which broadcast is looked after, and what is wanted of it: by the show's day, the policy, and people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from broadcaster.config import YouTube
from broadcaster.devices.youtube.goals import Goals
from broadcaster.devices.youtube.life_cycle import Goal
from broadcaster.show.broadcasts import day_parts
from tests.devices.youtube.keeping import TODAY, two_days
from tests.show.desk import NINE, at, day, live, rundown

TOMORROW = date(2026, 11, 25)
BOTH = YouTube(go_live="day", complete="day")


def goals(settings=BOTH, parts=None):
    made = Goals(settings)
    made.parts = two_days() if parts is None else parts
    return made


def test_before_the_show_the_next_days_is_looked_after_and_left_alone():
    made = goals()
    first, second = made.parts
    assert first == made.current(NINE - timedelta(days=3))
    assert second == made.current(NINE + timedelta(hours=5))
    assert Goal.LEAVE == made.goal(first, "", NINE - timedelta(days=3))


def test_the_day_that_is_on_goes_live_and_is_ended_when_it_is_over():
    made = goals()
    first, second = made.parts
    made.want_day(TODAY)
    assert Goal.LIVE == made.goal(first, "", NINE)
    assert Goal.LEAVE == made.goal(second, "", NINE)
    made.look_after(first)
    made.want_day(None)
    assert (first, Goal.COMPLETE) == (made.current(NINE), made.goal(first, "", NINE))


def test_over_time_the_day_stays_live_by_the_show_and_not_by_the_clock():
    made = goals()
    made.want_day(TODAY)
    assert Goal.LIVE == made.goal(made.parts[0], "", NINE + timedelta(hours=6))


@pytest.mark.parametrize(
    ("settings", "on", "over"),
    [
        (YouTube(), Goal.LEAVE, Goal.LEAVE),
        (YouTube(go_live="day"), Goal.LIVE, Goal.LEAVE),
        (YouTube(complete="day"), Goal.LEAVE, Goal.COMPLETE),
    ],
)
def test_each_policy_does_its_own_and_nothing_else(settings, on, over):
    made = goals(settings)
    made.want_day(TODAY)
    assert on == made.goal(made.parts[0], "", NINE)
    made.want_day(None)
    assert over == made.goal(made.parts[0], "", NINE)


def test_until_the_show_has_told_its_day_nothing_is_ended():
    """After a crash YouTube may answer before the show has found its place."""
    made = goals()
    assert Goal.LEAVE == made.goal(made.parts[0], "", NINE + timedelta(hours=6))
    made.want_day(None)
    assert Goal.COMPLETE == made.goal(made.parts[0], "", NINE + timedelta(hours=6))


def test_a_persons_wish_goes_before_the_policy():
    made = goals(YouTube())
    assert Goal.LIVE == made.goal(made.parts[0], "live", NINE)
    assert Goal.COMPLETE == made.goal(made.parts[0], "complete", NINE)


def test_a_wish_to_go_live_that_was_never_fulfilled_is_forgotten_before_the_next_day():
    """Else the next morning's video would start yesterday's broadcast."""
    made = goals(YouTube())
    assert Goal.LEAVE == made.goal(made.parts[0], "live", NINE + timedelta(hours=12))


def test_when_the_next_day_begins_yesterdays_broadcast_is_ended_beside_it():
    made = goals()
    made.want_day(TOMORROW)
    first, second = made.parts
    now = NINE + timedelta(days=1)
    assert second == made.current(now)
    assert [first] == list(made.ending(second, {}, now))


def test_a_day_in_two_parts_ends_the_first_when_the_second_begins():
    show = rundown(day(live("pagi", 8 * 3600, start=0), live("malam", 8 * 3600)))
    made = goals(YouTube(go_live="day"), day_parts(replace(show, title="Expo"), "{expo}"))
    made.want_day(TODAY)
    one, two = made.parts
    assert (one, Goal.LEAVE) == (made.current(at(60)), made.goal(two, "", at(60)))
    after = at(8 * 3600 + 1)
    assert (two, Goal.LIVE, Goal.COMPLETE) == (
        made.current(after),
        made.goal(two, "", after),
        made.goal(one, "", after),
    )

"""Extend: a person moves the end of what is on air, and what follows moves with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from broadcaster.show import snapshot
from broadcaster.show.as_run import Outcome
from broadcaster.show.expectation import expect
from broadcaster.show.messages import Act, Refuse, VideoEnded
from broadcaster.show.rundown import ItemId
from tests.show.desk import Desk, at, day, live, profile, rundown, s

if TYPE_CHECKING:
    from broadcaster.show.messages import Command
    from broadcaster.show.rundown import Item
    from broadcaster.show.state import OnAir


def opened(*items: Item) -> Desk:
    desk = Desk.open(rundown(day(*items)), at(-10))
    desk.play_to(10)
    return desk


def on_air(desk: Desk) -> str | None:
    return None if desk.state.on_air is None else str(desk.state.on_air.item.id)


def shown(desk: Desk) -> OnAir:
    assert desk.state.on_air is not None
    return desk.state.on_air


def refusals(commands: list[Command]) -> list[str]:
    return [command.message for command in commands if isinstance(command, Refuse)]


def test_what_is_on_air_stays_that_much_longer_and_what_follows_comes_that_much_later():
    desk = opened(profile("a", 30, start=0), profile("b"))
    desk.press(Act.EXTEND, length=20)
    assert expect(desk.state, desk.now)[ItemId("b")].start == at(50)
    desk.play_to(49)
    assert on_air(desk) == "a"
    desk.play_to(51)
    assert on_air(desk) == "b"


def test_extensions_add_up_and_can_be_taken_back():
    desk = opened(profile("a", 30, start=0), profile("b"))
    for length in (30, 60, -30):
        desk.press(Act.EXTEND, length=length)
    assert shown(desk).end == at(90)


def test_an_item_that_was_made_longer_and_then_runs_its_own_length_has_aired_whole():
    desk = opened(profile("a", 30, start=0), profile("b"))
    desk.press(Act.EXTEND, length=60)
    desk.press(Act.TAKE, 31)
    desk.play_to(35)
    assert desk.rows["a", 1].outcome is Outcome.AIRED


def test_a_profile_that_was_shortened_is_recorded_as_partial():
    """Its exhibitor was promised a whole video."""
    desk = opened(profile("a", 30, start=0), profile("b"))
    desk.press(Act.EXTEND, length=-15)
    desk.play_to(20)
    assert on_air(desk) == "b"
    row = desk.rows["a", 1]
    assert (row.outcome, row.note) == (Outcome.PARTIAL, "left 15.0 s early: the operator shortened it")


def test_a_talk_that_was_shortened_has_aired():
    desk = opened(live("a", 60, start=0), profile("b"))
    desk.press(Act.EXTEND, length=-30)
    desk.play_to(40)
    assert desk.rows["a", 1].outcome is Outcome.AIRED


def test_a_hard_start_comes_on_time_all_the_same():
    desk = opened(profile("a", 30, start=0), profile("b", start=40))
    desk.press(Act.EXTEND, length=60)
    desk.play_to(41)
    assert on_air(desk) == "b"


def test_the_end_that_a_manual_item_is_meant_to_have_moves_too():
    desk = opened(live("a", 60, start=0, manual=True), profile("b"))
    desk.press(Act.EXTEND, length=30)
    assert shown(desk).end is None
    assert shown(desk).expected_end == at(90)


def test_a_video_that_repeats_because_it_was_made_longer_does_not_end_the_item():
    desk = opened(profile("a", 30, start=0), profile("b"))
    desk.press(Act.EXTEND, length=30)
    desk.play_to(31)
    desk.send(VideoEnded(desk.now, desk.state.place))
    assert on_air(desk) == "a"


@pytest.mark.parametrize("length", [0, 3601, -3601])
def test_a_length_that_is_none_or_a_slip_is_refused(length):
    desk = opened(profile("a", 30, start=0), profile("b"))
    assert refusals(desk.press(Act.EXTEND, length=length)) == [
        "An item can be made longer or shorter by up to an hour at a time."
    ]


def test_it_cannot_be_made_so_short_that_it_is_over():
    desk = opened(profile("a", 30, start=0), profile("b"))
    assert refusals(desk.press(Act.EXTEND, length=-20)) == [
        "%(title)s ends sooner than that by itself: take the next item."
    ]


def test_nothing_on_air_and_an_open_item_cannot_be_extended():
    desk = Desk.open(rundown(day(live("a", None, start=0, manual=True))), at(-10))
    assert refusals(desk.press(Act.EXTEND, length=30)) == ["Nothing is on air that could be extended."]
    assert refusals(desk.press(Act.EXTEND, 5, length=30)) == [
        "%(title)s has no end that could be moved: take the next item."
    ]


def test_it_is_remembered_over_a_restart_and_over_standby():
    desk = opened(profile("a", 30, start=0), profile("b"))
    desk.press(Act.EXTEND, length=30)
    kept = snapshot.load(json.loads(json.dumps(snapshot.dump(desk.state, desk.now))), desk.state.rundown)
    assert kept.on_air == desk.state.on_air
    desk.press(Act.STANDBY, 20)
    desk.press(Act.RESUME, 40)
    assert (shown(desk).end, shown(desk).extended) == (at(60), s(30))


def test_a_snapshot_of_before_there_were_extensions_can_be_read():
    desk = opened(profile("a", 30, start=0), profile("b"))
    old = json.loads(json.dumps(snapshot.dump(desk.state, desk.now)))
    del old["on_air"]["extended"]
    assert snapshot.load(old, desk.state.rundown).on_air == shown(desk)

"""A video that ends before its file said: rather the next item early than its beginning again."""

from __future__ import annotations

import pytest

from broadcaster.show.messages import Act, VideoEnded
from broadcaster.show.studio import TargetId
from tests.show.desk import Desk, at, day, profile, rundown


@pytest.fixture
def desk():
    desk = Desk.open(rundown(day(profile("a", 30, start=0), profile("b", 30), profile("c", 30))), at(-5))
    desk.play_to(20)
    return desk


def ended(desk):
    return desk.send(VideoEnded(desk.now, desk.target.id))


def test_the_show_goes_on_at_once_and_the_operator_is_told(desk):
    ended(desk)
    desk.play_to(20.1)
    assert desk.on_air == "b"
    assert desk.starts["b"] == 20
    assert [text for text in desk.told() if "shorter than its file says" in text]


def test_what_follows_keeps_its_length(desk):
    ended(desk)
    desk.play_to(49.9)
    assert desk.on_air == "b"
    desk.play_to(50.1)
    assert desk.on_air == "c"


def test_what_is_said_of_a_video_that_has_left_changes_nothing(desk):
    desk.send(VideoEnded(desk.now, TargetId("another")))
    desk.play_to(29.9)
    assert desk.on_air == "a"


@pytest.mark.parametrize("act", [Act.HOLD, Act.STANDBY])
def test_a_person_who_holds_the_show_is_not_overruled_by_a_video(desk, act):
    desk.press(act)
    ended(desk)
    desk.play_to(60)
    assert "b" not in desk.starts


def test_after_a_hard_start_s_gap_the_standby_slate_comes_rather_than_the_beginning():
    desk = Desk.open(rundown(day(profile("a", 30, start=0), profile("b", 30, start=40))), at(-5))
    desk.play_to(20)
    ended(desk)
    desk.play_to(20.1)
    assert desk.on_air is None, "the standby slate, until the hard start"
    desk.play_to(40.1)
    assert desk.on_air == "b"

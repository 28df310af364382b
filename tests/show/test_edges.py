"""Cases in which shows have been lost: edits at a bad moment, restarts, hands, outages. Each once went wrong."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from broadcaster.show import playout, snapshot
from broadcaster.show.as_run import Outcome
from broadcaster.show.messages import (
    Act,
    ClockJumped,
    SceneTakenByHand,
    SetStudio,
    StudioConnected,
    StudioFailed,
    StudioLost,
    StudioReached,
    YieldStudio,
)
from broadcaster.show.rundown import HardStart, ItemId, Media, MissingMedia
from broadcaster.show.state import Mode, playback
from broadcaster.show.studio import Card, Clip, OnDeck
from tests.show.desk import Desk, at, day, live, profile, rundown, s

A, B, C = profile("a", start=0), profile("b"), profile("c")
TOMORROW = at(90_000).date()
MISSING = Media("/media/x.mp4", None, "file is missing")


def restart(desk: Desk, seconds: float, show=None) -> Desk:
    """The service dies, and is started again so many seconds after nine, perhaps on edited files."""
    text = json.dumps(snapshot.dump(desk.state, desk.now))
    again = Desk(snapshot.load(json.loads(text), show or desk.state.rundown), at(seconds), rows=dict(desk.rows))
    again.state, commands = playout.start(again.state, at(seconds))
    again._take_in(commands)
    again.send(StudioConnected(at(seconds), "29"))
    again._confirm_until(at(seconds))
    return again


class TestDaysThatHaveNothingToShowYet:
    @pytest.mark.parametrize("second", [(), (profile("x", start=86_400, skip=True),)])
    def test_are_not_over_before_they_begin(self, second):
        desk = Desk.open(rundown(day(A), day(*second, on=TOMORROW)), at(-5))
        desk.play_to(100)
        assert playback(desk.state) == "standby"
        desk.edit(rundown(day(A), day(profile("x", start=86_400), on=TOMORROW), revision="2"))
        desk.play_to(86_401)
        assert desk.on_air == "x"

    def test_wait_for_their_videos(self):
        show = rundown(day(profile("x", 60, start=0, media=MISSING)), missing_media=MissingMedia.SKIP)
        desk = Desk.open(show, at(-86_400))
        desk.play_to(-3600)
        assert not desk.state.ended
        desk.edit(rundown(day(profile("x", 60, start=0)), missing_media=MissingMedia.SKIP, revision="2"))
        desk.play_to(1)
        assert desk.on_air == "x"

    def test_end_at_their_planned_end_when_nothing_came(self):
        show = rundown(day(profile("x", 60, start=0, media=MISSING)), missing_media=MissingMedia.SKIP)
        desk = Desk.open(show, at(-5))
        desk.play_to(61)
        assert desk.state.ended
        assert desk.outcomes == {"x": "failed"}


class TestDatesThatChange:
    def test_a_day_added_while_the_service_was_down_is_played(self):
        desk = Desk.open(rundown(day(A)), at(0))
        desk.play_to(60)
        two = rundown(day(A), day(profile("x", start=86_400), on=TOMORROW), revision="2")
        desk = restart(desk, 3600, two)
        desk.play_to(86_401)
        assert desk.on_air == "x"

    @pytest.mark.parametrize("down", [False, True])
    def test_a_show_that_was_rehearsed_and_is_given_another_date_is_played_from_its_beginning(self, down):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.play_to(100)
        moved = rundown(day(profile("a", start=86_400), B, on=TOMORROW), revision="2")
        if down:
            desk = restart(desk, 200, moved)
        else:
            desk.edit(moved)
        desk.play_to(86_431)
        assert desk.on_air == "b"
        assert desk.rows["a", 1].outcome is desk.rows["a", 2].outcome is Outcome.AIRED, "both airings are on record"

    def test_moving_the_item_on_air_to_another_day_leaves_the_show_in_its_own(self):
        desk = Desk.open(rundown(day(A, B, C), day(profile("x", start=86_400), on=TOMORROW)), at(0))
        desk.play_to(10)
        moved = rundown(
            day(profile("b", start=None), C), day(profile("x", start=86_400), profile("a"), on=TOMORROW), revision="2"
        )
        desk.edit(moved)
        desk.play_to(31)
        assert desk.on_air == "b"


class TestEditsMeetHardStarts:
    def test_an_edit_while_the_service_was_down_does_not_move_what_is_on_air(self):
        desk = Desk.open(rundown(day(live("l", 600, start=0), B)), at(0))
        desk.play_to(100)
        edited = rundown(day(live("l", 600, start=0), profile("c", start=50), B), revision="2")
        desk = restart(desk, 110, edited)
        assert desk.on_air == "l"

    def test_a_start_edited_into_the_past_does_not_hide_the_next_hard_one(self):
        desk = Desk.open(rundown(day(live("a", 3600, start=0))), at(0))
        desk.play_to(100)
        desk.edit(
            rundown(day(live("a", 3600, start=0), profile("b", start=50), profile("c", start=1800)), revision="2")
        )
        desk.play_to(1801)
        assert desk.on_air == "c"

    def test_an_unrelated_edit_does_not_change_what_is_owed_after_a_hold(self):
        show = rundown(day(profile("a", 600, start=0), profile("b", start=60)))
        desk = Desk.open(show, at(0))
        desk.press(Act.HOLD, 10)
        desk.play_to(100)
        desk.edit(replace(show, title="Expo, spelt right", revision="2"))
        desk.press(Act.RESUME)
        assert desk.on_air == "b"

    def test_an_unrelated_edit_does_not_put_a_soft_item_before_a_waiting_hard_start(self):
        show = rundown(
            day(profile("a", 90, start=0), profile("s"), profile("h", start=60)), hard_start=HardStart.FINISH
        )
        desk = Desk.open(show, at(0))
        desk.play_to(70)
        desk.edit(replace(show, title="Expo, spelt right", revision="2"))
        desk.play_to(91)
        assert desk.on_air == "h"


def test_a_filler_that_an_edit_gives_company_plays_to_the_end_of_its_round():
    one = (Media("/f1.mp4", s(7)),)
    show = rundown(day(A, profile("h", start=600)), fillers=one)
    desk = Desk.open(show, at(0))
    desk.play_to(57)
    place = desk.state.place
    desk.edit(replace(show, filler=(*one, Media("/f2.mp4", s(9))), revision="2"))
    assert desk.state.place == place
    desk.play_to(58)
    assert desk.target.picture == OnDeck(Clip("/f2.mp4", s(9)), at(58))


class TestAsRunTellsTheTruth:
    def test_an_item_that_a_hard_start_overtook_during_standby_has_no_second_row(self):
        desk = Desk.open(rundown(day(profile("l", 600, start=0), profile("h", start=60))), at(0))
        desk.press(Act.STANDBY, 10)
        desk.press(Act.RESUME, 100)
        assert desk.on_air == "h"
        assert [key for key in desk.rows if key[0] == "l"] == [("l", 1)]
        assert desk.outcomes["l"] == "partial"

    def test_an_item_on_air_when_the_studio_was_lost_left_the_screen_then(self):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.play_to(10)
        desk.confirms = False
        desk.send(StudioLost(at(10), "killed"))
        desk.play_to(80)
        desk.send(StudioConnected(at(80), "29"))
        desk.send(StudioReached(at(80), desk.state.place))
        assert desk.rows["a", 1].actual_end == at(10)

    def test_an_item_that_a_hand_took_off_left_the_screen_then(self):
        desk = Desk.open(rundown(day(profile("a", 600, start=0), B)), at(0))
        desk.play_to(10)
        desk.send(SceneTakenByHand(at(10), "Kamera"))
        desk.press(Act.RESUME, 200)
        assert desk.rows["a", 1].actual_end == at(10)

    def test_an_item_that_ended_while_the_service_was_away_has_its_own_end(self):
        desk = Desk.open(rundown(day(A, profile("h", start=7200))), at(0))
        desk.play_to(10)
        desk = restart(desk, 3600)
        assert desk.rows["a", 1].actual_end == at(30)

    @pytest.mark.parametrize("by", [-5, 5])
    def test_a_step_of_the_clock_does_not_mar_a_perfect_airing(self, by):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.play_to(10)
        desk.send(ClockJumped(at(10 + by), s(by)))
        desk.now = at(10 + by)
        desk.play_to(31 + by)
        assert desk.rows["a", 1].outcome is Outcome.AIRED

    def test_a_jump_to_another_day_leaves_rows_for_the_rest_of_this_one(self):
        desk = Desk.open(rundown(day(A, B, C), day(profile("x", start=86_400), on=TOMORROW)), at(0))
        desk.press(Act.JUMP, 10, "x")
        assert desk.on_air == "x"
        assert desk.outcomes["b"] == desk.outcomes["c"] == "skipped"


class TestTheRightLink:
    def test_is_published_again_after_a_restart_since_the_wish_may_have_been_lost(self):
        desk = restart(Desk.open(rundown(day(profile("a", 600, start=0), B)), at(0)), 20)
        assert [command.wish.item for command in desk.wishes()] == ["a"]

    def test_survives_a_hand_and_an_edit(self):
        desk = Desk.open(rundown(day(profile("a", 600, start=0), B)), at(0))
        desk.play_to(10)
        desk.send(SceneTakenByHand(at(10), "Kamera"))
        desk.edit(rundown(day(profile("a", 600, start=0), B), revision="2"))
        desk.press(Act.RESUME, 20)
        assert [command.wish.item for command in desk.wishes()] == ["a", None, None, "a"]

    def test_is_not_given_for_what_was_never_seen(self):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.play_to(10)
        desk.confirms = False
        desk.send(StudioLost(at(20), "killed"))
        desk.play_to(40)
        desk.edit(rundown(day(A, B, C), revision="2"))
        assert desk.wishes()[-1].wish.item == "a"


class TestHandsAtTheStudio:
    def test_a_camera_test_and_back_to_standby_before_the_show_does_not_stop_it(self):
        desk = Desk.open(rundown(day(A, B)), at(-600))
        desk.send(SceneTakenByHand(at(-300), "Kamera"))
        desk.send(SceneTakenByHand(at(-200), "Expo · Standby", is_standby=True))
        desk.play_to(1)
        assert desk.on_air == "a"

    def test_a_click_that_cannot_be_done_gets_the_right_picture_back(self):
        desk = Desk.open(rundown(day(A, B)), at(0))
        commands = desk.send(SceneTakenByHand(at(1), "Expo · a A", ItemId("a")))
        assert [type(command) for command in commands] == [SetStudio]

    def test_an_obs_that_comes_back_after_a_hand_before_the_show_gets_the_standby_slate(self):
        desk = Desk.open(rundown(day(A, B)), at(-600))
        desk.send(SceneTakenByHand(at(-300), "Kamera"))
        commands = desk.send(StudioLost(at(-200), "killed"))
        assert any(isinstance(command, SetStudio) for command in commands)

    def test_a_yielded_show_is_still_yielded_after_a_restart(self):
        desk = Desk.open(rundown(day(profile("a", 600, start=0), B)), at(0))
        desk.send(SceneTakenByHand(at(10), "Kamera"))
        desk = restart(desk, 20)
        assert desk.state.mode is Mode.YIELDED
        assert [type(command) for _, command in desk.commands if isinstance(command, YieldStudio | SetStudio)] == [
            YieldStudio
        ]


class TestBrokenVideos:
    def test_a_video_that_fails_during_a_hold_gets_a_card_even_under_skip(self):
        desk = Desk.open(rundown(day(A, B), missing_media=MissingMedia.SKIP), at(0))
        desk.press(Act.HOLD, 5)
        desk.press(Act.TAKE, 6)
        before = desk.target.id
        desk.send(StudioFailed(at(7), desk.target.id, "garbage"))
        assert isinstance(desk.target.picture, Card)
        assert desk.target.id != before

    def test_a_person_may_try_again(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.send(StudioFailed(at(1), desk.target.id, "hiccup"))
        desk.press(Act.TAKE, 5)
        desk.press(Act.BACK, 10)
        assert not isinstance(desk.target.picture, Card)


def test_a_very_late_wake_up_of_a_very_long_day_is_quick_enough():
    """Ten thousand rows in one step; copying all outcomes for each once took twelve seconds."""
    items = [profile(f"p{n}", 5, start=0 if n == 0 else None) for n in range(3_000)]
    desk = Desk.open(rundown(day(*items, profile("last", start=100_000))), at(0), confirms=False)
    desk.press(Act.JUMP, 1, "last")
    assert len(desk.rows) == 3_000

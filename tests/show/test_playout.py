"""What the show does, in the language of the control room."""

from __future__ import annotations

import pytest

from broadcaster.show.as_run import Outcome
from broadcaster.show.messages import (
    Act,
    ClockJumped,
    CueFailed,
    PrepareScenes,
    SceneTakenByHand,
    StudioConnected,
    StudioFailed,
    StudioLost,
    Ticked,
    YieldStudio,
)
from broadcaster.show.rundown import HardStart, ItemId, ItemType, Media, MissedStart, MissingMedia
from broadcaster.show.state import Mode, playback
from broadcaster.show.studio import Card, Clip, OnDeck, OperatorScene, Safe
from tests.show.desk import Desk, at, day, item, live, pause, profile, rundown, s

A, B, C = profile("a", start=0), profile("b"), profile("c")


def cued(desk: Desk) -> str | None:
    return desk.target.cue.path if desk.target.cue else None


def test_items_follow_one_another_each_at_its_time():
    desk = Desk.open(rundown(day(A, B, C)), at(-60))
    desk.play_to(100)
    assert desk.starts == {"a": 0, "b": 30, "c": 60}
    assert desk.outcomes == {"a": "aired", "b": "aired", "c": "aired"}


def test_before_the_show_the_standby_slate_counts_down_to_the_first_item():
    desk = Desk.open(rundown(day(A, B)), at(-60))
    assert (desk.target.picture, desk.target.next_title, desk.target.countdown_to) == (Safe(None), "A", at(0))
    assert cued(desk) == "/media/a.mp4"
    assert playback(desk.state) == "standby"


def test_after_the_last_item_the_show_has_ended_on_the_standby_slate():
    desk = Desk.open(rundown(day(A)), at(-1))
    desk.play_to(31)
    assert playback(desk.state) == "ended"
    assert desk.target.picture == Safe(None)
    assert desk.rows["a", 1].actual_end == at(30)


def test_the_next_video_is_cued_while_one_plays():
    desk = Desk.open(rundown(day(A, live("talk"), C)), at(0))
    assert desk.target.picture == OnDeck(Clip("/media/a.mp4", s(30)), at(0))
    assert desk.target.cue is None
    desk.play_to(31)
    assert desk.target.picture == OperatorScene("Panggung")
    assert cued(desk) == "/media/c.mp4"


def test_a_start_is_anchored_to_the_plan_and_not_to_the_studios_confirmation():
    desk = Desk.open(rundown(day(A, B, C)), at(-1), latency=s(0.4))
    desk.play_to(100)
    assert desk.starts == {"a": 0, "b": 30, "c": 60}
    assert desk.rows["c", 1].lateness_s == pytest.approx(0.4)


class TestHardStarts:
    def test_cut_what_is_still_running(self):
        desk = Desk.open(rundown(day(A, profile("b", 60), profile("h", start=45))), at(0))
        desk.play_to(100)
        assert desk.starts["h"] == 45
        assert desk.outcomes["b"] == "partial"
        assert "left 45.0 s early" in desk.rows["b", 1].note

    def test_wait_for_its_end_under_finish(self):
        show = rundown(day(A, profile("b", 60), profile("h", start=45)), hard_start=HardStart.FINISH)
        desk = Desk.open(show, at(0))
        desk.play_to(130)
        assert desk.starts["h"] == 90
        assert desk.outcomes == {"a": "aired", "b": "aired", "h": "aired"}

    def test_pass_over_soft_items_that_did_not_get_their_turn_and_say_so(self):
        desk = Desk.open(rundown(day(profile("a", 60, start=0), B, C, profile("h", start=45))), at(0))
        desk.play_to(50)
        assert desk.on_air == "h"
        assert desk.outcomes["b"] == desk.outcomes["c"] == "skipped"
        assert "H" in desk.rows["b", 1].note

    def test_end_a_manual_item_under_cut(self):
        desk = Desk.open(rundown(day(live("speech", 30, start=0, manual=True), profile("h", start=60))), at(0))
        desk.play_to(59)
        assert desk.on_air == "speech"
        desk.play_to(60)
        assert desk.on_air == "h"
        assert desk.outcomes["speech"] == "aired"

    def test_leave_a_manual_item_to_the_operator_under_finish(self):
        show = rundown(
            day(live("speech", 30, start=0, manual=True), profile("h", start=60)), hard_start=HardStart.FINISH
        )
        desk = Desk.open(show, at(0))
        desk.play_to(300)
        assert desk.on_air == "speech"
        desk.press(Act.TAKE)
        assert desk.on_air == "h"


class TestGaps:
    def test_are_filled_with_fillers_in_a_loop(self):
        fillers = [Media("/f1.mp4", s(10)), Media("/f2.mp4", s(15))]
        desk = Desk.open(rundown(day(A, profile("h", start=90)), fillers=fillers), at(0))
        pictures = []
        for second in (30, 40, 55, 65, 80):
            desk.play_to(second)
            pictures.append(desk.target.picture)
        assert pictures == [
            OnDeck(Clip("/f1.mp4", s(10)), at(30)),
            OnDeck(Clip("/f2.mp4", s(15)), at(40)),
            OnDeck(Clip("/f1.mp4", s(10)), at(55)),
            OnDeck(Clip("/f2.mp4", s(15)), at(65)),
            OnDeck(Clip("/f1.mp4", s(10)), at(80)),
        ]
        desk.play_to(90)
        assert desk.on_air == "h"

    def test_without_fillers_get_the_standby_slate_with_a_countdown(self):
        desk = Desk.open(rundown(day(A, profile("h", start=90))), at(0))
        desk.play_to(31)
        assert (desk.target.picture, desk.target.countdown_to, desk.target.next_title) == (Safe(None), at(90), "H")
        assert playback(desk.state) == "running"

    def test_too_short_for_a_filler_get_the_slate(self):
        desk = Desk.open(rundown(day(A, profile("h", start=35)), fillers=[Media("/f.mp4", s(10))]), at(0))
        desk.play_to(31)
        assert desk.target.picture == Safe(None)

    def test_a_broken_filler_gives_way_to_the_next_and_then_to_the_slate(self):
        fillers = [Media("/f1.mp4", s(10)), Media("/f2.mp4", s(10))]
        desk = Desk.open(rundown(day(A, profile("h", start=90)), fillers=fillers), at(0), confirms=False)
        desk.play_to(31)
        desk.send(StudioFailed(at(31), desk.target.id, "broken"))
        assert desk.target.picture == OnDeck(Clip("/f2.mp4", s(10)), at(31))
        desk.send(StudioFailed(at(32), desk.target.id, "broken"))
        assert desk.target.picture == Safe(None)

    def test_a_break_shows_fillers_or_a_card_with_a_countdown_to_its_end(self):
        desk = Desk.open(rundown(day(pause(start=0), B)), at(0))
        assert (desk.target.picture, desk.target.countdown_to) == (Card("Ishoma", ""), at(60))
        desk = Desk.open(rundown(day(pause(start=0), B), fillers=[Media("/f.mp4", s(10))]), at(0))
        assert desk.target.picture == OnDeck(Clip("/f.mp4", s(10)), at(0))
        desk.play_to(61)
        assert desk.outcomes["ishoma"] == "aired"


class TestThePerson:
    def test_takes_the_next_item_at_once(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.press(Act.TAKE, 10)
        assert desk.on_air == "b"
        assert desk.outcomes["a"] == "partial"
        desk.play_to(40)
        assert desk.on_air == "c", "what follows is re-timed from reality"

    def test_takes_a_live_item_early_off_air_without_marring_it(self):
        desk = Desk.open(rundown(day(live("talk", start=0), B)), at(0))
        desk.press(Act.TAKE, 20)
        assert desk.outcomes["talk"] == "aired"

    def test_cannot_take_twice_within_a_second(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.press(Act.TAKE, 10)
        desk.press(Act.TAKE, 10.5)
        assert desk.on_air == "b"
        assert desk.refusals() == ["%(title)s has only just gone on air."]

    def test_starts_the_show_early(self):
        desk = Desk.open(rundown(day(A, B)), at(-60))
        desk.press(Act.TAKE, -30)
        assert desk.on_air == "a"
        desk.play_to(1)
        assert desk.on_air == "b"
        assert desk.starts["b"] == 0

    def test_ends_the_day_with_a_take_from_a_manual_last_item(self):
        desk = Desk.open(rundown(day(A, live("closing", manual=True))), at(0))
        desk.press(Act.TAKE, 100)
        assert playback(desk.state) == "ended"
        assert desk.outcomes["closing"] == "aired"

    def test_cannot_take_when_nothing_is_next(self):
        desk = Desk.open(rundown(day(A)), at(0))
        desk.press(Act.TAKE, 10)
        assert desk.on_air == "a"
        assert desk.refusals() == ["There is no next item to take."]

    def test_holds_and_everything_waits_even_hard_starts(self):
        desk = Desk.open(rundown(day(A, B, profile("h", start=60))), at(0))
        desk.press(Act.HOLD, 10)
        desk.play_to(100)
        assert desk.on_air == "a"
        assert playback(desk.state) == "held"

    def test_resumes_and_what_is_overdue_happens_now_from_its_beginning(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.press(Act.HOLD, 10)
        desk.press(Act.RESUME, 100)
        assert desk.on_air == "b"
        assert desk.target.picture == OnDeck(Clip("/media/b.mp4", s(30)), at(100))
        assert desk.rows["b", 1].lateness_s == 0

    def test_resumes_into_an_overdue_hard_start(self):
        desk = Desk.open(rundown(day(A, B, profile("h", start=60))), at(0))
        desk.press(Act.HOLD, 10)
        desk.press(Act.RESUME, 100)
        assert desk.on_air == "h"
        assert desk.outcomes["b"] == "skipped"

    def test_takes_by_hand_inside_a_hold(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.press(Act.HOLD, 10)
        desk.press(Act.TAKE, 20)
        desk.play_to(200)
        assert desk.on_air == "b"
        assert playback(desk.state) == "held"

    def test_goes_back_and_then_on_in_order_again(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.press(Act.BACK, 40)
        assert desk.on_air == "a"
        desk.play_to(135)
        assert desk.outcomes == {"a": "aired", "b": "aired", "c": "aired"}
        assert desk.rows["b", 1].outcome is Outcome.PARTIAL
        assert desk.rows["b", 2].outcome is Outcome.AIRED

    def test_jumps_ahead_and_what_was_jumped_over_is_skipped(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.press(Act.JUMP, 10, "c")
        assert desk.on_air == "c"
        assert desk.outcomes["b"] == "skipped"

    def test_jumps_back_to_a_skipped_item_which_then_has_one_row_for_its_one_airing(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.press(Act.JUMP, 10, "c")
        desk.press(Act.JUMP, 20, "b")
        desk.play_to(50)
        assert [key for key in desk.rows if key[0] == "b"] == [("b", 1)]
        assert desk.outcomes["b"] == "aired"

    @pytest.mark.parametrize("unknown", ["x", None])
    def test_cannot_jump_to_what_is_not_there(self, unknown):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.press(Act.JUMP, 10, unknown)
        assert desk.refusals() == ["The rundown has no item “%(id)s”."]

    def test_skips_the_next_item_without_deleting_it(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.press(Act.SKIP, 10)
        assert cued(desk) == "/media/c.mp4"
        desk.play_to(31)
        assert desk.on_air == "c"
        assert desk.outcomes["b"] == "skipped"
        assert desk.rows["b", 1].note == "skipped by the operator"

    @pytest.mark.parametrize("which", ["a", "b"])
    def test_cannot_skip_what_is_on_air_or_over(self, which):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.press(Act.SKIP, 40, which)
        assert len(desk.refusals()) == 1

    def test_asks_for_standby_and_resumes_in_the_right_place(self):
        desk = Desk.open(rundown(day(profile("a", 60, start=0), B)), at(0))
        desk.press(Act.STANDBY, 10)
        assert desk.target.picture == Safe(None)
        assert playback(desk.state) == "standby"
        desk.press(Act.RESUME, 25)
        assert desk.target.picture == OnDeck(Clip("/media/a.mp4", s(60)), at(0)), "position 25 s into the video"
        desk.play_to(61)
        assert desk.on_air == "b", "the plan has not moved"
        assert desk.rows["a", 1].outcome is Outcome.PARTIAL
        assert desk.rows["a", 2].outcome is Outcome.PARTIAL

    def test_resumes_from_standby_to_the_next_item_when_the_interrupted_one_is_over(self):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.press(Act.STANDBY, 10)
        desk.press(Act.RESUME, 100)
        assert desk.on_air == "b"
        assert desk.starts["b"] == 100

    @pytest.mark.parametrize("act", [Act.RESUME, Act.BACK])
    def test_is_told_what_cannot_be_done(self, act):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.press(act, 10)
        assert len(desk.refusals()) == 1

    def test_takes_again_after_the_end_when_items_were_added(self):
        desk = Desk.open(rundown(day(A)), at(0))
        desk.play_to(60)
        desk.edit(rundown(day(A, B), revision="2"))
        desk.play_to(120)
        assert desk.on_air is None, "nothing goes on air by itself after the end"
        desk.press(Act.TAKE)
        assert desk.on_air == "b"


class TestAHandAtTheStudio:
    def test_makes_automation_yield(self):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.play_to(10)
        commands = desk.send(SceneTakenByHand(at(10), "Kamera 2"))
        assert any(isinstance(command, YieldStudio) for command in commands)
        before = len(desk.targets)
        desk.play_to(500)
        assert len(desk.targets) == before, "nothing is asked of the studio until resume"
        assert desk.state.mode is Mode.YIELDED
        assert desk.rows["a", 1].outcome is Outcome.PARTIAL
        assert "Kamera 2" in desk.rows["a", 1].note

    def test_gives_it_back_with_resume(self):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.play_to(10)
        desk.send(SceneTakenByHand(at(10), "Kamera 2"))
        desk.press(Act.RESUME, 20)
        assert desk.on_air == "a"
        assert desk.target.picture == OnDeck(Clip("/media/a.mp4", s(30)), at(0))

    def test_on_an_items_scene_is_a_jump(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.play_to(10)
        desk.send(SceneTakenByHand(at(10), "Expo · c C", ItemId("c")))
        assert desk.on_air == "c"
        assert desk.state.mode is Mode.AUTO

    def test_on_the_standby_scene_is_standby(self):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.play_to(10)
        desk.send(SceneTakenByHand(at(10), "Expo · Standby", is_standby=True))
        assert desk.state.mode is Mode.SAFE

    def test_before_the_show_is_left_alone_and_the_show_still_starts(self):
        """Operators show cameras before the show; an unattended show must start all the same."""
        desk = Desk.open(rundown(day(A, B)), at(-60))
        commands = desk.send(SceneTakenByHand(at(-30), "Kamera 2"))
        assert any(isinstance(command, YieldStudio) for command in commands)
        before = len(desk.targets)
        desk.edit(rundown(day(A, C), revision="2"))
        assert len(desk.targets) == before
        desk.play_to(1)
        assert desk.on_air == "a"


class TestBrokenPictures:
    def test_a_missing_video_gets_a_card_for_its_whole_time(self):
        gone = profile("b", 30, media=Media("/media/b.mp4", None, "file is missing"))
        desk = Desk.open(rundown(day(A, gone, C)), at(0))
        desk.play_to(31)
        assert isinstance(desk.target.picture, Card)
        desk.play_to(61)
        assert desk.on_air == "c"
        assert desk.outcomes["b"] == "filled"

    def test_under_skip_a_missing_video_is_passed_over_as_failed(self):
        gone = profile("b", 30, media=Media("/media/b.mp4", None, "file is missing"))
        desk = Desk.open(rundown(day(A, gone, C), missing_media=MissingMedia.SKIP), at(0))
        desk.play_to(31)
        assert desk.on_air == "c"
        assert desk.outcomes["b"] == "failed"

    def test_a_video_that_the_studio_cannot_play_gets_a_card(self):
        desk = Desk.open(rundown(day(A, B)), at(0), confirms=False)
        desk.send(StudioFailed(at(1), desk.target.id, "stands still"))
        assert isinstance(desk.target.picture, Card)
        assert desk.on_air == "a"

    def test_a_video_that_the_studio_cannot_play_is_left_under_skip(self):
        desk = Desk.open(rundown(day(A, B), missing_media=MissingMedia.SKIP), at(0), confirms=False)
        desk.send(StudioFailed(at(1), desk.target.id, "stands still"))
        assert desk.on_air == "b"
        assert desk.outcomes["a"] == "failed"

    def test_a_cue_that_fails_is_known_before_its_time(self):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.send(CueFailed(at(5), "/media/b.mp4", "garbage"))
        desk.play_to(31)
        assert isinstance(desk.target.picture, Card)
        assert desk.outcomes["a"] == "aired"

    def test_a_failure_of_a_wish_that_is_past_means_nothing(self):
        desk = Desk.open(rundown(day(A, B)), at(0))
        old = desk.target.id
        desk.play_to(31)
        desk.send(StudioFailed(at(31), old, "late news"))
        assert desk.target.picture == OnDeck(Clip("/media/b.mp4", s(30)), at(30))

    def test_a_live_item_whose_scene_is_missing_gets_a_card(self):
        desk = Desk.open(rundown(day(live("talk", start=0), B)), at(0), confirms=False)
        desk.send(StudioFailed(at(1), desk.target.id, "no scene Panggung"))
        assert desk.target.picture == Card("Talk", "")

    def test_a_studio_that_was_lost_mars_the_airing(self):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.play_to(5)
        desk.send(StudioLost(at(5), "killed"))
        desk.send(StudioConnected(at(9), "29"))
        desk.play_to(31)
        assert desk.rows["a", 1].outcome is Outcome.PARTIAL
        assert "4.0 s" in desk.rows["a", 1].note

    def test_an_item_that_was_never_confirmed_has_failed(self):
        desk = Desk.open(rundown(day(A, B)), at(0), confirms=False)
        desk.play_to(31)
        assert desk.outcomes["a"] == "failed"
        assert desk.rows["a", 1].actual_start is None


class TestSkippedOpeners:
    def test_what_follows_opens_the_day_in_their_place(self):
        desk = Desk.open(rundown(day(profile("a", start=0, skip=True), B)), at(-10))
        desk.play_to(31)
        assert desk.starts == {"b": 0}
        assert desk.outcomes == {"a": "skipped", "b": "aired"}


class TestMissedStarts:
    def test_join_puts_the_item_on_in_the_right_place(self):
        desk = Desk.open(rundown(day(A, profile("b", 60), C)), at(50))
        assert desk.target.picture == OnDeck(Clip("/media/b.mp4", s(60)), at(30))
        assert desk.outcomes["a"] == "skipped"
        desk.play_to(91)
        assert desk.on_air == "c"
        assert desk.outcomes["b"] == "partial"
        assert desk.rows["b", 1].lateness_s == pytest.approx(20)

    def test_restart_plays_it_from_its_beginning(self):
        show = rundown(day(A, profile("b", 60), C), missed_start=MissedStart.RESTART)
        desk = Desk.open(show, at(50))
        assert desk.target.picture == OnDeck(Clip("/media/b.mp4", s(60)), at(50))
        desk.play_to(111)
        assert desk.on_air == "c"
        assert desk.starts["c"] == 110
        assert desk.outcomes["b"] == "aired"

    def test_skip_waits_for_the_next_one(self):
        show = rundown(day(A, profile("b", 60), C), missed_start=MissedStart.SKIP)
        desk = Desk.open(show, at(50))
        assert desk.on_air is None
        assert desk.outcomes == {"a": "skipped", "b": "skipped"}
        desk.play_to(91)
        assert desk.on_air == "c"
        assert desk.starts["c"] == 90

    def test_a_little_late_is_not_missed_and_plays_from_the_first_frame(self):
        desk = Desk.open(rundown(day(A, B)), at(1))
        assert desk.target.picture == OnDeck(Clip("/media/a.mp4", s(30)), at(1))
        desk.play_to(31)
        assert desk.starts["b"] == 30

    def test_a_late_wake_up_skips_nothing_silently(self):
        desk = Desk.open(rundown(day(A, B, C, profile("d"))), at(0))
        desk.play_to(10)
        desk.sleep_to(100)
        assert desk.on_air == "d"
        assert desk.outcomes == {"a": "aired", "b": "skipped", "c": "skipped", "d": "None"}

    def test_a_break_is_always_joined(self):
        show = rundown(day(A, pause(seconds=60), C), missed_start=MissedStart.SKIP)
        desk = Desk.open(show, at(50))
        assert desk.on_air == "ishoma"


class TestEdits:
    def test_deleting_the_item_on_air_lets_it_finish(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.play_to(40)
        desk.edit(rundown(day(A, C), revision="2"))
        assert desk.on_air == "b"
        desk.play_to(61)
        assert desk.on_air == "c"
        assert desk.outcomes["b"] == "aired"

    def test_changing_the_item_on_air_does_not_move_it(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.play_to(40)
        picture = desk.target.picture
        desk.edit(rundown(day(A, profile("b", 5, start=500), C), revision="2"))
        assert desk.target.picture == picture
        desk.play_to(61)
        assert desk.on_air == "c"

    def test_an_item_inserted_next_is_next(self):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.play_to(10)
        desk.edit(rundown(day(A, C, B), revision="2"))
        assert cued(desk) == "/media/c.mp4"
        desk.play_to(31)
        assert desk.on_air == "c"

    def test_a_hard_start_edited_into_the_past_does_not_cut_what_is_on_air(self):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.play_to(20)
        desk.edit(rundown(day(A, profile("b", start=10)), revision="2"))
        assert desk.on_air == "a"
        desk.play_to(31)
        assert desk.on_air == "b"

    def test_an_item_that_aired_and_is_moved_down_does_not_air_twice(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.play_to(40)
        desk.edit(rundown(day(B, C, profile("a", start=300)), revision="2"))
        desk.play_to(400)
        assert sum(1 for key in desk.rows if key[0] == "a") == 1

    def test_an_item_moved_up_before_what_is_on_air_ends_as_skipped(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.play_to(40)
        desk.edit(rundown(day(A, C, B), revision="2"))
        desk.play_to(100)
        assert desk.outcomes == {"a": "aired", "b": "aired", "c": "skipped"}

    def test_a_repaired_video_is_tried_again(self):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.send(CueFailed(at(5), "/media/b.mp4", "garbage"))
        desk.edit(rundown(day(A, B), revision="2"))
        desk.play_to(31)
        assert desk.target.picture == OnDeck(Clip("/media/b.mp4", s(30)), at(30))

    def test_an_item_inserted_into_a_gap_begins_at_once(self):
        desk = Desk.open(rundown(day(A, profile("h", start=300))), at(0))
        desk.play_to(100)
        desk.edit(rundown(day(A, B, profile("h", start=300)), revision="2"))
        desk.play_to(101)
        assert desk.on_air == "b"
        assert desk.target.picture == OnDeck(Clip("/media/b.mp4", s(30)), at(100))

    def test_scenes_and_description_follow_an_edit(self):
        desk = Desk.open(rundown(day(A, B)), at(0))
        wishes = len(desk.wishes())
        commands = desk.edit(rundown(day(A, B, C), revision="2"))
        assert any(isinstance(command, PrepareScenes) and len(command.scenes) == 4 for command in commands)
        assert len(desk.wishes()) == wishes + 1


class TestSeveralDays:
    TWO = rundown(day(A, B), day(profile("x", start=86_400), profile("y"), on=at(90_000).date()))

    def test_run_one_after_the_other_with_standby_between(self):
        desk = Desk.open(self.TWO, at(-10))
        desk.play_to(1000)
        assert playback(desk.state) == "standby"
        assert desk.target.countdown_to == at(86_400)
        desk.play_to(86_401)
        assert desk.on_air == "x"
        desk.play_to(86_500)
        assert playback(desk.state) == "ended"

    def test_a_day_that_was_missed_altogether_has_rows_that_say_so(self):
        desk = Desk.open(self.TWO, at(86_405))
        assert desk.on_air == "x"
        assert desk.outcomes["a"] == desk.outcomes["b"] == "skipped"

    def test_the_next_day_starts_even_if_the_last_item_was_never_ended(self):
        first = day(live("talk", 60, start=0, manual=True))
        show = rundown(first, day(profile("x", start=86_400), on=at(90_000).date()))
        desk = Desk.open(show, at(0))
        desk.play_to(86_401)
        assert desk.on_air == "x"

    def test_a_day_added_after_the_end_is_still_played(self):
        desk = Desk.open(rundown(day(A, B)), at(0))
        desk.play_to(100)
        assert playback(desk.state) == "ended"
        desk.edit(rundown(day(A, B), day(profile("x", start=86_400), on=at(90_000).date()), revision="2"))
        desk.play_to(86_401)
        assert desk.on_air == "x"


class TestTheClock:
    def test_a_jump_leaves_what_is_running_its_length(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.play_to(10)
        desk.send(ClockJumped(at(3610), s(3600)))
        assert desk.on_air == "a"
        desk.play_to(3631)
        assert desk.on_air == "b"
        assert desk.outcomes["a"] == "aired"

    def test_hard_starts_follow_the_wall(self):
        desk = Desk.open(rundown(day(profile("a", 600, start=0), profile("h", 60, start=300))), at(0))
        desk.play_to(10)
        desk.send(ClockJumped(at(310), s(300)))
        assert desk.on_air == "h"

    def test_a_jump_back_repeats_nothing(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        desk.play_to(40)
        desk.send(ClockJumped(at(-60), s(-100)))
        desk.now = at(-60)
        assert desk.on_air == "b"
        desk.send(Ticked(at(-60) + s(21)))
        assert desk.on_air == "c"


class TestTheDescription:
    def test_follows_what_the_studio_confirmed(self):
        desk = Desk.open(rundown(day(A, B)), at(0), latency=s(0.5))
        desk.play_to(40)
        named = [command.wish.on_air.name for command in desk.wishes() if command.wish.on_air]
        assert named == ["A", "B"]
        assert desk.wishes()[-1].wish.at == at(30.5)

    def test_names_what_follows_with_expected_times(self):
        desk = Desk.open(rundown(day(A, B, C)), at(0))
        wish = desk.wishes()[-1].wish
        assert [(entry.name, entry.start) for entry in wish.following] == [("B", at(30)), ("C", at(60))]
        assert [entry.name for entry in wish.others] == ["B", "C"]
        assert wish.on_air is not None
        assert wish.on_air.link == "https://toko.example/a"


def test_a_slate_shows_its_title():
    desk = Desk.open(rundown(day(item("welcome", ItemType.SLATE, 10, start=0))), at(0))
    assert desk.target.picture == Card("Welcome", "")


def test_an_empty_show_is_standby_for_ever():
    desk = Desk.open(rundown(), at(0))
    desk.play_to(100)
    assert desk.target.picture == Safe(None)
    desk.press(Act.TAKE)
    assert len(desk.refusals()) == 1

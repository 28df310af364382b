"""When the stream and the recording should be on, whose will counts, and what viewers miss while the stream is down."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.show import playout, snapshot
from broadcaster.show.messages import (
    Act,
    ClockJumped,
    RecordingStarted,
    RecordingStopped,
    SceneTakenByHand,
    SetOutputs,
    StreamDown,
    StreamPressed,
    StreamStopped,
    StreamUp,
    StudioConnected,
    StudioLost,
    Ticked,
)
from broadcaster.show.outputs import Cause, OutputPolicy, next_segment, recording_name, segment_name
from broadcaster.show.rundown import MissedStart
from broadcaster.show.state import initial
from tests.show.desk import Desk, at, day, live, profile, rundown, s

DAY = 86_400
BY_DAY = OutputPolicy(stream=True, recording=True, before=s(600), after=s(300))
A, B, C = profile("a", start=0), profile("b"), profile("c")


def desk_of(show=None, now: float = -1000, policy: OutputPolicy = BY_DAY) -> Desk:
    desk = Desk(replace(initial(show or rundown(day(A, B, C))), output_policy=policy), at(now))
    desk.state, commands = playout.start(desk.state, desk.now)
    desk._take_in(commands)
    desk.send(StudioConnected(desk.now, "29"))
    return desk


def wanted(desk: Desk) -> tuple[bool | None, bool | None]:
    assert desk.state.outputs is not None
    return desk.state.outputs.stream, desk.state.outputs.recording


def changes(desk: Desk) -> list[tuple[float, bool | None]]:
    """When the stream was asked for, and what: in seconds after nine."""
    asked: list[tuple[float, bool | None]] = []
    for moment, command in desk.commands:
        if isinstance(command, SetOutputs) and (not asked or asked[-1][1] != command.outputs.stream):
            asked.append(((moment - at(0)).total_seconds(), command.outputs.stream))
    return asked


class TestTheDay:
    def test_begins_before_its_first_item_and_ends_after_its_last(self):
        desk = desk_of()
        desk.play_to(1000)
        assert changes(desk) == [(-1000, False), (-600, True), (390, False)]

    def test_that_a_tick_has_opened_ahead_of_its_instant_is_not_closed_by_what_comes_before_it(self):
        """A tick comes early, and speaks of the planned instant; facts speak of the clock."""
        desk = desk_of()
        desk.play_to(-601)
        desk.send(Ticked(at(-600)))
        desk.send(StreamUp(at(-600.4), Cause.SERVICE))
        assert changes(desk) == [(-1000, False), (-600, True)]
        desk.play_to(389)
        desk.send(Ticked(at(390)))
        desk.send(StreamStopped(at(389.6), Cause.SERVICE))
        assert changes(desk)[2:] == [(390, False)]

    def test_goes_on_as_long_as_the_show_is_over_its_time(self):
        desk = desk_of(rundown(day(A, live("speech", 60, manual=True))))
        desk.play_to(2000)
        assert wanted(desk) == (True, True)
        desk.press(Act.TAKE)
        desk.play_to(2400)
        assert changes(desk)[-1] == (2300, False)

    @pytest.mark.parametrize("act", [Act.HOLD, Act.STANDBY])
    def test_goes_on_while_automation_is_suspended(self, act):
        desk = desk_of()
        desk.press(act, 20)
        desk.play_to(5000)
        assert wanted(desk) == (True, True)

    def test_goes_on_while_a_hand_is_at_the_studio(self):
        desk = desk_of()
        desk.play_to(20)
        desk.send(SceneTakenByHand(at(20), "Kamera"))
        desk.play_to(5000)
        assert wanted(desk) == (True, True)

    def test_of_each_day_has_its_own_name_in_the_files(self):
        second = day(profile("x", start=DAY), on=date(2026, 11, 25))
        desk = desk_of(rundown(day(A), second))
        names = []
        for seconds in (0, 200, DAY - 700, DAY - 500):
            desk.play_to(seconds)
            names.append(desk.state.outputs and (desk.state.outputs.stream, desk.state.outputs.name))
        assert names == [
            (True, "2026-11-24 Hari"),
            (True, "2026-11-24 Hari"),
            (False, "2026-11-25 Hari"),
            (True, "2026-11-25 Hari"),
        ]

    def test_that_begins_before_the_last_ones_time_is_over_goes_on_without_a_break(self):
        second = day(profile("x", start=800), on=date(2026, 11, 25))
        desk = desk_of(rundown(day(A), second))
        desk.play_to(2000)
        assert changes(desk) == [(-1000, False), (-600, True), (1130, False)]

    def test_without_a_time_begins_with_its_first_item(self):
        desk = desk_of(rundown(day(profile("a"), profile("b"))))
        desk.play_to(100)
        assert wanted(desk) == (False, False)
        desk.press(Act.TAKE)
        assert wanted(desk) == (True, True)

    def test_that_is_long_over_when_the_service_starts_asks_for_nothing(self):
        desk = desk_of(now=5 * DAY)
        assert changes(desk) == [(5 * DAY, False)]

    def test_that_was_over_begins_again_when_somebody_goes_back(self):
        desk = desk_of()
        desk.play_to(500)
        assert wanted(desk) == (False, False)
        desk.press(Act.BACK)
        assert wanted(desk) == (True, True)

    def test_is_left_to_people_where_the_policy_says_so(self):
        desk = desk_of(policy=OutputPolicy())
        desk.play_to(1000)
        assert changes(desk) == [(-1000, None)]

    def test_is_looked_at_when_it_opens_and_closes_and_not_over_and_over(self):
        desk = desk_of(rundown(day(A), day(profile("x", start=DAY), on=date(2026, 11, 25))))
        wakes = []
        for _ in range(20):
            wake = playout.next_wake(desk.state)
            if wake is None:
                break
            wakes.append((wake - at(0)).total_seconds())
            desk.play_to(wakes[-1])
        assert wakes == [-600, 0, 30, 330, DAY - 600, DAY, DAY + 30, DAY + 330]


class TestHands:
    def test_a_stream_that_somebody_stops_stays_off_until_the_next_day(self):
        desk = desk_of(rundown(day(A), day(profile("x", start=DAY), on=date(2026, 11, 25))))
        desk.play_to(-100)
        desk.send(StreamUp(at(-100)))
        desk.play_to(10)
        desk.send(StreamStopped(at(10), Cause.HAND))
        desk.play_to(DAY)
        assert changes(desk) == [(-1000, False), (-600, True), (10, False), (DAY - 600, True)]
        assert any("stays off until it is started" in text for text in desk.told())

    def test_a_stream_that_somebody_starts_early_is_left_on_and_ends_with_the_day(self):
        desk = desk_of()
        desk.send(StreamUp(at(-900), Cause.HAND))
        desk.play_to(1000)
        assert changes(desk) == [(-1000, False), (-900, True), (390, False)]
        assert any("left on until the next day" in text for text in desk.told())

    def test_a_stream_that_somebody_stopped_and_starts_again_is_the_shows_again(self):
        desk = desk_of()
        desk.play_to(0)
        desk.send(StreamUp(at(0)))
        desk.send(StreamStopped(at(0), Cause.HAND))
        desk.play_to(10)
        desk.send(StreamUp(at(10), Cause.HAND))
        desk.play_to(1000)
        assert changes(desk)[-2:] == [(10, True), (390, False)]

    def test_a_recording_that_somebody_stops_stays_off_and_the_stream_goes_on(self):
        desk = desk_of()
        desk.play_to(0)
        desk.send(RecordingStarted(at(0), "/rec/1.mkv"))
        desk.send(RecordingStopped(at(0), Cause.HAND))
        assert wanted(desk) == (True, False)

    def test_a_recording_that_breaks_off_is_still_wanted(self):
        desk = desk_of()
        desk.play_to(0)
        desk.send(RecordingStarted(at(0), "/rec/1.mkv"))
        desk.send(RecordingStopped(at(5), Cause.BROKE))
        assert wanted(desk) == (True, True)
        assert any("recording broke off" in text for text in desk.told())

    def test_what_somebody_wants_survives_a_restart_of_the_service(self):
        desk = desk_of()
        desk.play_to(10)
        desk.send(StreamUp(at(10)))
        desk.send(StreamStopped(at(10), Cause.HAND))
        again = restarted(desk, 20)
        assert wanted(again) == (False, True)

    def test_a_stream_left_on_between_two_runs_of_the_service_is_somebodys_own(self):
        desk = restarted(desk_of(now=-5000), -4000)
        desk.send(StreamUp(at(-4000), Cause.UNSEEN))
        assert wanted(desk)[0] is True

    def test_a_stream_that_was_on_before_a_restart_still_ends_with_the_day(self):
        desk = desk_of()
        desk.play_to(50)
        desk.send(StreamUp(at(50)))
        again = restarted(desk, 1000)
        again.send(StreamUp(at(1000), Cause.UNSEEN))
        assert wanted(again)[0] is False

    def test_where_the_show_leaves_the_stream_alone_hands_are_only_noted(self):
        desk = desk_of(policy=OutputPolicy())
        desk.send(StreamUp(at(-900), Cause.HAND))
        desk.send(StreamStopped(at(-800), Cause.HAND))
        assert changes(desk) == [(-1000, None)]
        assert desk.told()[-2:] == ["The stream is on.", "The stream has ended."]


class TestPresses:
    def test_start_and_stop_the_stream_that_the_show_leaves_alone(self):
        desk = desk_of(policy=OutputPolicy())
        desk.send(StreamPressed(at(-900), on=True, by="ani"))
        desk.send(StreamUp(at(-899)))
        desk.send(StreamPressed(at(-800), on=False, by="ani"))
        desk.send(StreamStopped(at(-799)))
        assert changes(desk) == [(-1000, None), (-900, True), (-800, False)]
        assert desk.refusals() == []

    def test_a_stream_that_a_press_started_and_a_hand_ended_is_left_alone_again(self):
        desk = desk_of(policy=OutputPolicy())
        desk.send(StreamPressed(at(-900), on=True))
        desk.send(StreamUp(at(-899)))
        desk.send(StreamStopped(at(-800), Cause.HAND))
        assert wanted(desk)[0] is None

    def test_overrule_the_day_and_give_it_back(self):
        desk = desk_of()
        desk.play_to(0)
        desk.send(StreamUp(at(0)))
        desk.send(StreamPressed(at(0), on=False))
        desk.send(StreamStopped(at(1)))
        desk.play_to(20)
        assert wanted(desk)[0] is False
        desk.send(StreamPressed(at(20), on=True))
        desk.play_to(1000)
        assert changes(desk)[-3:] == [(0, False), (20, True), (390, False)]

    def test_what_is_so_already_is_refused(self):
        desk = desk_of()
        desk.send(StreamPressed(at(-1000), on=False))
        desk.play_to(0)
        desk.send(StreamUp(at(0)))
        desk.send(StreamPressed(at(0), on=True))
        assert desk.refusals() == ["The stream is off already.", "The stream is on already."]

    def test_a_stream_that_comes_on_after_it_was_called_off_is_nobodys_hand(self):
        desk = desk_of()
        desk.play_to(0)
        desk.send(StreamPressed(at(0), on=False))
        desk.send(StreamUp(at(0)))
        assert wanted(desk)[0] is False


def restarted(desk: Desk, seconds: float) -> Desk:
    """The service was killed, and comes back at so many seconds after nine."""
    saved = json.loads(json.dumps(snapshot.dump(desk.state, desk.now)))
    state = replace(snapshot.load(saved, desk.state.rundown), output_policy=desk.state.output_policy)
    again = Desk(state, at(seconds), rows=dict(desk.rows))
    again.state, commands = playout.start(again.state, again.now)
    again._take_in(commands)
    again.send(StudioConnected(again.now, "29"))
    again._confirm_until(again.now)
    return again


def outage(desk: Desk, since: float, until: float) -> None:
    desk.play_to(since)
    desk.send(StreamDown(at(since), "OBS is reconnecting"))
    desk.play_to(until)
    desk.send(StreamUp(at(until)))


def notes(desk: Desk) -> dict[str, tuple[str, str]]:
    return {str(row.item): (str(row.outcome), row.note) for row in desk.rows.values()}


AIRED = ("aired", "")


def missed(seconds: float) -> tuple[str, str]:
    return "partial", f"viewers missed {seconds:.1f} s: the stream was down"


class TestWhatViewersMissed:
    def test_within_one_item_is_written_on_that_item(self):
        desk = Desk.open(rundown(day(A, B, C)), at(-1))
        outage(desk, 35, 55.3)
        desk.play_to(100)
        assert notes(desk) == {"a": AIRED, "b": missed(20.3), "c": AIRED}

    def test_over_several_items_is_written_on_each(self):
        desk = Desk.open(rundown(day(A, B, C)), at(-1))
        outage(desk, 20, 65)
        desk.play_to(100)
        assert notes(desk) == {"a": missed(10), "b": missed(30), "c": missed(5)}

    def test_in_two_outages_adds_up(self):
        desk = Desk.open(rundown(day(A, B, C)), at(-1))
        outage(desk, 32, 36)
        outage(desk, 40, 43)
        desk.play_to(100)
        assert notes(desk)["b"] == missed(7)

    def test_of_less_than_a_second_is_not_worth_a_word(self):
        desk = Desk.open(rundown(day(A, B, C)), at(-1))
        outage(desk, 35, 35.9)
        desk.play_to(100)
        assert notes(desk) == {"a": AIRED, "b": AIRED, "c": AIRED}

    def test_before_and_after_the_show_concerns_no_item(self):
        desk = Desk.open(rundown(day(A)), at(-100))
        outage(desk, -50, -10)
        outage(desk, 40, 60)
        assert notes(desk) == {"a": AIRED}

    def test_of_an_outage_that_began_before_the_show_counts_from_the_first_picture(self):
        desk = Desk.open(rundown(day(A, B)), at(-100), latency=s(0.4))
        outage(desk, -50, 10)
        desk.play_to(100)
        assert notes(desk)["a"] == missed(9.6)

    def test_of_an_outage_that_never_ends_is_all_that_follows(self):
        desk = Desk.open(rundown(day(A, B)), at(-1))
        desk.play_to(20)
        desk.send(StreamDown(at(20)))
        desk.play_to(100)
        assert notes(desk) == {"a": missed(10), "b": missed(30)}

    def test_is_counted_once_however_often_the_outage_is_told(self):
        desk = Desk.open(rundown(day(A, B)), at(-1))
        desk.play_to(10)
        desk.send(StreamDown(at(10)))
        desk.send(StreamDown(at(14)))
        desk.play_to(15)
        desk.send(StreamUp(at(15)))
        desk.send(StreamUp(at(16)))
        desk.play_to(100)
        assert notes(desk)["a"] == missed(5)
        assert [text[:12] for text in desk.told()].count("Viewers see ") == 1

    def test_while_the_service_was_away_is_counted_too(self):
        desk = Desk.open(rundown(day(A, profile("b", 60))), at(-1))
        desk.play_to(40)
        desk.send(StreamUp(at(40)))
        desk.send(StreamDown(at(40)))
        again = restarted(desk, 50)
        again.send(StreamUp(at(52), Cause.UNSEEN))
        again.play_to(100)
        assert notes(again)["b"] == missed(12)

    def test_of_a_stream_that_is_found_off_counts_from_then(self):
        desk = desk_of()
        desk.play_to(10)
        desk.send(StreamUp(at(10)))
        again = restarted(desk, 12)
        again.send(StreamStopped(at(13), Cause.UNSEEN))
        again.send(StreamUp(at(17)))
        again.play_to(100)
        assert notes(again)["a"] == missed(4)
        assert wanted(again)[0] is True

    def test_of_a_stream_that_somebody_ended_while_the_service_was_away_is_nothing(self):
        desk = desk_of(policy=OutputPolicy())
        desk.play_to(10)
        desk.send(StreamUp(at(10), Cause.HAND))
        again = restarted(desk, 12)
        again.send(StreamStopped(at(13), Cause.UNSEEN))
        again.play_to(100)
        assert notes(again)["a"] == AIRED

    def test_of_a_stream_that_a_hand_ends_while_it_is_down_ends_there(self):
        desk = Desk.open(rundown(day(A, B)), at(-1))
        desk.send(StreamUp(at(-1)))
        desk.play_to(10)
        desk.send(StreamDown(at(10)))
        desk.play_to(15)
        desk.send(StreamStopped(at(15), Cause.HAND))
        desk.play_to(100)
        assert notes(desk) == {"a": missed(5), "b": AIRED}

    def test_is_not_changed_by_a_jump_of_the_clock(self):
        desk = Desk.open(rundown(day(A, profile("b", 60))), at(-1))
        desk.play_to(40)
        desk.send(StreamDown(at(40)))
        desk.play_to(45)
        desk.send(ClockJumped(at(3645), s(3600)))
        desk.play_to(3650)
        desk.send(StreamUp(at(3650)))
        desk.play_to(3800)
        assert notes(desk)["b"] == missed(10)

    def test_is_written_on_items_that_had_left_when_the_outage_was_noticed(self):
        """A server that hangs swallows some seconds of video before OBS notices."""
        desk = Desk.open(rundown(day(A, profile("b", 10), C)), at(-1))
        desk.play_to(45)
        desk.send(StreamDown(at(25), "nothing is sent any more"))
        desk.play_to(50)
        desk.send(StreamUp(at(50)))
        desk.play_to(100)
        assert notes(desk) == {"a": missed(5), "b": missed(10), "c": missed(10)}
        assert {str(key): str(value) for key, value in desk.state.outcomes.items()} == desk.outcomes

    def test_is_written_on_an_item_whose_end_is_not_confirmed_yet(self):
        desk = Desk.open(rundown(day(A, B)), at(-1), latency=s(0.5))
        desk.play_to(30.2)
        desk.send(StreamDown(at(25)))
        desk.play_to(100)
        assert notes(desk)["a"] == missed(5)
        assert desk.rows["a", 1].actual_end == at(30.5)

    def test_of_an_airing_that_is_to_be_repeated_keeps_its_row_and_lets_it_air_again(self):
        desk = Desk.open(rundown(day(A, B, C)), at(-1))
        desk.press(Act.BACK, 35)
        desk.send(StreamDown(at(25)))
        desk.send(StreamUp(at(36)))
        desk.play_to(300)
        assert [(row.airing, str(row.outcome)) for row in desk.rows.values() if row.item == "a"] == [
            (1, "partial"),
            (2, "aired"),
        ]

    def test_is_told_beside_what_else_went_wrong(self):
        desk = Desk.open(rundown(day(A, B), missed_start=MissedStart.JOIN), at(5))
        outage(desk, 10, 20)
        desk.play_to(32)
        desk.send(StudioLost(at(32)))
        desk.send(StreamDown(at(32)))
        desk.play_to(37)
        desk.send(StudioConnected(at(37)))
        desk.play_to(40)
        desk.send(StreamUp(at(40)))
        desk.play_to(100)
        assert notes(desk) == {
            "a": ("partial", "joined 5.0 s late; viewers missed 10.0 s: the stream was down"),
            "b": ("partial", "the studio was lost for 5.0 s; viewers missed 8.0 s: the stream was down"),
        }


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["down", "up", "stop", "press", "late"]), st.floats(0, 40)), max_size=12),
    st.booleans(),
)
def test_nobody_misses_more_of_an_item_than_there_was_of_it(story, by_day):
    desk = Desk.open(rundown(day(*[profile(f"i{n}", 20, start=0 if n == 0 else None) for n in range(8)])), at(-5))
    if by_day:
        desk.state = replace(desk.state, output_policy=BY_DAY)
    seconds = -5.0
    for kind, pause in story:
        seconds += pause
        desk.play_to(seconds)
        match kind:
            case "down":
                desk.send(StreamDown(at(seconds)))
            case "late":
                desk.send(StreamDown(at(seconds - 15)))
            case "up":
                desk.send(StreamUp(at(seconds), Cause.HAND))
            case "stop":
                desk.send(StreamStopped(at(seconds), Cause.HAND))
            case _:
                desk.send(StreamPressed(at(seconds), on=pause > 20))
    desk.play_to(1000)
    for row in desk.rows.values():
        if row.note:
            assert 1 <= float(row.note.split()[2]) <= 20.01, row
    wake = playout.next_wake(desk.state)
    assert wake is None or wake > desk.now


class TestFileNames:
    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("Hari 1", "2026-11-24 Hari 1"),
            ("", "2026-11-24"),
            ("2026-11-24", "2026-11-24"),
            ('Batik: "Tulis/Cap" 100%?', "2026-11-24 Batik Tulis Cap 100"),
            ("Penutup...", "2026-11-24 Penutup"),
            ("\u202ekelam\x07", "2026-11-24 kelam"),
        ],
    )
    def test_are_the_days_and_safe_everywhere(self, title, name):
        assert recording_name(date(2026, 11, 24), title) == name

    @given(st.text(max_size=200))
    def test_of_any_title_are_short_and_have_nothing_that_a_file_system_refuses(self, title):
        name = segment_name(recording_name(date(2026, 11, 24), title), 1)
        assert not set(name) & set('<>:"/\\|?*%\0\n')
        assert name == name.strip(" .")
        assert len(f"{name}.mkv".encode()) < 255

    def test_count_up_with_each_part_whatever_the_day_was_called(self):
        files = [
            "2026-11-24 Hari 1 – 01.mkv",
            "2026-11-24 Hari Pertama – 02.mkv",
            "2026-11-24_Hari_1_–_03.mkv",
            "2026-11-24 Hari 1 – 04 (2).mp4",
            "2026-11-25 Hari 2 – 09.mkv",
            "catatan.txt",
        ]
        assert next_segment("2026-11-24 Hari 1", files) == 5
        assert next_segment("2026-11-26 Hari 3", files) == 1

"""OBS's frames on this machine's clock, and on which of them one video follows another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.devices.obs.reel import STARTS, Moment, Reel, moment
from broadcaster.devices.obs.ticks import Ticks

FRAME = 1 / 30
TICKS = Ticks(FRAME, phase=100.0)


def reel(length=4.0, activated=0):
    return Reel.activated("Deck A", activated, length, TICKS)


# ------------------------------------------------------------------ ticks


def test_the_soonest_of_a_few_answers_tells_when_obs_draws():
    ticks = Ticks(FRAME)
    drawn = [50.0 + n * FRAME for n in range(4)]
    ticks.learn([drawn[0] + 0.004, drawn[1] + 0.0005, drawn[2] + 0.010, drawn[3] + 0.003])
    assert ticks.at(ticks.answered(50.2)) % FRAME == pytest.approx((50.0 + 0.0005) % FRAME, abs=1e-6)


@given(st.floats(0, 1e6), st.integers(0, 10_000_000))
def test_a_frame_is_the_first_from_its_own_instant(phase, tick):
    ticks = Ticks(FRAME, phase)
    assert ticks.first_from(ticks.at(tick)) == tick
    assert ticks.first_from(ticks.at(tick) + 0.001) == tick + 1


def test_an_answer_belongs_to_the_frame_before_it_even_when_it_comes_a_little_early():
    assert TICKS.answered(TICKS.at(7) - 0.001) == 7
    assert TICKS.answered(TICKS.at(7) + 0.020) == 7


# ------------------------------------------------------------------- reel


def test_a_video_leaves_when_all_its_pictures_were_seen():
    """120 pictures: the first from the frame after activation on, the last until frame 121 begins."""
    assert TICKS.first_from(reel(4.0).end) == 121


def test_without_a_length_nobody_knows_when_a_video_ends():
    assert reel(None).end is None


def looked_at(on_air, stalls_at=None, stall=0.0):
    """Looks at OBS's cursor every quarter second, up to the third second before the end."""
    for number in range(1, 60):
        at = on_air.zero + number * 0.25
        lost = stall if stalls_at is not None and number * 0.25 > stalls_at else 0.0
        on_air = on_air.looked_at(number * 0.25 - lost + 0.03, at)
    return on_air


def test_a_video_that_stood_still_for_a_while_ends_that_much_later():
    on_air = reel(20.0)
    assert looked_at(on_air).end == pytest.approx(on_air.end)
    assert looked_at(on_air, stalls_at=5.0, stall=0.4).end == pytest.approx(on_air.end + 0.4, abs=0.05)


def test_a_video_that_begins_anew_long_before_its_end_is_shorter_than_it_was_measured():
    on_air = reel(20.0)
    assert on_air.has_wrapped(0.1, before=12.0, now=on_air.zero + 12.2)
    assert not on_air.has_wrapped(12.2, before=12.0, now=on_air.zero + 12.2), "it goes on"
    assert not on_air.has_wrapped(0.1, before=19.9, now=on_air.zero + 20.1), "it is over"


# ----------------------------------------------------------------- moment


def test_the_next_video_comes_when_the_last_picture_of_the_one_before_has_been_seen():
    end = reel(4.0).end
    assert moment(TICKS, soonest=0.0, planned=end - 0.02, end=end).tick == 121
    assert moment(TICKS, soonest=0.0, planned=end + 0.02, end=end).tick == 121


def test_where_a_video_is_cut_short_the_plan_decides():
    end = reel(4.0).end
    planned = TICKS.at(60) + 0.4 * FRAME
    assert moment(TICKS, 0.0, planned, end) == Moment(60)


def test_what_is_asked_for_at_once_comes_on_the_first_frame_that_can_be_had():
    assert moment(TICKS, TICKS.at(9) + 0.001, None, None) == Moment(10)
    assert moment(TICKS, TICKS.at(9) + 0.001, TICKS.at(4), None) == Moment(10), "the plan has passed"


def test_a_video_that_ends_a_frame_before_its_plan_is_followed_by_a_first_picture_that_stays_for_two():
    end = TICKS.at(100)
    assert moment(TICKS, 0.0, TICKS.at(101), end) == Moment(100, holds=True)
    assert moment(TICKS, 0.0, TICKS.at(100) + 0.5 * FRAME, end) == Moment(100)


def test_a_video_that_ends_two_frames_late_gives_up_its_last_picture():
    assert moment(TICKS, 0.0, TICKS.at(98), TICKS.at(100)) == Moment(99)


@given(st.lists(st.floats(1.0, 8.0), min_size=1, max_size=60), st.floats(0, 1))
def test_lengths_that_are_no_whole_number_of_frames_do_not_add_up(lengths, phase):
    """Each starts within two frames of its plan, and takes no more than one picture from the one before."""
    ticks = Ticks(FRAME, phase)
    planned, tick, activated = ticks.at(0), 0, -1
    for length in lengths:
        end = Reel.activated("Deck A", activated, length, ticks).end
        assert end is not None
        planned += length
        coming = moment(ticks, 0.0, planned, end)
        assert abs(ticks.at(coming.tick) - planned) < 2 * FRAME
        assert coming.tick >= ticks.first_from(end) - 1
        tick = coming.tick
        activated = tick if coming.holds else tick - 1


def test_a_deck_s_time_begins_a_little_after_the_frame_on_which_it_was_activated():
    assert reel(activated=3).zero == pytest.approx(TICKS.at(3) + STARTS)

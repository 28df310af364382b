"""What viewers saw at a switch is counted in output frames, and put down to what went wrong."""

from __future__ import annotations

import pytest

from bench.received.clips import Clip
from bench.received.frames import Seen, What
from bench.received.switches import Flaws, Planned, report

RATE = 30


def clip(number: int, rate: float = 30, seconds: float = 2) -> Clip:
    count = round(rate * seconds)
    return Clip(number, "", "", (640, 360), tuple(n / rate for n in range(count)), seconds, None, 0)


A, B, C = clip(1), clip(2), clip(3)
PLAN = [Planned(A, 2), Planned(B, 2)]
BLACK, SLATE, BLEND = Seen(0, What.BLACK), Seen(0, What.OTHER), Seen(0, What.BLEND)


def of(clip: Clip, first: int = 0, last: int | None = None) -> list[Seen]:
    """A clip's frames as a screen of RATE shows them."""
    shown = []
    for slot in range(round(clip.duration * RATE)):
        frame = max(n for n, time in enumerate(clip.times) if time <= slot / RATE + 1e-6)
        shown.append(Seen(0, What.CLIP, clip.number, frame))
    return shown[first : len(shown) if last is None else last + 1]


def stamped(*frames: Seen, missing: tuple[int, ...] = ()) -> list[Seen]:
    """With the time stamps of a stream, which are whole milliseconds; without the `missing` ones."""
    stamps = [Seen(round(n / RATE, 3) + 5, f.what, f.clip, f.frame) for n, f in enumerate(frames)]
    return [each for n, each in enumerate(stamps) if n not in missing]


def the_switch(*frames: Seen, plan=PLAN, missing=()):
    found = report(stamped(*frames, missing=missing), plan, RATE)
    assert [] == found.unseen
    return found.switches[0]


def flaws(switch) -> dict[str, int]:
    return {name: count for name in Flaws.__dataclass_fields__ if (count := getattr(switch.flaws, name))}


@pytest.mark.parametrize("rate", [24, 25, 30, 50, 60])
def test_a_perfect_switch_is_clean_whatever_the_frame_rates(rate):
    a, b = clip(1, rate), clip(2, 30)
    switch = the_switch(*of(a), *of(b), plan=[Planned(a, 2), Planned(b, 2)])
    assert switch.is_clean
    assert (7.0, 0) == (pytest.approx(switch.at), pytest.approx(switch.lateness, abs=0.01))


def test_a_clip_cut_short_has_its_end_missing():
    switch = the_switch(*of(A, last=56), *of(B))
    assert (3, 0, -3) == (switch.missing_at_end, switch.missing_at_start, round(switch.lateness))


def test_a_clip_that_ran_already_has_its_start_missing():
    switch = the_switch(*of(A), *of(B, first=4))
    assert (0, 4, 0) == (switch.missing_at_end, switch.missing_at_start, round(switch.lateness))


def test_half_an_output_frame_is_not_missing():
    """Of 60 fps every other frame is shown, and which is chance."""
    a = clip(1, 60)
    shown = [Seen(0, What.CLIP, 1, n) for n in range(1, 120, 2)]
    switch = the_switch(*shown, *of(B), plan=[Planned(a, 2), Planned(B, 2)])
    assert switch.is_clean


def test_black_and_slate_are_counted_and_late():
    switch = the_switch(*of(A), BLACK, BLACK, SLATE, *of(B))
    assert ({"black": 2, "other": 1}, 3) == (flaws(switch), round(switch.lateness))


def test_a_picture_that_stands_is_frozen_from_its_second_frame_too_many_on():
    assert {"repeated": 1} == flaws(the_switch(*of(A), *of(A, first=59), *of(B)))
    assert {"repeated": 3, "frozen": 2} == flaws(the_switch(*of(A), *of(A, first=59) * 3, *of(B)))


def test_frames_of_25_fps_that_are_shown_twice_in_their_turn_are_not_repeats():
    a = clip(1, 25)
    assert {"repeated": 1, "frozen": 1} == flaws(
        the_switch(*of(a), *of(a, first=59) * 2, *of(B), plan=[Planned(a, 2), Planned(B, 2)])
    )


def test_a_clip_that_begins_again_before_it_leaves_is_wrong():
    switch = the_switch(*of(A), *of(A, last=2), *of(B))
    assert ({"wrong": 3}, 0, 3) == (flaws(switch), switch.missing_at_end, round(switch.lateness))


def test_a_frame_of_the_clip_before_that_flashes_up_again_is_wrong():
    switch = the_switch(*of(A), *of(B, last=1), *of(A, last=0), *of(B, first=3))
    assert ({"wrong": 1}, 0) == (flaws(switch), round(switch.lateness))


def test_a_third_clip_in_between_is_wrong():
    found = report(stamped(*of(A), *of(C, last=1), *of(B)), PLAN, RATE)
    assert {"wrong": 2} == flaws(found.switches[0])


def test_what_a_deck_still_held_is_wrong_and_the_clip_begins_after_it():
    switch = the_switch(*of(A), *of(B, first=57), *of(B))
    assert ({"wrong": 3}, 0) == (flaws(switch), switch.missing_at_start)


def test_a_fade_begins_with_its_first_blend_and_what_is_seen_in_it_is_not_missing():
    """A and B run on beneath the five blends: 5 frames of either are seen in them only."""
    plan = [Planned(A, 2 - 5 / RATE), Planned(B, 2)]
    switch = the_switch(*of(A, last=54), *[BLEND] * 5, *of(B, first=5), plan=plan)
    assert (5, {}, True, 0) == (switch.blended, flaws(switch), switch.is_clean, round(switch.lateness))


def test_a_fade_does_not_excuse_what_is_missing_beyond_it():
    switch = the_switch(*of(A, last=52), *[BLEND] * 5, *of(B, first=9))
    assert (2, 4) == (switch.missing_at_end, switch.missing_at_start)


def test_frames_that_did_not_arrive_are_lost_and_the_picture_stands_for_them():
    switch = the_switch(*of(A), *of(B), missing=(62, 63))
    assert {"lost": 2, "repeated": 2, "frozen": 1} == flaws(switch)


def test_a_jump_in_the_middle_belongs_to_the_clip_and_to_no_switch():
    found = report(stamped(*of(A, last=20), *of(A, first=24), *of(B)), PLAN, RATE)
    assert [{"skipped": 3}, {}] == [flaws(each) for each in found.passages]
    assert {} == flaws(found.switches[0])


def test_lateness_is_the_clips_own_and_drift_adds_up():
    plan = [Planned(A, 2), Planned(B, 2), Planned(C, 2)]
    found = report(stamped(*of(A), BLACK, *of(B), BLACK, *of(C)), plan, RATE)
    assert [(1, 1), (1, 2)] == [(round(each.lateness), round(each.drift)) for each in found.switches]


def test_a_clip_that_never_came_is_named_and_the_next_is_measured_against_the_plan():
    plan = [Planned(A, 2), Planned(B, 2), Planned(C, 2)]
    found = report(stamped(*of(A), *[SLATE] * 60, *of(C)), plan, RATE)
    assert ([2], 0) == (found.unseen, round(found.switches[0].lateness))
    assert {"other": 60} == flaws(found.switches[0])


def test_nothing_received_is_every_clip_unseen():
    assert [1, 2] == report([], PLAN, RATE).unseen

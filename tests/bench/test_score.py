"""The numbers that are laid side by side."""

from __future__ import annotations

import json

from bench.received.audio import Loudness, Splice
from bench.received.score import Code, Score, rows
from bench.received.stage import Load
from bench.received.switches import Flaws, Passage, Report, Switch


def switch(after: int, late: float = 0, end: int = 0, **flaws: int) -> Switch:
    return Switch(after - 1, after, 4.0 * after, late, late, end, 0, 0, Flaws(**flaws))


SCORE = Score(
    "Somebody",
    Report(
        [switch(2), switch(3, late=-1, end=2, black=3), switch(4, late=2, black=1, frozen=5)],
        [Passage(1, 0, 4, 120, on_its_side=True, flaws=Flaws(skipped=2))],
        [7],
    ),
    [Splice(1, 2, 0.0, 0.12, 0.004, 1.0), Splice(2, 3, 0.02, None, None, 9.0), Splice(3, 4, None, 0.0, None, None)],
    [Loudness(1, -16.0, -15.0, 0.0), Loudness(2, -14.5, -9.0, 0.05)],
    Load(10.0, 55.4, 300, 2, 299, 1, 60.0),
    [Code(1, 15.0, 30.0), Code(2, 3.5, 4.0), Code(3, 2.0, 4.0), Code(4, 14.5, 30.0)],
)


def test_flaws_are_added_up_over_the_switches():
    told = dict(rows(SCORE))
    assert "4 (at 2 switches)" == told["black frames"]
    assert "5 (at 1 switches)" == told["frozen frames"]
    assert "0" == told["wrong frames"]
    assert "2 (most 2)" == told["frames missing at the end"]
    assert "1 of 3" == told["switches without any flaw"]
    assert ("1", "1") == (told["clips that never came"], told["clips on their side"])


def test_lateness_is_signed_in_the_middle_and_a_size_at_the_far_end():
    told = dict(rows(SCORE))
    assert ("+0.0", "2.0") == (told["lateness, frames: median"], told["lateness, frames: largest"])


def test_one_late_start_is_off_the_plan_by_itself_and_makes_no_other_so():
    late = [Switch(n, n + 1, 4.0 * n, 3 * (n == 2) - 3 * (n == 3), 3.0 * (n == 2), 0, 0, 0) for n in range(1, 6)]
    score = Score("Somebody", Report(late, [], []), [], [])
    assert [0, 0, 3, 0, 0, 0] == score.off_plan
    assert "3.0" == dict(rows(score))["off the whole plan, frames: largest"]


def test_sound_is_told_where_there_is_any():
    told = dict(rows(SCORE))
    assert ("10", "20") == (told["audio gap, ms: median"], told["audio gap, ms: largest"])
    assert ("60", "+4", "1") == (
        told["sound of the clip before, ms: median"],
        told["sound after picture, ms: median"],
        told["clicks"],
    )
    assert "1.5" == told["loudness: LU between loudest and quietest"]
    assert "50" == told["sound missing inside a clip, ms: longest"]


def test_a_code_is_enough_for_15_seconds_or_for_the_whole_of_a_short_video():
    assert "2 of 4" == dict(rows(SCORE))["clips whose QR code was readable"]


def test_a_stream_that_never_came_has_a_table_too():
    told = dict(rows(Score("Nobody", Report([], [], [1, 2]), [], [])))
    assert ("0 of 0", "–", "–") == (
        told["switches without any flaw"],
        told["lateness, frames: median"],
        told["audio gap, ms: median"],
    )


def test_all_of_it_can_be_written_as_json():
    told = json.loads(json.dumps(SCORE.as_json()))
    assert [2, 3, 4] == [each["after"] for each in told["switches"]]
    assert 3 == told["switches"][1]["flaws"]["black"]
    assert 9.0 == told["switches"][1]["sound"]["jump"]
    assert 55.4 == told["load"]["cpu"]

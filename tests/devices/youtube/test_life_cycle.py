"""What a broadcast needs next: decided from values alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadcaster.devices.youtube.life_cycle import HOLD_OFF, Act, Asked, Goal, Seen, Stage, decide
from tests.show.desk import NINE

LIVE, COMPLETE = Goal.LIVE, Goal.COMPLETE
STATUSES = (
    "created",
    "ready",
    "testStarting",
    "testing",
    "liveStarting",
    "live",
    "complete",
    "revoked",
    "abandoned",
    "a word of tomorrow's",
)


def next_of(goal, status, *, bound="s", receives=True, monitor=False, stream="s", asked=None, at=NINE):
    decision = decide(goal, Seen(status, bound, receives, monitor), stream, asked, at)
    return decision.stage, decision.act


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("ready", (Stage.MOVING, Act.LIVE)),
        ("liveStarting", (Stage.MOVING, None)),
        ("live", (Stage.REACHED, None)),
        ("complete", (Stage.OVER, None)),
        ("revoked", (Stage.OVER, None)),
        ("a word of tomorrow's", (Stage.MOVING, None)),
    ],
)
def test_towards_live_without_the_monitor_stream(status, expected):
    assert expected == next_of(LIVE, status)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("ready", (Stage.MOVING, Act.TESTING)),
        ("testStarting", (Stage.MOVING, None)),
        ("testing", (Stage.MOVING, Act.LIVE)),
        ("liveStarting", (Stage.MOVING, None)),
    ],
)
def test_towards_live_with_the_monitor_stream_it_is_tested_first(status, expected):
    assert expected == next_of(LIVE, status, monitor=True)


@pytest.mark.parametrize("status", ["ready", "testing"])
def test_without_video_nothing_is_asked_for(status):
    assert (Stage.NO_VIDEO, None) == next_of(LIVE, status, receives=False)


def test_an_unbound_broadcast_is_bound_first_and_a_bound_one_is_left():
    assert (Stage.NO_STREAM, Act.BIND) == next_of(LIVE, "created", bound="", receives=False)
    assert (Stage.NO_STREAM, None) == next_of(LIVE, "created", bound="", stream="")
    assert (Stage.NO_VIDEO, None) == next_of(LIVE, "ready", bound="theirs", receives=False)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("live", (Stage.MOVING, Act.COMPLETE)),
        ("testing", (Stage.MOVING, Act.COMPLETE)),
        ("liveStarting", (Stage.MOVING, None)),
        ("complete", (Stage.REACHED, None)),
        ("ready", (Stage.REACHED, None)),
    ],
)
def test_towards_the_end(status, expected):
    """One that never began is not ended: it may be wanted another time."""
    assert expected == next_of(COMPLETE, status)


@pytest.mark.parametrize("status", STATUSES)
def test_left_alone_nothing_is_ever_asked_for(status):
    assert (Stage.IDLE, None) == next_of(Goal.LEAVE, status)


def test_what_was_asked_for_is_not_asked_again_before_its_effect_can_have_come():
    asked = Asked("live", NINE)
    assert (Stage.MOVING, None) == next_of(LIVE, "ready", asked=asked, at=NINE + HOLD_OFF - timedelta(seconds=1))
    assert (Stage.MOVING, Act.LIVE) == next_of(LIVE, "ready", asked=asked, at=NINE + HOLD_OFF)


def test_another_act_does_not_wait_for_that():
    assert (Stage.MOVING, Act.LIVE) == next_of(LIVE, "testing", monitor=True, asked=Asked("testing", NINE))
    assert (Stage.MOVING, Act.COMPLETE) == next_of(COMPLETE, "live", asked=Asked("live", NINE))


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("monitor", [True, False])
@pytest.mark.parametrize("receives", [True, False])
def test_only_ending_ends_and_only_a_broadcast_with_video_is_started(status, monitor, receives):
    _stage, act = next_of(LIVE, status, monitor=monitor, receives=receives)
    assert act is not Act.COMPLETE
    assert receives or act not in {Act.TESTING, Act.LIVE}
    _stage, act = next_of(COMPLETE, status, monitor=monitor, receives=receives)
    assert act in {None, Act.COMPLETE}

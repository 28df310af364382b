"""The system clock: steady between jumps, and honest about them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from broadcaster.devices.clock import SystemClock


class Hands:
    """A wall clock and a monotonic clock that a test turns."""

    def __init__(self) -> None:
        self.wall, self.monotonic = 1_800_000_000.0, 50.0

    def pass_time(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds

    def clock(self) -> SystemClock:
        return SystemClock(lambda: self.wall, lambda: self.monotonic)


def test_time_passes_with_the_monotonic_clock():
    hands = Hands()
    clock = hands.clock()
    hands.pass_time(10)
    assert clock.now() == datetime.fromtimestamp(1_800_000_010, UTC)
    assert clock.jump() is None


def test_a_jump_of_the_wall_is_told_once_and_followed():
    hands = Hands()
    clock = hands.clock()
    hands.pass_time(1)
    hands.wall += 3600
    assert clock.now() == datetime.fromtimestamp(1_800_000_001, UTC), "not before it is asked for"
    assert clock.jump() == timedelta(hours=1)
    assert clock.now() == datetime.fromtimestamp(1_800_003_601, UTC)
    assert clock.jump() is None


def test_a_jump_back_is_a_jump():
    hands = Hands()
    clock = hands.clock()
    hands.wall -= 5
    assert clock.jump() == timedelta(seconds=-5)


def test_a_time_servers_gentle_correction_is_followed_without_a_word():
    hands = Hands()
    clock = hands.clock()
    for _ in range(20):
        hands.pass_time(1)
        hands.wall += 0.1
        assert clock.jump() is None
    assert clock.now().timestamp() == hands.wall

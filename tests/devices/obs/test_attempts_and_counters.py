"""Tries that come later and later, and counters that say how it is now."""

from __future__ import annotations

import pytest

from broadcaster.devices.obs.attempts import FIRST, LONGEST, STEADY, Attempts
from broadcaster.devices.obs.counters import Counters


def tries(attempts, until):
    """When it tries, failing at once each time."""
    moments = []
    for now in range(until):
        if attempts.may_begin(now):
            attempts.begin(now)
            attempts.fail(now, "no server")
            moments.append(now)
    return moments


def test_tries_come_later_and_later_up_to_a_limit():
    moments = tries(Attempts(within=25), 80)
    assert moments[:5] == [0, 1, 3, 6, 10]
    assert moments[-1] - moments[-2] == LONGEST


def test_one_try_at_a_time():
    attempts = Attempts(within=25)
    attempts.begin(0)
    assert not attempts.may_begin(10)
    attempts.look(26, "no answer")
    assert attempts.why == "no answer"
    assert attempts.may_begin(26 + FIRST)


def test_what_was_on_for_long_is_tried_at_once_and_what_was_not_is_waited_for():
    attempts = Attempts(within=25)
    tries(attempts, 20)
    attempts.succeed(100)
    attempts.broke(101)
    assert not attempts.may_begin(102)
    attempts.succeed(200)
    attempts.broke(200 + STEADY)
    assert attempts.may_begin(200 + STEADY)


def test_a_failure_without_a_try_is_nothing():
    attempts = Attempts(within=25)
    attempts.fail(0, "of before")
    assert (attempts.why, attempts.may_begin(0)) == ("", True)


def test_a_rate_is_that_of_the_last_seconds():
    counters = Counters(span=10)
    for second in range(31):
        counters.read(second, 100 * min(second, 15))
    assert counters.per_second(0) == 0
    assert counters.growth() == (10, (0,))


def test_a_share_is_that_of_the_last_seconds():
    counters = Counters(span=10)
    for second in range(21):
        counters.read(second, 30 * second, 3 * max(second - 15, 0))
    assert counters.percent(1, 0) == pytest.approx(5)


def test_counters_that_were_set_back_begin_anew():
    counters = Counters()
    for second in range(5):
        counters.read(second, 1000 + second)
    counters.read(5, 3)
    assert counters.per_second(0) is None
    counters.read(8, 9)
    assert counters.per_second(0) == 2


def test_too_little_is_nothing():
    counters = Counters()
    assert counters.percent(0, 0) is None
    counters.read(0, 1, 1)
    counters.read(0.5, 2, 2)
    assert counters.growth() is None
    counters.read(4, 2, 1)
    counters.read(8, 2, 1)
    assert counters.percent(1, 0) is None

"""An alarm is raised when something has been wrong for a while, and over when it has been right for a while."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.show.alarms import OVER, RAISED, RULES, Alarm, Rule, Standing, judge, judge_all, lacking

RULE = Rule(above=2.0, after=5, below=0.5, clear=20)


def run(values: Sequence[float | None], rule: Rule = RULE, every: float = 1.0) -> list[tuple[float, bool]]:
    """When the alarm changed, and to what."""
    standing = Standing()
    changes: list[tuple[float, bool]] = []
    for number, value in enumerate(values):
        before, standing = standing, judge(standing, rule, value, number * every)
        if before.raised != standing.raised:
            changes.append((number * every, standing.raised))
    return changes


def test_it_is_raised_after_a_while_and_over_after_a_while():
    assert run([3.0] * 10 + [0.0] * 30) == [(5, True), (30, False)]


def test_a_short_trouble_is_no_alarm():
    assert run([3.0] * 4 + [0.0] + [3.0] * 4 + [0.0] * 30) == []


def test_a_short_rest_does_not_end_an_alarm():
    assert run([3.0] * 10 + [0.0] * 10 + [3.0] + [0.0] * 19) == [(5, True)]


def test_what_wavers_around_either_threshold_changes_nothing():
    assert run([2.5, 1.5] * 50) == []
    assert run([3.0] * 6 + [0.4, 0.6] * 50) == [(5, True)]


def test_what_can_no_longer_be_measured_is_over():
    assert run([3.0] * 6 + [None] * 30) == [(5, True), (26, False)]


@given(
    st.lists(st.one_of(st.none(), st.floats(0, 4)), max_size=120),
    st.floats(0, 3),
    st.floats(0, 1),
    st.floats(0, 10),
    st.floats(0, 10),
    st.sampled_from([0.5, 1, 2]),
)
def test_it_never_flaps(values, above, share, after, clear, every):
    """Raised only by values that all were above, over only by values that all were below, each for the whole time."""
    rule = Rule(above, after, above * share, clear)
    last, raised = 0.0, False
    for moment, now_raised in run(values, rule, every):
        patience = after if now_raised else clear
        assert moment - last >= patience or (last, raised) == (0.0, False)
        recent = [value for n, value in enumerate(values) if moment - patience < n * every <= moment]
        if now_raised:
            assert all(value is not None and value > rule.above for value in recent)
        else:
            assert all(value is None or value <= rule.below for value in recent)
        assert now_raised != raised
        last, raised = moment, now_raised


def test_one_look_at_everything_says_what_has_changed():
    standings, changed = judge_all({}, {Alarm.DISK_LOW: 0.1, Alarm.DROPPED_FRAMES: 9}, 0)
    assert changed == (Alarm.DISK_LOW,)
    standings, changed = judge_all(standings, {Alarm.DISK_LOW: 0.1, Alarm.DROPPED_FRAMES: 9}, 5)
    assert changed == (Alarm.DROPPED_FRAMES,)
    assert judge_all(standings, {}, 6)[1] == ()


@pytest.mark.parametrize(
    ("free", "raised"), [(30, set()), (19, {Alarm.DISK_LOW}), (9, {Alarm.DISK_LOW, Alarm.DISK_FULL})]
)
def test_a_disk_is_low_at_twice_what_is_to_stay_free_and_full_at_once_that(free, raised):
    value = lacking(free, keep=10)
    _, changed = judge_all({}, {Alarm.DISK_LOW: value, Alarm.DISK_FULL: value}, 0)
    assert set(changed) == raised


def test_a_full_disk_is_full_until_there_is_twice_the_room():
    def full(free: float, standing: Standing) -> Standing:
        return judge(standing, RULES[Alarm.DISK_FULL], lacking(free, 10), 0)

    standing = full(9, Standing())
    assert [full(free, standing).raised for free in (11, 19, 20)] == [True, True, False]


def test_every_alarm_has_its_words_and_its_rule():
    assert set(RULES) == set(RAISED) == set(Alarm)
    assert set(OVER) < set(Alarm)
    assert all(rule.below <= rule.above for rule in RULES.values())

"""The lead is learnt from how long switches take."""

from __future__ import annotations

from datetime import timedelta

from broadcaster.devices.obs.lead import AT_FIRST, LONGEST, Lead


def ms(value: float) -> timedelta:
    return timedelta(milliseconds=value)


def test_it_starts_with_what_was_measured():
    assert Lead().value == AT_FIRST


def test_it_follows_the_usual_switch():
    lead = Lead()
    for _ in range(5):
        lead.learn(ms(70))
    assert lead.value == ms(70)


def test_one_hiccup_moves_nothing():
    lead = Lead()
    for latency in (50, 50, 50, 2000, 50):
        lead.learn(ms(latency))
    assert lead.value == ms(50)


def test_a_cold_start_moves_nothing():
    lead = Lead()
    lead.learn(ms(140))
    assert lead.value == AT_FIRST


def test_an_outage_is_not_a_slow_switch():
    lead = Lead()
    for _ in range(9):
        lead.learn(timedelta(minutes=2))
    assert lead.value == AT_FIRST


def test_it_has_bounds():
    slow, fast = Lead(), Lead()
    for _ in range(9):
        slow.learn(ms(900))
        fast.learn(ms(-10))
    assert (slow.value, fast.value) == (LONGEST, timedelta(0))

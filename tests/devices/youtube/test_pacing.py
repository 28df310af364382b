"""Line 1 when the quota does not pay for every change: fewer updates, none of which becomes a wrong link."""

from __future__ import annotations

from datetime import timedelta

import pytest

from broadcaster.devices.youtube.pacing import pace
from broadcaster.devices.youtube.quota import Ledger
from broadcaster.show.quota import Priority, day_end
from tests.devices.youtube.conftest import ByHand
from tests.devices.youtube.doubles import HandClock, MemoryStore, wish
from tests.entries import NINE

SIX = timedelta(minutes=6)


def moment(number: int = 1, changes: int = 20):
    """Exhibitor `number` has just begun; so many changes follow, six minutes apart."""
    return wish(number, changes=tuple(NINE + SIX * n for n in range(1, changes + 1)))


@pytest.fixture
def ledger():
    return Ledger(MemoryStore(), HandClock(), 10_000, reserve=500)


def leave(ledger: Ledger, units: int) -> None:
    ledger.spend("videos.update", ledger.left() - units)


def test_with_units_enough_every_change_is_written_as_it_comes(ledger):
    leave(ledger, 500 + 21 * 51)
    now = pace(moment(), ledger, NINE, 5.0)
    assert (5.0, moment(), Priority.LINK, False) == (now.interval, now.says, now.priority, now.is_scarce)


def test_with_units_for_half_of_them_the_schedule_stands_for_two_items(ledger):
    """An update has to hold for twelve minutes; the exhibitor on air has six."""
    leave(ledger, 500 + 10 * 51)
    now = pace(moment(), ledger, NINE, 5.0)
    assert 720.0 == now.interval
    assert now.says is not None
    assert now.says.on_air is None
    assert ["p-1", "p-2"] == [entry.item for entry in now.says.following]


def test_an_item_that_lasts_as_long_as_the_update_has_to_hold_is_named(ledger):
    leave(ledger, 500 + 51)
    alone = wish(1, changes=(NINE + timedelta(hours=1), NINE + timedelta(hours=1)))
    assert alone == pace(alone, ledger, NINE, 5.0).says


def test_the_last_update_before_the_reserve_takes_the_name_down(ledger):
    leave(ledger, 520)
    now = pace(moment(), ledger, NINE, 5.0)
    assert now.says is not None
    assert (Priority.BROADCAST, None) == (now.priority, now.says.on_air)
    nothing = pace(moment(), ledger, NINE, 5.0, is_named=False)
    assert (Priority.LINK, None) == (nothing.priority, nothing.says)


def test_changes_after_the_reset_are_the_next_days_units(ledger):
    leave(ledger, 500 + 3 * 51)
    reset = day_end(NINE)
    evening = wish(1, changes=tuple(reset + SIX * n for n in range(40)))
    assert evening == pace(evening, ledger, NINE, 5.0).says


def test_a_show_with_half_the_units_it_needs_never_has_a_wrong_name_on_line_one(settings, clock, youtube):
    """Forty items of six minutes; units for about fifteen updates, besides the reserve."""
    store = MemoryStore()
    hand = ByHand(settings.model_copy(update={"daily_quota": 1300}), store, clock)
    told: set[str] = set()
    starts = [NINE + SIX * n for n in range(40)]
    for number, start in enumerate(starts, 1):
        hand.after((start - clock.now()).total_seconds())
        hand.publish(wish(number, at=start, changes=tuple(starts[number:])))
        for _ in range(5):
            hand.after(60)
            told.add(hand.detail)
            block = youtube.description()
            assert "Sedang tayang" not in block or f"Sedang tayang: Batik Sekar {number} " in block
    assert 500 - 51 <= 1300 - youtube.quota_used  # the reserve, but for taking the last name down
    assert any("runs low" in detail for detail in told)
    assert store.spent(NINE) >= 600

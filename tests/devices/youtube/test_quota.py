"""The quota day of Los Angeles, seen from Pekalongan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from broadcaster.devices.youtube.quota import Ledger, day_end, day_start
from tests.devices.youtube.doubles import HandClock, MemoryStore
from tests.entries import NINE


@pytest.mark.parametrize(
    ("now", "began", "ends"),
    [
        # 09.00 WIB: the reset is at 15.00 WIB in winter,
        (NINE, datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 24, 8, tzinfo=UTC)),
        # at 14.00 WIB in summer,
        (
            datetime(2026, 7, 1, 2, tzinfo=UTC),
            datetime(2026, 6, 30, 7, tzinfo=UTC),
            datetime(2026, 7, 1, 7, tzinfo=UTC),
        ),
        # and the day on which summer time ends has 25 hours.
        (
            datetime(2026, 11, 1, 20, tzinfo=UTC),
            datetime(2026, 11, 1, 7, tzinfo=UTC),
            datetime(2026, 11, 2, 8, tzinfo=UTC),
        ),
    ],
)
def test_the_quota_day_runs_from_midnight_to_midnight_in_los_angeles(now, began, ends):
    assert (began, ends) == (day_start(now), day_end(now))


def test_the_moment_of_the_reset_belongs_to_the_new_day():
    end = day_end(NINE)
    assert end == day_start(end)
    assert end > day_start(end - timedelta(seconds=1))


def test_the_ledger_counts_today_only_and_never_below_zero():
    clock, store = HandClock(), MemoryStore()
    ledger = Ledger(store, clock, 100)
    ledger.spend("videos.update", 50)
    assert 50 == ledger.left()
    ledger.spend("videos.update", 50)
    ledger.spend("videos.update", 50)
    assert 0 == ledger.left()
    clock.advance(6 * 3600)
    assert 100 == ledger.left()

"""The quota day of Los Angeles, seen from Pekalongan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from broadcaster.devices.youtube.faults import QuotaGone
from broadcaster.devices.youtube.quota import Ledger
from broadcaster.show.quota import Priority, day_end, day_start
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


class TestBudget:
    """10,000 units a day; 500 are the broadcast's, and 20 links and 20 messages are still to come."""

    @pytest.fixture
    def ledger(self):
        ledger = Ledger(MemoryStore(), HandClock(), 10_000, reserve=500)
        ledger.expect(links=20, chats=20)
        return ledger

    def test_what_matters_more_leaves_less_alone(self, ledger):
        assert [10_000, 9_500, 8_480, 8_080, 8_030] == [ledger.free(each) for each in Priority]

    def test_as_units_run_out_reads_stop_first_and_the_broadcast_last(self, ledger):
        stopped = []
        while ledger.left():
            ledger.spend("liveChatMessages.list", 10)
            stopped += [each for each in Priority if each not in stopped and not ledger.free(each)]
        assert list(reversed(Priority)) == stopped

    def test_no_unit_of_the_reserve_goes_into_a_link(self, ledger):
        ledger.spend("videos.update", 9_450)
        ledger.require(Priority.LINK, "videos.update")
        with pytest.raises(QuotaGone):
            ledger.require(Priority.LINK, "videos.list", "videos.update")
        ledger.require(Priority.BROADCAST, "liveBroadcasts.transition", "liveBroadcasts.bind")

    def test_costs_are_those_of_the_configuration(self):
        ledger = Ledger(MemoryStore(), HandClock(), 100, costs={"liveChatMessages.insert": 50})
        ledger.spend("liveChatMessages.insert")
        assert 50 == ledger.left()
        assert 51 == ledger.units("videos.list", "videos.update")


def test_once_youtube_itself_has_refused_nothing_may_be_spent_until_the_reset():
    """Somebody else may have spent what this ledger knows nothing of."""
    clock = HandClock()
    ledger = Ledger(MemoryStore(), clock, 10_000)
    assert day_end(NINE) == ledger.refused()
    assert 0 == ledger.left()
    with pytest.raises(QuotaGone):
        ledger.require(Priority.BROADCAST, "liveBroadcasts.transition")
    clock.advance(6 * 3600)
    ledger.require(Priority.BROADCAST, "liveBroadcasts.transition")
    assert 10_000 == ledger.left()

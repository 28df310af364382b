"""The alarm clock rings for show days, and decides nothing."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from broadcaster.agenda import PREFLIGHT, Agenda
from tests.show.desk import at, day, profile, rundown

TWO_DAYS = rundown(day(profile("a", start=0)), day(profile("x", start=86_400), on=at(90_000).date()))


class Rings:
    def __init__(self) -> None:
        self.heard: list[str] = []
        self.rang = asyncio.Event()

    def job(self, name: str):
        async def ring() -> None:
            self.heard.append(name)
            self.rang.set()

        return ring

    def agenda(self) -> Agenda:
        return Agenda(**{name: self.job(name) for name in ("wake", "preflight", "housekeeping", "health")})


async def test_each_day_has_an_alarm_at_its_first_item_and_a_check_before_it():
    agenda = Rings().agenda()
    agenda.follow(TWO_DAYS, at(-7200))
    agenda.start()
    alarms = {key: when for key, when in agenda.alarms().items() if key.startswith("day:")}
    agenda.stop()
    assert alarms == {
        "day:2026-11-24:preflight": at(0) - PREFLIGHT,
        "day:2026-11-24:start": at(0),
        "day:2026-11-25:preflight": at(86_400) - PREFLIGHT,
        "day:2026-11-25:start": at(86_400),
    }


async def test_a_changed_rundown_has_its_own_alarms_only():
    agenda = Rings().agenda()
    agenda.follow(TWO_DAYS, at(-7200))
    agenda.follow(rundown(day(profile("a", start=60))), at(-7200))
    agenda.start()
    alarms = {key: when for key, when in agenda.alarms().items() if key.endswith("start")}
    agenda.stop()
    assert alarms == {"day:2026-11-24:start": at(60)}


async def test_what_is_past_does_not_ring():
    agenda = Rings().agenda()
    agenda.follow(TWO_DAYS, at(3600))
    assert [key for key in agenda.alarms() if key.startswith("day:2026-11-24")] == []


async def test_it_rings():
    rings = Rings()
    agenda = rings.agenda()
    now = datetime.now(UTC)
    soon = now + timedelta(milliseconds=50) - at(0)
    agenda.follow(rundown(day(profile("a", start=soon.total_seconds()))), now)
    agenda.start()
    async with asyncio.timeout(5):
        await rings.rang.wait()
    agenda.stop()
    assert rings.heard == ["wake"]

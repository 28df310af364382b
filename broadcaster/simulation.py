"""A whole day in seconds: the same conductor, on rehearsal devices and a clock that leaps from event to event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from broadcaster.conductor import Conductor
from broadcaster.devices.rehearsal import RehearsalStudio
from broadcaster.devices.youtube import RehearsalChannel
from broadcaster.show.messages import Act, Pressed, Ticked
from broadcaster.show.state import day_start, initial
from broadcaster.store import SqlStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from broadcaster.ports import Revision
    from broadcaster.show.as_run import AsRun
    from broadcaster.show.rundown import Rundown

EARLY = timedelta(minutes=1)
"""How long before the first item a simulated service is started."""
LATENCY = timedelta(milliseconds=45)
"""What a real OBS needs for a switch (docs/measurements.md); the studio's lead takes it off in advance."""


class FastClock:
    """ports.Clock: stands still until it is told."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def jump(self) -> None:
        return None

    def advance(self, to: datetime) -> None:
        self._now = max(self._now, to)


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a simulated show left behind. `quota_used` is in YouTube's units."""

    as_run: list[AsRun]
    descriptions: list[Revision]
    quota_used: int


def simulate(
    rundown: Rundown, template: Path | None = None, progress: Callable[[int], None] | None = None
) -> Simulated:
    """Run the show from just before its first item to its end, each manual item taken at its planned end.

    `progress` is told how many items have had their turn.
    """
    starts = [start for day in range(len(rundown.days)) if (start := day_start(rundown, day)) is not None]
    if not starts:
        return Simulated([], [], 0)
    clock = FastClock(min(starts) - EARLY)
    store = SqlStore("sqlite:///:memory:")
    try:
        studio = RehearsalStudio(clock, lead=LATENCY, latency=LATENCY)
        channel = RehearsalChannel(store, SHOW, clock, template)
        conductor = Conductor(SHOW, initial(rundown), clock, studio, channel, store)
        studio.start(conductor.post)
        conductor.begin()
        _play(conductor, clock, progress)
        return Simulated(store.as_run(SHOW), store.revisions(SHOW), channel.units)
    finally:
        store.close()


SHOW = "simulation"


def _play(conductor: Conductor, clock: FastClock, progress: Callable[[int], None] | None) -> None:
    conductor.take_in()
    while not conductor.state.ended:
        wake, manual = conductor.next_wake(), _manual_end(conductor)
        if manual is not None and (wake is None or manual < wake):
            clock.advance(manual)
            conductor.handle(Pressed(clock.now(), Act.TAKE, by="simulation"))
        elif wake is not None:
            # As in the real loop, the tick comes early by the studio's lead and speaks of the planned instant.
            clock.advance(wake - LATENCY)
            conductor.handle(Ticked(max(wake, clock.now())))
        else:
            return  # nothing will ever happen again without a person
        conductor.take_in()
        if progress is not None:
            progress(len(conductor.state.outcomes))


def _manual_end(conductor: Conductor) -> datetime | None:
    on_air = conductor.state.on_air
    if on_air is None or on_air.end is not None:
        return None
    planned = on_air.expected_end or on_air.began
    return max(planned, on_air.began + timedelta(seconds=1))

"""What needs no OBS: timelines, steps, simulations, readings, transactions."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from bench.timing import tell, timings
from broadcaster import schedule_files, simulation
from broadcaster.ports import Change
from broadcaster.show import playout, snapshot
from broadcaster.show.expectation import expect
from broadcaster.show.messages import SetStudio, StudioReached, Ticked
from broadcaster.show.rundown import Day, Item, ItemId, ItemType, Media, Rundown
from broadcaster.show.state import initial
from broadcaster.show.timeline import plan
from broadcaster.store import SqlStore

NINE = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SCHEDULES = Path(__file__).parent.parent / "schedules"


def rundown(count: int) -> Rundown:
    """Videos of 5 to 14 s; each tenth with a hard start, each with a gap of 3 s before it."""
    items: list[Item] = []
    clock = NINE
    for n in range(count):
        length = timedelta(seconds=5 + n % 10)
        hard = n % 10 == 0
        clock += timedelta(seconds=3 if hard and n else 0)
        start = clock if hard else None
        video = Media(f"/{n}.mp4", length)
        items.append(Item(ItemId(f"i{n}"), f"{n:05}", ItemType.VIDEO, f"Item {n}", None, video, None, start, length))
        clock += length
    return Rundown("Bench", "Asia/Jakarta", (Day(date(2026, 11, 24), "Day", tuple(items)),), revision="1")


def play(show: Rundown) -> int:
    """Every item of the show through the core, each confirmed 40 ms late; the number of starts."""
    state, _ = playout.start(initial(show), NINE - timedelta(seconds=1))
    starts = 0
    while (wake := playout.next_wake(state)) is not None:
        state, commands = playout.step(state, Ticked(wake))
        for command in commands:
            if isinstance(command, SetStudio):
                state, _ = playout.step(state, StudioReached(wake + timedelta(milliseconds=40), command.target.id))
                starts += command.target.item is not None
    return starts


def main() -> None:
    print("\n# Core and files")
    large = rundown(10_000)
    tell("timeline of 10,000 items: planned", timings(lambda: plan(large.days[0]), 50))
    state = initial(large)
    tell("timeline of 10,000 items: expected", timings(lambda: expect(state, NINE), 20))
    short = rundown(1_000)
    tell("1,000 items through the core", timings(lambda: play(short), 5))
    for name in ("demo", "pekalongan"):
        tell(f"{name}: read and check the files", timings(partial(schedule_files.read, SCHEDULES / name), 10))
    days = schedule_files.read(SCHEDULES / "pekalongan").rundown
    if days is not None:
        tell("pekalongan: two days simulated", timings(partial(simulation.simulate, days), 5))
    with tempfile.TemporaryDirectory() as folder:
        store = SqlStore(f"sqlite:///{folder}/bench.db")
        saved = snapshot.dump(initial(rundown(100)), NINE)
        tell("store: one change on air, on disk", timings(lambda: store.commit(Change(NINE, "bench", saved)), 200))
        store.close()

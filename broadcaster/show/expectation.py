"""Expected times: what the plan has become, given what has happened and what time it is."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from broadcaster.show.rundown import HardStart, ItemId
from broadcaster.show.state import LONG_AGO, State, is_next_able, next_item, position, soft_start, start_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from broadcaster.show.rundown import Item


class Expected(NamedTuple):
    start: datetime
    end: datetime


def expect(state: State, now: datetime, limit: int | None = None) -> Mapping[ItemId, Expected]:
    """Expected start and end of what is on air and of what will still air today, in order; at most `limit` to come.

    An item without an entry is not expected to air: skipped, already shown, or passed over by a hard start.
    """
    expected: dict[ItemId, Expected] = {}
    if not state.rundown.days:
        return expected
    on_air, upcoming = state.on_air, next_item(state)
    cursor = state.soft_due if upcoming is None or start_of(state, upcoming) else soft_start(state, upcoming)
    if on_air is not None:
        cursor = max(on_air.expected_end or now, now)
        expected[on_air.item.id] = Expected(on_air.began, cursor)
    cut = state.rundown.policy.hard_start is HardStart.CUT
    for item, hard in islice(_upcoming(state), limit):
        start = _start(state, item, cursor, now)
        hard_start = start_of(state, item)
        if start is None or (hard is not None and start >= hard and hard_start is None):
            continue
        end = start + (item.duration or timedelta(0))
        if cut and hard is not None:
            end = min(end, hard)
        if cut and hard_start == start:
            _cut_short(expected, start)
        expected[item.id] = Expected(start, max(end, start))
        cursor = expected[item.id].end
    return expected


def projected_end(state: State, now: datetime) -> datetime | None:
    """When the day's last item is expected to end; None when nothing more has an expected time."""
    expected = expect(state, now)
    return max((entry.end for entry in expected.values()), default=None)


def over_under(state: State, now: datetime) -> timedelta | None:
    """Projected minus planned end of the day: positive is late. The plan's own end where the file names none."""
    if not state.rundown.days:
        return None
    day = state.rundown.days[state.day]
    ends = [entry.end for item in day.items if (entry := state.planned.get(item.id)) and entry.end]
    planned_end = day.planned_end or (max(ends) if ends else None)
    end = projected_end(state, now)
    return None if end is None or planned_end is None else end - planned_end


def _start(state: State, item: Item, cursor: datetime | None, now: datetime) -> datetime | None:
    floor = max(state.floor, now) if cursor is None or cursor < now else LONG_AGO
    hard = start_of(state, item)
    if hard is None:
        return None if cursor is None else max(cursor, floor)
    if cursor is None or hard > cursor:
        return max(hard, floor) if state.on_air is None and cursor is None else hard
    if state.rundown.policy.hard_start is HardStart.CUT and hard > now:
        return hard
    return max(cursor, floor)


def _cut_short(expected: dict[ItemId, Expected], at: datetime) -> None:
    """The item before a hard start leaves when the hard start comes."""
    if expected:
        before, entry = next(reversed(expected.items()))
        if entry.end > at > entry.start:
            expected[before] = Expected(entry.start, at)


def _upcoming(state: State) -> Iterator[tuple[Item, datetime | None]]:
    """What may still air today, each with the clock time of the next hard start behind it."""
    items = state.rundown.days[state.day].items
    first = position(state) + 1
    hard_indices = state.rundown.hard_starts(state.day, first - 1)
    hard_at: int | None = -1
    for index in range(first, len(items)):
        while hard_at is not None and (hard_at <= index or not _is_hard(state, items[hard_at])):
            hard_at = next(hard_indices, None)
        if is_next_able(state, items[index]):
            yield items[index], None if hard_at is None else items[hard_at].start


def _is_hard(state: State, item: Item) -> bool:
    return is_next_able(state, item) and start_of(state, item) is not None

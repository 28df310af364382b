"""What an edit does, in sentences: told before it is made, from the times before and after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from broadcaster.show.expectation import expect
from broadcaster.show.messages import Level
from broadcaster.show.rundown import ItemType
from broadcaster.show.state import SHOWN, next_item
from broadcaster.show.timeline import plan
from broadcaster.show.transitions import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from broadcaster.show.rundown import Day, Exhibitor, ExhibitorId, Item, ItemId, Rundown
    from broadcaster.show.state import State

ZERO = timedelta(0)
WORTH_SAYING = timedelta(seconds=2)
"""Shorter shifts are rounding, not consequences."""
NAMED = 3
"""As many titles are named; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """One sentence. `message` is an English msgid; instants, spans and lists of titles in `values` are not yet text."""

    level: Level
    message: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


class Titles(tuple[str, ...]):
    """Titles to be named in a sentence."""

    __slots__ = ()


class Times(NamedTuple):
    start: datetime
    end: datetime


def consequences(before: State, after: State, now: datetime) -> tuple[Consequence, ...]:
    """What becomes of the show; `after` is the state with the edited rundown in it."""
    found: list[Consequence] = []
    then = {day.date: day for day in after.rundown.days}
    for day in before.rundown.days:
        edited = then.get(day.date)
        if edited is not None and edited != day:
            found += _of_day(_Compared(before, after, day, edited, now))
    found += _of_next(before, after)
    found += _of_exhibitors(before, after)
    if not found:
        found.append(Consequence(Level.INFO, N_("No times change.")))
    return tuple(found)


@dataclass
class _Compared:
    """One day before and after."""

    before: State
    after: State
    old_day: Day
    new_day: Day
    now: datetime

    def __post_init__(self) -> None:
        self.old = _times(self.before, self.old_day, self.now)
        self.new = _times(self.after, self.new_day, self.now)


def _times(state: State, day: Day, now: datetime) -> dict[ItemId, Times]:
    """When each item of the day airs that is still to air: expected today, planned on other days."""
    if state.rundown.days[state.day].date == day.date:
        return {key: Times(entry.start, entry.end) for key, entry in expect(state, now).items()}
    return {
        entry.item.id: Times(entry.start, entry.end)
        for entry in plan(day)
        if entry.start is not None and entry.end is not None and not entry.item.skip
    }


def _of_day(day: _Compared) -> Iterator[Consequence]:
    yield from _end(day)
    yield from _shifts(day)
    yield from _crossings(day)
    yield from _without_time(day)
    yield from _hard_starts(day)
    yield from _new_faults(day)


def _end(day: _Compared) -> Iterator[Consequence]:
    old = max((times.end for times in day.old.values()), default=None)
    new = max((times.end for times in day.new.values()), default=None)
    if new is None or old is None or abs(new - old) < WORTH_SAYING:
        return
    planned = day.new_day.planned_end
    if planned is None:
        message = N_("The day ends at %(end)s, %(by)s later.") if new > old else _EARLIER
        yield Consequence(Level.INFO, message, {"end": new, "by": abs(new - old)})
        return
    over = new - planned
    if over >= WORTH_SAYING:
        level = Level.WARNING if new > old else Level.INFO
        yield Consequence(level, N_("The day ends at %(end)s: %(over)s over."), {"end": new, "over": over})
    elif over <= -WORTH_SAYING:
        yield Consequence(Level.INFO, N_("The day ends at %(end)s: %(under)s early."), {"end": new, "under": -over})
    else:
        yield Consequence(Level.INFO, N_("The day ends on time, at %(end)s."), {"end": new})


_EARLIER = N_("The day ends at %(end)s, %(by)s earlier.")


def _shifts(day: _Compared) -> Iterator[Consequence]:
    """By how much the items that the edit itself leaves alone begin later or earlier."""
    old_items = {item.id: item for item in day.old_day.items}
    shifts = [
        day.new[item.id].start - day.old[item.id].start
        for item in day.new_day.items
        if item.id in day.new and item.id in day.old and _is_alike(old_items.get(item.id), item)
    ]
    for sign, one, many in (
        (1, N_("1 item begins %(by)s later."), N_("%(count)s items begin later, by up to %(by)s.")),
        (-1, N_("1 item begins %(by)s earlier."), N_("%(count)s items begin earlier, by up to %(by)s.")),
    ):
        moved = [shift * sign for shift in shifts if shift * sign >= WORTH_SAYING]
        if moved:
            yield Consequence(
                Level.INFO, one if len(moved) == 1 else many, {"count": str(len(moved)), "by": max(moved)}
            )


def _is_alike(old: Item | None, new: Item) -> bool:
    return old is not None and (old.start, old.duration, old.skip, old.media) == (
        new.start,
        new.duration,
        new.skip,
        new.media,
    )


def _crossings(day: _Compared) -> Iterator[Consequence]:
    """Exhibitors that change sides of a break."""
    breaks = [item for item in day.new_day.items if item.type is ItemType.BREAK and item.id in day.new]
    profiles = [item for item in day.new_day.items if item.type is ItemType.PROFILE]
    for pause in breaks:
        if pause.id not in day.old:
            continue
        was, is_now = day.old[pause.id].start, day.new[pause.id].start
        both = [item for item in profiles if item.id in day.old and item.id in day.new]
        past = [i for i in both if day.old[i.id].start < was and day.new[i.id].start >= is_now]
        ahead = [i for i in both if day.old[i.id].start >= was and day.new[i.id].start < is_now]
        for moved, one, many in (
            (past, N_("1 exhibitor moves past %(title)s."), N_("%(count)s exhibitors move past %(title)s.")),
            (ahead, N_("1 exhibitor moves before %(title)s."), N_("%(count)s exhibitors move before %(title)s.")),
        ):
            if moved:
                message = one if len(moved) == 1 else many
                yield Consequence(Level.WARNING, message, {"count": str(len(moved)), "title": pause.title})


def _without_time(day: _Compared) -> Iterator[Consequence]:
    """What a hard start passes over now, and what it no longer does."""
    shown = day.after.outcomes
    skipped = day.after.skips
    lost, won = [], []
    old_ids = {item.id for item in day.old_day.items}
    for item in day.new_day.items:
        if item.skip or item.id in skipped or shown.get(item.id) in SHOWN:
            continue
        if item.id not in day.new and (item.id in day.old or item.id not in old_ids) and day.new:
            lost.append(item.title)
        elif item.id in day.new and item.id in old_ids and item.id not in day.old and not _was_skipped(day, item):
            won.append(item.title)
    if lost:
        yield Consequence(Level.WARNING, N_("No time is left to air: %(titles)s."), {"titles": Titles(lost)})
    if won:
        yield Consequence(Level.INFO, N_("There is time again for: %(titles)s."), {"titles": Titles(won)})


def _was_skipped(day: _Compared, item: Item) -> bool:
    old = next((other for other in day.old_day.items if other.id == item.id), None)
    return old is None or old.skip


def _hard_starts(day: _Compared) -> Iterator[Consequence]:
    """Gaps and overlaps in front of hard starts, as far as they grow."""
    old = {entry.item.id: entry for entry in plan(day.old_day)}
    for entry in plan(day.new_day):
        earlier = old.get(entry.item.id)
        gap, overlap = (earlier.gap, earlier.overlap) if earlier else (ZERO, ZERO)
        if entry.overlap - overlap >= WORTH_SAYING:
            yield Consequence(
                Level.WARNING,
                N_("“%(title)s” has a fixed start at %(start)s: what is before it is %(by)s too long."),
                {"title": entry.item.title, "start": entry.start, "by": entry.overlap},
            )
        if entry.gap - gap >= WORTH_SAYING:
            yield Consequence(
                Level.WARNING,
                N_("A gap of %(by)s opens before “%(title)s”."),
                {"title": entry.item.title, "by": entry.gap},
            )


def _new_faults(day: _Compared) -> Iterator[Consequence]:
    known = {item.id: item.media for item in day.old_day.items}
    for item in day.new_day.items:
        if item.media is None or not item.media.fault or item.scene is not None:
            continue
        before = known.get(item.id)
        # Not the fault's words: they are in the language of whoever had the files read.
        if before is None or not before.fault or before.path != item.media.path:
            yield Consequence(
                Level.WARNING,
                N_("“%(title)s” has no video that can be played: %(why)s."),
                {"title": item.title, "why": item.media.fault},
            )


def _of_next(before: State, after: State) -> Iterator[Consequence]:
    old, new = next_item(before), next_item(after)
    if new is not None and (old is None or old.id != new.id):
        yield Consequence(Level.INFO, N_("Next will be “%(title)s”."), {"title": new.title})


def _of_exhibitors(before: State, after: State) -> Iterator[Consequence]:
    old, new = before.rundown, after.rundown
    scheduled, still = _scheduled(old), _scheduled(new)
    gone = [old.exhibitors[key].name for key in scheduled if key not in still and key in new.exhibitors]
    if gone:
        yield Consequence(Level.WARNING, N_("No longer in the rundown: %(titles)s."), {"titles": Titles(gone)})
    unlinked = [
        exhibitor.name
        for key, exhibitor in new.exhibitors.items()
        if not exhibitor.link and key in old.exhibitors and old.exhibitors[key].link
    ]
    if unlinked:
        yield Consequence(
            Level.WARNING, N_("Viewers find no link any more for: %(titles)s."), {"titles": Titles(unlinked)}
        )
    on_air = after.on_air
    key = on_air.item.exhibitor if on_air is not None else None
    if key is not None and _texts(old.exhibitors.get(key)) != _texts(new.exhibitors.get(key)):
        yield Consequence(Level.WARNING, N_("Viewers see it at once: %(name)s is on air."), {"name": _name(new, key)})


def _scheduled(rundown: Rundown) -> dict[ExhibitorId, None]:
    items = (item for day in rundown.days for item in day.items if not item.skip)
    return dict.fromkeys(item.exhibitor for item in items if item.exhibitor is not None)


def _texts(exhibitor: Exhibitor | None) -> Sequence[object]:
    if exhibitor is None:
        return ()
    return (exhibitor.name, exhibitor.owner, exhibitor.city, exhibitor.tagline, exhibitor.link, exhibitor.products)


def _name(rundown: Rundown, key: ExhibitorId) -> str:
    exhibitor = rundown.exhibitors.get(key)
    return exhibitor.name if exhibitor else key

"""Two people at once: what does not touch merges; of the same thing, the second is told what the first has done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadcaster.show.edits.fields import exhibitor_fields, item_fields
from broadcaster.show.edits.history import moves, removes, touches
from broadcaster.show.edits.values import Change, ChangeExhibitor, Delete, Move, RemoveExhibitor
from broadcaster.show.rundown import ExhibitorId, ItemId

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from broadcaster.show.edits.history import Entry, History
    from broadcaster.show.edits.values import Edit, Value, Values
    from broadcaster.show.rundown import Rundown


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else was first. `key` is "place" where both moved the item, "deleted" and "changed" of it as a whole.

    `by` and `at` are empty when the files were changed outside of the service.
    """

    target: str
    title: str
    key: str
    yours: Value = None
    theirs: Value = None
    by: str = ""
    at: datetime | None = None


def conflicts(rundown: Rundown, edits: Sequence[Edit], history: History, base: str) -> tuple[Conflict, ...]:
    """What in `edits`, made while looking at the rundown of revision `base`, somebody else has changed meanwhile."""
    return tuple(conflict for edit in edits for conflict in _of(rundown, edit, history, base))


def _of(rundown: Rundown, edit: Edit, history: History, base: str) -> Iterator[Conflict]:
    match edit:
        case Change(item=item):
            yield from _gone(rundown, item, history, base)
            yield from _changed_item(rundown, edit, history)
        case ChangeExhibitor(exhibitor=identifier):
            yield from _gone(rundown, identifier, history, base)
            exhibitor = rundown.exhibitors.get(identifier)
            if exhibitor is not None:
                now = exhibitor_fields(exhibitor)
                yield from _differing(identifier, exhibitor.name, now, edit.values, edit.was, history)
        case Move(item=item):
            yield from _gone(rundown, item, history, base)
            for entry in history.since(base):
                if moves(entry, item):
                    yield _conflict(rundown, item, "place", entry)
                    return
        case Delete(item=target) | RemoveExhibitor(exhibitor=target):
            for entry in history.since(base):
                if touches(entry, target):
                    yield _conflict(rundown, target, "changed", entry)
                    return
        case _:
            pass


def _gone(rundown: Rundown, target: str, history: History, base: str) -> Iterator[Conflict]:
    if rundown.place(ItemId(target)) is not None or target in rundown.exhibitors:
        return
    # What went before that may have been another of the same name: ids are given again.
    for entry in history.since(base):
        if removes(entry, target):
            yield Conflict(target, _title_before(entry, target), "deleted", by=entry.by, at=entry.at)
            return


def _title_before(entry: Entry, target: str) -> str:
    return entry.titles[0] if len(entry.titles) == 1 else target


def _changed_item(rundown: Rundown, edit: Change, history: History) -> Iterator[Conflict]:
    place = rundown.place(edit.item)
    if place is None:
        return
    day = rundown.days[place[0]]
    item = day.items[place[1]]
    now = item_fields(item, day.date, rundown.timezone)
    yield from _differing(edit.item, item.title, now, edit.values, edit.was, history)


def _differing(
    target: str, title: str, now: Values, wanted: Values, was: Values, history: History
) -> Iterator[Conflict]:
    for key, value in wanted.items():
        if key not in was or is_same(now.get(key), was[key]) or is_same(now.get(key), value):
            continue
        entry = history.last_change(target, key)
        by, at = ("", None) if entry is None else (entry.by, entry.at)
        yield Conflict(target, title, key, yours=value, theirs=now.get(key), by=by, at=at)


def is_same(one: Value, other: Value) -> bool:
    """Nothing and an empty text are the same."""
    return one == other or (one in {None, ""} and other in {None, ""})


def _conflict(rundown: Rundown, target: str, key: str, entry: Entry) -> Conflict:
    item, exhibitor = rundown.find(ItemId(target)), rundown.exhibitors.get(ExhibitorId(target))
    title = item.title if item else exhibitor.name if exhibitor else target
    return Conflict(target, title, key, by=entry.by, at=entry.at)

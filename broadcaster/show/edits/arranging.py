"""Edits laid over a rundown: the order and the values that are wanted now, and the edits that would take it back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from broadcaster.show.edits.fields import copy_of, start_text
from broadcaster.show.edits.values import (
    EXHIBITOR_KEYS,
    ITEM_KEYS,
    NOTHING,
    AddExhibitor,
    CannotEdit,
    Change,
    ChangeExhibitor,
    Delete,
    Duplicate,
    Insert,
    Move,
    RemoveExhibitor,
    Spot,
)
from broadcaster.show.rundown import ExhibitorId, ItemId
from broadcaster.show.transitions import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from broadcaster.show.edits.values import Edit, Value, Values
    from broadcaster.show.rundown import Rundown

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Written:
    """What the show's files say of an item or an exhibitor, key by key; and an item's whole text."""

    values: Values = field(default_factory=dict)
    block: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One item of a day as it should be: the values that change, or, for one that was deleted, its text as it was."""

    id: ItemId
    values: Values = field(default_factory=dict)
    block: str = ""


@dataclass(frozen=True, slots=True)
class Arranged:
    """What the files should say: `days` that change, all their items in order; `exhibitors` that change.

    `exhibitors` maps to None what is to go. `inverse` takes all of it back; the `was` in it is not yet known.
    """

    days: Mapping[date, Sequence[Wanted]]
    exhibitors: Mapping[ExhibitorId, Values | None]
    edits: tuple[Edit, ...]
    """As they were asked for, with the ids that new things were given."""
    inverse: tuple[Edit, ...]


def arrange(
    rundown: Rundown,
    edits: Sequence[Edit],
    items: Mapping[ItemId, Written] = NOTHING,  # type: ignore[assignment]  # an empty mapping is one of any type
    exhibitors: Mapping[ExhibitorId, Written] = NOTHING,  # type: ignore[assignment]
) -> Arranged:
    """Lay the edits over the rundown, one after the other. `items` and `exhibitors` are what the files say.

    Raises:
        CannotEdit: one of them cannot be; none is made then.
    """
    work = _Work(rundown, items, exhibitors)
    for edit in edits:
        work.take(edit)
    work.keep_day_starts()
    return Arranged(
        {day: tuple(work.wanted(item) for item in work.order[day]) for day in sorted(work.touched)},
        work.exhibitor_changes,
        tuple(work.done),
        tuple(reversed(work.inverse)),
    )


@dataclass
class _Work:
    rundown: Rundown
    written_items: Mapping[ItemId, Written]
    written_exhibitors: Mapping[ExhibitorId, Written]
    order: dict[date, list[ItemId]] = field(init=False)
    touched: set[date] = field(default_factory=set)
    changes: dict[ItemId, dict[str, Value]] = field(default_factory=dict)
    blocks: dict[ItemId, str] = field(default_factory=dict)
    exhibitor_changes: dict[ExhibitorId, Values | None] = field(default_factory=dict)
    done: list[Edit] = field(default_factory=list)
    inverse: list[Edit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.order = {day.date: [item.id for item in day.items] for day in self.rundown.days}

    def wanted(self, item: ItemId) -> Wanted:
        return Wanted(item, self.changes.get(item, NOTHING), self.blocks.get(item, ""))

    def keep_day_starts(self) -> None:
        """A day begins when it did, whatever comes first in it now: its start stays with the place."""
        for day in self.rundown.days:
            order = self.order[day.date]
            if day.date not in self.touched or not day.items or not order:
                continue
            was_first, first = day.items[0], order[0]
            if was_first.start is None or was_first.id == first or self._start(first) is not None:
                continue
            if was_first.id in order and "start" not in self.changes.get(was_first.id, {}):
                self._change(Change(was_first.id, {"start": None}))
            start = start_text(was_first.start, day.date, self.rundown.timezone)
            self._change(Change(first, {"start": start}))

    def _start(self, item: ItemId) -> object:
        """What stands as the item's start, if anything does."""
        changes = self.changes.get(item, {})
        if "start" in changes:
            return changes["start"]
        known = self.rundown.find(item)
        return known.start if known is not None else self.written_items.get(item, Written()).values.get("start")

    def take(self, edit: Edit) -> None:
        match edit:
            case Insert():
                self._insert(edit)
            case Duplicate():
                self._duplicate(edit)
            case Delete():
                self._delete(edit)
            case Move():
                self._move(edit)
            case Change():
                self._change(edit)
            case ChangeExhibitor():
                self._change_exhibitor(edit)
            case AddExhibitor():
                self._add_exhibitor(edit)
            case RemoveExhibitor():
                self._remove_exhibitor(edit)
            case _:
                assert_never(edit)

    # ------------------------------------------------------------- items

    def _day_of(self, item: ItemId) -> date:
        for day, items in self.order.items():
            if item in items:
                return day
        raise CannotEdit(N_("The rundown has no item “%(id)s” any more."), id=item)

    def _spot_of(self, item: ItemId) -> Spot:
        day = self._day_of(item)
        items = self.order[day]
        place = items.index(item)
        return Spot(
            day,
            after=items[place - 1] if place else None,
            before=items[place + 1] if place + 1 < len(items) else None,
        )

    def _put(self, item: ItemId, spot: Spot) -> None:
        items = self.order.get(spot.day)
        if items is None:
            raise CannotEdit(N_("The show has no day %(day)s."), day=spot.day.isoformat())
        if spot.after in items:
            place = items.index(spot.after) + 1
        elif spot.before in items:
            place = items.index(spot.before)
        else:
            place = 0 if spot.after is None and spot.before is not None else len(items)
        items.insert(place, item)
        self.touched.add(spot.day)

    def _insert(self, edit: Insert) -> None:
        _refuse_unknown(edit.values, ITEM_KEYS)
        known = {item for items in self.order.values() for item in items}
        item = edit.item or ItemId(fresh_id(_name_for(edit.values), known))
        if item in known:
            raise CannotEdit(N_("There is an item “%(id)s” already."), id=item)
        self._put(item, edit.spot)
        self.changes[item] = {key: value for key, value in edit.values.items() if value is not None}
        if edit.block:
            self.blocks[item] = edit.block
        self.done.append(Insert(edit.spot, item, edit.values, edit.block))
        self.inverse.append(Delete(item))

    def _duplicate(self, edit: Duplicate) -> None:
        spot = self._spot_of(edit.item)
        source = self.rundown.find(edit.item)
        place = self.rundown.place(edit.item)
        if source is None or place is None:
            raise CannotEdit(N_("The rundown has no item “%(id)s” any more."), id=edit.item)
        values = copy_of(self.rundown, source, self.rundown.days[place[0]].date)
        known = {item for items in self.order.values() for item in items}
        copied = ItemId(fresh_id(re.sub(r"-\d+$", "", edit.item), known))
        self._insert(Insert(Spot(spot.day, edit.item, spot.before), copied, values))

    def _delete(self, edit: Delete) -> None:
        spot = self._spot_of(edit.item)
        self.order[spot.day].remove(edit.item)
        self.touched.add(spot.day)
        written = self.written_items.get(edit.item, Written())
        self.done.append(edit)
        self.inverse.append(Insert(spot, edit.item, NOTHING if written.block else written.values, written.block))

    def _move(self, edit: Move) -> None:
        spot = self._spot_of(edit.item)
        if edit.item in {edit.spot.after, edit.spot.before}:
            return  # it stands beside itself already
        self.order[spot.day].remove(edit.item)
        self.touched.add(spot.day)
        self._put(edit.item, edit.spot)
        self.done.append(edit)
        self.inverse.append(Move(edit.item, spot))

    def _change(self, edit: Change) -> None:
        _refuse_unknown(edit.values, ITEM_KEYS)
        day = self._day_of(edit.item)
        self.touched.add(day)
        before = self.changes.setdefault(edit.item, {})
        written = self.written_items.get(edit.item, Written()).values
        old = {key: before.get(key, written.get(key)) for key in edit.values}
        before.update(edit.values)
        self.done.append(edit)
        self.inverse.append(Change(edit.item, old))

    # -------------------------------------------------------- exhibitors

    def _change_exhibitor(self, edit: ChangeExhibitor) -> None:
        _refuse_unknown(edit.values, EXHIBITOR_KEYS)
        earlier = self.exhibitor_changes.get(edit.exhibitor, NOTHING)
        if earlier is None or (edit.exhibitor not in self.rundown.exhibitors and not earlier):
            raise CannotEdit(N_("There is no exhibitor “%(id)s” any more."), id=edit.exhibitor)
        written = self.written_exhibitors.get(edit.exhibitor, Written()).values
        old = {key: earlier.get(key, written.get(key, "")) for key in edit.values}
        self.exhibitor_changes[edit.exhibitor] = {**earlier, **edit.values}
        self.done.append(edit)
        self.inverse.append(ChangeExhibitor(edit.exhibitor, old))

    def _add_exhibitor(self, edit: AddExhibitor) -> None:
        _refuse_unknown(edit.values, EXHIBITOR_KEYS)
        known = self.rundown.exhibitors.keys() | self.exhibitor_changes.keys()
        name = str(edit.values.get("name") or "")
        exhibitor = edit.exhibitor or ExhibitorId(fresh_id(name, known))
        if exhibitor in known:
            raise CannotEdit(N_("There is an exhibitor “%(id)s” already."), id=exhibitor)
        self.exhibitor_changes[exhibitor] = dict(edit.values)
        self.done.append(AddExhibitor(exhibitor, edit.values))
        self.inverse.append(RemoveExhibitor(exhibitor))

    def _remove_exhibitor(self, edit: RemoveExhibitor) -> None:
        if edit.exhibitor not in self.rundown.exhibitors:
            raise CannotEdit(N_("There is no exhibitor “%(id)s” any more."), id=edit.exhibitor)
        written = self.written_exhibitors.get(edit.exhibitor, Written()).values
        self.exhibitor_changes[edit.exhibitor] = None
        self.done.append(edit)
        self.inverse.append(AddExhibitor(edit.exhibitor, written))


def _refuse_unknown(values: Values, known: Collection[str]) -> None:
    for key in values.keys() - set(known):
        raise CannotEdit(N_("Unknown key “%(key)s”."), key=key)


def _name_for(values: Values) -> str:
    exhibitor = values.get("exhibitor")
    return f"p-{exhibitor}" if exhibitor else str(values.get("title") or values.get("type") or "item")


def fresh_id(name: str, known: Collection[str]) -> str:
    """A short, readable id after `name` that is not among the known ones."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_NAME].strip("-") or "item"
    number, candidate = 1, base
    while candidate in known:
        number += 1
        candidate = f"{base}-{number}"
    return candidate

"""What is on air, and what goes on air within the next minute, is no longer anybody's to edit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING

from broadcaster.show import playout
from broadcaster.show.edits.values import CannotEdit, Change, Delete, Move
from broadcaster.show.messages import Ticked
from broadcaster.show.transitions import N_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from broadcaster.show.edits.values import Edit
    from broadcaster.show.rundown import Item
    from broadcaster.show.state import State

ON_AIR = N_("“%(title)s” is on air: it can be changed when it has left.")
PROTECTED = timedelta(minutes=1)
MOST_STARTS = 100
"""In a minute. A rundown of items of no length must not keep anybody waiting."""


def protect(before: State, after: State, edits: Sequence[Edit], now: datetime) -> None:
    """Refuse an edit that would change what viewers see within a minute, by itself, without a person's press.

    Raises:
        CannotEdit: it would.
    """
    protect_on_air(before, edits)
    _protect_next_minute(before, after, now)


def protect_from_days(before: State, after: State, now: datetime) -> None:
    """The same for whole days, of which nobody says what in them was changed.

    Raises:
        CannotEdit: what viewers see would be another.
    """
    if before.on_air is not None:
        item = before.on_air.item
        found = after.rundown.find(item.id)
        if found is None or _as_people_plan_it(found) != _as_people_plan_it(item):
            raise CannotEdit(ON_AIR, title=item.title)
    _protect_next_minute(before, after, now)


def _protect_next_minute(before: State, after: State, now: datetime) -> None:
    for old, new in zip_longest(_next_minute(before, now), _next_minute(after, now)):
        if old != new:
            item = (old or new)[0]
            raise CannotEdit(
                N_("“%(title)s” goes on air within a minute, and is fixed by now. To change that, hold or skip."),
                title=item.title,
            )


def protect_on_air(state: State, edits: Sequence[Edit]) -> None:
    """The part of `protect` that can be told whatever the rundown would become.

    Raises:
        CannotEdit: an edit is of what is on air.
    """
    on_air = state.on_air
    for edit in edits:
        if on_air is not None and _touches(edit, on_air.item):
            raise CannotEdit(ON_AIR, title=on_air.item.title)


def _touches(edit: Edit, item: Item) -> bool:
    match edit:
        case Change(item=target, values=values):
            return target == item.id and bool(values.keys() - {"note"})
        case Delete(item=target) | Move(item=target):
            return target == item.id
        case _:
            return False


def _next_minute(state: State, now: datetime) -> list[tuple[Item, datetime]]:
    """What will begin by itself, and when: the core itself is asked."""
    begun: list[tuple[Item, datetime]] = []
    seq = state.on_air and (state.on_air.item.id, state.on_air.airing)
    for _count in range(MOST_STARTS):
        wake = playout.next_wake(state)
        if wake is None or wake > now + PROTECTED:
            break
        state, _commands = playout.step(state, Ticked(max(wake, now)))
        on_air = state.on_air
        if on_air is not None and (on_air.item.id, on_air.airing) != seq:
            seq = on_air.item.id, on_air.airing
            begun.append((_as_people_plan_it(on_air.item), on_air.began))
    return begun


def _as_people_plan_it(item: Item) -> Item:
    """Without what is no edit: cues are counted anew each time, notes are not seen, videos are measured meanwhile."""
    media = item.media and replace(item.media, loudness=None, true_peak=None, backdrop="", size=None)
    return replace(item, cue="", note="", media=media)

"""An edited rundown meets a running show: by item id, and without touching what is on air."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from broadcaster.show.state import is_before_day, plan_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from broadcaster.show.rundown import ItemId, Rundown
    from broadcaster.show.transitions import Step


def reconcile(doing: Step, rundown: Rundown, now: datetime) -> None:
    """Take `rundown` into the show.

    The item on air goes on as it is, even when it is gone from the rundown; what follows it now is next. Outcomes
    stay with their ids. Hard starts that are in the past by now don't cut: they follow in order.
    """
    state = doing.state
    old = state.rundown.days[state.day] if state.rundown.days else None
    day, after = (0, None) if old is None else adopt(old.date, [item.id for item in old.items], state.after, rundown)
    begun = not is_before_day(state) or state.ended
    doing.set(
        rundown=rundown,
        day=day,
        after=after,
        planned=plan_all(rundown),
        faults=MappingProxyType({}),  # files may have been repaired
        armed=now if begun else state.armed,
        floor=max(state.floor, now) if begun else state.floor,
    )
    if state.ended:
        _after_the_end(doing, day)
    elif state.on_air is None and state.fill is not None:
        doing.idle(state.soft_due)


def _after_the_end(doing: Step, day: int) -> None:
    """A day that came after the end is still to be played; an item that came after it is for the operator to take."""
    if day + 1 < len(doing.state.rundown.days):
        doing.set(day=day + 1, after=None, ended=False)
        doing.idle(None)
    else:
        doing.sweep("it came into the rundown after the show had ended")


def adopt(date: date, order: Sequence[ItemId], after: ItemId | None, rundown: Rundown) -> tuple[int, ItemId | None]:
    """Day and pointer in another version of a rundown, of which the day's date and the order of its ids are known."""
    if not rundown.days:
        return 0, None
    day = next((i for i, other in enumerate(rundown.days) if other.date >= date), len(rundown.days) - 1)
    if after is None:
        return day, None
    kept = rundown.place(after)
    if kept is not None:
        return kept[0], after
    # Gone: what stood before it is the place to go on from.
    before = list(order)[: order.index(after)] if after in order else []
    for item in reversed(before):
        place = rundown.place(item)
        if place is not None and place[0] == day:
            return day, item
    return day, None

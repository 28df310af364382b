"""An edited rundown meets a running show, or one that is taken up again: by item id, what is on air untouched."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from broadcaster.show.state import State, is_before_day, plan_all

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from broadcaster.show.rundown import ItemId, Rundown
    from broadcaster.show.transitions import Step


@dataclass(frozen=True, slots=True)
class Remembered:
    """What has to be known of a rundown to go on in another version of it.

    `date` and `order` are of the day that is on, or coming; `starts` are the hard starts of all days.
    """

    revision: str
    date: date | None
    order: tuple[ItemId, ...]
    starts: Mapping[ItemId, datetime]


def remember(state: State) -> Remembered:
    rundown = state.rundown
    day = rundown.days[state.day] if rundown.days else None
    return Remembered(
        rundown.revision,
        day.date if day else None,
        tuple(item.id for item in day.items) if day else (),
        {item.id: item.start for each in rundown.days for item in each.items if item.start},
    )


def reconcile(doing: Step, known: Remembered, rundown: Rundown, now: datetime) -> None:
    """Go on in `rundown`, where what is `known` was the version before.

    The item on air goes on as it is, even when it is gone from the rundown; what follows it now is next. Outcomes
    stay with their ids. A hard start that comes with an edit when its time has passed doesn't cut: it follows in order.
    """
    state = doing.state
    begun = not is_before_day(state) or state.ended
    starts = {item.id: item.start for day in rundown.days for item in day.items if item.start}
    late = {key for key in state.late if starts.get(key) == known.starts.get(key)}
    if begun:
        late |= {key for key, start in starts.items() if start <= now and known.starts.get(key) != start}
    doing.set(
        rundown=rundown,
        planned=plan_all(rundown),
        faults=MappingProxyType({}),  # files may have been repaired
        late=frozenset(late),
        floor=max(state.floor, now) if begun else state.floor,
    )
    _find_place(doing, known, begun=begun)
    fill = doing.state.fill
    if doing.state.on_air is None and fill is not None and fill.media not in rundown.filler:
        doing.idle(doing.state.soft_due)


def _find_place(doing: Step, known: Remembered, *, begun: bool) -> None:
    days = doing.state.rundown.days
    if not days or known.date is None:
        doing.set(day=0, after=None)
        return
    same = next((i for i, day in enumerate(days) if day.date == known.date), None)
    later = next((i for i, day in enumerate(days) if day.date > known.date), None)
    if same is not None and not (doing.state.ended and later is not None):
        doing.set(day=same, after=_pointer(doing.state, known, same))
    elif later is not None:
        _begin_anew(doing, later)
    elif begun:
        doing.set(day=len(days) - 1, after=days[-1].items[-1].id if days[-1].items else None)
    else:
        _begin_anew(doing, len(days) - 1)


def _pointer(state: State, known: Remembered, day: int) -> ItemId | None:
    """The item to go on from; where it is gone from the day, what stood before it."""
    if state.after is None:
        return None
    until = known.order.index(state.after) + 1 if state.after in known.order else 0
    for item in (state.after, *reversed(known.order[:until])):
        place = state.rundown.place(item)
        if place is not None and place[0] == day:
            return item
    return None


def _begin_anew(doing: Step, day: int) -> None:
    """A day that comes later, or has another date now, is played from its beginning, whatever its items did before."""
    state = doing.state
    its = {item.id for item in state.rundown.days[day].items}
    doing.set(
        day=day,
        after=None,
        ended=False,
        interrupted=None,
        soft_due=None,
        skips=state.skips - its,
        outcomes=MappingProxyType({key: value for key, value in state.outcomes.items() if key not in its}),
    )
    if doing.state.on_air is None:
        doing.idle(None)

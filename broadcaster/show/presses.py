"""What a person may press, and what it does, or why it can't be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, assert_never

from broadcaster.show.messages import Act, Refuse
from broadcaster.show.outputs import Output
from broadcaster.show.state import Mode, Turn, due, next_item, position
from broadcaster.show.streaming import overrule
from broadcaster.show.transitions import N_, Step

if TYPE_CHECKING:
    from datetime import datetime

    from broadcaster.show.messages import Pressed, StreamPressed
    from broadcaster.show.rundown import Item

LONGEST_EXTENSION = timedelta(hours=1)
"""More at once is a slip."""
DOUBLE = timedelta(seconds=1)
"""A take this soon after a start is a double press, or one that the clock forestalled."""


def press(doing: Step, event: Pressed) -> None:
    """Do what was asked, or leave a Refuse. A press that is done moves the floor: nothing earlier is due any more."""
    refusals = len(doing.commands)
    match event.act:
        case Act.TAKE:
            _take(doing, event)
        case Act.BACK:
            _back(doing, event)
        case Act.JUMP:
            _jump(doing, event)
        case Act.HOLD:
            _hold(doing)
        case Act.RESUME:
            _resume(doing, event)
        case Act.SKIP:
            _skip(doing, event)
        case Act.STANDBY:
            _standby(doing, event)
        case Act.EXTEND:
            _extend(doing, event)
        case _:
            assert_never(event.act)
    if not any(isinstance(command, Refuse) for command in doing.commands[refusals:]):
        doing.set(floor=max(doing.state.floor, event.at))


def press_stream(doing: Step, event: StreamPressed) -> None:
    """Start or stop the stream at a person's word, or leave a Refuse."""
    state = doing.state
    wanted = state.outputs is not None and state.outputs.stream is True
    if event.on and Output.STREAM in state.running and wanted:
        _refuse(doing, N_("The stream is on already."))
    elif not event.on and Output.STREAM not in state.running and not wanted:
        _refuse(doing, N_("The stream is off already."))
    else:
        overrule(doing, Output.STREAM, event.on, event.at, lasting=True)


def _refuse(doing: Step, message: str, **values: str) -> None:
    doing.commands.append(Refuse(message, MappingProxyType(values)))


def _put_on(doing: Step, item: Item, at: datetime, passed_by: str) -> None:
    doing.close(at, f"{passed_by} {item.title}", by_hand=True)
    if item.media is not None and item.media.path in doing.state.faults:
        # Whoever puts it on by hand wants it tried again: the file may have been repaired, the disk may be faster now.
        faults = {path: why for path, why in doing.state.faults.items() if path != item.media.path}
        doing.set(faults=MappingProxyType(faults))
    doing.begin(item, at, passed_by=passed_by)
    # Holding inside manual operation stays; from standby or a hand at OBS, a take is automation's way back.
    if doing.state.mode is not Mode.HELD:
        doing.set(mode=Mode.AUTO)


def _take(doing: Step, event: Pressed) -> None:
    item = next_item(doing.state)
    on_air = doing.state.on_air
    if item is None:
        if on_air is not None and on_air.end is None:
            doing.end_day(event.at, "the operator ended the day", by_hand=True)
        else:
            _refuse(doing, N_("There is no next item to take."))
    elif on_air is not None and event.at - on_air.began < DOUBLE:
        _refuse(doing, N_("%(title)s has only just gone on air."), title=on_air.item.title)
    else:
        _put_on(doing, item, event.at, "the operator took")


def _back(doing: Step, event: Pressed) -> None:
    state = doing.state
    items = state.rundown.days[state.day].items if state.rundown.days else ()
    here = position(state)
    last = here - 1 if state.on_air is not None else here
    for index in range(last, -1, -1):
        if not items[index].skip and items[index].id not in state.skips:
            doing.close(event.at, f"the operator went back to {items[index].title}", by_hand=True)
            doing.rearm(index)
            _put_on(doing, items[index], event.at, "the operator went back to")
            return
    _refuse(doing, N_("There is nothing to go back to."))


def _jump(doing: Step, event: Pressed) -> None:
    state = doing.state
    item = None if event.item is None else state.rundown.find(event.item)
    place = None if event.item is None else state.rundown.place(event.item)
    if item is None or place is None:
        _refuse(doing, N_("The rundown has no item “%(id)s”."), id=str(event.item or ""))
    elif state.on_air is not None and state.on_air.item.id == item.id:
        _refuse(doing, N_("%(title)s is on air already."), title=item.title)
    else:
        doing.close(event.at, f"jump to {item.title}", by_hand=True)
        if place[0] != state.day:
            doing.leave_day(f"the operator jumped to {item.title}, of another day")
            doing.set(day=place[0], after=None)
        if place[1] <= position(doing.state):
            doing.rearm(place[1])
        doing.set(skips=doing.state.skips - {item.id})
        _put_on(doing, item, event.at, "the operator jumped to")


def _hold(doing: Step) -> None:
    if doing.state.ended:
        _refuse(doing, N_("The show has ended."))
    elif doing.state.mode is not Mode.AUTO:
        _refuse(doing, N_("Automation is already suspended."))
    else:
        doing.set(mode=Mode.HELD)


def _resume(doing: Step, event: Pressed) -> None:
    state = doing.state
    if state.mode is Mode.AUTO:
        _refuse(doing, N_("Automation is running already."))
        return
    doing.set(mode=Mode.AUTO, released=False, floor=max(state.floor, event.at))
    was = state.interrupted
    if was is None:
        if state.on_air is None and state.mode is not Mode.HELD:
            doing.idle(event.at if state.after is not None and not state.ended else state.soft_due)
        return
    doing.set(interrupted=None)
    coming = due(doing.state)
    overtaken = coming is not None and coming.at <= event.at and coming.turn is not Turn.DAY_OVER
    if overtaken or (was.end is not None and was.end <= event.at):
        doing.idle(event.at)
        return
    # Back to what was interrupted, in the place where it would be by now: the plan does not move.
    doing.begin(was.item, was.began, passed_by="")
    if doing.state.on_air is not None:
        doing.set(
            on_air=replace(
                doing.state.on_air,
                media_began=was.media_began if was.item.media is not None else event.at,
                expected_start=event.at,
                end=was.end,
                extended=was.extended,
                fault=was.fault or doing.state.on_air.fault,
                joined=f"taken back into at {(event.at - was.began).total_seconds():.1f} s"
                if was.item.media is not None
                else "",
            )
        )


def _skip(doing: Step, event: Pressed) -> None:
    state = doing.state
    item = next_item(state) if event.item is None else state.rundown.find(event.item)
    place = None if item is None else state.rundown.place(item.id)
    if item is None or place is None:
        _refuse(doing, N_("There is no item to skip."))
    elif state.on_air is not None and state.on_air.item.id == item.id:
        _refuse(doing, N_("%(title)s is on air; take the next item instead."), title=item.title)
    elif place[0] < state.day or (place[0] == state.day and place[1] <= position(state)):
        _refuse(doing, N_("%(title)s is already over."), title=item.title)
    elif item.skip or item.id in state.skips:
        _refuse(doing, N_("%(title)s is skipped already."), title=item.title)
    else:
        doing.set(skips=state.skips | {item.id})


def _standby(doing: Step, event: Pressed) -> None:
    state = doing.state
    if state.mode is Mode.SAFE:
        _refuse(doing, N_("The standby scene is on already."))
        return
    doing.close(event.at, "the operator asked for standby")
    doing.set(mode=Mode.SAFE, interrupted=state.on_air or state.interrupted, released=False)
    doing.idle(state.soft_due)
    doing.set(fill=None)


def _extend(doing: Step, event: Pressed) -> None:
    """Move the end of what is on air; what follows moves with it, but for hard starts."""
    on_air, length = doing.state.on_air, event.length
    end = None if on_air is None else on_air.expected_end
    if on_air is None:
        _refuse(doing, N_("Nothing is on air that could be extended."))
    elif not timedelta(0) < abs(length) <= LONGEST_EXTENSION:
        _refuse(doing, N_("An item can be made longer or shorter by up to an hour at a time."))
    elif end is None:
        _refuse(doing, N_("%(title)s has no end that could be moved: take the next item."), title=on_air.item.title)
    elif length < timedelta(0) and end + length <= event.at:
        _refuse(doing, N_("%(title)s ends sooner than that by itself: take the next item."), title=on_air.item.title)
    else:
        moved = on_air.end and on_air.end + length
        doing.set(on_air=replace(on_air, end=moved, extended=on_air.extended + length))

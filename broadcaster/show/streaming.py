"""When the stream and the recording should be on, and what the show makes of it when they are not.

With a policy they follow the day. A person who starts or stops one by hand overrules that until the next day.
What viewers miss while the stream is down is counted for each item.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from broadcaster.show.as_run import Outcome
from broadcaster.show.messages import Level, SetOutputs
from broadcaster.show.outputs import Cause, Hand, Output, OutputsWanted, recording_name
from broadcaster.show.state import day_start, is_before_day
from broadcaster.show.transitions import N_, WHOLE, unseen_note

if TYPE_CHECKING:
    from datetime import date, datetime

    from broadcaster.show.messages import (
        RecordingStarted,
        RecordingStopped,
        Reported,
        StreamDown,
        StreamStopped,
        StreamUp,
    )
    from broadcaster.show.state import State
    from broadcaster.show.transitions import Step


EARLIEST = timedelta(seconds=2)
"""More than any device's lead."""


# ---------------------------------------------------------------- wanted


def outputs_wanted(state: State, day: date | None) -> OutputsWanted:
    """`day` is the one that is covered."""
    policy = state.output_policy

    def wanted(output: Output, follows: bool) -> bool | None:
        hand = state.hands.get(output)
        if hand is not None and hand.day == day:
            return hand.on
        return day is not None if follows else None

    return OutputsWanted(
        stream=wanted(Output.STREAM, policy.stream),
        recording=wanted(Output.RECORDING, policy.recording),
        day=day,
        name=_name(state, day),
    )


def covered_day(state: State, now: datetime) -> date | None:
    """The day that is on at `now`, with the time before its first and after its last item; None between two days.

    A day ends when it is over and not by the clock: in a hold, on standby or over its time it goes on.
    """
    if not state.rundown.days:
        return None
    if not state.ended and not is_before_day(state):
        return state.rundown.days[state.day].date
    opening = _opening(state)
    if opening is not None and opening <= now:
        return state.rundown.days[state.day].date
    over = state.over
    return over.date if over is not None and now < over.at + state.output_policy.after else None


def next_change(state: State) -> datetime | None:
    """When the next day's window opens or this one's closes; None when that depends on what happens."""
    if not state.rundown.days or (not state.ended and not is_before_day(state)):
        return None
    asked = None if state.outputs is None else state.outputs.day
    opening, over = _opening(state), state.over
    if asked is None or over is None or asked != over.date:
        return opening if asked is None else None
    if not state.ended and asked == state.rundown.days[state.day].date:
        return None
    closing = over.at + state.output_policy.after
    return closing if opening is None else min(opening, closing)


def ask_outputs(doing: Step, now: datetime) -> None:
    """The command, when something else is wanted than before. A hand of another day's window is forgotten."""
    day = _steady_day(doing.state, now)
    if any(hand.day != day for hand in doing.state.hands.values()):
        hands = {output: hand for output, hand in doing.state.hands.items() if hand.day == day}
        doing.set(hands=MappingProxyType(hands))
    wanted = outputs_wanted(doing.state, day)
    if wanted != doing.state.outputs:
        doing.commands.append(SetOutputs(wanted))
        doing.set(outputs=wanted)


def _steady_day(state: State, now: datetime) -> date | None:
    """The day that is covered. A tick comes early and speaks of the instant to come: nothing before that undoes it."""
    day, asked = covered_day(state, now), state.outputs
    if asked is not None and day != asked.day and covered_day(state, now + EARLIEST) == asked.day:
        return asked.day
    return day


def _opening(state: State) -> datetime | None:
    start = None if state.ended else day_start(state.rundown, state.day)
    return None if start is None else start - state.output_policy.before


def _name(state: State, covered: date | None) -> str:
    days = state.rundown.days
    if not days:
        return ""
    day = next((day for day in days if day.date == covered), days[state.day])
    return recording_name(covered or day.date, day.title)


# ---------------------------------------------------------------- stream


def stream_up(doing: Step, event: StreamUp) -> None:
    since, was_on = doing.state.stream_down, Output.STREAM in doing.state.running
    if _start(doing, Output.STREAM, event.cause, event.at):
        doing.tell(Level.INFO, N_("Somebody started the stream by hand: it is left on until the next day begins."))
    elif since is not None:
        back = f"{(event.at - since).total_seconds():.0f} s"
        doing.tell(Level.INFO, N_("The stream is back after %(for)s."), **{"for": back})
    elif not was_on:
        doing.tell(Level.INFO, N_("The stream is on."))
    _end_outage(doing, event.at)


def stream_down(doing: Step, event: StreamDown) -> None:
    state = doing.state
    if state.stream_down is not None:
        return
    since = event.at if state.counted_until is None else max(event.at, state.counted_until)
    doing.set(stream_down=since, running=state.running | {Output.STREAM})
    _correct(doing, since)
    doing.tell(
        Level.ALARM,
        N_("Viewers see nothing: the stream is down (%(why)s). The show goes on; what they miss is written down."),
        why=event.why.rstrip("."),
    )


def stream_stopped(doing: Step, event: StreamStopped) -> None:
    state = doing.state
    if Output.STREAM not in state.running:
        return
    wanted = state.outputs is not None and state.outputs.stream is True
    if event.cause is Cause.UNSEEN and wanted:
        # Viewers have missed more; how much more, nobody saw.
        doing.set(stream_down=state.stream_down or event.at)
        doing.tell(Level.WARNING, N_("The stream was found off and is started again."))
        return
    _end_outage(doing, event.at)
    overruled = _stop(doing, Output.STREAM, event.cause, event.at)
    if overruled:
        doing.tell(
            Level.WARNING,
            N_("Somebody stopped the stream by hand: it stays off until it is started, or the next day begins."),
        )
    elif event.cause is not Cause.UNSEEN:
        doing.tell(Level.INFO, N_("The stream has ended."))


# ------------------------------------------------------------- recording


def recording_started(doing: Step, event: RecordingStarted) -> None:
    was_on = Output.RECORDING in doing.state.running
    if _start(doing, Output.RECORDING, event.cause, event.at):
        doing.tell(Level.INFO, N_("Somebody started a recording by hand: it is left on until the next day begins."))
    elif not was_on:
        doing.tell(Level.INFO, N_("Recording: %(file)s"), file=event.file or "?")


def recording_stopped(doing: Step, event: RecordingStopped) -> None:
    if Output.RECORDING not in doing.state.running:
        return
    if _stop(doing, Output.RECORDING, event.cause, event.at):
        doing.tell(
            Level.WARNING,
            N_("Somebody stopped the recording by hand: it stays off until it is started, or the next day begins."),
        )
    elif event.cause is Cause.BROKE:
        doing.tell(Level.ALARM, N_("The recording broke off. Look at OBS, and at the disk."))
    elif event.cause is not Cause.UNSEEN:
        doing.tell(Level.INFO, N_("The recording has ended."))


def reported(doing: Step, event: Reported) -> None:
    doing.tell(event.level, event.message, **event.values)


# ----------------------------------------------------------------- hands


def _start(doing: Step, output: Output, cause: Cause, at: datetime) -> bool:
    """The output is on. True when a hand has overruled the show by it."""
    state = doing.state
    doing.set(running=state.running | {output})
    if output in state.running or cause is Cause.SERVICE or _wants(state, output) is not False:
        return False
    return overrule(doing, output, True, at)


def _stop(doing: Step, output: Output, cause: Cause, at: datetime) -> bool:
    """The output is off. True when a hand has overruled the show by it."""
    state = doing.state
    doing.set(running=state.running - {output})
    return cause is Cause.HAND and _wants(state, output) is True and overrule(doing, output, False, at)


def _wants(state: State, output: Output) -> bool | None:
    if state.outputs is None:
        return None
    return state.outputs.stream if output is Output.STREAM else state.outputs.recording


def overrule(doing: Step, output: Output, on: bool, at: datetime, *, lasting: bool = False) -> bool:
    """A person's will from here on; False when the show wants the same, or leaves it to people anyway.

    `lasting`: it is for the service to do, also where the show leaves the output to people.
    """
    state, policy = doing.state, doing.state.output_policy
    day = covered_day(state, at)
    follows = policy.stream if output is Output.STREAM else policy.recording
    hands = {key: hand for key, hand in state.hands.items() if key is not output}
    if (follows and on != (day is not None)) or (not follows and lasting):
        hands[output] = Hand(on, day)
    doing.set(hands=MappingProxyType(hands))
    return output in hands and follows


# --------------------------------------------------------------- outages


def _end_outage(doing: Step, at: datetime) -> None:
    since, on_air = doing.state.stream_down, doing.state.on_air
    if since is None:
        return
    if on_air is not None:
        doing.set(on_air=replace(on_air, unseen=on_air.unseen + on_air.out_of(since, at)))
    doing.set(stream_down=None, counted_until=at)


def _correct(doing: Step, since: datetime) -> None:
    """An outage that was noticed late: what left the air after it had begun was not seen to its end."""
    for row in doing.state.gone:
        if row.actual_start is None or row.actual_end is None or row.outcome is not Outcome.AIRED:
            continue
        missed = row.actual_end - max(since, row.actual_start)
        if missed > WHOLE:
            doing.amend(replace(row, outcome=Outcome.PARTIAL, note=unseen_note(missed)))
